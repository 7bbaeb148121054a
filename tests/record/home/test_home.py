"""A home says in three places which one it is, has one writer, and is made whole or not at all."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pyarrow as pa
import pytest

from goodstanding.errors import RecordError, StoreError, TamperError
from goodstanding.record.clock import SetClock
from goodstanding.record.disk import RealDisk
from goodstanding.record.home import DATABASE, Home
from goodstanding.record.ledger import Said
from goodstanding.record.ledger.entries.events import EventsTaken
from goodstanding.record.nameplate import Nameplate
from goodstanding.record.notes import Checkpoint, Note, Verifier
from goodstanding.record.store.postgresql import make_engine, roles_of

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def entry_of(people: int) -> Said:
    return Said(EventsTaken(rows=1, root="", people_known=people), "bank", f"batch-{people}", "bank")


def enrol(home: Home, *ids: str, entered: bool = True) -> None:
    """Enrol people, and say so in the ledger, or be stopped before."""
    home.people.enrol(pa.array(ids, pa.large_string()))
    home.people.commit()
    if entered:
        with home.store.writing() as connection:
            home.ledger.append(connection, [entry_of(home.people.size)])


def test_a_home_begins_with_an_entry_that_names_its_world(home: Home) -> None:
    first = home.ledger.entry(0)
    assert first.kind == "home.opened"
    assert first.body == {
        "world": "live",
        "origin": home.origin,
        "format": 1,
        "key": home.signer.verifier.vkey,
    }
    assert home.origin.startswith("goodstanding/live/")


def test_heads_are_signed_under_a_name_that_holds_the_world(home: Home) -> None:
    head = home.ledger.head()
    note = Note.parse(str(home.signer.sign(Checkpoint(home.origin, head.size, head.root).text())))
    assert note.signed_by(Verifier.from_vkey(home.ledger.entry(0).body["key"])).name == home.origin


def test_a_closed_home_opens_again_as_it_was(home: Home, database: str | None, clock: SetClock) -> None:
    enrol(home, "a", "b")
    head = home.ledger.head()
    home.close()
    with Home.open(home.folder, clock=clock, database=database) as again:
        assert (again.world, again.origin, again.ledger.head()) == ("live", home.origin, head)
        assert again.people.find(pa.array(["b", "c", "a"])).tolist() == [1, -1, 0]


def test_moments_go_on_where_they_ended_though_the_clock_went_back(
    home: Home, database: str | None, clock: SetClock
) -> None:
    last = home.ledger.head().recorded
    home.close()
    clock.go(days=-365)
    with Home.open(home.folder, clock=clock, database=database) as again:
        assert again.recorder.moment() == last + 1


# --- Who writes ------------------------------------------------------------------------------------------------------


def test_a_second_writer_is_refused_and_told_who_the_first_is(
    home: Home, database: str | None, clock: SetClock
) -> None:
    with pytest.raises(RecordError, match=rf"process {os.getpid()} is writing to it; wait until it is done"):
        Home.open(home.folder, clock=clock, database=database)


def test_readers_come_in_while_somebody_writes_and_change_nothing(
    home: Home, database: str | None, clock: SetClock
) -> None:
    enrol(home, "a")
    enrol(home, "b", entered=False)
    part = home.folder / "segments" / ".x.part"
    part.touch()
    with Home.open(home.folder, clock=clock, database=database, read_only=True) as reader:
        assert reader.people.size == 1
        assert reader.swept == ()
        assert part.exists()
        with pytest.raises(StoreError), reader.store.writing() as connection:
            reader.ledger.append(connection, [entry_of(7)])
    assert home.people.size == 2
    assert home.ledger.head().size == 2


HOLDS = """
import sys
from pathlib import Path
from goodstanding.record.clock import SetClock
from goodstanding.record.home import Home
home = Home.open(Path(sys.argv[1]), clock=SetClock(0), database=sys.argv[2] or None)
print("open", flush=True)
sys.stdin.read()
"""


def test_a_writer_that_was_killed_holds_nothing_any_more(home: Home, database: str | None, clock: SetClock) -> None:
    home.close()
    command = [sys.executable, "-c", HOLDS, str(home.folder), database or ""]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        with pytest.raises(RecordError, match=f"process {writer.pid} is writing to it"):
            Home.open(home.folder, clock=clock, database=database)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    Home.open(home.folder, clock=clock, database=database).close()


def copied(home: Home, to: Path) -> Path:
    """A copy of a home's folder, as on another machine: its lock is another file."""
    subprocess.run(["cp", "-r", home.folder, to], check=True)
    return to


