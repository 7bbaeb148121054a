"""Events of one source as tests of segments draw them, and a plain reading of what is made of them."""

from __future__ import annotations

import struct
from collections.abc import Collection, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st
from numpy.typing import NDArray

from goodstanding.events import EVENT_SCHEMA
from goodstanding.limits import EARLIEST, END, GREATEST_VALUE
from goodstanding.record.disk import RealDisk
from goodstanding.record.segments import Meta, Rows, Sealed, write_segment

META = Meta("live", "bank", 1_767_225_600_000_000, bytes(range(16)))
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12)
WORDS = st.sampled_from(["a", "b", "games", "Bücher", "书" * 128, "x" * 128])
WHOLES = st.none() | st.integers(-GREATEST_VALUE, GREATEST_VALUE)


@st.composite
def events(draw: st.DrawFn, most: int = 30) -> list[dict[str, Any]]:
    """Events whose ids differ, each with the slot of its person."""
    several = st.fixed_dictionaries(
        {
            "slot": st.integers(0, 4) | st.integers(0, 2**32 - 1),
            "type": st.sampled_from(["loan.opened", "loan.repaid", "court.listed"]),
            "time": st.integers(0, 3) | st.integers(EARLIEST, END - 1),
            "amount": WHOLES,
            "value": WHOLES,
            "label": st.none() | WORDS,
            "party": st.none() | WORDS,
            "matter": st.none() | TEXTS,
            "replaces": st.none() | TEXTS,
            "recorded": st.none() | st.integers(0, END - 1),
        }
    )
    ids = draw(st.lists(TEXTS, unique=True, min_size=1, max_size=most))
    return [{"id": each, **draw(several)} for each in ids]


def table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """The same as a reader gives them."""
    named = [{**row, "source": META.source, "person": str(row["slot"])} for row in rows]
    columns = [pa.array([row[field.name] for row in named], field.type) for field in EVENT_SCHEMA]
    return pa.Table.from_arrays(columns, schema=EVENT_SCHEMA)


def arranged(rows: Sequence[dict[str, Any]]) -> Rows:
    """The same as rows of a segment."""
    return Rows.arranged(table(rows), np.array([row["slot"] for row in rows], np.int64))


def in_order(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same in the order of a segment, read plainly."""
    return sorted(rows, key=lambda row: (row["slot"], row["time"], row["id"].encode()))


def packed(row: dict[str, Any]) -> bytes:
    """One event packed, read plainly."""
    given = [row[name] is not None for name in ("amount", "value", "label", "party", "matter", "replaces", "recorded")]
    flags = sum(is_given << place for place, is_given in enumerate(given))
    out = struct.pack("<qBqq", row["time"], flags, row["amount"] or 0, row["value"] or 0)
    for name in ("id", "type", "label", "party", "matter", "replaces"):
        text = (row[name] or "").encode("utf-8")
        out += struct.pack("<H", len(text)) + text
    return out + (b"" if row["recorded"] is None else struct.pack("<q", row["recorded"]))


def key(slot: int) -> bytes:
    """The key of a person."""
    return sha256(b"key %d" % slot).digest()


def leaf(slot: int, rows: Sequence[dict[str, Any]], nonce: bytes = META.nonce) -> bytes:
    """The leaf of a person, read plainly."""
    salt = sha256(key(slot) + nonce).digest()[:16]
    return sha256(b"\0" + salt + b"".join(packed(row) for row in in_order(rows))).digest()


class Keys:
    """Everybody's keys; zeros for who is erased."""

    def __init__(self, erased: Collection[int] = ()) -> None:
        self.erased = erased

    def __call__(self, slots: NDArray[Any]) -> NDArray[np.uint8]:
        """By slot."""
        keys = [bytes(32) if slot in self.erased else key(slot) for slot in slots.tolist()]
        return np.frombuffer(b"".join(keys), np.uint8).reshape(-1, 32)


KEYS = Keys()


def many(rows: int, people: int, seed: int = 1) -> list[dict[str, Any]]:
    """So many events of so many people, of the usual sorts."""
    rng = np.random.default_rng(seed)
    return [
        {
            "id": f"e-{i:06d}",
            "slot": int(rng.integers(people)),
            "type": f"loan.kind{int(rng.integers(5))}",
            "time": int(rng.integers(10**9, 2 * 10**9)) * 10**6,
            "amount": int(rng.integers(10**6)) if rng.random() < 0.7 else None,
            "value": int(rng.integers(60)) if rng.random() < 0.4 else None,
            "label": f"label{int(rng.integers(4))}" if rng.random() < 0.5 else None,
            "party": f"party {int(rng.integers(30))}" if rng.random() < 0.6 else None,
            "matter": f"matter {i}" if rng.random() < 0.5 else None,
            "replaces": f"e-{i - 1:06d}" if i and rng.random() < 0.02 else None,
            "recorded": META.recorded - i if rng.random() < 0.1 else None,
        }
        for i in range(rows)
    ]


def write(folder: Path, rows: Sequence[dict[str, Any]], meta: Meta = META) -> Sealed:
    """Write a segment of them."""
    return write_segment(RealDisk(), folder, arranged(rows), KEYS, meta)
