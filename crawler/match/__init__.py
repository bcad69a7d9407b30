"""Triggers on changes: which statements assert, deny or plan what an assessment waits for. Pure."""
