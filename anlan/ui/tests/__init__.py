"""Tests of the shell, the components and their words."""
