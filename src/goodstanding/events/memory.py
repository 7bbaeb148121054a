"""A ceiling on memory while something untrusted is decoded.

The ceiling is on the whole process: it stands only while one call runs in the caller's own thread, and never while the
caller works on what it got. Threads take turns: one that came in under the ceiling of another would leave it behind.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

if sys.platform != "win32":  # there, as on any system without STATM, the counts of decoded bytes alone stand guard
    import resource

ALLOWED = 256 << 20
ALLOWED_PER_BYTE = 64
STATM = Path("/proc/self/statm")
_turn = threading.RLock()


@contextmanager
def ceiling(file_size: int) -> Iterator[None]:
    """Let the process grow by no more than 256 MiB, or 64 times the file where that is more; beyond, MemoryError.

    Arrow's own allocator holds a gibibyte of address space in reserve, which no ceiling on address space can reach:
    so Arrow takes its memory from the system meanwhile.
    """
    with _turn:
        used = _address_space()
        if used is None:
            yield
            return
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = used + max(ALLOWED, ALLOWED_PER_BYTE * file_size)
        bounds = [bound for bound in (soft, hard, wanted) if bound != resource.RLIM_INFINITY]
        pool = pa.default_memory_pool()
        pa.set_memory_pool(pa.system_memory_pool())
        try:
            resource.setrlimit(resource.RLIMIT_AS, (min(bounds), hard))
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
            pa.set_memory_pool(pool)


def _address_space() -> int | None:
    """The bytes of address space that the process has now; None where the system does not tell."""
    try:
        pages = int(STATM.read_text().split()[0])
    except OSError:
        return None
    return pages * resource.getpagesize()
