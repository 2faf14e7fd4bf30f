"""Processes: the ``anlan`` command, the supervisor, the embedded engines and the demo city."""
