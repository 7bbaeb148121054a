"""Reading a policy: from a file, from its text, or by the name of one that is shipped."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from goodstanding.document.kinds import Unread
from goodstanding.document.nodes import Findings, Node, did_you_mean, one_of, plain
from goodstanding.document.shapes import Values
from goodstanding.document.text import read_into
from goodstanding.errors import CharterError, PolicyError, Problem
from goodstanding.policy.charter import charter_breaches
from goodstanding.policy.check import POLICY_KEYS, check
from goodstanding.policy.digest import digest
from goodstanding.policy.model import Policy

POLICIES: Final = "policies"
ENDING: Final = ".yaml"


def load(path: str | Path) -> Policy:
    """Read a policy from a file, or by the name of a shipped one where there is no such file.

    Raises:
        PolicyError: the document is at fault, or there is none; all faults at once.
        CharterError: the policy is for a live world and breaks the charter; its other faults are there too.
    """
    try:
        there = Path(path).is_file()
        found = Path(path) if there else _shipped(path)
        return _policy(found, str(path) if there else found.name)
    except OSError as error:
        problem = Problem(str(path), None, f"it cannot be read: {error.strerror}", "a policy file")
        raise PolicyError([problem]) from error


def loads(text: str | bytes, name: str = "policy.yaml") -> Policy:
    """Read a policy from its text; the name stands in messages.

    Raises:
        PolicyError: as `load`.
        CharterError: as `load`.
    """
    return _policy(text, name)


def shipped() -> dict[str, Path]:
    """The policies that come with this package, by name."""
    folder = Path(str(files("goodstanding") / POLICIES))
    return {path.stem: path for path in sorted(folder.glob(f"*{ENDING}"))}


def _shipped(path: str | Path) -> Path:
    known = shipped()
    name = str(path)
    if name and name not in known and Path(path).exists():
        raise PolicyError([_no_file(Path(path))])
    if name not in known:
        expected = f"a file, or a shipped policy: {one_of(known)}"
        hint = did_you_mean(name, known)
        raise PolicyError([Problem(name or "''", None, "there is no such policy", expected, None, hint)])
    return known[name]


def _no_file(path: Path) -> Problem:
    """What is wrong with something that is there, and no file: a folder, or a device."""
    inside = [str(file) for file in sorted(path.glob(f"*{ENDING}"))] if path.is_dir() else []
    hint = f"in it there is {one_of(inside)}" if inside else ""
    found = "it is a folder" if path.is_dir() else "it is a device or a pipe"
    return Problem(str(path), None, found, "a policy file", None, hint)


def _policy(source: str | bytes | Path, file: str) -> Policy:
    findings = Findings(file)
    root = read_into(source, findings)
    values = None if root is None else check(root, findings)
    if root is None or values is None or isinstance(values, Unread):
        raise PolicyError(findings.problems, findings.more)
    breaches = charter_breaches(_partial(root, values, file)) if values.get("world") == "live" else ()
    findings.add(breaches)
    if findings.count:
        raise (CharterError if breaches else PolicyError)(findings.problems, findings.more)
    return _build(root, values, file)


def _build(root: Node, values: Values, file: str) -> Policy:
    document: Any = plain(root)
    fields = _fields(values)
    return Policy(**fields, document=document, digest=digest(document), file=file, root=root)


def _partial(root: Node, values: Values, file: str) -> Policy:
    """What could be read of a policy, so that the charter can be asked of a document that has other faults too."""
    nothing: Values = {"score": {"base": 0, "least": 0, "most": 0, "requires": ()}}
    for key in POLICY_KEYS:
        nothing.setdefault(key.name, () if key.required else None)
    return Policy(**_fields({**nothing, **values}), file=file, root=root)


def _fields(values: Values) -> dict[str, Any]:
    """The fields of a policy, of the values of its document."""
    fields = {key.field: values[key.name] for key in POLICY_KEYS if values.get(key.name) is not None}
    del fields["goodstanding"]
    catalogue = {entry.type: entry for entry in fields.pop("catalogue")}
    return {**fields.pop("score"), **fields, "catalogue": catalogue}
