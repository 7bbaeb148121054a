"""Specification section 5, "tiers", "perks" and "sanctions", read plainly: what follows from a score and the lists."""

from collections.abc import Iterable, Mapping
from typing import Any

from goodstanding.reference.section_3_measures import DAY, days
from goodstanding.reference.section_5_lists import OnList

On = Mapping[str, OnList]
"""The lists that a person is on, by name."""


def tier(policy: Mapping[str, Any], score: int | None, on: On) -> str | None:
    """Give the tier: "the last with `from` ≤ score whose `not_on` lists the person is not on".

    "the first has neither `from` nor `not_on`. … With no tiers it is null." Without a score it is null too (section 4).
    """
    tiers = policy.get("tiers", ())
    if score is None or not tiers:
        return None
    first, *others = tiers
    reached = [one["name"] for one in others if one["from"] <= score and not is_on_any(one.get("not_on", ()), on)]
    return str([first["name"], *reached][-1])


def is_on_any(names: Iterable[str], on: On) -> bool:
    """Say whether the person is on any of these lists."""
    return any(name in on for name in names)


def perks(policy: Mapping[str, Any], score: int | None, tier_name: str | None, on: On) -> list[str]:
    """Give the perks that are open, in the policy's order: "all given conditions hold".

    Without a score "no perk is open" (section 4), whatever its conditions.
    """
    return [
        perk["name"]
        for perk in policy.get("perks", ())
        if score is not None and is_open(perk["when"], score, tier_name, on)
    ]


def is_open(when: Mapping[str, Any], score: int, tier_name: str | None, on: On) -> bool:
    """Say whether a perk's conditions hold; "`score` is a least score"."""
    reaches = "score" not in when or score >= when["score"]
    belongs = "tiers" not in when or tier_name in when["tiers"]
    return reaches and belongs and not is_on_any(when.get("not_on", ()), on)


def sanctions(
    policy: Mapping[str, Any], score: int | None, on: On, as_of: int, given: Mapping[str, int]
) -> dict[str, str]:
    """Give the state of each sanction that is due, in the policy's order.

    `given` is, by sanction, the moment of a notice that this person was given earlier.
    """
    states = {}
    for sanction in policy.get("sanctions", ()):
        moments = moments_of(sanction["when"], score, on, as_of, given.get(sanction["name"]))
        if moments:
            states[sanction["name"]] = state(min(moments), days(sanction.get("notice", "0d")), as_of)
    return states


def moments_of(when: Mapping[str, Any], score: int | None, on: On, as_of: int, given: int | None) -> list[int]:
    """Give the moment of each of the two grounds on which a sanction is due: none where it is not.

    "due when the person is on any list of `on`, or the score is under `below` (one or both given). The moment is the
    earliest `since` of those lists, or `as_of` for `below`." With an earlier notice "the later of moment and `given`
    counts, and for `below` `given` alone". Without a score "no `below` holds" (section 4). Each ground suffices, so the
    earlier of the two decides.
    """
    moments = []
    since = [on[name].since for name in when.get("on", ()) if name in on]
    if since:
        moments.append(min(since) if given is None else max(min(since), given))
    if "below" in when and score is not None and score < when["below"]:
        moments.append(as_of if given is None else given)
    return moments


def state(moment: int, notice_days: int, as_of: int) -> str:
    """Give the state: "`in_force` when … as_of − moment ≥ notice; before that it is `noticed`".

    `notice_working_days` counts only "in a home and in the laboratory", which have a calendar; not here.
    """
    return "in_force" if as_of - moment >= notice_days * DAY else "noticed"
