"""Lists that somebody sends, such as a court's: matched with who is on record, and made into events.

A row is about somebody only where its identifier, or HMAC, is theirs exactly. In a live home nothing is kept of a row
about somebody who did not consent to its source; what merely resembles somebody's identifier waits for a reviewer.
"""

from goodstanding.record.lists_given.falling import Falls, falls
from goodstanding.record.lists_given.importing import Imported, import_list
from goodstanding.record.lists_given.nearby import Waiting, confirm, refuse, waiting
from goodstanding.record.lists_given.order import Order
from goodstanding.record.lists_given.types import types_of

__all__ = [
    "Falls",
    "Imported",
    "Order",
    "Waiting",
    "confirm",
    "falls",
    "import_list",
    "refuse",
    "types_of",
    "waiting",
]
