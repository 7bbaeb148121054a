"""Room: what a month no longer needs goes back to the machine, so that a million residents fit where they should."""

from __future__ import annotations

import ctypes
import os
from typing import Any, Final

MMAP_THRESHOLD: Final = -3
"""What glibc's `mallopt` calls the size from which memory is taken, and given back, by itself."""

FROM_BYTES: Final = 2**20


def give_back(library: Any = None) -> bool:
    """Have arrays of 1 MiB and more given back when they are freed; says whether the machine can be told so.

    Left to itself, glibc raises that size to 32 MiB as arrays come and go, and keeps what is freed below it: measured
    with 300,000 residents, a fifth of all memory.
    """
    if library is None and os.name == "posix":
        library = ctypes.CDLL(None)
    tell = getattr(library, "mallopt", None)
    return tell is not None and bool(tell(MMAP_THRESHOLD, FROM_BYTES))
