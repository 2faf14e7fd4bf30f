"""The registry's screens."""
