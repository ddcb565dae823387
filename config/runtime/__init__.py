"""Embedded PostgreSQL and Valkey, and the demo that runs on them. Production imports none of it."""
