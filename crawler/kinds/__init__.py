"""Kinds of source: what to ask, and how to read the answer. Pure: no network, files, clock or randomness."""
