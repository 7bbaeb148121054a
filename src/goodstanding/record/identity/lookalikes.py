"""Names that look alike: skeletons in the manner of UTS #39, on a table of what resembles Latin letters and digits.

Two names of one skeleton cannot be told apart by eye. That warns, and decides nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Any, Final

import pyarrow.compute as pc

from goodstanding.errors import RecordError
from goodstanding.events.texts import BIDIRECTIONAL

CYRILLIC: Final = dict(zip("авекмнорстухѕіјһԁԛԝАВЕКМНОРСТУХЅІЈ", "aBeKMHopcTyxsijhdqwABEKMHOPCTYXSIJ", strict=True))
GREEK: Final = dict(zip("ανορυικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "avopuikABEZHIKMNOPTYX", strict=True))
ARMENIAN: Final = dict(zip("օսհոց", "ouhng", strict=True))  # noqa: RUF001 meant as written
OTHERS: Final = dict(zip("ıɑɡⅼⅰǃ‐‑‒–−_", "iagli!-----_", strict=True))  # noqa: RUF001 likewise
LATIN: Final = MappingProxyType({**CYRILLIC, **GREEK, **ARMENIAN, **OTHERS})
"""What a letter of another script, or a rare sign, is taken for."""

PROTOTYPES: Final = MappingProxyType({"0": "O", "1": "l", "I": "l", "|": "l", "m": "rn"})
"""Of signs of ASCII that resemble each other, the one that stands for all (UTS #39)."""

INVISIBLE: Final = frozenset("\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff")
SHOWN: Final = 5


def plain(text: str) -> str:
    """A name in one form (NFKC), with the Latin letters that it is taken for."""
    return "".join(LATIN.get(sign, sign) for sign in unicodedata.normalize("NFKC", text))


def skeleton(text: str) -> str:
    """What two names that look alike have in common."""
    return "".join(PROTOTYPES.get(sign, sign) for sign in unicodedata.normalize("NFD", plain(text)))


def dangerous(text: str) -> str | None:
    """The first sign of a name that shows nothing, or turns others round; None: there is none."""
    for sign in text:
        if sign in BIDIRECTIONAL or sign in INVISIBLE or unicodedata.category(sign) == "Cc":
            return f"U+{ord(sign):04X}"
    return None


def refuse_dangerous(texts: Any, what: str) -> None:
    """Refuse names with such signs; the names are not shown.

    Raises:
        RecordError: there are some.
    """
    if pc.all(pc.string_is_ascii(texts), min_count=0).as_py() and not _has_controls(texts):
        return
    for row, text in enumerate(texts.to_pylist(), 1):
        sign = dangerous(text)
        if sign:
            raise RecordError(
                f"row {row:,}: {what} with {sign}, which shows nothing or turns other signs round; nothing was noted"
            )


def _has_controls(texts: Any) -> bool:
    return bool(pc.any(pc.match_substring_regex(texts, r"[\x00-\x1f\x7f]"), min_count=0).as_py())


def rare(texts: Any) -> list[str]:
    """Those that are not all ASCII: in a record of names in ASCII, only these resemble another one unnoticed."""
    return list(dict.fromkeys(texts.filter(pc.invert(pc.string_is_ascii(texts))).to_pylist()))


def alike(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of different names that look alike."""
    groups: dict[str, dict[str, None]] = {}
    for name in names:
        groups.setdefault(skeleton(name), {})[name] = None
    return [tuple(group) for group in groups.values() if len(group) > 1]


def warnings(groups: Sequence[tuple[str, ...]]) -> list[str]:
    """What is said of names that look alike, their signs by number where they would deceive."""
    said = [
        f"look alike: {', '.join(ascii(name) for name in group)}; are these two people?" for group in groups[:SHOWN]
    ]
    return said + ([f"and {len(groups) - SHOWN:,} more that look alike"] if len(groups) > SHOWN else [])
