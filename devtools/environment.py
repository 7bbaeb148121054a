"""`dev.py setup`: one environment in `.venv`, out of a hashed lock, on a machine that has Python and little else.

What is set up is a list of steps, `STEPS`. A later part of the product that needs more than packages (a browser, a
Java, a database server) adds its step here, together with the first test that needs it; see
docs/decisions/0003-setup-grows-with-the-tests.md.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from devtools.house import BIN, ROOT, VENV, HouseError, answer, megabytes, must, run, say, tool
from devtools.locks import digest_of, lock_of, size_of

Kind = Literal["product", "dev"]
STAMP = VENV / "goodstanding-setup.json"
# Debian and Ubuntu keep the wheels that their own `venv` would unpack here, in a package that other packages bring too.
BUNDLED = Path("/usr/share/python-wheels")
NO_PIP = """this Python has neither `ensurepip` nor `pip`, and there is no `uv`: nothing can be installed with it.
  On Debian or Ubuntu:   sudo apt-get install python3-venv
  Elsewhere:             install pip (22.3 or later) or uv, by whatever means your system has.
  Then run this command again."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that setup does: what it is called, whether it is done already, and how it is done."""

    name: str
    is_done: Callable[[Kind], bool]
    do: Callable[[Kind], None]


def setup(kind: Kind = "dev", steps: Sequence[Step] | None = None) -> None:
    """Bring the environment up to what its lock says; under a second where it is so already.

    Each step is asked whether it is done only when its turn comes, since one step can undo what a later one did:
    installing packages removes the project.

    Raises:
        HouseError: the machine lacks something that cannot be had without its owner.
    """
    started = time.monotonic()
    steps = STEPS if steps is None else steps
    done = 0
    for number, step in enumerate(steps, 1):
        if not step.is_done(kind):
            say(f"setup {number}/{len(steps)}: {step.name}")
            step.do(kind)
            done += 1
    if done:
        say(f"setup: done in {time.monotonic() - started:.0f} s")
    else:
        say(f"setup: .venv is as locks/{kind}.txt says, nothing to do")


# --- The steps -------------------------------------------------------------------------------------------------------


def _has_environment(_kind: Kind) -> bool:
    """Whether `.venv` was made here and can run its Python and install.

    A Python that was moved away leaves a dangling link, a folder that was moved leaves commands that name the old one.
    """
    runs = os.access(tool("python"), os.X_OK) and os.access(tool("uv"), os.X_OK)
    return runs and _stamp().get("place") == os.fspath(ROOT)


def _make_environment(_kind: Kind) -> None:
    """Make `.venv` by the first of the ways that this machine allows, and put the installer into it."""
    moved = _stamp().get("place", os.fspath(ROOT)) != os.fspath(ROOT)
    if moved or not os.access(tool("python"), os.X_OK) or run([tool("python"), "-c", ""], quiet=True) != 0:
        _make_venv()
    _put_in_uv()
    _write_stamp(place=os.fspath(ROOT))


def _make_venv() -> None:
    """An environment with pip in it where Python has `ensurepip`, else one without."""
    has_pip = run([sys.executable, "-c", "import ensurepip"], quiet=True) == 0
    shape = [] if has_pip else ["--without-pip"]
    must([sys.executable, "-m", "venv", "--clear", *shape, os.fspath(VENV)], "Making an environment in .venv")


def _put_in_uv() -> None:
    """The installer, by its own hashed lock; or a copy of the one that is on the machine."""
    for pip in (_own_pip, _outer_pip, _bundled_pip):
        command = pip()
        if command is not None:
            say(f"  uv, {megabytes(size_of('uv')['fetch_bytes'])} to fetch where it is not cached")
            install = ["install", "--disable-pip-version-check", "--require-hashes", "-r", os.fspath(lock_of("uv"))]
            must([*command, *install], "Installing uv")
            return
    outer = shutil.which("uv")
    if outer is not None:
        (BIN / "uv").symlink_to(outer)
        return
    _ask_the_system()


def _own_pip() -> list[str] | None:
    has = run([tool("python"), "-m", "pip", "--version"], quiet=True) == 0
    return [tool("python"), "-m", "pip"] if has else None


def _outer_pip() -> list[str] | None:
    """The machine's own pip, told to work on our environment (which pip can since 22.3)."""
    version = answer([sys.executable, "-m", "pip", "--version"])
    if version is None or tuple(map(int, version.split()[1].split(".")[:2])) < (22, 3):
        return None
    return [sys.executable, "-m", "pip", "--python", tool("python")]


