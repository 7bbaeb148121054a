"""The store: the tables of a record, in SQLite or PostgreSQL, and transactions over them."""

from goodstanding.record.store.opening import create_store, open_store
from goodstanding.record.store.schema import checkpoint, cosignature, entry, head, held, settings, single, source
from goodstanding.record.store.store import OvertakenError, Store

__all__ = [
    "OvertakenError",
    "Store",
    "checkpoint",
    "cosignature",
    "create_store",
    "entry",
    "head",
    "held",
    "open_store",
    "settings",
    "single",
    "source",
]
