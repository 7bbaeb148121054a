"""Identifiers are linked to who is on record, all or none, and stand nowhere in clear."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from goodstanding.errors import RecordError
from goodstanding.record.home import Home
from goodstanding.record.identity import agree, agreement, link
from goodstanding.record.identity.linking import read_links
from goodstanding.record.ingest import register
from tests.record.sending import event, send, welcome

HERS = "MADEUP-110101190001011234"


def texts(*given: str) -> pa.StringArray:
    return pa.array(given, pa.string())


@pytest.fixture
def inhabited(home: Home) -> Home:
    """A home of Ada and Bob."""
    welcome(home)
    send(home, event("1"), event("2", person="bob"))
    return home


def test_who_is_linked_is_found_and_the_ledger_counts(inhabited: Home) -> None:
    linked = link(inhabited, "national_id", texts("ada", "bob"), texts(HERS, "madeup 2"), actor="test")
    assert (linked.new, linked.known, linked.warnings) == (2, 0, ())
    assert inhabited.vault.identifiers.find("national_id", ["MADEUP2", HERS, "MADEUP3"]).tolist() == [1, 0, -1]
    (entry,) = inhabited.ledger.entries(kind="person.linked")
    assert entry.body == {"what": "national_id", "identifiers": 2, "agreements": []}
    assert link(inhabited, "national_id", texts("ada"), texts(HERS), actor="test").known == 1


def test_an_identifier_stands_nowhere_in_clear(inhabited: Home) -> None:
    link(inhabited, "national_id", texts("ada"), texts(HERS), actor="test")
    inhabited.vault.identifiers.table("national_id")
    digits = HERS.partition("-")[2].encode()
    assert not [path for path in inhabited.folder.rglob("*") if path.is_file() and digits in path.read_bytes()]


def test_a_synthetic_home_takes_nobody_who_is_not_seen_to_be_made_up(inhabited: Home) -> None:
    with pytest.raises(RecordError, match="1 identifier does not begin with MADEUP") as raised:
        link(inhabited, "national_id", texts("ada", "bob"), texts(HERS, "110101190001011234"), actor="test")
    assert "110101190001011234" not in str(raised.value)
    assert inhabited.vault.identifiers.find("national_id", [HERS]).tolist() == [-1]


@pytest.mark.parametrize("world", ["live"])
def test_a_live_home_links_who_consented_and_is_on_record(home: Home) -> None:
    register(home, "bank", types=["bill.paid"], people=texts("ada"), actor="test")
    send(home, event("1", type="bill.paid"), event("2", type="bill.paid", person="bob"))
    link(home, "national_id", texts("ada"), texts("110101190001011234"), actor="test")
    with pytest.raises(RecordError, match="1 person is not on record, the first 'bob'"):
        link(home, "national_id", texts("ada", "bob"), texts("1", "2"), actor="test")
    assert home.vault.identifiers.find("national_id", ["1"]).tolist() == [-1]


def test_names_that_look_alike_are_told(inhabited: Home) -> None:
    send(inhabited, event("3", person="аdа"))  # noqa: RUF001 Cyrillic letters, the point
    linked = link(inhabited, "national_id", texts("аdа"), texts("MADEUP9"), actor="test")  # noqa: RUF001 likewise
    assert linked.warnings == ("look alike: '\\u0430d\\u0430', 'ada'; are these two people?",)


def test_an_agreement_has_one_key_for_ever(inhabited: Home) -> None:
    agree(inhabited, "court", sender="court", gives_back="counts", actor="test", key=bytes(32))
    agree(inhabited, "court", sender="court", gives_back="matched", actor="test")
    found = agreement(inhabited, "court")
    assert (found.sender, found.gives_back, found.key) == ("court", "matched", bytes(32))
    assert "key" not in repr(found)
    with pytest.raises(RecordError, match="has another key"):
        agree(inhabited, "court", sender="court", gives_back="counts", actor="test", key=bytes(31) + b"1")
    with pytest.raises(RecordError, match="did you mean 'court'"):
        agreement(inhabited, "cuort")
    (inhabited.folder / "keys" / "agreements" / "court.key").chmod(0o644)
    with pytest.raises(RecordError, match="others may read it"):
        agreement(inhabited, "court")


def test_a_faulty_file_is_told_without_what_stands_in_it(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_text(f"person,identifier\nada,{HERS}\u202e\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"links\.csv:2: not as expected") as raised:
        read_links(path)
    assert HERS not in str(raised.value)
    path.write_text("person,identifier\nada,1\nbob,2\n", encoding="utf-8")
    assert read_links(path).column("identifier").to_pylist() == ["1", "2"]
