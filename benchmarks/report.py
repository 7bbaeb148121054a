"""Says what was measured: a table in the terminal, JSON, and the page `docs/benchmarks.md`."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from benchmarks.claims import Claim

TITLES: Final = {
    1: "From raw Parquet to scores Parquet, whole commands",
    2: "From a saved book to everyone's scores",
    3: "One person",
    4: "Another number in the policy",
    5: "Ties",
    6: "One person with a great many events",
    7: "How time grows",
    8: "The laboratory",
    9: "Taking events into a record",
    10: "The book of a home",
}

ABOUT: Final = {
    1: """Raw, unsorted Parquet (zstd, string ids) in, a Parquet file with every contribution of every person out; two
events of one source and id are looked for on every side. Each side is one process from its start to its end. The peers
are queries written by hand for this one policy, the fastest of the plans that were tried (`benchmarks/peers/`).""",
    2: """The events are in memory, sorted by person and coded as numbers: our saved book, opened by memory map; the
same columns as a DuckDB table and as a Polars frame. What is timed is a pass from there to every contribution and score
in memory; each process makes one pass beforehand that is not counted.""",
    3: """The peers decide on *ready inputs*: someone else has already counted, summed and windowed the events, which is
the hardest part of our work. zen-engine evaluates one decision table of thirty rows, OptBinning scores one row of
thirty features. The whole commands start Python anew.""",
    4: """From the text of the policy to everyone's scores, in a running process: the first text and one with another
number in turn, each other text a new one. The kernel's compiled forms are counted before and after.""",
    5: """For each person: how many of their ties lead to someone with a score, and what those scores add up to. SciPy's
matrix and our lists of neighbours are built before the clock starts.""",
    6: "Every event has a party of its own, and the later half go on with a streak.",
    7: """Three sizes each. An exponent is the logarithm of how much longer it takes over that of how much more there
is: 1 is proportional, and less than 1 means that part of the time does not grow at all.""",
    8: """A made-up city lives month by month under the policy `sesame`: events, records with their errors, everybody's
score, what follows from it, and how people answer. A tenth of it is lived on one thread and on two first, and must
come to the same bytes in events, ties, states and scores. The town (`benchmarks/town/`) is one whose records are right
and whose friendships last; in Mesa it was written again by hand from the laboratory's rules, with agents that are
objects, their chance Python's own (`benchmarks/peers/mesa/`). Both sides begin with the same residents and friends, and
the means over towns of what becomes of them are compared before anything is timed.""",
    9: """A live home takes batches from files: every row is checked, its id looked up among all that are known, its
person among those who consented; then it is packed, hashed under its person's key, and sealed into a segment that is on
the disk. One batch is one call. PostgreSQL copies the same rows (as CSV that was made beforehand) into a staging table,
then inserts them into one whose source and id are a key; DuckDB inserts them from the same Parquet into such a table.
Neither checks, hashes or signs anything. Memory is that of the whole command.""",
    10: """A home was sent its events in batches of a million. One in a hundred more are sent, and its book is brought
up to date: what is new is read from its segment, put in order, merged with what was there, written and summed. Then
the book is deleted and built anew from all segments, and must be the same.""",
}

HEAD: Final = """# Benchmarks

<!-- Written by `python3 dev.py bench` from what it measured; do not edit. -->

What Goodstanding is held against, and what came out. Every ratio was taken in one run on one machine, both sides in
turn, two threads each, medians of {rounds} rounds; jobs may be run apart (`--job N`), and each stands here as it last
came out; results are compared cell by cell first, and a single cell that
differs fails the benchmark. A *floor* that is missed fails it too. Run it yourself: `python3 dev.py bench`
(`--quick` for a minute's worth on small sizes, which compares results and judges no times).

**The work.** {people:,} people, {events:,} events, seed 1, and a policy of thirty factors with every kind of measure
but ties, five dimensions with bounds, one list: `benchmarks/policy.yaml`. Some fifty kinds of event, one event in seven
read by no factor, about four operations an event; many events fall on one day, so that order rests on source and id.

"""


def in_terminal(claims: Iterable[Claim]) -> str:
    """The claims as lines: verdict, figure, floor, what is claimed."""
    lines = []
    for claim in claims:
        floor = "" if claim.floor is None else f"floor {number(claim.floor)}"
        aim = "" if claim.aim is None else f"aim {number(claim.aim)}"
        figure = f"{number(claim.figure)} {claim.unit}".strip()
        lines.append(f"{claim.verdict:<12}{figure:>16}  {floor:<12}{aim:<10}{claim.job}. {claim.says}")
    return "\n".join(lines)