@POSTGRESQL
def test_a_second_writer_from_another_folder_is_refused_too(
    home: Home, database: str, clock: SetClock, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match="another process is writing to it; wait until it is done, or stop it"):
        Home.open(copied(home, tmp_path / "copy"), clock=clock, database=database)


@POSTGRESQL
def test_a_writer_whose_place_was_taken_while_it_was_cut_off_is_refused(
    home: Home, database: str, clock: SetClock, tmp_path: Path
) -> None:
    """Its connections were ended, its lock with them, and another process took its place: there are never two."""
    with closing(psycopg.connect(database, autocommit=True)) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with Home.open(copied(home, tmp_path / "copy"), clock=clock, database=database) as other:
        with pytest.raises(StoreError, match="another process has begun to write to it since; open the home again"):
            enrol(home, "a")
        enrol(other, "b")
        assert other.ledger.head().size == 2


# --- What a stopped process left -------------------------------------------------------------------------------------


def test_people_whom_no_entry_knows_are_cut_off(home: Home, database: str | None, clock: SetClock) -> None:
    enrol(home, "a")
    enrol(home, "b", entered=False)
    home.close()
    with Home.open(home.folder, clock=clock, database=database) as again:
        assert again.people.size == 1
        assert again.people.find(pa.array(["a", "b"])).tolist() == [0, -1]
        assert b"b" not in (home.folder / "vault" / "people.ids").read_bytes()


def test_what_no_entry_speaks_of_is_swept(home: Home, database: str | None, clock: SetClock) -> None:
    left = ["segments/00ff.parquet", "segments/00ff.leaves", "segments/.aa.parquet.x1.part", ".home.yaml.x2.part"]
    for name in left:
        (home.folder / name).touch()
    home.close()
    with Home.open(home.folder, clock=clock, database=database) as again:
        assert sorted(again.swept) == sorted(left)
        assert not any((home.folder / name).exists() for name in left)
        assert (home.folder / "home.yaml").exists()


# --- Which home it is ------------------------------------------------------------------------------------------------


@pytest.fixture
def closed(home: Home) -> Path:
    """The folder of a home that nobody has open."""
    home.close()
    return home.folder


def refusal(folder: Path, database: str | None, clock: SetClock) -> str:
    with pytest.raises(RecordError) as raised:
        Home.open(folder, clock=clock, database=database)
    return str(raised.value)


def edit(folder: Path, before: str, after: str) -> None:
    plate = folder / "home.yaml"
    plate.write_text(plate.read_text("utf-8").replace(before, after), encoding="utf-8")


def test_a_home_that_is_called_of_the_other_world_at_its_door_is_refused(
    closed: Path, database: str | None, clock: SetClock
) -> None:
    edit(closed, "world: live", "world: synthetic")
    assert "the world is synthetic, and the origin goodstanding/live/" in refusal(closed, database, clock)
    edit(closed, "goodstanding/live/", "goodstanding/synthetic/")
    assert "the world is synthetic by home.yaml, live by the store and live by the ledger" in refusal(
        closed, database, clock
    )


def test_another_homes_store_is_refused(closed: Path, database: str | None, clock: SetClock) -> None:
    origin = Nameplate.read(closed).origin
    edit(closed, origin, f"goodstanding/live/{'0' * 32}")
    assert f"the origin is goodstanding/live/{'0' * 32} by home.yaml, {origin} by the store" in refusal(
        closed, database, clock
    )


