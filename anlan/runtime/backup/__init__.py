"""Copies of everything that cannot be made again, restoring them to a moment, and the drill that proves it.

``take`` makes a base copy of the cluster with ``pg_basebackup`` and adds new files to a store of their own; from the
first copy on the server archives its log, so any later moment can be restored. ``restore`` puts a cluster together
and lets it replay up to that moment. ``drill`` restores into a temporary folder and compares every table.
"""
