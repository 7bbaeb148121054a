"""What entries say of scoring: under which policy everybody was scored, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from goodstanding.record.ledger.entries.register import Body, register, told


@register
@dataclass(frozen=True, slots=True)
class PolicyKept(Body):
    """The document of a policy is kept with the home, so that what was done under it can be done again."""

    KIND: ClassVar[str] = "policy.kept"

    name: str = told("the policy's name")
    version: str = told("its version")
    digest: str = told("hex; SHA-256 of the document in canonical JSON: its name among the policies that are kept")


@register
@dataclass(frozen=True, slots=True)
class ScoreRun(Body):
    """Everybody was scored; whoever has the record can do it again, and must come to the same root."""

    KIND: ClassVar[str] = "score.run"

    size: int = told("how many entries of the ledger it rests on: what they took counts, and nothing else")
    policy: str = told("hex; the digest of the policy")
    as_of: int = told("the moment that it is for, in microseconds since 1970")
    recorded_by: int | None = told("only what was on record by this moment counted; null: all that was")
    people_digest: str | None = told("hex; SHA-256 of the file that said whom to score; null: everybody on record")
    ties_digest: str | None = told("hex; SHA-256 of the file of ties; null: none were given")
    code: str = told("the version of this program")
    people: int = told("how many people were scored who are on record, each a leaf of the tree")
    strangers: int = told("how many were scored besides, of whom nothing is on record")
    nonce: str = told("hex; what the leaves' salts are made of, together with each person's key")
    root: str = told("hex; the root of the tree whose leaves are each person's salted score and what adds up to it")