@SQLITE
def test_a_store_that_says_another_world_than_its_ledger_is_refused(closed: Path, clock: SetClock) -> None:
    with closing(sqlite3.connect(closed / "record.db", isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER settings_no_update")
        connection.execute("UPDATE settings SET value = 'synthetic' WHERE key = 'world'")
    with pytest.raises(TamperError, match=r"live by home\.yaml, synthetic by the store and live by the ledger"):
        Home.open(closed, clock=clock)


@SQLITE
def test_a_ledger_without_its_beginning_is_refused(closed: Path, clock: SetClock) -> None:
    with closing(sqlite3.connect(closed / "record.db", isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER entry_no_delete")
        connection.execute("DELETE FROM entry")
    with pytest.raises(TamperError, match=r"its ledger does not begin with home\.opened"):
        Home.open(closed, clock=clock)


@SQLITE
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("goodstanding_home: 1", "goodstanding_home: 2", "a home of layout 2; this version reads 1"),
        ("goodstanding_home: 1", "", "goodstanding_home"),
        ("world: live", "world: real", "world is the text 'real'; expected one of live, synthetic"),
        ("database: null", "database: mysql://x/y", "a URL of PostgreSQL"),
        ("origin: ", "origin: x", "the name that heads are signed under"),
    ],
)
def test_a_nameplate_that_was_changed_is_refused_in_words(
    closed: Path, clock: SetClock, before: str, after: str, said: str
) -> None:
    edit(closed, before, after)
    assert said in refusal(closed, None, clock)


def test_what_is_no_home_is_refused_and_nothing_is_put_there(tmp_path: Path, clock: SetClock) -> None:
    assert "not a home; make one with `goodstanding init" in refusal(tmp_path, None, clock)
    assert list(tmp_path.iterdir()) == []


@SQLITE
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("keys/signing.key", "keys are backed up apart from the record: put it back"),
        ("record.db", "not there; restore it from a backup"),
        ("vault/vault.db", "the vault is backed up apart from the record: restore it"),
    ],
)
def test_what_a_home_lacks_is_named(closed: Path, clock: SetClock, name: str, said: str) -> None:
    (closed / name).unlink()
    found = refusal(closed, None, clock)
    assert name in found
    assert said in found


def test_a_vault_with_fewer_people_than_the_ledger_knows_is_refused(
    home: Home, database: str | None, clock: SetClock
) -> None:
    enrol(home, "a", "b")
    home.close()
    RealDisk().append(home.folder / "vault" / "people.ends", b"", 8)
    with pytest.raises(TamperError, match="expected 16, for 2 people; restore the vault"):
        Home.open(home.folder, clock=clock, database=database)
    assert (home.folder / "vault" / "people.keys").stat().st_size == 64


@SQLITE
def test_a_home_that_could_not_be_opened_is_held_by_nobody(closed: Path, clock: SetClock) -> None:
    key = closed / "keys" / "identity.key"
    kept = key.read_bytes()
    key.unlink()
    refusal(closed, None, clock)
    RealDisk().write(key, [kept])
    Home.open(closed, clock=clock).close()


# --- Making one ------------------------------------------------------------------------------------------------------


