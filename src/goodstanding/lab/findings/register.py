"""The findings in order: how each is judged; the texts stand in `findings.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, inf
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from goodstanding.document.kinds import Text
from goodstanding.lab.findings.model import Band, Figure, Finding, Rule, Shown, Sign, Table, Trial
from goodstanding.lab.measures import Interval, interval

TEXTS: Final = Path(__file__).parent / "findings.yaml"

ON, OFF, STILL = "friends count", "friends do not count", ", nobody chooses"
"""The arms of E9; the last is a suffix."""

OTHER_SLOPES: Final = tuple(f"slope {slope:g}" for slope in (0.25, 1, 2))

Judged: TypeAlias = Mapping[str, tuple[Rule, Figure]]
"""By test, its rule and its figure."""


def _mean(arm: str, quantity: str) -> Figure:
    return lambda table: table.mean(arm, quantity)


def _fall(arm: str, baseline: str, quantity: str) -> Figure:
    return lambda table: interval(table.falls(arm, baseline, quantity))


def odds_less_one(table: Table) -> Interval:
    """The odds ratio less 1, whose interval is that of its logarithm."""
    found = table.mean("listed", "log_odds")
    return Interval(_exp(found.mean) - 1, _exp(found.low) - 1, _exp(found.high) - 1, found.seeds)


def _exp(logarithm: float) -> float:
    return exp(logarithm) if logarithm < inf else inf


def older_more(table: Table) -> Interval:
    """By how much more the notice moves older people than younger ones."""
    older, younger = (
        table.falls("board", "no board", f"still owing of the {who}") for who in ("older", "younger")
    )  # fmt: skip
    return interval([one - other for one, other in zip(older, younger, strict=True)])


def _effect(arm: str, quantity: str) -> Figure:
    return lambda table: table.difference(arm, OFF + (STILL if arm.endswith(STILL) else ""), quantity)


def _friends(name: str, quantity: str, side: int, least: float) -> dict[str, tuple[Rule, Figure]]:
    """A sign test of E9; and the same, without a verdict, where people are less or more steep in choosing."""
    beside = {f"{name}, {slope}": (Shown(), _effect(f"{ON}, {slope}", quantity)) for slope in OTHER_SLOPES}
    nobody = {f"{name}{STILL}": (Shown(), _effect(ON + STILL, quantity))}
    return {name: (Sign(side, least), _effect(ON, quantity)), **beside, **nobody}


def stands_still(table: Table) -> None:
    """Where nobody chooses friends by score, friendships are the same whether friends count or not.

    Raises:
        AssertionError: they are not: a mistake of ours.
    """
    for quantity in ("degree", "alike", "pieces"):
        assert table.of(ON + STILL, quantity) == table.of(OFF + STILL, quantity), f"{quantity} moves by itself"


def _files(rule: Rule, quantity: str) -> tuple[Rule, Figure]:
    return rule, _mean("files", quantity)


JUDGED: Final[Mapping[str, Judged]] = {
    "E1": {
        "E1": (Band(0.06, 0.16), _mean("listed", "paid")),
        "E1 in one's own time": (Shown(), _mean("listed", "paid_in_time")),
    },
    "E2": {"E2": (Sign(1), odds_less_one)},
    "E3": {
        "E3a sign": (Sign(1, 0.01), _fall("board", "no board", "still owing")),
        "E3a size": (Band(0.18, 0.24), _fall("board", "no board", "still owing")),
        "E3b sign": (Sign(1, 0.01), _fall("board", "no board", "amount")),
        "E3b size": (Band(0.05, 0.37), _fall("board", "no board", "amount")),
        "E3 older": (Sign(1, 0.01), older_more),
    },
    "E4": {
        "E4": (Sign(1, 0.005), _fall("pilot", "no pilot", "recorded")),
        "E4 done": (Shown(), _fall("pilot", "no pilot", "done")),
    },
    "E9": {
        **_friends("E9a", "degree", -1, 0.05),
        **_friends("E9b", "alike", 1, 0.005),
        **_friends("E9c", "pieces", 1, 0.01),
        **_friends("E9d", "effort", 1, 0.01),
        "E9 accuracy": (Shown(), _effect(ON, "accuracy")),
        "E9 modularity": (Shown(), _effect(ON, "modularity")),
    },
    "E10": {
        "E10 input": _files(Shown(), "with an error"),
        "E10 file": _files(Band(0.147, 0.273), "file changed"),
        "E10 score": _files(Band(0.091, 0.169), "score changed"),
        "E10 tier": _files(Band(0.036, 0.068), "better tier"),
        "E10 small": _files(Band(0.5, inf), "small"),
        "E10 large": _files(Band(0.002, 0.008), "large"),
    },
    "E11": {"E11": _files(Band(0.012, 0.051), "gain"), "E11 fell": _files(Shown(), "fell")},
    "E12": {
        "E12 sesame": _files(Sign(1), "sesame: who gains"),
        "E12 national": _files(Sign(1), "national: who gains"),
        "E12 sesame points": _files(Shown(), "sesame: greatest gain"),
        "E12 national points": _files(Shown(), "national: greatest gain"),
    },
}

ARMS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "E1": ("listed",),
    "E2": ("listed",),
    "E3": ("board", "no board"),
    "E4": ("pilot", "no pilot"),
    "E9": (ON, OFF, *(f"{ON}, {slope}" for slope in OTHER_SLOPES), ON + STILL, OFF + STILL),
    "E10": ("files",),
    "E11": ("files",),
    "E12": ("files",),
}

MORE: Final[Mapping[str, Mapping[str, Any]]] = {
    "E5": {"untested": "used"},
    "E6": {"untested": "used"},
    "E7": {"untested": "not_testable"},
    "E8": {"untested": "not_testable"},
    "E9": {"check": stands_still},
    "E10": {"needs": (_mean("files", "with an error"), Band(0.24, 0.28))},
}


def _finding(name: str, said: Mapping[str, Any]) -> Finding:
    judged, texts = JUDGED.get(name, {}), said.get("tests", {})
    return Finding(
        name=name,
        source=said["source"],
        title=Text(said["title"]),
        published=Text(said["published"]),
        compared=Text(said["compared"]),
        why=Text(said["why"]),
        arms=ARMS_OF.get(name, ()),
        tests=tuple(_test(test, texts, *how) for test, how in judged.items()),
        **MORE.get(name, {}),
    )


def _test(name: str, texts: Mapping[str, Any], rule: Rule, figure: Figure) -> Trial:
    """A test; what is said behind a comma in its name is said of the arm."""
    main, _, arm = name.partition(", ")
    said = texts[main]
    behind = ARM_WORDS.get(arm, {"en": "", "zh": ""})
    what = {language: f"{text}{behind[language]}" for language, text in said["what"].items()}
    return Trial(name, Text(what), Text(said["published"]), said["unit"], rule, figure)


ARM_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    **{slope: {"en": f" ({slope})", "zh": f"（坡度 {slope.removeprefix('slope ')}）"} for slope in OTHER_SLOPES},
    STILL.removeprefix(", "): {"en": " (nobody chooses by score)", "zh": "（无人按分数择友）"},
}

FINDINGS: Final = tuple(_finding(*one) for one in yaml.safe_load(TEXTS.read_text(encoding="utf-8")).items())
"""All of them, E1 to E12."""
