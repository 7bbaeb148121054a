"""What the benchmark claims: a figure, what it is held against, and whether it holds."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from benchmarks.processes import Spread


@dataclass(frozen=True, slots=True)
class Measured:
    """One thing that was timed (or weighed): whose it is, its spread, its unit."""

    name: str
    spread: Spread
    unit: str = "s"


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of the table.

    Attributes:
        job: the number of the job in `docs/benchmarks.md`.
        says: what is claimed, in words.
        figure: what was reached.
        floor: what must be reached, or the run fails; None where a figure is only shown.
        better: whether more or less of the figure is better.
        unit: of figure, floor and aim: ×, s, µs, GiB, million events/s, …
        measured: what the figure was worked out from.
        note: what the comparison leaves out.
    """

    job: int
    says: str
    figure: float
    unit: str
    better: Literal["more", "less"] = "more"
    floor: float | None = None
    aim: float | None = None
    measured: tuple[Measured, ...] = ()
    note: str = ""
    judged: bool = field(default=True)

    @property
    def holds(self) -> bool:
        """Whether the floor is kept; figures that are only shown always hold."""
        return self.floor is None or not self.judged or self._reaches(self.floor)

    @property
    def verdict(self) -> str:
        """In a word: what the figure says against floor and aim."""
        if self.floor is None:
            return "shown"
        if not self._reaches(self.floor):
            return "BELOW FLOOR" if self.judged else "not judged"
        if self.aim is not None and self._reaches(self.aim):
            return "aim reached"
        return "floor kept"

    def _reaches(self, mark: float) -> bool:
        return self.figure >= mark if self.better == "more" else self.figure <= mark

    def as_json(self) -> dict[str, Any]:
        """The claim with its verdict, as plain values."""
        said = {key: value for key, value in asdict(self).items() if key not in {"measured", "judged"}}
        said["verdict"] = self.verdict
        said["holds"] = self.holds
        said["measured"] = [{"name": one.name, "unit": one.unit} | one.spread.as_json() for one in self.measured]
        return said
