"""Deadlines are rows: what is due, when, by which clause, on whose desk; reminded, escalated, paused and resumed."""
