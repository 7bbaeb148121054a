"""A report in one language, as plain values: what both the page and the Markdown are filled with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

from goodstanding.document.kinds import Text
from goodstanding.lab.measures import MEASURES
from goodstanding.lab.parameters import Parameter
from goodstanding.lab.report.assumptions import Assumptions, Changed, assumptions
from goodstanding.lab.report.beside import (
    NOTHING_BESIDE,
    Beside,
    FindingsTold,
    SweptTold,
    findings_told,
    sweep_told,
)
from goodstanding.lab.report.plot import Plot
from goodstanding.lab.report.plots_measures import differences
from goodstanding.lab.report.plots_months import courses
from goodstanding.lab.report.plots_people import spread, steps, who
from goodstanding.lab.report.run import Run
from goodstanding.lab.report.stories import WRONGED, Story, stories
from goodstanding.lab.report.telling import Told, answer, headline, moved, to_tell, told
from goodstanding.lab.report.words import Lang, say

SECTIONS: Final = (
    "setup", "differences", "people", "months", "stories", "findings", "assumptions", "again", "reading",
)  # fmt: skip
SEEDS_SHOWN: Final = 24


@dataclass(frozen=True, slots=True)
class Compared:
    """The differences between two sides, as a table."""

    caption: str
    moved: str
    head: tuple[str, ...]
    rows: tuple[Told, ...]
    plot: Plot | None


@dataclass(frozen=True)
class Part:
    """A report in one language; everything is worked out when it is asked for."""

    run: Run
    lang: Lang
    beside: Beside = NOTHING_BESIDE

    @property
    def say(self) -> Callable[..., str]:
        """The report's own words in this language."""
        return partial(say, self.lang)

    @property
    def title(self) -> str:
        """What the experiment is called."""
        return self._text("title")

    @property
    def question(self) -> str:
        """What was to be known."""
        return self._text("question")

    @property
    def about(self) -> str:
        """How it was found out; empty where the document does not say."""
        return self._text("about") if "about" in self.run.document else ""

    @cached_property
    def answer(self) -> tuple[str, str]:
        """Two sentences."""
        return answer(self.run, self.lang)

    @property
    def counted(self) -> str:
        """How the measure of the answer is counted."""
        found = headline(self.run)
        known = None if found is None else MEASURES.get(found.measure)
        return "" if known is None else self.say("counted", about=known.about.in_(self.lang))

    @property
    def residents(self) -> str:
        """How many live in the city."""
        return f"{self.run.residents:,}"

    @property
    def city(self) -> str:
        """How large it is and how long it lasts."""
        warm = int(self.run.city.get("warm_up", 0))
        key = "city_warm" if warm else "city_is"
        return self.say(key, residents=self.residents, months=self.run.shown(self.run.last_month), warm=warm)

    @property
    def repeated(self) -> str:
        """With how many seeds."""
        many = len(self.run.seeds)
        return self.say("seeds_are", seeds=many) if many > 1 else self.say("seeds_once")

    @property
    def sides(self) -> tuple[str, ...]:
        """What was compared, by title; what the others are held against is marked."""
        baselines = {one.baseline for one in self.run.differences}
        return tuple(
            self.say("baseline_mark", side=side.title.in_(self.lang))
            if side.key in baselines
            else side.title.in_(self.lang)
            for side in self.run.sides.values()
        )

    @cached_property
    def differences(self) -> tuple[Compared, ...]:
        """A table for each comparison."""
        sorted_out: dict[tuple[str, str], list[Told]] = {}
        for one in to_tell(self.run):
            sorted_out.setdefault((one.baseline, one.other), []).append(told(self.run, one, self.lang))
        return tuple(self._compared(rows, number) for number, rows in enumerate(sorted_out.values(), 1))

    def _compared(self, rows: Sequence[Told], number: int) -> Compared:
        baseline, other = rows[0].baseline, rows[0].other
        return Compared(
            caption=self.say("compared_with", baseline=baseline, other=other),
            moved=moved(self.run, rows[0].found.baseline, rows[0].found.other, self.lang),
            head=(
                self.say("measure"),
                self.say("with", side=baseline),
                self.say("with", side=other),
                self.say("difference"),
            ),
            rows=tuple(rows),
            plot=differences(self.run, rows, number, self.lang),
        )

    @cached_property
    def plots(self) -> Mapping[str, tuple[Plot, ...]]:
        """The plots, by the section that they stand in; others are with the comparisons and the stories."""
        run, lang = self.run, self.lang
        return {
            "people": _there(who(run, lang), spread(run, lang), *steps(run, lang)),
            "months": courses(run, lang),
        }

    @cached_property
    def stories(self) -> tuple[Story, ...]:
        """Three residents."""
        return stories(self.run, self.lang)

    @property
    def anybody_wronged(self) -> bool:
        """Whether one of the stories is of somebody punished by error."""
        return any(story.role == WRONGED for story in self.stories)

    def every_plot(self) -> Iterator[Plot]:
        """All plots in their order."""
        yield from (one.plot for one in self.differences if one.plot is not None)
        for plots in self.plots.values():
            yield from plots
        yield from (story.plot for story in self.stories if story.plot is not None)

    @property
    def sections(self) -> tuple[str, ...]:
        """Those that there is something to say in."""
        empty = {key for key, plots in self.plots.items() if not plots}
        if not self.differences:
            empty.add("differences")
        return tuple(key for key in SECTIONS if key not in empty)

    @cached_property
    def _assumptions(self) -> Assumptions:
        return assumptions(self.run)

    @property
    def assumptions(self) -> tuple[Parameter, ...]:
        """The model's numbers without a source."""
        return self._assumptions.assumed

    @property
    def changed(self) -> tuple[Changed, ...]:
        """Those of its numbers that this experiment changes."""
        return self._assumptions.changed

    @property
    def assumed(self) -> str:
        """How many rest on what."""
        found = self._assumptions
        changed = self.say("some_changed", count=len(found.changed)) if found.changed else self.say("none_changed")
        return self.say("assumed", assumed=len(found.assumed), all=found.all, changed=changed)

    @property
    def seeds(self) -> str:
        """The seeds as they are told: a range where they follow one another."""
        seeds = self.run.seeds
        if len(seeds) > 1 and seeds == tuple(range(seeds[0], seeds[-1] + 1)):
            return self.say("to", low=seeds[0], high=seeds[-1])
        more = f", … ({len(seeds)})" if len(seeds) > SEEDS_SHOWN else ""
        return ", ".join(map(str, seeds[:SEEDS_SHOWN])) + more

    @property
    def commands(self) -> tuple[str, ...]:
        """How to run it again."""
        return (
            f"goodstanding lab run experiment.yaml --out {self.run.name}",
            f"goodstanding lab report {self.run.name}",
        )

    @property
    def document(self) -> str:
        """The experiment as it was written."""
        return self.run.text

    @cached_property
    def findings(self) -> FindingsTold | None:
        """How far the model can be trusted; None where it was never tested."""
        found = self.beside.findings
        return None if found is None else findings_told(found, self.lang)

    @property
    def findings_command(self) -> str:
        """How to test it."""
        return "goodstanding lab findings --out findings"

    @cached_property
    def sweep(self) -> SweptTold | None:
        """How much hangs on what is assumed; None where nobody tried."""
        found = self.beside.sweep
        return None if found is None else sweep_told(self.run, found, self.lang)

    @property
    def made(self) -> tuple[tuple[str, str], ...]:
        """What must agree for the same tables: digests and versions, by what they are called."""
        made = self.run.made
        versions = ", ".join(f"{name} {version}" for name, version in made.get("versions", {}).items())
        policies = {name: digest for one in made.get("policies", {}).values() for name, digest in one.items()}
        told = {
            self.say("digest_experiment"): made.get("digest"),
            self.say("digest_parameters"): made.get("parameters"),
            **{self.say("digest_policy", name=name): digest for name, digest in policies.items()},
            self.say("versions"): versions,
        }
        return tuple((name, value) for name, value in told.items() if value)

    @property
    def sweep_command(self) -> str:
        """How to try how much hangs on what is assumed."""
        return "goodstanding lab sweep experiment.yaml --latin 40 --out sweep"

    def _text(self, key: str) -> str:
        given: Any = self.run.document[key]
        return Text(given if isinstance(given, dict) else {"": given}).in_(self.lang)


def _there(*plots: Plot | None) -> tuple[Plot, ...]:
    return tuple(plot for plot in plots if plot is not None)
