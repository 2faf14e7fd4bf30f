"""Sub-commands of ``anlan``, one file each, named as it is typed.

A file has a docstring (its first line is the help), ``add(parser)`` which declares the arguments of an
``argparse`` parser, and ``handle(arguments)`` which does the work and gives back the exit code (``None`` is 0).
Django is set up and a database is at hand when ``handle`` runs; a file that needs neither says
``needs_database = False``. Raise ``anlan.runtime.screen.Trouble`` for what the person can mend.
"""
