"""The arms of the tests: which city lives under what, and what is written down of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from goodstanding.lab.city.city import City, found
from goodstanding.lab.findings.attack import attacked
from goodstanding.lab.findings.auditing import audited
from goodstanding.lab.findings.circles import befriended
from goodstanding.lab.findings.debtors import Debtors, Threatened
from goodstanding.lab.findings.files import Files
from goodstanding.lab.findings.good_news import told
from goodstanding.lab.findings.rulebooks import board, meter, without_ties
from goodstanding.lab.findings.violations import Violations
from goodstanding.lab.parameters import load as load_parameters
from goodstanding.lab.society.rules import Rule, Variant
from goodstanding.lab.society.society import Society
from goodstanding.policy import load

WARM_UP: Final = 12
"""Months before anybody is scored."""

MONTHS: Final = 24
"""Months under the score."""

SLOPES: Final = (0.25, 1.0, 2.0)
"""Other steepnesses of choosing friends by score, beside the one of the parameters."""

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of living.

    Attributes:
        times: how many times the residents asked for; listings by a court are rare.
        live: given a city, a seed's life in figures.
    """

    name: str
    live: Callable[[City, int], Figures]
    times: int = 1
    parameters: Mapping[str, float] | None = None

    def figures(self, residents: int, seed: int, threads: int) -> Figures:
        """Live through it once."""
        parameters = load_parameters().changed(self.parameters or {}, "findings")
        return self.live(found(residents * self.times, seed, parameters, threads), threads)


def _listed(city: City, threads: int) -> Figures:
    """E1, E2: `sesame` by consent, with the court's list passed on to it."""
    society = _society(city, [Rule("sesame", load("sesame"), enrolment="asked")], threads)
    debtors = Debtors(city.traits)
    society.run(MONTHS, debtors.see)
    return debtors.figures()


def _threatened(*, warns: bool) -> Callable[[City, int], Figures]:
    """E3: those listed by a court are told, or not, that their names will be posted; nobody's ever is."""

    def live(city: City, threads: int) -> Figures:
        society = _society(city, [Rule("board", board(warns=warns))], threads)
        debtors = Threatened(city.traits)
        society.run(MONTHS, debtors.see)
        return debtors.figures()

    return live


def _pilot(names: tuple[str, ...]) -> Callable[[City, int], Figures]:
    """E4: a pilot city, or none, and what is recorded in it."""

    def live(city: City, threads: int) -> Figures:
        rules = [*(Rule(name, load(name)) for name in names), Rule("meter", meter())]
        violations = Violations()
        _society(city, rules, threads).run(MONTHS, violations.see)
        return violations.figures()

    return live


def _friends(*, counts: bool, choose: bool = True) -> Callable[[City, int], Figures]:
    """E9: `sesame` with friends' scores or without them, where people choose friends by score or do not."""

    def live(city: City, threads: int) -> Figures:
        policy = load("sesame")
        rule = Rule("sesame", policy if counts else without_ties(policy))
        off = dict.fromkeys(("friends", "gaming", "false_friends"), choose)
        return befriended(_society(city, [rule], threads, Variant(mechanisms=off)), city, WARM_UP, MONTHS)

    return live


def _files(city: City, threads: int) -> Figures:
    """E10, E11, E12: nobody is scored; files grow, and are then looked at, added to, and attacked."""
    files = Files(city, threads)
    files.live(WARM_UP + MONTHS)
    return {**told(files), **attacked(files), **audited(files, WARM_UP + MONTHS)}  # an audit changes them, and is last


def _society(city: City, rules: list[Rule], threads: int, variant: Variant | None = None) -> Society:
    return Society(city, rules, variant, threads=threads, warm_up=WARM_UP)


def _slopes(slope: float) -> dict[str, float]:
    return {f"behaviour_friends.{name}_slope": slope for name in ("drop", "seek", "accept")}


def _arms() -> dict[str, Arm]:
    arms = [
        Arm("listed", _listed, times=10),
        Arm("board", _threatened(warns=True), times=10),
        Arm("no board", _threatened(warns=False), times=10),
        Arm("pilot", _pilot(("rongcheng",))),
        Arm("no pilot", _pilot(())),
        Arm("friends count", _friends(counts=True)),
        Arm("friends do not count", _friends(counts=False)),
        Arm("friends count, nobody chooses", _friends(counts=True, choose=False)),
        Arm("friends do not count, nobody chooses", _friends(counts=False, choose=False)),
        *(Arm(f"friends count, slope {slope:g}", _friends(counts=True), parameters=_slopes(slope)) for slope in SLOPES),
        Arm("files", _files),
    ]
    return {arm.name: arm for arm in arms}


ARMS: Final = _arms()
"""All arms, by name."""
