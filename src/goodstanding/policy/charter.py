"""The charter that a policy for a live world must keep (specification section 7), clause by clause.

Each clause is a function from a policy to its breaches; every breach names its clause and its place. The clauses can
be asked of any policy: they say what would be refused if it were live.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import Final, TypeAlias

from goodstanding.document.nodes import PROBLEMS_KEPT
from goodstanding.errors import Problem
from goodstanding.filters import Filter, prefixes
from goodstanding.measures import OnList, Reading, Ties
from goodstanding.points import Bands, Points
from goodstanding.policy.model import EventType, Factor, ListRule, Policy

FORBIDDEN: Final = (
    "loyalty",
    "opinion",
    "religion",
    "health",
    "ethnicity",
    "union",
    "sexuality",
    "biometrics",
)
"""No type under these is read in a live world, whatever the catalogue says of it."""

LEAST_NOTICE_DAYS: Final = 7

Clause: TypeAlias = Callable[[Policy], Iterator[Problem]]


def charter_breaches(policy: Policy) -> tuple[Problem, ...]:
    """Every breach of the charter, in the order of the clauses, at most a thousand; none if it may be live."""
    return tuple(islice((breach for clause in CLAUSES for breach in clause(policy)), PROBLEMS_KEPT))


def nothing_forbidden(policy: Policy) -> Iterator[Problem]:
    """Clause 1: it reads no type of sensitivity `special`, and none under the forbidden names.

    What a score reads are the types of its catalogue (section 1), so the catalogue is what is looked at.
    """
    for entry in policy.catalogue.values():
        where = ("catalogue", entry.type)
        root = entry.type.partition(".")[0]
        if root in FORBIDDEN:
            yield _breach(policy, 1, f"it reads {entry.type!r}, which is {root}", "no type under " + root, *where)
        elif entry.sensitivity == "special":
            yield _breach(policy, 1, f"it reads {entry.type!r}, of special sensitivity", "no such type", *where)


def nobody_loses_by_ties(policy: Policy) -> Iterator[Problem]:
    """Clause 2: ties only ever help: `count` or `max`, never below 0, never fewer for more, nor than for none."""
    for factor in policy.factors:
        if isinstance(factor.measure, Ties):
            yield from _ties_breaches(policy, factor, factor.measure)


def _ties_breaches(policy: Policy, factor: Factor, measure: Ties) -> Iterator[Problem]:
    said = f"factor {factor.name!r}"
    where = ("factors", factor.name)
    if measure.take not in {"count", "max"}:
        yield _breach(policy, 2, f"{said} takes the {measure.take} of ties", "count or max", *where, "measure", "take")
    given = ladder(factor.points, 0 if measure.take == "count" else policy.least)
    if min(given) < 0 or (measure.can_be_nothing and factor.points.none < 0):
        yield _breach(policy, 2, f"{said} can take points for ties", "at least 0 points", *where, "points")
    if any(after < before for before, after in pairwise(given)):
        yield _breach(
            policy, 2, f"{said} gives fewer points for more", "never fewer for a greater measure", *where, "points"
        )
    if measure.can_be_nothing and factor.points.none > min(given):
        yield _breach(policy, 2, f"{said} gives most to who has no ties", "never fewer than for none", *where, "points")


def ladder(points: Points, least: int) -> list[int]:
    """What points give for measures that rise: each band, or the two ends of `each` from the least measure on."""
    if isinstance(points, Bands):
        return [given for _, given in points.bands]
    beyond_all = 10**24
    return [points.of(Reading(number, 1)) for number in (least, beyond_all)]


def everything_has_a_source(policy: Policy) -> Iterator[Problem]:
    """Clause 3: every factor, list and sanction has a source."""
    for group in ("factors", "lists", "sanctions"):
        for item in getattr(policy, group):
            if not item.sources:
                found = f"{group.removesuffix('s')} {item.name!r} has no source"
                yield _breach(policy, 3, found, "sources: at least one", group, item.name)


def nothing_without_notice_or_end(policy: Policy) -> Iterator[Problem]:
    """Clause 4: every sanction has a notice of at least 7 days and a remedy; every list an end."""
    for sanction in policy.sanctions:
        said, where = f"sanction {sanction.name!r}", ("sanctions", sanction.name)
        if sanction.notice_days < LEAST_NOTICE_DAYS:
            found = f"{said} has a notice of {sanction.notice_days} days"
            yield _breach(policy, 4, found, f"at least {LEAST_NOTICE_DAYS}d", *where, "notice")
        if sanction.remedy is None:
            yield _breach(policy, 4, f"{said} has no remedy", "remedy: what ends it", *where)
    for rule in policy.lists:
        if rule.closed is None and rule.expires_days is None:
            yield _breach(policy, 4, f"list {rule.name!r} never ends", "closed or expires", "lists", rule.name)


def no_sanction_by_score(policy: Policy) -> Iterator[Problem]:
    """Clause 5: a low score is the absence of perks, no more."""
    for sanction in policy.sanctions:
        said, where = f"sanction {sanction.name!r}", ("sanctions", sanction.name, "when")
        if sanction.below is not None:
            found = f"{said} rests on a score below {sanction.below:,}"
            yield _breach(policy, 5, found, "lists under on, and no below", *where, "below")


def walks_of_life_stay_apart(policy: Policy) -> Iterator[Problem]:
    """Clause 6: what is earned in one walk of life decides nothing in another, unless the two are related."""
    lists = {rule.name: rule for rule in policy.lists}
    related = {(relation.earned_in, relation.decides_in) for relation in policy.related}
    types = _by_name(policy)
    earned = _contexts(types, _deciding(policy, lists))
    listed = {name: _contexts(types, ((f"list {name!r}", f) for f in _filters(lists[name]))) for name in lists}
    for perk in policy.perks:
        yield from _crossings(policy, ("perks", perk.name), perk.context, earned, related)
    for sanction in policy.sanctions:
        read: dict[str, str] = {}
        for name in reversed(sanction.on):
            read = {**read, **listed.get(name, {})}
        yield from _crossings(policy, ("sanctions", sanction.name), sanction.context, read, related)


def _crossings(
    policy: Policy,
    thing: tuple[str, str],
    acts_in: str | None,
    read: Mapping[str, str],
    related: Container[tuple[str, str]],
) -> Iterator[Problem]:
    """The contexts that a perk or sanction rests on, though they are neither its own nor related to it."""
    for context, why in read.items() if acts_in is not None else ():
        if context != acts_in and (context, acts_in) not in related:
            found = f"{thing[0].removesuffix('s')} {thing[1]!r} ({acts_in}) rests on {why} ({context})"
            expected = f"the context {context}, or in related {{from: {context}, to: {acts_in}}}"
            yield _breach(policy, 6, found, expected, *thing, "context")


def _deciding(policy: Policy, lists: dict[str, ListRule]) -> Iterator[tuple[str, Filter]]:
    """What any factor, or any list named by a tier, reads; through `on_list` too."""
    named: dict[str, str] = {}
    for factor in policy.factors:
        if isinstance(factor.measure, OnList):
            named.setdefault(factor.measure.list, f"factor {factor.name!r}")
        for test in factor.measure.filters():
            yield f"factor {factor.name!r}", test
    for tier in policy.tiers:
        for name in tier.not_on:
            named.setdefault(name, f"tier {tier.name!r}")
    for name, by in named.items():
        for test in _filters(lists[name]) if name in lists else ():
            yield f"{by} through list {name!r}", test


def _filters(rule: ListRule) -> tuple[Filter, ...]:
    return (rule.opened,) if rule.closed is None else (rule.opened, rule.closed)


def _contexts(types: Mapping[str, Sequence[EventType]], read: Iterable[tuple[str, Filter]]) -> dict[str, str]:
    """The contexts of all types that are read, and for each who first reads what in it."""
    contexts: dict[str, str] = {}
    seen: set[str] = set()
    for said, test in read:
        new = [written for written in test.types or () if written not in seen]
        seen.update(new)
        for entry in (entry for written in new for entry in types.get(written, ())):
            if entry.context is not None:
                contexts.setdefault(entry.context, f"{said}, which reads {entry.type!r}")
    return contexts


def _by_name(policy: Policy) -> dict[str, list[EventType]]:
    """What each name of a type, and each prefix, means in a filter."""
    types: dict[str, list[EventType]] = defaultdict(list)
    for entry in policy.catalogue.values():
        for name in (entry.type, *prefixes(entry.type)):
            types[name].append(entry)
    return types


def everything_has_a_context(policy: Policy) -> Iterator[Problem]:
    """Clause 7: every type, perk and sanction has a context; there is at least one case."""
    for entry in policy.catalogue.values():
        if entry.context is None:
            found = f"type {entry.type!r} has no context"
            yield _breach(policy, 7, found, "context: its walk of life", "catalogue", entry.type)
    for group in ("perks", "sanctions"):
        for item in getattr(policy, group):
            if item.context is None:
                found = f"{group.removesuffix('s')} {item.name!r} has no context"
                yield _breach(policy, 7, found, "context: its walk of life", group, item.name)
    if not _has_cases(policy):
        yield _breach(policy, 7, "there is no case", "cases: at least one", "cases")


def _has_cases(policy: Policy) -> bool:
    written = policy.root.get("cases")
    return bool(policy.cases) or (written is not None and bool(written.items))


def _breach(policy: Policy, clause: int, found: str, expected: str, *path: str) -> Problem:
    line, column = policy.root.at(*path)
    return Problem(policy.file, line, f"charter, clause {clause}: {found}", expected, column)


CLAUSES: Final[tuple[Clause, ...]] = (
    nothing_forbidden,
    nobody_loses_by_ties,
    everything_has_a_source,
    nothing_without_notice_or_end,
    no_sanction_by_score,
    walks_of_life_stay_apart,
    everything_has_a_context,
)