def number(value: float) -> str:
    """A number with three places that count, or all places of a whole one."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def as_json(machine: dict[str, Any], plan: dict[str, Any], claims: Iterable[Claim]) -> dict[str, Any]:
    """All that was measured, as plain values."""
    return {"machine": machine, "plan": plan, "claims": [claim.as_json() for claim in claims]}


def beside(earlier: dict[str, Any] | None, results: dict[str, Any]) -> dict[str, Any]:
    """Results with those of an earlier run for the jobs that were not measured now, if it ran on such a machine."""
    day = results["machine"]["day"]
    days = dict.fromkeys((str(claim["job"]) for claim in results["claims"]), day)
    if earlier is None or _alike(earlier["machine"]) != _alike(results["machine"]):
        return {**results, "days": days}
    old = [claim for claim in earlier["claims"] if str(claim["job"]) not in days]
    old_days = {str(claim["job"]): earlier["machine"]["day"] for claim in old} | earlier.get("days", {})
    claims = sorted([*old, *results["claims"]], key=lambda claim: claim["job"])
    return {**results, "claims": claims, "days": {**old_days, **days}}


def _alike(machine: dict[str, Any]) -> dict[str, Any]:
    """What two runs must have in common to stand on one page: all but the day, and which peers were asked."""
    return {key: value for key, value in machine.items() if key not in {"day", "peers"}}


def write_json(results: dict[str, Any], path: Path) -> None:
    """Write results for a program to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")


def page(results: dict[str, Any]) -> str:
    """The page of the documentation, made of results alone."""
    plan = results["plan"]
    parts = [HEAD.format(**plan), _machine(results["machine"])]
    for job, title in TITLES.items():
        claims = [claim for claim in results["claims"] if claim["job"] == job]
        if claims:
            about = f"## {job}. {title}\n\n{ABOUT[job]}\n\nMeasured on {results['days'][str(job)]}.\n\n"
            parts += [about, _claims(claims), _notes(claims), _measured(claims)]
    return "".join(parts).rstrip() + "\n"


def _machine(machine: dict[str, Any]) -> str:
    flat = {key: value for key, value in machine.items() if not isinstance(value, dict)}
    flat["python packages"] = _versions(machine["ours"])
    flat["peers"] = _versions(machine["peers"])
    rows = "\n".join(f"| {key} | {value} |" for key, value in flat.items())
    return f"| machine | |\n| --- | --- |\n{rows}\n\n"


def _versions(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def _claims(claims: list[dict[str, Any]]) -> str:
    rows = [
        f"| {claim['says']} | **{number(claim['figure'])}{_unit(claim['unit'])}** | {_mark(claim, 'floor')} |"
        f" {_mark(claim, 'aim')} | {claim['verdict']} |"
        for claim in claims
    ]
    return "| claim | reached | floor | aim | |\n| --- | --- | --- | --- | --- |\n" + "\n".join(rows) + "\n\n"


def _unit(unit: str) -> str:
    return f" {unit}" if unit else ""


def _mark(claim: dict[str, Any], name: str) -> str:
    if claim[name] is None:
        return ""
    side = "≥" if claim["better"] == "more" else "≤"
    return f"{side} {number(claim[name])}{_unit(claim['unit'])}"


def _notes(claims: list[dict[str, Any]]) -> str:
    notes = [f"- *{claim['says']}*: {claim['note']}.\n" for claim in claims if claim["note"]]
    return "".join(notes) + ("\n" if notes else "")


def _measured(claims: list[dict[str, Any]]) -> str:
    rows = [
        f"| {claim['says']} | {one['name']} | {_value(one, 'min')} | {_value(one, 'median')} | {_value(one, 'max')} |"
        f" {one['runs']:,} |\n"
        for claim in claims
        for one in claim["measured"]
    ]
    head = "| measured | whose | least | median | most | runs |\n| --- | --- | --- | --- | --- | --- |\n"
    return head + "".join(rows) + "\n" if rows else ""


def _value(one: dict[str, Any], key: str) -> str:
    return f"{number(one[key])} {one['unit']}"
