"""A published rule book, people's events, and a score whose every point names the rule and the events it came from.

What most programs need stands here; each name is loaded when it is first asked for, since the compiler behind the
kernel is slow to load, and `goodstanding --help` needs none of it.

    from datetime import UTC, datetime
    import goodstanding as gs

    policy = gs.load("consumer-credit")
    book = gs.Book.build(gs.read_events(["events.parquet"]))
    scores = gs.score(policy, book, as_of=datetime(2005, 10, 1, tzinfo=UTC))
    table = gs.to_table(scores, gs.stand(scores))
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from goodstanding.book import Book
    from goodstanding.errors import GoodstandingError
    from goodstanding.events import read_events, read_people, read_ties
    from goodstanding.explanation import explain
    from goodstanding.policy import Policy, load, shipped
    from goodstanding.scoring import Scorer, Scores, score
    from goodstanding.standing import Standing, stand, to_table
    from goodstanding.ties import Ties

__version__ = "0.1.0"

__all__ = [
    "Book",
    "GoodstandingError",
    "Policy",
    "Scorer",
    "Scores",
    "Standing",
    "Ties",
    "explain",
    "load",
    "read_events",
    "read_people",
    "read_ties",
    "score",
    "shipped",
    "stand",
    "to_table",
]

_ROOMS = {
    "Book": "book",
    "GoodstandingError": "errors",
    "Policy": "policy",
    "Scorer": "scoring",
    "Scores": "scoring",
    "Standing": "standing",
    "Ties": "ties",
    "explain": "explanation",
    "load": "policy",
    "read_events": "events",
    "read_people": "events",
    "read_ties": "events",
    "score": "scoring",
    "shipped": "policy",
    "stand": "standing",
    "to_table": "standing",
}
"""The module that each name comes from."""


def __getattr__(name: str) -> Any:
    """Load a name of the front door when it is first asked for."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The names of the front door."""
    return sorted([*__all__, "__version__"])
