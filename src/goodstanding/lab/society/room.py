"""Room: what a month no longer needs goes back to the machine, so that a million residents fit where they should."""

from __future__ import annotations

import ctypes
import os
from typing import Any, Final

from goodstanding.scoring import memory

MMAP_THRESHOLD: Final = -3
TRIM_THRESHOLD: Final = -1
"""What glibc's `mallopt` calls the size from which memory is taken, and given back, by itself; and what is left free at
the end of what it holds, before that is given back."""

MANY: Final = 200_000
"""Residents from which on memory runs short before time does."""

GIVEN_BACK: Final = (2**20, 2**20)
HELD: Final = (2**25, 2**30)
"""Both sizes, of a large city and of a small one."""


def give_back(residents: int, library: Any = None) -> bool:
    """Have the arrays of a large city given back as they are freed, from 1 MiB on, and those of a small one held ready.

    Left to itself, glibc raises that size to 32 MiB as arrays come and go, and keeps what is freed below it: measured
    with 300,000 residents, a fifth of all memory. But memory that is new each month costs a town of 20,000 a fifth of
    its time.

    Returns:
        Whether the machine can be told so.
    """
    if library is None and os.name == "posix":
        library = ctypes.CDLL(None)
    tell = getattr(library, "mallopt", None)
    if tell is None:
        return False
    alone, free = GIVEN_BACK if residents >= MANY else HELD
    return bool(tell(MMAP_THRESHOLD, alone)) and bool(tell(TRIM_THRESHOLD, free))


def clear(residents: int, library: Any = None) -> bool:
    """Give back what a large city has freed in smaller pieces, and what is held ready for the next scoring.

    Returns:
        Whether there was anything to give back.
    """
    if residents < MANY:
        return False
    memory.let_go()
    if library is None and os.name == "posix":
        library = ctypes.CDLL(None)
    trim = getattr(library, "malloc_trim", None)
    return trim is not None and bool(trim(0))
