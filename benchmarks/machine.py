"""What the benchmark ran on: enough to judge a figure by, nothing that says whose machine it is."""

import os
import platform
import re
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.environments import version
from benchmarks.processes import THREADS


def described(peers: list[str]) -> dict[str, Any]:
    """Processors, memory, system and versions."""
    ours = {name: metadata.version(name) for name in ("numba", "numpy", "pyarrow")}
    return {
        "day": datetime.now(tz=UTC).date().isoformat(),
        "processor": _processor(),
        "processors": os.cpu_count(),
        "threads used": THREADS,
        "memory GiB": _memory(),
        "system": platform.system(),
        "python": platform.python_version(),
        "ours": ours,
        "peers": {name: version(name) for name in peers},
    }


def _processor() -> str:
    """The processor's family as it names itself."""
    told = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", told.read_text(), re.MULTILINE) if told.exists() else None
    return found.group(1).strip() if found else platform.machine()


def _memory() -> int:
    """Memory in whole GiB."""
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
