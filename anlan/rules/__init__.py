"""The law as pure functions: standard library only, no Django, no input or output but the tables under ``data``."""
