"""What stands beside a run, from folders of their own: the published findings, and a sweep of what is assumed.

Of the findings, where no folder is given, the last whole run that comes with this package is told.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from goodstanding.errors import InputError, Problem
from goodstanding.lab.report.numbers import plain, scaled
from goodstanding.lab.report.run import Run
from goodstanding.lab.report.telling import headline, title_of
from goodstanding.lab.report.words import Lang, say

FINDINGS, LAST_RUN = "findings.json", "last-run.json"
CONCLUSIONS, POINTS = "conclusions.parquet", "points.parquet"
SHOWN: Final = "shown"
VERDICTS: Final = ("reproduced", "missed", "undecided", "not_testable", "used", SHOWN)
MOST_CONCLUSIONS: Final = 15


@dataclass(frozen=True, slots=True)
class FindingTold:
    """One published finding in words.

    Attributes:
        kind: its verdict, by name.
        figures: what the model says, one sentence a test; `shown`: those of them without a verdict.
    """

    name: str
    title: str
    kind: str
    verdict: str
    published: str
    figures: tuple[str, ...]
    shown: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class FindingsTold:
    """All of them, and how many came out how."""

    lead: str
    rows: tuple[FindingTold, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is told beside a run; None where there is none.

    Attributes:
        findings: the document that `goodstanding lab findings` writes.
    """

    findings: Mapping[str, Any] | None = None
    sweep: Swept | None = None


NOTHING_BESIDE: Final = Beside()


def read_beside(findings: Path | None = None, sweep: Path | None = None) -> Beside:
    """The findings and the sweep of these folders.

    Raises:
        InputError: a folder holds none.
    """
    return Beside(read_findings(findings), None if sweep is None else read_sweep(sweep))


def read_findings(folder: Path | None) -> dict[str, Any] | None:
    """The findings of a folder, else those of the last whole run; None where there was none yet.

    Raises:
        InputError: the folder holds none.
    """
    kept = files("goodstanding.lab.findings") / LAST_RUN if folder is None else folder / FINDINGS
    if folder is None and not kept.is_file():
        return None
    try:
        document: dict[str, Any] = json.loads(kept.read_bytes())
    except (OSError, ValueError) as error:
        expected = "a folder that `goodstanding lab findings` wrote"
        raise InputError([Problem(str(kept), None, f"cannot be read: {error}", expected)]) from error
    return document


def findings_told(document: Mapping[str, Any], lang: Lang) -> FindingsTold:
    """The findings in words."""
    rows = tuple(_finding(one, lang) for one in document["findings"])
    counts = Counter(one.kind for one in rows)
    counted = (f"{counts[kind]} {say(lang, f'verdict_{kind}')}" for kind in VERDICTS if counts[kind])
    lead = say(lang, "findings_lead", all=len(rows), counts=say(lang, "comma").join(counted))
    if not document["parameters_as_committed"]:
        lead += " " + say(lang, "not_as_committed")
    return FindingsTold(lead, rows)


def _finding(one: Mapping[str, Any], lang: Lang) -> FindingTold:
    return FindingTold(
        name=one["name"],
        title=one["title"][lang],
        kind=one["verdict"],
        verdict=say(lang, f"verdict_{one['verdict']}"),
        published=one["published"][lang],
        figures=tuple(_figure(test, lang) for test in one["tests"] if test["verdict"] != SHOWN),
        shown=tuple(_figure(test, lang) for test in one["tests"] if test["verdict"] == SHOWN),
        why=one["why"][lang],
    )


def _figure(test: Mapping[str, Any], lang: Lang) -> str:
    """A figure of the model, and whether it is the published one."""
    return say(
        lang,
        "figure_told",
        what=test["what"][lang],
        figure=_with_interval(test, lang),
        verdict=say(lang, f"verdict_{test['verdict']}"),
    )


def _with_interval(test: Mapping[str, Any], lang: Lang) -> str:
    if test["mean"] is None:
        return say(lang, "no_figure")
    mean, low, high = (
        None if test[end] is None else scaled(test[end], test["unit"]) for end in ("mean", "low", "high")
    )
    behind = "%" if test["unit"] == "share" else ""
    said = f"{plain(mean or 0.0)}{behind}"
    if low is None or high is None:
        return said
    return say(lang, "with_interval", verdict=said, low=plain(low), high=plain(high) + behind)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep left behind.

    Attributes:
        conclusions: rows of `conclusions.parquet`.
        names: the numbers that were changed.
    """

    conclusions: tuple[Mapping[str, Any], ...]
    names: tuple[str, ...]


def read_sweep(folder: Path) -> Swept:
    """The sweep of a folder.

    Raises:
        InputError: the folder holds none.
    """
    try:
        conclusions, points = (parquet.read_table(folder / name) for name in (CONCLUSIONS, POINTS))
    except (OSError, pa.ArrowException) as error:
        expected = "a folder that `goodstanding lab sweep` wrote"
        raise InputError([Problem(str(folder), None, f"cannot be read: {error}", expected)]) from error
    return Swept(tuple(conclusions.to_pylist()), tuple(dict.fromkeys(points["name"].to_pylist())))


@dataclass(frozen=True, slots=True)
class SweptTold:
    """A sweep in words: the conclusion of the answer first, then the others, the frailest first."""

    lead: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sweep_told(run: Run, swept: Swept, lang: Lang) -> SweptTold:
    """The sweep in words."""
    kept = sum(one["kept"] == one["draws"] for one in swept.conclusions)
    draws = max((one["draws"] for one in swept.conclusions), default=0)
    return SweptTold(
        lead=say(
            lang,
            "swept",
            parameters=len(swept.names),
            points=draws,
            survived=kept,
            conclusions=len(swept.conclusions),
        ),
        caption=say(lang, "sweep_table"),
        head=(say(lang, "conclusion"), say(lang, "survives"), say(lang, "reversed"), say(lang, "hangs_most")),
        rows=tuple(_conclusion(run, one, lang) for one in _told_first(run, swept.conclusions)),
    )


def _told_first(run: Run, conclusions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    found = headline(run)
    ours = ("", "", "") if found is None else (found.measure, found.baseline, found.other)

    def place(one: Mapping[str, Any]) -> tuple[bool, float]:
        share = one["kept"] / one["draws"] if one["draws"] else 1.0
        return (one["measure"], one["baseline"], one["other"]) != ours, share

    return sorted(conclusions, key=place)[:MOST_CONCLUSIONS]


def _conclusion(run: Run, one: Mapping[str, Any], lang: Lang) -> tuple[str, ...]:
    other = run.sides.get(one["other"])
    direction = say(lang, "clearly_up" if one["difference"] > 0 else "clearly_down")
    return (
        say(
            lang,
            "conclusion_is",
            measure=title_of(one["measure"], lang),
            direction=direction,
            other=one["other"] if other is None else other.title.in_(lang),
        ),
        say(lang, "of_draws", kept=one["kept"], all=one["draws"]),
        say(lang, "of_draws", kept=one["reversed"], all=one["draws"]),
        "–" if one["hangs_on"] is None else one["hangs_on"],
    )
