"""What a drawn scoring exercised: so that a test can fail where some part of the specification was never tried.

Names are `what: which`, as in `measure: share` or `event: retracted`. `EXERCISES` holds all of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from goodstanding.reference import Result
from goodstanding.testing.events import Scoring
from goodstanding.testing.factors import KINDS

FILTER_TESTS = ("type", "source", "label", "party", "matter", "amount", "value")
LIST_OPTIONS = ("closed", "closed_after", "expires", "times", "key: matter", "key: party")

EXERCISES = frozenset(
    (
        *(f"measure: {kind}" for kind in KINDS),
        *("measure: share by", "measure: ratio latest", "measure: latest label", "measure: ties of a kind"),
        *("score: requires", "requires: window"),
        *(f"points: {kind}" for kind in ("bands", "each", "labels", "other", "none", "per", "min", "max")),
        *(f"filter: {test}" for test in FILTER_TESTS),
        *(f"filter: {form}" for form in ("name", "prefix", "list of types", "list", "no type", "empty", "min", "max")),
        *("window: span", "window: from to"),
        *(f"list: {option}" for option in LIST_OPTIONS),
        *("dimension: min", "dimension: max", "tier: not_on", "perk: score", "perk: tiers", "perk: not_on"),
        *("sanction: on", "sanction: below", "sanction: notice", "factor: reason"),
        *("event: twice", "event: correction", "event: retracted", "event: replaces unknown", "event: after as_of"),
        *("event: of no known type", "event: recorded late", "event: null field", "event: negative field"),
        *("people: a table", "people: from events", "ties: several kinds", "scoring: recorded_by", "scoring: notice"),
        *("result: no score", "result: held dimension", "result: held score", "result: other own score"),
        *("result: on a list", "result: listed by two keys", "result: noticed", "result: in_force", "result: perk"),
        *("result: tier above the first", "result: four reasons"),
        *("result: nothing", "result: label", "result: fraction", "result: negative", "result: ties read"),
    )
)


def exercised(scoring: Scoring, results: Mapping[str, Result] | None = None) -> set[str]:
    """Say what a scoring exercised; its results are worked out by the reference where they are not given."""
    told = set(of_document(scoring.document)) | set(of_events(scoring)) | set(of_scoring(scoring))
    for result in (scoring.results() if results is None else results).values():
        told |= set(of_result(scoring, result))
    return told & EXERCISES


def of_document(document: Mapping[str, Any]) -> Iterator[str]:
    """Tell what a policy document has."""
    for factor in document["factors"]:
        yield from of_measure(factor["measure"])
        yield from of_points(factor["points"])
        yield from of_window(factor)
        yield from (f"factor: {option}" for option in factor)
    yield from (f"score: {option}" for option in document["score"])
    for required in document["score"].get("requires", ()):
        yield from (f"requires: {option}" for option in required)
    for rule in document.get("lists", ()):
        yield from (f"list: {option}" for option in rule)
        yield f"list: key: {rule.get('key')}"
        for option in ("opened", "closed"):
            yield from of_filter(rule.get(option, "a.name"))
    for kind, entries in (("dimension", "dimensions"), ("tier", "tiers")):
        yield from (f"{kind}: {option}" for entry in document.get(entries, ()) for option in entry)
    for kind, entries in (("perk", "perks"), ("sanction", "sanctions")):
        yield from (f"{kind}: {option}" for entry in document.get(entries, ()) for option in (*entry, *entry["when"]))


def of_measure(measure: Mapping[str, Any]) -> Iterator[str]:
    """Tell the kind of a measure, its variants, and its filters."""
    kind = measure["kind"]
    yield f"measure: {kind}"
    for variant, has in {
        "share by": "by" in measure,
        "ratio latest": kind == "ratio" and measure.get("take") == "latest",
        "latest label": kind == "latest" and measure["field"] == "label",
        "ties of a kind": "tie" in measure,
    }.items():
        if has:
            yield f"measure: {variant}"
    for parameter in ("of", "to", "among"):
        if parameter in measure:
            yield from of_filter(measure[parameter])


def of_filter(selection: str | Mapping[str, Any]) -> Iterator[str]:
    """Tell the form of a filter and its tests."""
    if isinstance(selection, str):
        yield "filter: prefix" if selection.endswith(".*") else "filter: name"
        return
    if not selection:
        yield "filter: empty"
    elif "type" not in selection:
        yield "filter: no type"
    for test, wanted in selection.items():
        yield f"filter: {test}"
        if isinstance(wanted, Mapping):
            yield from (f"filter: {end}" for end in wanted)
        elif isinstance(wanted, list):
            yield "filter: list of types" if test == "type" else "filter: list"


def of_points(rule: Mapping[str, Any]) -> Iterator[str]:
    """Tell which points a factor gives, and which options it has."""
    yield from (f"points: {option}" for option in (*rule, *rule.get("each", ())))


def of_window(entry: Mapping[str, Any]) -> Iterator[str]:
    """Tell the form of a window."""
    if "window" in entry:
        yield "window: span" if isinstance(entry["window"], str) else "window: from to"


def of_events(scoring: Scoring) -> Iterator[str]:
    """Tell what is odd about the events."""
    types = {one["type"] for one in scoring.document["catalogue"]}
    keys = [(event["source"], event["id"]) for event in scoring.events]
    if len(set(keys)) < len(keys):
        yield "event: twice"
    for event in scoring.events:
        for oddity, is_so in {
            "correction": (event["source"], event["replaces"]) in keys,
            "retracted": event["type"] == "retracted",
            "replaces unknown": event["replaces"] is not None and (event["source"], event["replaces"]) not in keys,
            "after as_of": event["time"] > scoring.as_of,
            "of no known type": event["type"] not in types,
            "recorded late": event["recorded"] is None or event["recorded"] > (scoring.recorded_by or scoring.as_of),
            "null field": event["amount"] is None,
            "negative field": (event["amount"] or 0) < 0,
        }.items():
            if is_so:
                yield f"event: {oddity}"


def of_scoring(scoring: Scoring) -> Iterator[str]:
    """Tell what the question is made of beside policy and events."""
    yield "people: from events" if scoring.people is None else "people: a table"
    if len({tie["kind"] for tie in scoring.ties}) > 1:
        yield "ties: several kinds"
    if scoring.recorded_by is not None:
        yield "scoring: recorded_by"
    if scoring.notices:
        yield "scoring: notice"


def of_result(scoring: Scoring, result: Result) -> Iterator[str]:
    """Tell what one person's result shows."""
    held = {name for name, changed in result.bounds.items() if changed}
    on_list = [name for name, measured in result.measures.items() if measured == (1, 1)]
    tiers = [one["name"] for one in scoring.document.get("tiers", ())]
    for sight, is_so in {
        "no score": result.score is None,
        "held dimension": bool(held - {"bounds"}),
        "held score": "bounds" in held,
        "other own score": result.own_score != result.score,
        "on a list": bool(result.lists),
        "listed by two keys": any(len(result.used[name]) > 1 for name in on_list if is_on_list(scoring, name)),
        "perk": bool(result.perks),
        "tier above the first": result.tier in tiers[1:],
        "four reasons": len(result.reasons) >= most_reasons(),
        "ties read": any(measured_ties(scoring, result)),
    }.items():
        if is_so:
            yield f"result: {sight}"
    yield from (f"result: {state}" for state in result.sanctions.values())
    yield from (f"result: {form_of(measured)}" for measured in result.measures.values())
    yield from ("result: negative" for one in result.measures.values() if isinstance(one, tuple) and one[0] < 0)


def most_reasons() -> int:
    """Give how many reasons section 4 allows at most."""
    return 4


def form_of(measured: object) -> str:
    """Name the form of a measure: nothing, a label, a whole number, a fraction."""
    if measured is None:
        return "nothing"
    if isinstance(measured, tuple):
        return "whole" if measured[1] == 1 else "fraction"
    return "label"


def kinds_of(scoring: Scoring) -> Mapping[str, str]:
    """Give the kind of measure of each factor."""
    return {factor["name"]: factor["measure"]["kind"] for factor in scoring.document["factors"]}


def is_on_list(scoring: Scoring, name: str) -> bool:
    """Say whether a factor reads a list."""
    return kinds_of(scoring)[name] == "on_list"


def measured_ties(scoring: Scoring, result: Result) -> Iterator[bool]:
    """Say, for each `ties` factor, whether it found ties to read."""
    for name, kind in kinds_of(scoring).items():
        if kind == "ties":
            yield result.measures[name] not in (None, (0, 1))


def unexercised(seen: Iterable[set[str]]) -> list[str]:
    """List what none of many scorings exercised."""
    return sorted(EXERCISES.difference(*seen))
