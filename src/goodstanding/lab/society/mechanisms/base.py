"""What every mechanism has, and their register: a way in which people, or those who refuse and give, answer a score."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Final

from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.snapshot import Snapshot


class Mechanism(ABC):
    """One mechanism, by itself: switched off, it is not made at all, and changes nothing.

    What a mechanism remembers from month to month is its own; what it moves are dispositions, ties and enrolment.

    Attributes:
        name: what experiments switch it by.
        title, about: by language.
        parameters: the numbers that it reads; their sources are told with them.
    """

    name: ClassVar[str]
    title: ClassVar[Mapping[str, str]]
    about: ClassVar[Mapping[str, str]]
    parameters: ClassVar[tuple[str, ...]]

    def __init__(self, commons: Commons) -> None:  # noqa: B027 not all have anything to remember
        """See what people are like from the start; most mechanisms need no more."""

    @abstractmethod
    def act(self, commons: Commons, snapshot: Snapshot) -> None:
        """Answer the month that has been scored, for the month to come."""


MECHANISMS: Final[dict[str, type[Mechanism]]] = {}
"""All mechanisms by name, in the order in which they act."""


def register(mechanism: type[Mechanism]) -> type[Mechanism]:
    """Put a mechanism into the register.

    Raises:
        ValueError: there is one of that name.
    """
    if mechanism.name in MECHANISMS:
        raise ValueError(f"there are two mechanisms {mechanism.name!r}")
    MECHANISMS[mechanism.name] = mechanism
    return mechanism
