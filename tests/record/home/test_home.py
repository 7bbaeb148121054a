"""A home says in three places which one it is, has one writer, and is made whole or not at all."""

from __future__ import annotations

from goodstanding.record.clock import SetClock
from goodstanding.record.home import Home


def test_a_home_begins_with_an_entry_that_names_its_world(home: Home) -> None:
    first = home.ledger.entry(0)
    assert first.kind == "home.opened"
    assert first.body["world"] == "live"
    assert first.body["origin"] == home.origin
    assert first.body["key"] == home.signer.verifier.vkey


def test_a_closed_home_opens_again_as_it_was(home: Home, database: str | None, clock: SetClock) -> None:
    head = home.ledger.head()
    home.close()
    with Home.open(home.folder, clock=clock, database=database) as again:
        assert (again.world, again.origin, again.ledger.head()) == ("live", home.origin, head)
