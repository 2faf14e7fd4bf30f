"""Engines that come as wheels: PostgreSQL and Node."""
