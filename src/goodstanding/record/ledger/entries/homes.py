"""What entries say of a home as a whole: that it was made, brought to another schema, backed up, restored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from goodstanding.record.ledger.entries.register import Body, register, told


@register
@dataclass(frozen=True, slots=True)
class HomeOpened(Body):
    """A home was made, for one world and for ever; always the first entry, and there is no other of its kind."""

    KIND: ClassVar[str] = "home.opened"

    world: str = told("`live` or `synthetic`")
    origin: str = told("the name that heads of this ledger are signed under; the world is a part of it")
    format: int = told("the version of the home's layout")
    key: str = told("the verifier key that heads are signed with, as C2SP writes it")


@register
@dataclass(frozen=True, slots=True)
class SchemaUpgraded(Body):
    """The tables were brought to a newer schema; entries from before stay as they are, to the byte."""

    KIND: ClassVar[str] = "schema.upgraded"

    before: str = told("the revision that was there")
    after: str = told("the revision that is there now")
