"""The locks: every package by name, version and hashes, and no registry named.

`product.txt` is what a user of the product needs, `dev.txt` the same versions and the tools of the house, `uv.txt` the
installer itself. `sizes.json` says what each fetches, so that `setup` can tell it before it begins.
"""

import hashlib
import json
import os
import re
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from devtools.house import LOCKS, ROOT, HouseError, must, tool

UV = "uv==0.13.9"
# Nothing younger than this day is taken, so that a lock made again is the same lock. Raise it to take newer ones, and
# keep it some days back: a mirror learns of a version days after it was uploaded, and would change the lock in between.
EXCLUDE_NEWER = "2026-11-20T00:00:00Z"
OLDEST_PYTHON = "3.11"
HEADER = f"# Made by `python3 dev.py lock` out of pyproject.toml. Nothing younger than {EXCLUDE_NEWER}. Do not edit.\n"
GROUPS = {"product": ["--extra", "lab", "--group", "build"], "dev": ["--group", "dev"]}
# The machine whose downloads are added up: what most developers and every CI run on. Others differ by a few per cent.
WHEEL = re.compile(r"-(cp311-cp311|cp3\d+-abi3|py3-none|py2\.py3-none)-(any|manylinux[^/]*x86_64)[^/]*\.whl$")


def lock_of(kind: str) -> Path:
    """The lock file of a kind of environment: `product`, `dev` or `uv`."""
    return LOCKS / f"{kind}.txt"


def digest_of(*files: Path) -> str:
    """One hash of the contents of some files."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()


def size_of(kind: str) -> dict[str, int]:
    """How many packages an environment holds and how many bytes they fetch, as counted when the lock was made."""
    sizes: dict[str, dict[str, int]] = json.loads((LOCKS / "sizes.json").read_text(encoding="utf-8"))
    return sizes[kind]


def lock() -> None:
    """Make all locks anew."""
    LOCKS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        installer = Path(folder) / "uv.in"
        installer.write_text(UV + "\n", encoding="utf-8")
        wanted = {kind: ["pyproject.toml", *group] for kind, group in GROUPS.items()} | {"uv": [os.fspath(installer)]}
        _write(lock_of("dev"), wanted["dev"])
        _write(lock_of("product"), [*wanted["product"], *_pinned_by("dev")])
        _write(lock_of("uv"), wanted["uv"])
        sizes = {kind: _measure([*wanted[kind], *_pinned_by(kind)]) for kind in wanted}
    (LOCKS / "sizes.json").write_text(json.dumps(sizes, indent=2) + "\n", encoding="utf-8")


def _pinned_by(kind: str) -> list[str]:
    return ["--constraint", os.fspath(lock_of(kind).relative_to(ROOT))]


def _write(file: Path, wanted: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / file.name
        must([*_uv_compile(), *wanted, "--generate-hashes", "--output-file", os.fspath(made)], f"Locking {file.name}")
        text = made.read_text(encoding="utf-8")
    if "://" in text or "index-url" in text or "find-links" in text:
        message = f"locks/{file.name} would name a registry; it may hold names, versions and hashes only"
        raise HouseError(message)
    file.write_text(HEADER + text, encoding="utf-8")


def _uv_compile() -> list[str]:
    shape = ["--universal", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    return [tool("uv"), "pip", "compile", *shape, "--python-version", OLDEST_PYTHON, "--exclude-newer", EXCLUDE_NEWER]


def _measure(wanted: list[str]) -> dict[str, int]:
    """Add up what packages weigh, by the sizes that the index gives and the lock leaves out."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "pylock.toml"
        shape = ["--format", "pylock.toml", "--output-file", os.fspath(made)]
        must([*_uv_compile(), *wanted, *shape], "Measuring")
        packages = tomllib.loads(made.read_text(encoding="utf-8"))["packages"]
    sizes = [size for size in map(_fetched, packages) if size]
    return {"packages": len(sizes), "fetch_bytes": sum(sizes)}


def _fetched(package: dict[str, Any]) -> int:
    """The bytes of the wheel that CPython 3.11 on Linux would take; 0 for a package of other systems."""
    marker = package.get("marker", "")
    if "win32" in marker or ">= '3.12'" in marker or "< '3.11.5'" in marker:
        return 0
    wheels = [file for file in package.get("wheels", []) if WHEEL.search(file["url"])]
    return min((int(file["size"]) for file in wheels), default=0)
