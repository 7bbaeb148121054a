"""How time grows: three sizes each of people, events a person, factors and ties, and the exponents between them."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from benchmarks.claims import Claim, Measured
from benchmarks.generator import Size, generate
from benchmarks.jobs import MOMENT, POLICY, Plan, seconds
from benchmarks.processes import Spread, alternately, inside, ours, run
from benchmarks.special import policies_of_size, tie_pairs

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
    found = [_people(plan), _commands(plan), _events(plan), _factors(plan), _ties(plan)]
    return [growth.claim(judged=plan.judged) for growth in found]


def _pass(plan: Plan, size: Size, policies: list[Any]) -> dict[str, Spread]:
    files = generate(size, plan.folder)
    found = run(inside("growth", files.raw, *policies, "--repeats", str(plan.rounds))).answer()
    return {name: Spread.of(taken) for name, taken in found.items()}


def _sizes(plan: Plan) -> list[Size]:
    """A tenth of the people, three tenths, all."""
    each = plan.events // plan.people
    return [Size(plan.people * tenths // 10, plan.people * tenths // 10 * each) for tenths in (1, 3, 10)]


def _people(plan: Plan) -> Growth:
    sizes = _sizes(plan)
    spreads = [_pass(plan, size, [POLICY])[POLICY.name] for size in sizes]
    return Growth("people (from a book, one thread)", tuple(size.people for size in sizes), tuple(spreads))


def _commands(plan: Plan) -> Growth:
    sizes = _sizes(plan)
    out = plan.folder / "growth.parquet"
    commands = {
        str(size.people): ours("score", POLICY, generate(size, plan.folder).raw, "--as-of", MOMENT, "--out", out)
        for size in sizes
    }
    runs = alternately(plan.rounds, commands)
    return Growth(
        "people (whole command from raw Parquet)",
        tuple(size.people for size in sizes),
        tuple(seconds(runs[str(size.people)]) for size in sizes),
    )


def _events(plan: Plan) -> Growth:
    people, each = plan.people // 10, (5, 20, 80)
    spreads = [_pass(plan, Size(people, people * many), [POLICY])[POLICY.name] for many in each]
    return Growth(f"events a person ({people:,} people)", each, tuple(spreads))


def _factors(plan: Plan) -> Growth:
    policies = policies_of_size(POLICY, plan.folder)
    spreads = _pass(plan, _sizes(plan)[0], list(policies.values()))
    return Growth("factors", tuple(policies), tuple(spreads[path.name] for path in policies.values()))


def _ties(plan: Plan) -> Growth:
    people, each = plan.people * 3 // 10, (5, 20, 80)
    spreads = []
    for many in each:
        folder = plan.folder / f"ties-{people}-{people * many // 2}"
        tie_pairs(folder, people, people * many // 2)
        found = run(inside("ties", folder, "--repeats", str(plan.rounds))).answer()
        spreads.append(Spread.of(found["seconds"]))
    return Growth(f"ties a person ({people:,} people)", each, tuple(spreads))
