"""How often is too often: declared limits on sign-ins, searches, exports, uploads and calls of the API.

An account is counted by itself wherever it calls from, so that two hundred people behind one address work in peace; an
address is counted only where nobody has signed in: at the sign-in what failed, at the public pages all that visitors
ask for. The counts lie in the
database: however many processes answer, they count together.
"""
