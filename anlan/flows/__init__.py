"""When X happens in A, do Y in B: one file per sentence."""
