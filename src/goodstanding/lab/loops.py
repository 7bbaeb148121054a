"""How the laboratory's loops are compiled: as the engine's, and kept apart from them."""

from __future__ import annotations

from typing import Final

from goodstanding.loops import kept_apart

COMPILED: Final = (
    "lab/loops.py",
    "lab/streams.py",
    "lab/city/*.py",
    "lab/month/*.py",
    "lab/society/coming_and_going.py",
    "lab/society/disputes.py",
    "lab/society/purposes.py",
    "lab/society/reasoning.py",
    "lab/society/waning.py",
    "lab/measures/walking.py",
)
"""What is compiled here, or stands as a constant in what is compiled. A test holds it against the imports."""

loop = kept_apart(*COMPILED)
"""Compile a function of numbers and arrays."""
