"""What time it is: the one place where the system is asked. Everything else is handed a clock."""

from __future__ import annotations

import time


def system_clock() -> int:
    """Microseconds since 1970, in UTC."""
    return time.time_ns() // 1_000
