"""The journal: what happened, to what, by whom, as typed facts whose type renders the sentence."""