def _bundled_pip() -> list[str] | None:
    """The pip that Debian keeps as a wheel: a wheel is a zip file, and Python runs what lies in one."""
    wheels = sorted(BUNDLED.glob("pip-*.whl"))
    return [tool("python"), os.fspath(wheels[-1] / "pip")] if wheels else None


def _ask_the_system() -> None:
    """The last way: the system's own packages, where we may install them."""
    as_root = [] if os.name != "nt" and os.geteuid() == 0 else ["sudo", "-n"]
    apt = [*as_root, "apt-get"]
    if shutil.which("apt-get") is None or (as_root and run(["sudo", "-n", "true"], quiet=True) != 0):
        raise HouseError(NO_PIP)
    say("  no pip on this machine: asking apt-get for python3-venv")
    run([*apt, "update", "-q"])
    must([*apt, "install", "-y", "-q", "--no-install-recommends", "python3-venv"], "apt-get install python3-venv")
    _make_venv()
    pip = _own_pip()
    if pip is None:
        raise HouseError(NO_PIP)
    must([*pip, "install", "--require-hashes", "-r", os.fspath(lock_of("uv"))], "Installing uv")


def to_fetch(kind: Kind) -> str:
    """How much an environment asks of the network, said before it is asked."""
    size = size_of(kind)
    return f"{size['packages']} packages, {megabytes(size['fetch_bytes'])} to fetch where none of them is cached"


def _has_packages(kind: Kind) -> bool:
    """Whether the lock that was last installed is this one, or the wider one that holds it."""
    stamp = _stamp()
    return any(stamp.get("packages") == _packages_mark(k) for k in ("dev", kind))


def _install_packages(kind: Kind) -> None:
    say(f"  {to_fetch(kind)}")
    must(
        [
            tool("uv"),
            "pip",
            "sync",
            "--require-hashes",
            "--compile-bytecode",  # once here, not by the first command that a user runs
            *_cache(),
            "--python",
            tool("python"),
            os.fspath(lock_of(kind)),
        ],
        "Installing the locked packages",
        env=_uv_environment(),
    )
    _write_stamp(packages=_packages_mark(kind))


def _has_project(_kind: Kind) -> bool:
    return _stamp().get("project") == _project_mark()


def _install_project(_kind: Kind) -> None:
    """The project itself, editable: built by the locked backend, asking no registry."""
    shape = ["--quiet", "--no-deps", "--no-build-isolation", "--offline", "--editable"]
    must(
        [tool("uv"), "pip", "install", *_cache(), "--python", tool("python"), *shape, os.fspath(ROOT)],
        "Installing the project",
        env=_uv_environment(),
    )
    _write_stamp(project=_project_mark())


STEPS = (
    Step("an environment in .venv, with uv to install by", _has_environment, _make_environment),
    Step("the locked packages", _has_packages, _install_packages),
    Step("the project itself, editable", _has_project, _install_project),
)


# --- What was done ---------------------------------------------------------------------------------------------------


def _packages_mark(kind: str) -> str:
    return f"{kind} {digest_of(lock_of(kind))}"


def _project_mark() -> str:
    """The project has to be installed again after its packages were, and where its description changed."""
    return digest_of(ROOT / "pyproject.toml") + f" {_stamp().get('packages')}"


def _stamp() -> dict[str, str]:
    if not STAMP.is_file():
        return {}
    stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    return stamp


def _write_stamp(**marks: str) -> None:
    STAMP.write_text(json.dumps({**_stamp(), **marks}, indent=2) + "\n", encoding="utf-8")


# --- How uv is told about this machine -------------------------------------------------------------------------------


def _uv_environment() -> dict[str, str]:
    """Where pip was told to use an index of the house's own, uv uses it too (it does not read pip's settings)."""
    if "UV_DEFAULT_INDEX" in os.environ or "UV_INDEX_URL" in os.environ:
        return {}
    index = os.environ.get("PIP_INDEX_URL") or answer(
        [tool("python"), "-m", "pip", "config", "get", "global.index-url"]
    )
    return {"UV_DEFAULT_INDEX": index} if index else {}


def _cache() -> list[str]:
    """No cache where there is no home to keep it in."""
    done = subprocess.run([tool("uv"), "cache", "dir"], capture_output=True, text=True, check=False)
    folder = Path(done.stdout.strip() or "/nowhere")
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return [] if done.returncode == 0 and os.access(folder, os.W_OK) else ["--no-cache"]
