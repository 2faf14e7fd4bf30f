"""Files: stored under their SHA-256, typed by content, seen by whoever may see the record they belong to."""
