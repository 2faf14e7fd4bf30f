"""A small module for the kernel's own tests: tickets that are opened, fixed and closed by three people."""
