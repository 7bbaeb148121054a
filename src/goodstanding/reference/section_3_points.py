"""Specification section 3, "Points", read plainly; and the most and the least that they can give (sections 4 and 6)."""

from collections.abc import Mapping
from math import floor
from typing import Any

from goodstanding.reference.section_3_measures import Reading, can_be_nothing, number

LIMIT = 10_000
"""`each` is held within ±10,000 where the policy gives no `min` or `max` of its own."""


def points(rule: Mapping[str, Any], reading: Reading) -> int:
    """Give the points of a measure under a factor's `points`.

    "Beside any of them, `none` (default 0): the points where the measure is nothing; `each`'s `min` and `max` do not
    hold it."
    """
    if reading.is_nothing:
        return int(rule.get("none", 0))
    if "bands" in rule:
        return banded(rule["bands"], reading)
    if "each" in rule:
        return for_each(rule["each"], reading)
    return int(rule["labels"].get(reading.label, rule.get("other", 0)))


def banded(bands: list[Mapping[str, Any]], reading: Reading) -> int:
    """`bands`: "the points of the last band with `from` ≤ measure, else of the first"."""
    reached = [band for band in bands[1:] if number(band["from"]) <= reading.exact]
    return int([bands[0], *reached][-1]["points"])


def for_each(each: Mapping[str, Any], reading: Reading) -> int:
    """`each`: "points × ⌊measure ÷ per⌋, then held within `min` (default −10,000) and `max` (default 10,000)"."""
    times = floor(reading.exact / number(each.get("per", 1)))
    return held(int(each["points"]) * times, each.get("min", -LIMIT), each.get("max", LIMIT))


def held(value: int, least: int | None, most: int | None) -> int:
    """Hold a number within its bounds, of which either may be missing."""
    if least is not None and value < least:
        return int(least)
    if most is not None and value > most:
        return int(most)
    return value


def most(rule: Mapping[str, Any], measure: Mapping[str, Any]) -> int:
    """Give the most that points can give (section 4, "Reasons").

    "of `bands`, the greatest band; of `labels`, the greatest of them and `other`; of `each`, its `max`, or where none
    is given 0 for `points` of 0 or less and 10,000 else; and `none`, given or default, where it is greater and the
    measure can be nothing".
    """
    if "each" in rule:
        each = rule["each"]
        ways = [int(each.get("max", 0 if each["points"] <= 0 else LIMIT))]
    else:
        ways = ways_to_give(rule)
    return max(ways + nothing_gives(rule, measure))


def least(rule: Mapping[str, Any], measure: Mapping[str, Any]) -> int:
    """Give the least that points can give (section 6).

    "of `bands`, `labels` and `other`, the least of them; of `each`, its `min`, or where none is given 0 for `points` of
    0 and more and −10,000 else; and `none`, given or default, where it is less and the measure can be nothing."
    """
    if "each" in rule:
        each = rule["each"]
        ways = [int(each.get("min", 0 if each["points"] >= 0 else -LIMIT))]
    else:
        ways = ways_to_give(rule)
    return min(ways + nothing_gives(rule, measure))


def ways_to_give(rule: Mapping[str, Any]) -> list[int]:
    """Give the points of every band, or of every label and `other`."""
    if "bands" in rule:
        return [band["points"] for band in rule["bands"]]
    return [*rule["labels"].values(), rule.get("other", 0)]


def nothing_gives(rule: Mapping[str, Any], measure: Mapping[str, Any]) -> list[int]:
    """Give `none`, "given or default", where "the measure can be nothing"."""
    return [rule.get("none", 0)] if can_be_nothing(measure) else []
