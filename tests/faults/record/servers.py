"""One PostgreSQL for each process of the programme, with the manners that a real one has."""

from __future__ import annotations

import atexit
from functools import cache

from tests.postgres import Server, a_database

DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


@cache
def the_server() -> Server:
    """It is started when first asked for, and ends with the process."""
    server = Server(DURABLE)
    server.start()
    atexit.register(server.remove)
    return server


__all__ = ["a_database", "the_server"]
