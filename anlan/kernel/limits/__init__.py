"""How often is too often: declared limits on sign-ins, searches, exports, uploads and calls of the API.

An account is counted by itself wherever it calls from, so that two hundred people behind one address work in peace; an
address is counted only at the doors nobody has signed in at yet, and there only what failed. The counts lie in the
database: however many processes answer, they count together.
"""
