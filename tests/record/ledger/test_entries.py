"""Every kind of entry is registered once, documented, and reads back as it was written."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

import pytest

from goodstanding.record import canonical
from goodstanding.record.ledger import entries
from goodstanding.record.ledger.entries import Body, commit, kinds, register, salt_of, told, told_by
from goodstanding.record.ledger.entries.homes import HomeOpened

VALUES = {
    "string": "é",
    "whole number": 7,
    "true or false": True,
    "list of strings": ["a", "b"],
    "list of whole numbers": [1, 2],
    "string or null": None,
    "whole number or null": None,
}


@pytest.mark.parametrize("name", list(kinds()))
def test_every_kind_reads_back_as_it_was_written(name: str) -> None:
    kind = kinds()[name]
    made = entries.read(kind, {one.name: VALUES[one.kind] for one in told_by(kind)})
    assert entries.read(kind, canonical.decode(canonical.encode(made.to_body()))) == made


@pytest.mark.parametrize("name", list(kinds()))
def test_every_kind_and_field_says_what_it_means(name: str) -> None:
    kind = kinds()[name]
    assert kind.__doc__
    assert not kind.__doc__.startswith(kind.__name__ + "(")  # what dataclass writes where nobody did
    assert kind.__doc__.strip().endswith(".")
    assert [one.name for one in told_by(kind) if len(one.about) < 8] == []


def test_the_first_kind_is_that_of_a_home() -> None:
    assert kinds()["home.opened"] is HomeOpened


def test_a_name_is_given_once() -> None:
    with pytest.raises(AssertionError, match=r"home\.opened is registered twice"):
        register(HomeOpened)


def test_a_kind_without_a_meaning_is_not_taken() -> None:
    @dataclass(frozen=True)
    class Silent(Body):
        KIND: ClassVar[str] = "silent.kind"

    Silent.__doc__ = None
    with pytest.raises(AssertionError, match="does not say what it says"):
        register(Silent)
    assert "silent.kind" not in kinds()


def test_a_field_of_another_type_is_not_taken() -> None:
    @dataclass(frozen=True)
    class Weighed(Body):
        """It holds a float."""

        KIND: ClassVar[str] = "weighed.kind"
        weight: float = told("how heavy")

    with pytest.raises(KeyError):
        register(Weighed)
    assert "weighed.kind" not in kinds()


def test_a_body_with_a_field_too_few_or_too_many_is_refused() -> None:
    body = HomeOpened("live", "x/live/1", 1, "key").to_body()
    with pytest.raises(ValueError, match=r"without \['world'\]"):
        entries.read(HomeOpened, {name: body[name] for name in body if name != "world"})
    with pytest.raises(ValueError, match=r"with \['more'\] besides"):
        entries.read(HomeOpened, {**body, "more": 1})


def test_a_field_that_came_later_is_read_from_older_entries_with_its_default() -> None:
    @dataclass(frozen=True)
    class Grown(Body):
        """It once had one field."""

        KIND: ClassVar[str] = "grown.kind"
        old: int = told("there from the beginning")
        new: str | None = told("there since later", default=None)

    assert entries.read(Grown, {"old": 3}) == Grown(3, None)


def test_a_commitment_is_the_hash_of_salt_and_text() -> None:
    salt = bytes(range(16))
    assert commit("小明", salt) == sha256(salt + "小明".encode()).hexdigest()
    assert commit("小明", salt) != commit("小明", bytes(16))


def test_two_entries_about_one_person_share_no_salt() -> None:
    key = bytes(range(32))
    salts = {salt_of(key, "shop", "1"), salt_of(key, "shop", "2"), salt_of(key, "bank", "1"), salt_of(key, "shop1", "")}
    assert len(salts) == 4
    assert all(len(salt) == 16 for salt in salts)


def test_an_erased_person_has_no_salt() -> None:
    with pytest.raises(AssertionError, match="erased"):
        salt_of(bytes(32), "shop", "1")
