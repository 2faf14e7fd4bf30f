"""Settings: ``base`` for all, ``dev`` (``./run up``), ``test``, ``prod``."""
