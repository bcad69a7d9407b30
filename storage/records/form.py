"""The form of a record: immutable, named fields, no more than those."""

from __future__ import annotations

from dataclasses import dataclass

record = dataclass(frozen=True, slots=True, kw_only=True)
