"""The register of what an entry of the ledger may say: one class a kind, each field with its meaning.

Documentation, `ledger show` and tests walk this register. A kind is a frozen dataclass below `Body`:

    @register
    @dataclass(frozen=True, slots=True)
    class HomeOpened(Body):
        \"\"\"A home was made; always the first entry.\"\"\"

        KIND: ClassVar[str] = "home.opened"

        world: str = told("`live` or `synthetic`")

What an entry once said is said for ever. So a field may be added to a kind only with a default, which is what entries
from before are read with; none is taken away or changes its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from types import MappingProxyType
from typing import Any, ClassVar, Final, TypeVar, get_origin, get_type_hints

NAME: Final = re.compile(r"[a-z]+(\.[a-z]+)+")
WORDS: Final[Mapping[object, str]] = MappingProxyType(
    {
        str: "string",
        int: "whole number",
        bool: "true or false",
        list[str]: "list of strings",
        list[int]: "list of whole numbers",
        tuple[str, ...]: "list of strings",
        tuple[int, ...]: "list of whole numbers",
        str | None: "string or null",
        int | None: "whole number or null",
    }
)
"""The types that a field may have, and what they are called."""

_kinds: dict[str, type[Body]] = {}


class Body:
    """What one entry says."""

    KIND: ClassVar[str]
    __slots__ = ()

    def to_body(self) -> dict[str, Any]:
        """As it stands in the ledger."""
        values = ((one.name, getattr(self, one.name)) for one in fields(self))  # type: ignore[arg-type] # a dataclass
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values}


Kind = TypeVar("Kind", bound=Body)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a field.

    Attributes:
        kind: its type, in words.
        personal: it is a commitment to what is about a person, and opens nothing to whoever lacks the salt.
    """

    name: str
    kind: str
    about: str
    personal: bool


def told(about: str, *, personal: bool = False, default: Any = MISSING) -> Any:
    """A field of a kind, with its meaning in a line.

    Args:
        personal: what it says is about a person: it holds `commit(text, salt)`, never the text.
        default: what entries from before the field was there are read with.
    """
    return field(default=default, metadata={"about": about, "personal": personal})


def register(kind: type[Kind]) -> type[Kind]:
    """Take a kind of entry up.

    Raises:
        AssertionError: its name is taken or no name, or something of it is undocumented.
        KeyError: a field is of a type that bodies do not hold.
    """
    assert NAME.fullmatch(kind.KIND), kind.KIND
    assert kind.KIND not in _kinds, f"{kind.KIND} is registered twice"
    assert kind.__doc__, f"{kind.KIND} does not say what it says"
    assert all(one.about for one in told_by(kind)), f"a field of {kind.KIND} has no meaning"
    _kinds[kind.KIND] = kind
    return kind


def kinds() -> Mapping[str, type[Body]]:
    """All kinds of entry, by name."""
    return MappingProxyType(dict(sorted(_kinds.items())))


def told_by(kind: type[Body]) -> list[Told]:
    """What the fields of a kind say."""
    types = get_type_hints(kind)
    return [_told(one, types[one.name]) for one in fields(kind)]  # type: ignore[arg-type] # all are dataclasses


def _told(one: Field[Any], kind: object) -> Told:
    return Told(one.name, WORDS[kind], one.metadata["about"], bool(one.metadata["personal"]))


def read(kind: type[Kind], body: Mapping[str, Any]) -> Kind:
    """A body as it stands in the ledger, as its kind.

    Raises:
        ValueError: a field is missing or unknown.
    """
    known = {one.name: one for one in fields(kind)}  # type: ignore[arg-type] # all are dataclasses
    missing = [name for name, one in known.items() if name not in body and one.default is MISSING]
    unknown = sorted(set(body) - set(known))
    if missing or unknown:
        raise ValueError(f"{kind.KIND}: without {missing or 'nothing'}, and with {unknown or 'nothing'} besides")
    tuples = {name for name, type_ in get_type_hints(kind).items() if get_origin(type_) is tuple}
    return kind(**{name: tuple(value) if name in tuples else value for name, value in body.items()})
