"""What is kept of runs: the policies that they were under, and their results; each under the name of its own sum."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from goodstanding.errors import RecordError, TamperError
from goodstanding.policy import Policy, loads
from goodstanding.record.home import Home
from goodstanding.record.ledger import Said
from goodstanding.record.ledger.entries.runs import PolicyKept, ScoreRun
from goodstanding.record.runs.results import Result
from goodstanding.record.segments.leaves import Leaves, read_leaves

RUNS: Final = "runs"
POLICIES: Final = "policies"


def keep_policy(home: Home, policy: Policy, document: bytes, actor: str) -> list[Said]:
    """Keep a policy's document, and what the ledger is to say of it: nothing, where it is kept already.

    Raises:
        RecordError: the document is of another policy: its file was changed meanwhile.
    """
    if loads(document, policy.name).digest != policy.digest:
        raise RecordError(f"the document of {policy.name} was changed while everybody was scored; score again")
    path = _policy_path(home, policy.digest)
    if not path.is_file():
        home.disk.write(path, [document])
    if home.ledger.find(POLICIES, policy.digest) is not None:
        return []
    return [Said(PolicyKept(policy.name, policy.version, policy.digest), POLICIES, policy.digest, actor)]


def kept_policy(home: Home, digest: str) -> Policy:
    """A policy that a run was under.

    Raises:
        TamperError: its document is missing, or is not what it was.
    """
    path = _policy_path(home, digest)
    if not path.is_file():
        raise TamperError(f"{path}: missing; restore it from a backup")
    policy = loads(path.read_bytes(), str(path))
    if policy.digest != digest:
        raise TamperError(f"{path}: its digest is {policy.digest}; it was changed: restore it from a backup")
    return policy


def _policy_path(home: Home, digest: str) -> Path:
    return home.folder / POLICIES / f"{digest}.yaml"


def keep_result(home: Home, result: Result, leaves: Leaves, root: str) -> None:
    """Write a result and its leaves; the entry that names them comes after."""
    home.disk.write(_path(home, root, "leaves"), [leaves.to_bytes()])
    home.disk.write(_path(home, root, "parquet"), [result.to_bytes()])


def kept_result(home: Home, root: str) -> Result:
    """The result of a run, as it lies there; whether it is as it was written, its leaves tell.

    Raises:
        TamperError: it is missing, or cannot be read.
    """
    path = _path(home, root, "parquet")
    if not path.is_file():
        raise TamperError(f"{path}: missing; restore it from a backup")
    return Result.from_bytes(path.read_bytes(), str(path))


def kept_leaves(home: Home, root: str) -> Leaves:
    """The leaves of a run.

    Raises:
        TamperError: they are missing, or not those that make its root.
    """
    path = _path(home, root, "leaves")
    leaves = read_leaves(path)
    if (found := leaves.root().hex()) != root:
        raise TamperError(f"{path}: the root of its leaves is {found}; they were changed: restore it from a backup")
    return leaves


def forget(home: Home, slots: Sequence[int]) -> None:
    """Take people's rows out of all results; their leaves stay, which say nothing without their keys."""
    for entry in home.ledger.entries(kind=ScoreRun.KIND):
        path = _path(home, entry.read(ScoreRun).root, "parquet")
        if path.is_file():
            result = Result.from_bytes(path.read_bytes(), str(path))
            if np.isin(result.slots, slots).any():
                home.disk.write(path, [result.without(np.asarray(slots)).to_bytes()])


def _path(home: Home, root: str, ending: str) -> Path:
    return home.folder / RUNS / f"{root}.{ending}"
