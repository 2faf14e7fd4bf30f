"""Outbox events: announced in the act's transaction, each flow run once per event."""
