"""A backup is made of a home that runs, and a home comes out of it whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from goodstanding.errors import RecordError, StoreError, TamperError
from goodstanding.record import deriving, runs
from goodstanding.record.backup import Folders, Work, backup, restore
from goodstanding.record.backup.contents import names
from goodstanding.record.disk import Piece, RealDisk
from goodstanding.record.erasing import erase
from goodstanding.record.home import Home
from goodstanding.record.ingest import held
from goodstanding.record.ledger.entries.backups import BackupMade, HomeRestored
from goodstanding.record.notes import Checkpoint
from tests.record.backup.conftest import GONE, everything, rows_of, url_of
from tests.record.sending import event, send, send_file

KINDS = pytest.mark.parametrize("other", ["sqlite", "postgresql"])


def reopened(folder: Path, work: Work, database: str | None) -> Home:
    return Home.open(folder, clock=work.clock, database=database)


@KINDS
def test_what_comes_out_is_what_went_in_whichever_store_it_was_and_is(
    full: Home, folders: Folders, work: Work, tmp_path: Path, other: str, another: Callable[[str], str | None]
) -> None:
    made = backup(full.folder, folders, work, database=url_of(full))
    database = another(other)
    done = restore(folders, tmp_path / "again", work, database=database, erasures=None)
    assert (done.name, done.size, done.root, done.people) == (made.name, made.size, made.root, 3)
    with reopened(tmp_path / "again", work, database) as again:
        before, after = rows_of(full), rows_of(again)
        for table in ("checkpoint", "cosignature", "single", "source", "held"):
            assert after[table] == before[table]
        assert after["entry"][: made.size] == before["entry"][: made.size]
        assert deriving.book_of(again).events_of(GONE) == deriving.book_of(full).events_of(GONE)
        assert again.vault.texts.open("text-1") == f"{GONE} said so"
        assert [one.event for one in held(again)] == [one.event for one in held(full)]
        assert runs.recompute(again, runs.find_run(again, "last"), runs.Asked()).holds


def test_the_ledger_says_that_a_backup_was_made_and_that_a_home_came_out_of_one(
    full: Home, folders: Folders, work: Work, tmp_path: Path
) -> None:
    head = full.ledger.head()
    made = backup(full.folder, folders, work, database=url_of(full))
    said = full.ledger.entry(made.entry).read(BackupMade)
    assert (said.name, said.size, said.root, said.segments, said.people) == (
        made.name,
        head.size,
        head.root.hex(),
        2,
        3,
    )
    done = restore(folders, tmp_path / "again", work, erasures=None)
    with reopened(tmp_path / "again", work, None) as again:
        entry = again.ledger.entry(done.entry)
        assert entry.read(HomeRestored) == HomeRestored(made.name, made.size, made.root, None, 0, 0)
        assert again.ledger.head().size == made.size + 1
        send(again, event("new"))


def test_a_second_backup_copies_only_segments_that_are_new(
    full: Home, folders: Folders, work: Work, tmp_path: Path
) -> None:
    first = backup(full.folder, folders, work, database=url_of(full))
    second = backup(full.folder, folders, work, database=url_of(full))
    send_file(full, tmp_path, [event("later")], "later")
    third = backup(full.folder, folders, work, database=url_of(full))
    assert [(one.segments, one.there) for one in (first, second, third)] == [(2, 0), (2, 2), (3, 2)]
    assert (second.copied, third.copied > 0) == (0, True)
    assert names(folders.record) == [first.name, second.name, third.name]
    for number, one in enumerate((first, second, third)):
        there = replace(folders, record=one.folder)
        assert restore(there, tmp_path / f"again-{number}", work, erasures=None).size == one.size


def test_no_part_but_the_vault_names_anybody_and_neither_holds_keys(full: Home, folders: Folders, work: Work) -> None:
    backup(full.folder, replace(folders, keys=None), work, database=url_of(full))
    ids = [b"bob", GONE.encode() + b'"']
    for path, data in everything(folders.record):
        assert not [name for name in ids if name in data], path
    keys = [path.read_bytes() for path in (full.folder / "keys").iterdir()]
    assert folders.vault is not None
    for folder in (folders.record, folders.vault):
        assert not [path for path, data in everything(folder) for key in keys if key in data]
    assert any(b"bob" in data for _, data in everything(folders.vault))


class Meddling(RealDisk):
    """A disk under which something happens before the change of a number."""

    def __init__(self, at: int, happens: Callable[[], object]) -> None:
        super().__init__()
        self.left, self.happens = at, happens

    def write(self, path: Path, chunks: Iterable[Piece]) -> None:
        self.left -= 1
        if self.left == 0:
            self.happens()
        super().write(path, chunks)


@pytest.mark.parametrize("at", [2, 11, 14, 22])
def test_a_home_that_is_written_to_meanwhile_is_backed_up_as_it_was_at_one_moment(
    full: Home, folders: Folders, work: Work, tmp_path: Path, at: int
) -> None:
    def meanwhile() -> None:
        send_file(full, tmp_path, [event("c1", person="cleo")], "meanwhile")
        send(full, event("c2", person="cleo"))

    made = backup(full.folder, folders, replace(work, disk=Meddling(at, meanwhile)), database=url_of(full))
    done = restore(folders, tmp_path / "again", work, erasures=None)
    with reopened(tmp_path / "again", work, None) as again:
        ids = {one["id"] for one in deriving.book_of(again).events_of("cleo")}
        assert ids in ({"c1", "c2"}, set())
        assert again.ledger.entry(done.entry).seq == made.size


@pytest.mark.parametrize("at", [2, 11, 14, 22])
def test_a_backup_is_begun_again_when_somebody_is_erased_meanwhile(
    full: Home, folders: Folders, work: Work, tmp_path: Path, at: int
) -> None:
    disk = Meddling(at, lambda: erase(full, [GONE], why="asked for it", actor="test"))
    made = backup(full.folder, folders, replace(work, disk=disk), database=url_of(full))
    assert full.ledger.head().size - made.size in {1, 2}, "before it, or when all of it was there"
    assert len(names(folders.record)) == 1
    restore(folders, tmp_path / "again", work, erasures=[full.folder])
    with reopened(tmp_path / "again", work, None) as again:
        assert deriving.book_of(again).people.to_pylist() == ["ada", "bob"]


# --- What is refused -------------------------------------------------------------------------------------------------


def test_a_backup_within_its_home_or_among_those_of_another_is_refused(
    full: Home, folders: Folders, work: Work, tmp_path: Path
) -> None:
    with pytest.raises(RecordError, match="would be lost with it"):
        backup(full.folder, Folders(full.folder / "backups"), work, database=url_of(full))
    backup(full.folder, folders, work, database=url_of(full))
    with Home.create(tmp_path / "other", world="live", clock=work.clock):
        with pytest.raises(RecordError, match="holds backups of goodstanding/synthetic/"):
            backup(tmp_path / "other", replace(folders, keys=None), work)
        with pytest.raises(RecordError, match="another key is there"):
            backup(tmp_path / "other", Folders(tmp_path / "fresh", keys=folders.keys), work)


def test_a_damaged_segment_is_not_backed_up(full: Home, folders: Folders, work: Work) -> None:
    segment = next((full.folder / "segments").glob("*.parquet"))
    data = bytearray(segment.read_bytes())
    data[100] ^= 1
    segment.write_bytes(data)
    with pytest.raises(RecordError, match="not as the ledger says: it is damaged, or somebody is being erased"):
        backup(full.folder, folders, work, database=url_of(full))
    assert names(folders.record) == []


@pytest.fixture
def made(full: Home, folders: Folders, work: Work) -> Folders:
    """Where a backup is."""
    backup(full.folder, folders, work, database=url_of(full))
    return folders


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whatever_byte_is_changed_nothing_is_restored(made: Folders, work: Work, tmp_path: Path) -> None:
    assert made.vault is not None
    files = [path for folder in (made.record, made.vault) for path in folder.rglob("*") if path.stat().st_size]
    files = [path for path in files if path.is_file() and path.name != "lock"]
    assert len(files) > 20
    for path in files:
        kept = path.read_bytes()
        spoiled = bytearray(kept)
        spoiled[len(kept) // 2] ^= 1
        path.write_bytes(spoiled)
        with pytest.raises(RecordError):
            restore(made, tmp_path / "again", work, erasures=None)
        path.unlink()
        with pytest.raises(RecordError):
            restore(made, tmp_path / "again", work, erasures=None)
        path.write_bytes(kept)
        assert not (tmp_path / "again").exists()
        assert not list(tmp_path.glob(".again*"))
    restore(made, tmp_path / "again", work, erasures=None)


def test_a_restore_that_fails_leaves_an_empty_database(
    made: Folders, work: Work, tmp_path: Path, another: Callable[[str], str | None], full: Home
) -> None:
    database = another("postgresql")
    later = full.signer.sign(Checkpoint(full.origin, 999, bytes(32)).text())
    for _ in range(2):
        with pytest.raises(TamperError, match="the ledger ends after"):
            restore(made, tmp_path / "again", work, database=database, erasures=None, heads=[later])
        assert not list(tmp_path.glob(".again*"))
    restore(made, tmp_path / "again", work, database=database, erasures=None)


def test_a_head_that_was_kept_elsewhere_must_fit(made: Folders, work: Work, tmp_path: Path, full: Home) -> None:
    size = full.ledger.head().size - 1
    other = full.signer.sign(Checkpoint(full.origin, size, bytes(32)).text())
    with pytest.raises(TamperError, match="not as it was written"):
        restore(made, tmp_path / "again", work, erasures=None, heads=[other])
    fits = full.signer.sign(Checkpoint(full.origin, 1, full.ledger.entry(0).leaf).text())
    restore(made, tmp_path / "again", work, erasures=None, heads=[fits])


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_database_of_the_home_itself_is_never_taken_for_ours(
    made: Folders, work: Work, tmp_path: Path, full: Home
) -> None:
    size = full.ledger.head().size
    for _ in range(2):
        with pytest.raises(StoreError, match="holds a home already"):
            restore(made, tmp_path / "again", work, database=url_of(full), erasures=None)
    assert full.ledger.head().size == size


def test_a_place_that_is_taken_other_keys_and_parts_of_other_backups_are_refused(
    made: Folders, full: Home, work: Work, tmp_path: Path
) -> None:
    with pytest.raises(RecordError, match="is there already, and not empty"):
        restore(made, full.folder, work, erasures=None)
    with pytest.raises(RecordError, match="no keys were given"):
        restore(replace(made, keys=None), tmp_path / "again", work, erasures=None)
    with pytest.raises(RecordError, match="no keys; expected the folder"):
        restore(replace(made, keys=made.record), tmp_path / "again", work, erasures=None)
    Home.create(tmp_path / "other", world="live", clock=work.clock).close()
    with pytest.raises(TamperError, match="it was changed, or the keys are another home's"):
        restore(replace(made, keys=tmp_path / "other"), tmp_path / "again", work, erasures=None)
    assert made.vault is not None
    second = backup(full.folder, made, work, database=url_of(full))
    (first,) = [name for name in names(made.record) if name != second.name]
    with pytest.raises(RecordError, match="belongs to the backup"):
        restore(replace(made, vault=made.vault / first), tmp_path / "again", work, erasures=None)
    with pytest.raises(RecordError, match="no backup; expected a folder"):
        restore(replace(made, record=tmp_path / "nothing"), tmp_path / "again", work, erasures=None)