class Full(RealDisk):
    """A disk that has room for so many files."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, path: Path, chunks: object) -> None:
        """Refuse what has no room any more."""
        if not self.room:
            raise OSError(28, "No space left on device", str(path))
        self.room -= 1
        super().write(path, chunks)  # type: ignore[arg-type] # handed on


@pytest.mark.parametrize(("room", "name"), [(0, "new"), (2, "empty"), (3, "new"), (3, "empty"), (3, "some/where/new")])
def test_of_a_home_that_could_not_be_made_nothing_stays(
    database: str | None, clock: SetClock, tmp_path: Path, room: int, name: str
) -> None:
    """Three keys and the nameplate are written: wherever the disk runs full, the next try finds nothing in its way."""
    (tmp_path / "empty").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OSError, match="No space left"):
        Home.create(tmp_path / name, world="live", database=database, clock=clock, disk=Full(room))
    assert sorted(tmp_path.rglob("*")) == before
    if database is not None:
        engine = make_engine(database)
        with engine.connect() as connection:
            assert roles_of(connection) is None
        engine.dispose()
    Home.create(tmp_path / name, world="live", database=database, clock=clock).close()


@SQLITE
def test_a_home_whose_making_was_broken_off_says_what_to_do(closed: Path, clock: SetClock) -> None:
    (closed / "record.db").unlink()
    (closed / "record.db").touch()
    assert "remove first the folder of one whose making was broken off" in refusal(closed, None, clock)


def test_a_url_that_could_not_be_read_again_makes_no_home(clock: SetClock, tmp_path: Path) -> None:
    url = "postgresql://h/" + "d" * 2_000
    with pytest.raises(RecordError, match=r"home\.yaml"):
        Home.create(tmp_path / "home", world="live", database=url, clock=clock)
    assert list(tmp_path.iterdir()) == []


@SQLITE
def test_a_home_closes_though_there_is_no_room_for_what_is_derived(
    closed: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Home.open(closed, clock=clock) as home:
        monkeypatch.setattr(home.people, "save_table", lambda: RealDisk().write(Path("/nowhere/at/all"), []))
    Home.open(closed, clock=clock).close()


def hidden(text: str) -> Callable[[Path], bool]:
    return lambda path: path.is_file() and text.encode() in path.read_bytes()


def test_a_folder_that_holds_something_is_left_alone(clock: SetClock, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(RecordError, match="is there already, and not empty; name a new folder"):
            Home.create(folder, world="live", clock=clock)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_two_homes_never_sign_under_one_name(database: str | None, clock: SetClock, tmp_path: Path) -> None:
    with (
        Home.create(tmp_path / "a", world="live", database=database, clock=clock) as one,
        Home.create(tmp_path / "b", world="live", clock=clock) as two,
    ):
        assert one.origin != two.origin
        assert one.keys != two.keys


def test_only_its_owner_may_look_into_a_home(home: Home) -> None:
    assert home.folder.stat().st_mode & 0o077 == 0
    for path in (home.folder / "keys").iterdir():
        assert path.stat().st_mode & 0o077 == 0


@SQLITE
def test_a_key_that_others_may_read_is_refused(closed: Path, clock: SetClock) -> None:
    key = closed / "keys" / "hashing.key"
    key.chmod(0o640)
    assert f"others may read it; keep it to yourself: chmod 600 {key}" in refusal(closed, None, clock)
    key.chmod(0o600)
    RealDisk().write(key, [b"short"])
    assert "5 bytes; expected 32" in refusal(closed, None, clock)


@SQLITE
def test_keys_are_never_shown(home: Home) -> None:
    shown = repr(home.keys) + repr(home) + str(vars(home.vault))
    assert not any(str(key) in shown or key.hex() in shown for key in (home.keys.signing, home.keys.identity))


@POSTGRESQL
def test_a_password_is_neither_kept_in_a_home_nor_shown_by_it(
    database: str, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests' server asks for none; what would be a password must still be nowhere."""
    secret = database.replace("postgres@", "postgres:hunter2@") + "&sslpassword=hunter2"
    with Home.create(tmp_path / "home", world="live", database=secret, clock=clock) as home:
        assert "hunter2" not in home.store.place
    assert not [path for path in (tmp_path / "home").rglob("*") if hidden("hunter2")(path)]
    assert "hunter" not in (Nameplate.read(tmp_path / "home").database or "")
    Home.open(tmp_path / "home", clock=clock).close()
    monkeypatch.setenv(DATABASE, "postgresql://nobody:hunter2@localhost:1/elsewhere")
    assert "postgresql://nobody@localhost:1/elsewhere: " in refusal(tmp_path / "home", None, clock)
