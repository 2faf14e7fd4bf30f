"""Numbers and parameters: running document numbers, and the figures a jurisdiction sets for itself (本地规定)."""
