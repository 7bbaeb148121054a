"""Compiled loops are kept where they cannot be stale, and where one may write."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from goodstanding import loops
from goodstanding.lab import loops as lab_loops
from goodstanding.record import loops as record_loops

pytestmark = pytest.mark.kernel


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of two files, one of them with loops; a cache and a temporary folder of its own."""
    folder = tmp_path / "package"
    (folder / "kernel").mkdir(parents=True)
    (folder / "kernel" / "counting.py").write_text("from goodstanding.loops import loop\n")
    (folder / "plain.py").write_text("print('kernel')\n")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(loops, "PACKAGE", folder)
    monkeypatch.setitem(loops._settings, "CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return folder


def kept() -> Path:
    folder = loops._folder()
    assert folder is not None
    return folder


def test_a_changed_loop_is_kept_in_another_folder(package: Path) -> None:
    before = kept()
    assert before.is_dir()
    assert kept() == before
    (package / "plain.py").write_text("print(1, 'kernel')\n")
    assert kept() == before
    (package / "kernel" / "counting.py").write_text("from goodstanding.loops import loop\n\n")
    assert kept() != before


def imported(module: Path) -> set[str]:
    """The files of the package that a module takes names from, as paths below the package."""
    names = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("goodstanding"):
            base = "/".join((node.module or "").split(".")[1:])
            names |= {base, *(f"{base}/{alias.name}" for alias in node.names)}
    files = {f"{name}{end}" for name in names for end in (".py", "/__init__.py")}
    return {file for file in files if (loops.PACKAGE / file).is_file()}


PASSED = "program/__init__.py"
"""Passed on the way to the program's tables, it only names what is there."""

NUMBERS = "lab/parameters/__init__.py"
"""It names a class; what a loop gets of it comes as an argument."""


def unnamed(compiling: str, patterns: tuple[str, ...], passed: set[str], below: str = "") -> set[str]:
    """Files below a folder that take a decorator from `compiling`, and all that they import, which no pattern names.

    What files of `passed` import is not followed: they only name what stands elsewhere.
    """
    modules = {file.relative_to(loops.PACKAGE).as_posix() for file in loops.PACKAGE.rglob("*.py")}
    imports = {module: set() if module in passed else imported(loops.PACKAGE / module) for module in modules}
    reached = {module for module in modules if compiling in imports[module] and module.startswith(below)}
    while not (further := set().union(*(imports[module] for module in reached))) <= reached:
        reached |= further
    named = {file for end in patterns for file in loops.PACKAGE.glob(end)}
    return reached - {file.relative_to(loops.PACKAGE).as_posix() for file in named}


def test_all_that_is_compiled_and_all_that_it_imports_is_in_the_name() -> None:
    found = unnamed("loops.py", loops.COMPILED, {PASSED})
    assert found == {PASSED, "lab/loops.py", "record/loops.py"}, "laboratory and record have lists of their own"


def test_all_that_the_laboratory_compiles_and_all_that_it_imports_is_in_the_name() -> None:
    found = unnamed(
        "lab/loops.py", (*loops.COMPILED, *lab_loops.COMPILED), {PASSED, NUMBERS, "book/__init__.py"}, "lab/"
    )
    assert found == {NUMBERS}, "a class, of which nothing is in a loop"


def test_all_that_the_record_compiles_and_all_that_it_imports_is_in_the_name() -> None:
    named = (*loops.COMPILED, *record_loops.COMPILED)
    assert unnamed("record/loops.py", named, {PASSED, "book/__init__.py"}, "record/") == set()


def test_a_folder_that_nothing_used_for_a_month_goes_when_a_new_one_is_made(package: Path) -> None:
    old, recent, foreign = (kept().parent / name for name in ("loops-" + "0" * 16, "loops-" + "1" * 16, "loops-mine"))
    for folder, days in ((old, 31), (recent, 29), (foreign, 31)):
        (folder / "kernel").mkdir(parents=True)
        then = kept().stat().st_mtime - days * 86_400
        os.utime(folder, (then, then))
    kept()
    assert old.exists()
    (package / "kernel" / "counting.py").write_text("")
    kept()
    assert (old.exists(), recent.exists(), foreign.exists()) == (False, True, True)


def test_using_a_folder_keeps_it(package: Path) -> None:
    folder = kept()
    os.utime(folder, (0, 0))
    assert kept() == folder
    assert folder.stat().st_mtime > 0


def test_where_the_cache_cannot_be_written_loops_are_kept_in_a_private_temporary_folder(
    package: Path, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    folder = kept()
    assert folder.parent.parent == tmp_path / "temporary"
    assert folder.name.startswith("loops-")
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    assert kept() == folder


def spoil(folder: Path, how: str) -> None:
    if how == "a file":
        folder.write_text("")
    elif how == "a link":
        (folder.parent / "elsewhere").mkdir()
        folder.symlink_to(folder.parent / "elsewhere")
    else:
        folder.mkdir()
        folder.chmod(0o777)


@pytest.mark.parametrize("how", ["open to others", "a link", "a file"])
def test_a_folder_that_others_may_have_filled_is_not_used(package: Path, tmp_path: Path, how: str) -> None:
    (tmp_path / "cache").mkdir()
    spoil(tmp_path / "cache" / "goodstanding", how)
    in_temporary = kept()
    assert in_temporary.parent.parent == tmp_path / "temporary"
    in_temporary.rmdir()
    spoil(in_temporary, how)
    assert loops._folder() is None


def test_a_folder_of_another_user_is_not_used(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept()
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
    assert loops._folder() is None


def test_a_system_without_users_keeps_loops_in_the_cache(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept()
    monkeypatch.delattr(os, "getuid")
    assert kept() == before


def test_without_a_cache_of_ones_own_the_home_is_used(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    assert kept().parent == tmp_path / "home" / ".cache" / "goodstanding"


def test_without_a_home_the_temporary_folder_is_used(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", no_home)
    assert kept().parent.parent == tmp_path / "temporary"


def test_where_nothing_can_be_written_nothing_is_kept(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_folder() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    monkeypatch.setattr(tempfile, "gettempdir", no_folder)
    assert loops._folder() is None
    monkeypatch.setitem(loops._settings, "CACHE_DIR", "/dev/null")
    assert loops._folder() is None


@pytest.mark.compiled
def test_loops_that_are_kept_nowhere_are_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "FOLDER", None)
    assert [loops.loop(double)(3), loops.inlined(double)(4)] == [6, 8]


def double(number: int) -> int:
    return number * 2


@pytest.mark.compiled
@pytest.mark.parametrize(("named", "kept"), [("", "cache/goodstanding/loops-"), ("elsewhere", "elsewhere/loops-")])
def test_loops_are_kept_in_our_folder_and_the_settings_of_numba_stay(tmp_path: Path, named: str, kept: str) -> None:
    told = named and str(tmp_path / named)
    code = "import goodstanding.ties as t, numba.core.config as c; print(t._put.stats.cache_path, c.CACHE_DIR, sep='|')"
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={"NUMBA_CACHE_DIR": told, "XDG_CACHE_HOME": str(tmp_path / "cache"),
             "PYTHONPATH": str(loops.PACKAGE.parent)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    path, setting = said.stdout.strip().split("|")
    assert path.startswith(str(tmp_path / kept))
    assert setting == told
