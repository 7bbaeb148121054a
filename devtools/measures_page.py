"""The page of the laboratory's measures, out of their register."""

from collections.abc import Iterator

from goodstanding.lab.measures import MEASURES, UNITS, Measure
from goodstanding.lab.measures.groups import GROUPS

HEAD = """# What the laboratory measures

Each measure is one function with its unit, the direction that is better (where one is), and who measures so; without a
source it is ours. An experiment asks for them by name; `all` is all. Figures stand in `measures.parquet`, one row a
month, scorer, measure and group. Those of a *month* are taken as it stands when everybody has been scored, those of a
*run* when it is over; some are of each *scorer*, others of the *city* as a whole (no scorer in their rows). Where there
is nothing to measure (no tie, no debtor, nobody enrolled) there is no row, never a 0 that nobody counted.

With several seeds, a figure is a mean with an interval (Student's t, 95 %, one value a seed), and a difference between
two runs is tested within pairs that threw the same dice.
"""


def text() -> str:
    """The page."""
    return "\n".join([HEAD, *_table(), "", "## Groups", "", *_groups(), ""])


def _table() -> Iterator[str]:
    yield "| name | what it is | how it is counted | unit | better | read of | source |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    yield from (_row(one) for one in MEASURES.values())


def _row(one: Measure) -> str:
    of = f"{'month' if one.by_month else 'run'}, {'scorer' if 'Scorer' in one.reads.__name__ else 'city'}"
    cells = [
        f"`{one.name}`",
        str(one.title),
        str(one.about),
        str(UNITS[one.unit]),
        one.better,
        of,
        one.source or "ours",
    ]
    return f"| {' | '.join(cells)} |"


def _groups() -> Iterator[str]:
    yield "Figures of tiers, lists and sanctions stand under the names that the policy gives, the others under these."
    yield ""
    yield "| group | who |"
    yield "| --- | --- |"
    yield from (f"| {f'`{name}`' if name else ''} | {title} |" for name, title in GROUPS.items())
