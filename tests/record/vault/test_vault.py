"""The vault: identifiers that nobody can read, texts that only a person's key opens, and who must not come back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from goodstanding.errors import RecordError, TamperError
from goodstanding.record.keys import Keys
from goodstanding.record.vault.tables import VERSION, sealed_text
from goodstanding.record.vault.tombstones import Tombstones
from goodstanding.record.vault.vault import Vault

KEYS = Keys(bytes(32), b"h" * 32, b"i" * 32)
ID = "1985 0231-4429"
WIDE = "".join(chr(ord(digit) + 0xFEE0) for digit in "198502314429")
"""The same in full width."""


class People:
    """Three people's keys."""

    def __init__(self) -> None:
        self.keys = [bytes([slot + 1]) * 32 for slot in range(3)]

    def key(self, slot: int) -> bytes:
        return self.keys[slot]


@pytest.fixture
def people() -> People:
    """Three people's keys."""
    return People()


@pytest.fixture
def vault(tmp_path: Path, people: People) -> Iterator[Vault]:
    """An empty vault."""
    Vault.make(tmp_path)
    with closing(Vault.open(tmp_path, KEYS, people.key)) as opened:
        yield opened


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


# --- Identifiers -----------------------------------------------------------------------------------------------------


def test_who_is_noted_is_found_however_the_identifier_is_written(vault: Vault) -> None:
    assert vault.identifiers.add([("national", ID, 1), ("phone", "+44 20 7946 0000", 2)]) == 2
    written = [ID, "198502314429", WIDE, "1985.0231.4429", "198502314420"]
    assert vault.identifiers.find("national", written).tolist() == [1, 1, 1, 1, -1]
    assert vault.identifiers.find("phone", ["(+44) 20-7946-0000", ID]).tolist() == [2, -1]


def test_an_identifier_of_one_kind_is_none_of_another(vault: Vault) -> None:
    vault.identifiers.add([("national", ID, 1)])
    assert vault.identifiers.find("phone", [ID]).tolist() == [-1]


def test_nothing_in_the_vault_can_be_read_or_tried_out_without_the_key(vault: Vault, tmp_path: Path) -> None:
    vault.identifiers.add([("national", ID, 1)])
    kept = bytes_of(tmp_path)
    assert b"198502314429" not in kept
    assert vault.identifiers.digest("national", ID) in kept
    other = Keys(KEYS.signing, KEYS.hashing, b"j" * 32)
    with closing(Vault.open(tmp_path, other, lambda _: bytes(32))) as thief:
        assert thief.identifiers.digest("national", ID) not in kept


def test_the_same_again_is_silence_and_another_owner_a_fault_that_notes_nothing(vault: Vault) -> None:
    vault.identifiers.add([("national", ID, 1)])
    assert vault.identifiers.add([("national", ID, 1), ("national", ID, 1)]) == 0
    for rows in ([("phone", "7", 2), ("national", ID, 2)], [("phone", "7", 2), ("phone", "7", 1)]):
        with pytest.raises(RecordError, match="belongs to somebody else already; nothing was noted"):
            vault.identifiers.add(rows)
    assert vault.identifiers.find("phone", ["7"]).tolist() == [-1]


def test_many_are_found_as_one_by_one(vault: Vault) -> None:
    numbers = [str(number) for number in range(1_500)]
    assert vault.identifiers.add([("n", number, slot % 7) for slot, number in enumerate(numbers)]) == 1_500
    assert vault.identifiers.find("n", numbers).tolist() == [slot % 7 for slot in range(1_500)]


def test_what_identified_somebody_is_handed_on_or_forgotten(vault: Vault, tmp_path: Path) -> None:
    vault.identifiers.add([("national", ID, 0), ("phone", "7", 0), ("phone", "8", 1)])
    vault.identifiers.give(0, to=2)
    assert vault.identifiers.kinds(2) == ["national", "phone"]
    digest = vault.identifiers.digest("national", ID)
    vault.identifiers.remove([0, 2])
    vault.scrub()
    assert vault.identifiers.find("national", [ID]).tolist() == [-1]
    assert vault.identifiers.kinds(1) == ["phone"]
    assert digest not in bytes_of(tmp_path)


