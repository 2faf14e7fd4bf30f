"""The pages that belong to nobody's module: home, inbox, search, files, the own account."""
