"""The peers' environments: one each, from a hashed lock of its own, under `.venv-peers/`.

Their pins contradict ours and one another's. A lock names versions and hashes, and no registry.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from benchmarks.processes import ROOT, BenchmarkError

HOME: Final = ROOT / ".venv-peers"
LOCKS: Final = ROOT / "benchmarks" / "peers"
STAMP: Final = "goodstanding-lock"


def set_up(peers: Iterable[str]) -> None:
    """Make or renew the environments of these peers; nothing to do where they are as their locks say.

    Raises:
        BenchmarkError: a peer cannot be installed. The benchmark does not go on without it.
    """
    for peer in peers:
        lock = LOCKS / peer / "lock.txt"
        stamp = HOME / peer / STAMP
        digest = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
        if stamp.exists() and stamp.read_text() == digest:
            continue
        print(f"installing {peer} {version(peer)}", flush=True)
        _install(HOME / peer, lock)
        stamp.write_text(digest)


def _install(home: Path, lock: Path) -> None:
    uv = _uv()
    shutil.rmtree(home, ignore_errors=True)
    steps: list[list[str | Path]] = [
        [uv, "venv", "--quiet", "--python", sys.executable, home],
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", _python(home), lock],
    ]
    for step in steps:
        done = subprocess.run([os.fspath(part) for part in step], check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise BenchmarkError(f"the peer {home.name} cannot be installed: {done.stderr.strip()[-1000:]}")


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = os.fspath(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise BenchmarkError("peers are installed with uv, which is not here; `python3 dev.py setup` brings it")
    return found


def _python(home: Path) -> Path:
    return home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def peer(name: str, *arguments: str | os.PathLike[str], module: str = "main") -> list[str | os.PathLike[str]]:
    """The command that runs a module of a peer's in its environment."""
    return [_python(HOME / name), "-m", f"benchmarks.peers.{name}.{module}", *arguments]


def version(peer_name: str) -> str:
    """The version that a peer's lock names."""
    asked = (LOCKS / peer_name / "requirements.in").read_text()
    package = re.split(r"[<>=]", asked, maxsplit=1)[0].strip()
    found = re.search(rf"^{re.escape(package)}==(\S+)", (LOCKS / peer_name / "lock.txt").read_text(), re.MULTILINE)
    if found is None:
        raise BenchmarkError(f"the lock of {peer_name} does not hold {package}")
    return found.group(1)
