"""A home of three people with identifiers, and lists about them."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from goodstanding.policy import Policy, loads
from goodstanding.record.deriving import book_of
from goodstanding.record.home import Home
from goodstanding.record.identity import link
from goodstanding.record.lists_given import Imported, Order, import_list
from goodstanding.testing import as_yaml, small_policy
from tests.record.sending import START, event, moment, send, welcome

COLUMNS: Final = ("id", "hmac", "since", "until", "case", "amount", "ground")
ORDER: Final = Order("defaulter", "court", "court.listed", "court.settled", "test")
UNDER_POLICY: Final = replace(ORDER, opens="b", closes="c")
"""With the types of `policy`."""
IDS: Final = {"ada": "MADEUP-31415926535", "bob": "MADEUP-27182818284", "eve": "MADEUP-16180339887"}
SLIPPED: Final = "MADEUP-31415926536"
STRANGER: Final = "MADEUP-99999999999"


def settle(home: Home) -> None:
    """Let Ada, Bob and Eve live there, and be known by identifiers."""
    welcome(home)
    send(home, *(event(f"came-{name}", person=name) for name in IDS))
    link(home, "national_id", pa.array([*IDS]), pa.array([*IDS.values()]), actor="test")


def row(**given: Any) -> dict[str, Any]:
    """A row of a list, since the beginning."""
    return {**dict.fromkeys(COLUMNS), "since": moment(START), "case": "case-1", **given}


def give(home: Home, folder: Path, *rows: dict[str, Any], order: Order = ORDER) -> Imported:
    """Import a list of these rows."""
    path = folder / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    done = import_list(home, path, order)
    path.unlink()
    return done


def listed(home: Home) -> list[tuple[str, str, str | None]]:
    """Whom which events of the court are about, and their matter."""
    book = book_of(home)
    return [
        (name, one["type"], one["matter"])
        for name in IDS
        for one in book.events_of(name)
        if one["source"] == "court" and one["type"] != "retracted"
    ]


def document() -> dict[str, Any]:
    """A policy: a hundred points, and eighty less while one is on the list."""
    factor = {
        "name": "listed",
        "measure": {"kind": "on_list", "list": "defaulter"},
        "points": {"bands": [{"points": 0}, {"from": 1, "points": -80}]},
    }
    lists = [{"name": "defaulter", "title": "Defaulters", "opened": "b", "closed": "c", "key": "matter"}]
    tiers = [{"name": "low", "title": "Low"}, {"name": "high", "title": "High", "from": 50}]
    return small_policy(factor, score={"base": 100, "min": 0, "max": 1000}, lists=lists, tiers=tiers)


def policy() -> Policy:
    """It, read."""
    return loads(as_yaml(document()).encode())
