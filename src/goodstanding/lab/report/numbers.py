"""Numbers as people read them: in their unit, with as many digits as mean something, in English and Chinese."""

from __future__ import annotations

from typing import Final

from goodstanding.lab.report.words import LANGS, Lang, say

MINUS: Final = "−"

AFTER: Final[dict[str, tuple[str, str]]] = {
    "points": (" points", "分"),
    "ties": (" ties a resident", "个关系（每人）"),
    "groups": (" groups per 1,000 residents", "个群体（每千人）"),
    "months": (" months", "个月"),
    "yuan": (" yuan", "元"),
    "yuan a month": (" yuan a month", "元/月"),
    "events": (" a month per 1,000 residents", "次（每千人每月）"),
    "places": (" places", "位"),
}
"""What stands behind a number, by unit."""

BARE: Final = frozenset({"ratio", "correlation", "effort"})
"""Units of bare numbers."""

LARGE, MIDDLING, SMALL = 100, 10, 1


def places_of(size: float) -> int:
    """How many decimal places say about three digits of a number of this size."""
    return 0 if size >= LARGE else 1 if size >= MIDDLING else 2 if size >= SMALL else 3


def plain(value: float, *, signed: bool = False, places: int | None = None) -> str:
    """A number, thousands apart, with a true minus; about three digits of it, or as many places as asked for."""
    text = f"{abs(value):,.{places_of(abs(value)) if places is None else places}f}"
    if not text.strip("0.,"):
        return "0"
    return (MINUS if value < 0 else "+" if signed else "") + text


def whole(value: float, *, signed: bool = False) -> str:
    """A whole number: a score, points, people."""
    return plain(value, signed=signed, places=0)


def of_100(value: float) -> str:
    """People of 100, whole; somebody is never nobody."""
    return "<1" if 0 < value < 1 / 2 else whole(value)


def percent(share: float) -> str:
    """A share as a percentage."""
    size = abs(share) * 100
    return plain(share * 100, places=0 if size >= LARGE else 1 if size >= SMALL else 2) + "%"


def quantity(value: float, unit: str, lang: Lang) -> str:
    """A level in its unit."""
    return percent(value) if unit == "share" else plain(value) + _after(unit, lang)


def bare(value: float, unit: str) -> str:
    """A level whose unit is said elsewhere; a share keeps its sign."""
    return percent(value) if unit == "share" else plain(value)


def quantities(first: float, last: float, unit: str, lang: Lang) -> tuple[str, str]:
    """Two levels, one after the other; the unit is said once."""
    return (percent(first), percent(last)) if unit == "share" else (plain(first), plain(last) + _after(unit, lang))


def change(value: float, unit: str, lang: Lang, *, signed: bool = True) -> str:
    """A difference in its unit: of shares, in percentage points."""
    return plain(scaled(value, unit), signed=signed) + _behind_change(unit, lang)


def reach(low: float, high: float, unit: str, lang: Lang) -> tuple[str, str]:
    """Both ends of an interval of differences, in the same places; the unit is said once."""
    ends = scaled(low, unit), scaled(high, unit)
    places = places_of(max(map(abs, ends)))
    first, last = (plain(end, signed=True, places=places) for end in ends)
    return first, last + _behind_change(unit, lang)


def scaled(value: float, unit: str) -> float:
    """The number that is shown: shares in percent."""
    return value * 100 if unit == "share" else value


def axis_title(unit: str, lang: Lang) -> str:
    """What stands at an axis of this unit."""
    return "%" if unit == "share" else _after(unit, lang).strip()


def _after(unit: str, lang: Lang) -> str:
    return "" if unit in BARE else AFTER[unit][LANGS.index(lang)]


def _behind_change(unit: str, lang: Lang) -> str:
    return say(lang, "percentage_points") if unit == "share" else _after(unit, lang)
