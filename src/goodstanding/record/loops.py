"""How the record's loops are compiled: as the engine's, and kept apart from them."""

from __future__ import annotations

from typing import Final

from goodstanding.loops import kept_apart, wrapping

__all__ = ["COMPILED", "loop", "wrapping"]

COMPILED: Final = (
    "record/loops.py",
    "record/digests.py",
    "record/moving.py",
    "record/siphash.py",
    "record/ingest/hashing.py",
    "record/ingest/probing.py",
    "record/segments/loops.py",
    "record/vault/finding.py",
    "record/vault/near_loops.py",
)
"""What is compiled here, or stands as a constant in what is compiled. A test holds it against the imports."""

loop = kept_apart(*COMPILED)
"""Compile a function of numbers and arrays."""
