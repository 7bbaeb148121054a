"""How time grows: three sizes each of people, events a person, factors and ties, and the exponents between them."""

import json
import math
import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from benchmarks.claims import Claim, Measured
from benchmarks.generator import Size, generate
from benchmarks.jobs import MOMENT, POLICY, Plan, seconds
from benchmarks.processes import Spread, alternately, inside, ours, run
from benchmarks.special import policies_of_size, tie_pairs

EACH: Final = (5, 20, 80)  # events, or ties, a person
MOST: Final = 1.1  # an exponent of 1 is proportional


@dataclass(frozen=True, slots=True)
class Growth:
    """Seconds at three sizes of one thing."""

    what: str
    sizes: tuple[int, ...]
    spreads: tuple[Spread, ...]

    def exponents(self) -> list[float]:
        """The logarithm of how much longer it takes, over that of how much more there is, between neighbours."""
        pairs = zip(self.sizes, self.spreads, strict=True)
        logs = [(math.log(size), math.log(spread.median)) for size, spread in pairs]
        return [(later - sooner) / (more - less) for (less, sooner), (more, later) in pairwise(logs)]

    def claim(self, *, judged: bool) -> Claim:
        """The greatest exponent, held against the most that is allowed."""
        told = ", ".join(f"{exponent:.2f}" for exponent in self.exponents())
        return Claim(
            7,
            f"time against {self.what}: greatest exponent (of {told})",
            max(self.exponents()),
            "",
            "less",
            floor=MOST,
            aim=1.0,
            measured=tuple(
                Measured(f"{size:,}", spread) for size, spread in zip(self.sizes, self.spreads, strict=True)
            ),
            judged=judged,
        )


def job_7_growth(plan: Plan) -> list[Claim]:
    """One thread over books of growing size, whole commands over growing files, and growing ties."""
    found = [*_passes(plan), _commands(plan), _ties(plan)]
    return [growth.claim(judged=plan.judged) for growth in found]


def _sizes(plan: Plan) -> list[Size]:
    """A tenth of the people, three tenths, all."""
    each = plan.events // plan.people
    return [Size(plan.people * tenths // 10, plan.people * tenths // 10 * each) for tenths in (1, 3, 10)]


def _passes(plan: Plan) -> list[Growth]:
    """From books: growing people, events a person, factors."""
    sizes, few = _sizes(plan), plan.people // 10
    each = [Size(few, few * many) for many in EACH]
    policies = policies_of_size(POLICY, plan.folder)
    pairs = [(size, POLICY) for size in (*sizes, *each)] + [(sizes[0], policy) for policy in policies.values()]
    spec = [(os.fspath(generate(size, plan.folder).raw), os.fspath(policy)) for size, policy in pairs]
    spreads = _told(plan, "growth", spec)
    return [
        Growth("people (from a book, one thread)", tuple(size.people for size in sizes), spreads[:3]),
        Growth(f"events a person ({few:,} people, from a book)", EACH, spreads[3:6]),
        Growth(f"factors ({few:,} people, from a book)", tuple(policies), spreads[6:]),
    ]


def _told(plan: Plan, job: str, spec: list[Any]) -> tuple[Spread, ...]:
    """Let one process measure everything that a specification lists."""
    path = plan.folder / f"{job}.json"
    path.write_text(json.dumps(spec))
    answer = run(inside(job, path, "--repeats", str(plan.rounds))).answer()
    return tuple(Spread.of(seconds_) for seconds_ in answer)


def _commands(plan: Plan) -> Growth:
    sizes = _sizes(plan)
    out = plan.folder / "growth.parquet"
    commands = {
        str(size.people): ours("score", POLICY, generate(size, plan.folder).raw, "--as-of", MOMENT, "--out", out)
        for size in sizes
    }
    runs = alternately(plan.rounds, commands, warm=plan.warm)
    return Growth(
        "people (whole command from raw Parquet)",
        tuple(size.people for size in sizes),
        tuple(seconds(runs[str(size.people)]) for size in sizes),
    )


def _ties(plan: Plan) -> Growth:
    people = plan.people * 3 // 10
    folders = []
    for many in EACH:
        folders.append(os.fspath(plan.folder / f"ties-{people}-{people * many // 2}"))
        tie_pairs(Path(folders[-1]), people, people * many // 2)
    return Growth(f"ties a person ({people:,} people)", EACH, _told(plan, "ties_growth", folders))
