"""Compiled loops are kept where they cannot be stale, and where one may write."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from goodstanding import loops

pytestmark = pytest.mark.kernel


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of two files, one of them with loops."""
    folder = tmp_path / "package"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "counting.py").write_text("from goodstanding.loops import loop\n")
    (folder / "plain.py").write_text("print()\n")
    monkeypatch.setattr(loops, "PACKAGE", folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def test_a_changed_loop_is_kept_in_another_folder(package: Path) -> None:
    before = loops._folder()
    assert before.is_dir()
    assert loops._folder() == before
    (package / "plain.py").write_text("print(1)\n")
    assert loops._folder() == before
    (package / "deep" / "counting.py").write_text("from goodstanding.loops import loop\n\n")
    assert loops._folder() != before


def test_where_the_cache_cannot_be_written_loops_are_kept_in_a_private_temporary_folder(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    temporary = tmp_path / "temporary"
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    temporary.mkdir()
    folder = loops._folder()
    assert folder.parent.parent == temporary
    assert folder.name.startswith("loops-")
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    assert loops._folder() == folder


@pytest.mark.parametrize("spoilt", ["open to others", "a link", "a file"])
def test_a_temporary_folder_that_others_may_have_filled_is_not_used(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoilt: str
) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    mine = tmp_path / "temporary" / f"goodstanding-{os.getuid()}"
    if spoilt == "a file":
        mine.write_text("")
    elif spoilt == "a link":
        (tmp_path / "elsewhere").mkdir()
        mine.symlink_to(tmp_path / "elsewhere")
    else:
        mine.mkdir()
        mine.chmod(0o777)
    assert loops._folder().parent != mine


def test_without_a_cache_of_ones_own_the_home_is_used(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    assert loops._folder().parent == tmp_path / "home" / ".cache" / "goodstanding"


@pytest.mark.parametrize(("named", "kept"), [("", "cache/goodstanding/loops-"), ("elsewhere", "elsewhere")])
def test_a_folder_that_numba_was_told_of_is_left_to_it(tmp_path: Path, named: str, kept: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import goodstanding.loops, numba.core.config as c; print(c.CACHE_DIR)"],
        env={"NUMBA_CACHE_DIR": named and str(tmp_path / named), "XDG_CACHE_HOME": str(tmp_path / "cache"),
             "PYTHONPATH": str(loops.PACKAGE.parent)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.startswith(str(tmp_path / kept))
