"""Anlan (安澜): an open work-safety supervision platform."""
