"""The law as pure functions: standard library only, no Django, no input or output but the tables under ``data``.

``book`` has every rule by its name; docs/rules/WRITING.md says how one is written.
"""