@pytest.mark.parametrize(("kind", "text"), [("National", "1"), ("", "1"), ("national", " - "), ("national", "")])
def test_what_is_no_kind_or_no_identifier_is_refused(vault: Vault, kind: str, text: str) -> None:
    with pytest.raises(RecordError, match="identifier"):
        vault.identifiers.add([(kind, text, 0)])


# --- Sealed texts ----------------------------------------------------------------------------------------------------


def test_a_text_is_read_with_its_persons_key(vault: Vault, tmp_path: Path) -> None:
    vault.texts.seal("dispute-1", 1, "I was ill. 我病了。")
    assert vault.texts.open("dispute-1") == "I was ill. 我病了。"
    assert b"ill" not in bytes_of(tmp_path)


def test_a_text_is_gone_with_its_persons_key(vault: Vault, people: People) -> None:
    vault.texts.seal("dispute-1", 1, "I was ill.")
    people.keys[1] = bytes(32)
    with pytest.raises(RecordError, match="the person of slot 1 is erased"):
        vault.texts.open("dispute-1")
    with pytest.raises(RecordError, match="the person of slot 1 is erased"):
        vault.texts.seal("dispute-2", 1, "Again.")


def test_a_name_is_given_to_one_text(vault: Vault) -> None:
    vault.texts.seal("dispute-1", 1, "first")
    with pytest.raises(IntegrityError):
        vault.texts.seal("dispute-1", 2, "second")
    assert vault.texts.open("dispute-1") == "first"


@pytest.mark.parametrize(
    "change", [{"id": "dispute-2"}, {"slot": 2}, {"nonce": bytes(12)}, {"cipher": bytes(40)}, {"cipher": b""}]
)
def test_a_text_that_was_changed_or_moved_is_not_believed(vault: Vault, change: dict[str, object]) -> None:
    vault.texts.seal("dispute-1", 1, "I was ill.")
    with vault.database.transaction({}) as connection:
        connection.execute(sealed_text.update().values(**change))
    with pytest.raises(TamperError, match="is not as it was sealed"):
        vault.texts.open(str(change.get("id", "dispute-1")))


def test_the_same_text_twice_looks_different(vault: Vault) -> None:
    vault.texts.seal("a", 1, "same")
    vault.texts.seal("b", 1, "same")
    with vault.database.reading() as connection:
        ciphers = {
            bytes(cipher) for cipher in connection.scalars(sealed_text.select().with_only_columns(sealed_text.c.cipher))
        }
    assert len(ciphers) == 2


def test_texts_of_the_erased_are_taken_away(vault: Vault) -> None:
    vault.texts.seal("a", 1, "one")
    vault.texts.seal("b", 2, "two")
    vault.texts.remove([1])
    with pytest.raises(RecordError, match="holds no text 'a'"):
        vault.texts.open("a")
    assert vault.texts.open("b") == "two"


# --- Tombstones ------------------------------------------------------------------------------------------------------


def test_who_was_erased_is_known_again_and_not_by_name(vault: Vault, tmp_path: Path, people: People) -> None:
    assert vault.tombstones.among(["p", "q"]).tolist() == [False, False]
    vault.tombstones.add(["p"], 1)
    vault.tombstones.add(["p"], 2)
    assert vault.tombstones.among(["q", "p"]).tolist() == [False, True]
    assert len(vault.tombstones) == 1
    with closing(Vault.open(tmp_path, KEYS, people.key)) as again:
        assert again.tombstones.among(["q", "p"]).tolist() == [False, True]


def test_erasures_done_again_by_what_the_ledger_says_of_them_are_the_same(vault: Vault) -> None:
    vault.tombstones.add_digests([vault.tombstones.digest("p")], 1)
    vault.tombstones.add_digests([], 1)
    assert vault.tombstones.among(["p"]).tolist() == [True]
    assert isinstance(vault.tombstones, Tombstones)


# --- The file --------------------------------------------------------------------------------------------------------


def test_a_vault_of_another_version_is_refused(vault: Vault, tmp_path: Path, people: People) -> None:
    with vault.database.transaction({}) as connection:
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(
        RecordError, match=f"a vault of version {VERSION + 1}; this version of Goodstanding reads {VERSION}"
    ):
        Vault.open(tmp_path, KEYS, people.key)
