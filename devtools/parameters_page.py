"""The page of the laboratory's numbers, out of the document that holds them."""

from collections.abc import Iterator
from itertools import groupby

from goodstanding.lab.parameters import Parameter, Source, load

HEAD = """# The laboratory's numbers

Made out of the document of parameters that a [city](laboratory.md) is made with: {count} numbers and lists of numbers,
of which {sourced} follow from a figure that was found, by the arithmetic told beside them; the others are assumptions,
and say why. The range is how far a number may be changed, and what `goodstanding lab sweep` walks; of a list it holds
for each element; "or 0" lies outside it, and switches off what the number is about. S1 and on are the
[pages where figures were found](#where-figures-were-found), E1 and on the published findings that the laboratory is
tested against.
"""

GROUPS = {
    "people": "Who lives there.",
    "friends": "Who knows whom.",
    "events": "What happens, and how often.",
    "month": "Further numbers of what happens in a month.",
    "shocks": "What befalls people.",
    "errors": "What goes wrong on record.",
    "behaviour_effort": "How people try harder.",
    "behaviour_silence": "How people fall silent.",
    "behaviour_payoff": "How people pay what a court ordered.",
    "behaviour_notice": "What a notice does.",
    "behaviour_friends": "How friends are dropped and sought for points.",
    "behaviour_consent": "How people join and leave.",
    "behaviour_gaming": "How points are bought.",
    "behaviour_giving_up": "How people give up.",
    "behaviour_announcements": "What announcements do.",
    "consequences": "What perks and sanctions are worth.",
    "disputes": "How errors are seen, disputed and put right.",
}


def text() -> str:
    """The page."""
    every = list(load().each())
    sourced = sum(parameter.source is not None for parameter in every)
    parts = [HEAD.format(count=len(every), sourced=sourced), *_groups(every), *_sources()]
    return "\n".join(parts).rstrip("\n") + "\n"


def _groups(every: list[Parameter]) -> Iterator[str]:
    for group, parameters in groupby(every, lambda parameter: parameter.group):
        yield f"## `{group}`\n"
        yield f"{GROUPS[group]}\n"
        yield "| number | value | range | unit | what it is | where it comes from |"
        yield "| --- | --- | --- | --- | --- | --- |"
        yield from map(_row, parameters)
        yield ""


def _row(parameter: Parameter) -> str:
    name = parameter.name.partition(".")[2]
    known = f"source: {_link(parameter.source)}" if parameter.source else f"assumption: {parameter.assumption}"
    low, high = (f"{bound:.15g}" for bound in (parameter.low, parameter.high))
    within = f"{low} to {high}" + (", or 0" if parameter.has_off else "")
    cells = (f"`{name}`", parameter.said, within, parameter.unit, parameter.about, known)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _link(source: Source) -> str:
    return f"[{source.title}]({source.url})"


def _sources() -> Iterator[str]:
    yield "## Where figures were found\n"
    yield "| page | figure |"
    yield "| --- | --- |"
    for name, source in load().sources.items():
        yield f"| {name}: {_link(source)} | {source.figure} |"
