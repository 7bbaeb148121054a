"""The ledger: entries that can be added and read, never altered unseen; its heads, witnesses and verifier."""

from goodstanding.record.ledger.entries import Body, commit, kinds, register, salt_of, told
from goodstanding.record.ledger.entry import Entry, Said
from goodstanding.record.ledger.ledger import Head, Ledger, find

__all__ = [
    "Body",
    "Entry",
    "Head",
    "Ledger",
    "Said",
    "commit",
    "find",
    "kinds",
    "register",
    "salt_of",
    "told",
]
