"""Residents, months and runs drawn from a seed, without a city: what measures are tried on."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import (
    FRIEND,
    STILL,
    Edges,
    State,
    Tally,
    Traits,
    nothing_yet,
    unmoved,
)
from goodstanding.lab.society.snapshot import NO_SCORE, History, Seen, Snapshot
from goodstanding.policy import Policy
from goodstanding.scoring import Scores
from goodstanding.standing import Standing


def made_traits(residents: int, lot: np.random.Generator) -> Traits:
    drawn: dict[str, Any] = {
        "age": lot.integers(18, 90, residents).astype(np.int16),
        "education": lot.integers(0, 4, residents).astype(np.uint8),
        "work": lot.integers(0, 5, residents).astype(np.uint8),
        "income": lot.integers(100_000, 2_000_000, residents),
        "district": lot.integers(0, 4, residents).astype(np.uint8),
        "household": np.arange(residents, dtype=np.int32) // 3,
    }
    for name in ("honesty", "outspoken", "sociable", "liking_games", "means"):
        drawn[name] = lot.random(residents).astype(np.float32)
    for name in ("minority", "parent", "driver", "card_holder", "member"):
        drawn[name] = lot.random(residents) < 0.3
    return Traits(**drawn)


def made_tally(residents: int, lot: np.random.Generator) -> Tally:
    """Plausible counts: what is late is among what is due, what is settled among what was listed."""
    empty = nothing_yet(residents)
    counts: dict[str, Any] = {
        name: lot.integers(0, 4, residents).astype(getattr(empty, name).dtype) for name in Tally._fields
    }
    counts["bills"] = counts["bills"] + 20
    counts["settled"] = np.minimum(counts["settled"], counts["listings"])
    counts["welfare"] = lot.normal(300_000, 100_000, residents)
    return Tally(**counts)


def made_state(residents: int, lot: np.random.Generator) -> State:
    types = {"work": np.uint8, "refused_trips": np.int32}
    types |= dict.fromkeys(("savings", "loan_part", "case_debt", "fare_debt", "card_balance"), np.int64)
    return State(**{name: lot.integers(0, 4, residents).astype(types.get(name, np.int16)) for name in State._fields})


def made_edges(residents: int, ties: int, lot: np.random.Generator) -> Edges:
    """Friendships that were always there, each pair once."""
    a, b = lot.integers(0, residents, (2, ties))
    pairs = np.unique(np.stack([np.minimum(a, b), np.maximum(a, b)], axis=1)[a != b], axis=0).astype(np.int32)
    many = len(pairs)
    always = np.full(many, -1, np.int16), np.full(many, STILL, np.int16)
    return Edges(pairs[:, 0].copy(), pairs[:, 1].copy(), np.full(many, FRIEND, np.uint8), *always)


def people(many: int) -> pa.LargeStringArray:
    return pa.array([f"R{number:07d}" for number in range(many)], pa.large_string())


def made_seen(policy: Policy, residents: int, lot: np.random.Generator, **parts: Any) -> Seen:
    """What a scorer might make of them; `parts` of `Seen` may be given."""
    score = lot.integers(policy.least, min(policy.most, policy.least + 600) + 1, residents)
    scores = Scores(
        policy=policy,
        as_of=0,
        people=people(residents),
        score=score,
        own_score=score + lot.integers(-20, 20, residents),
        given=lot.random(residents) < 0.9,
        points=np.zeros((len(policy.factors), residents), np.int32),
        dimension_bounds=np.zeros((len(policy.dimensions), residents), np.int64),
        bounds=np.zeros(residents, np.int64),
        since=np.zeros((len(policy.lists), residents), np.int64),
    )
    tiers = len(policy.tiers)
    standing = Standing(
        tier=lot.integers(-1, tiers, residents).astype(np.int16),
        listed=lot.random((len(policy.lists), residents)) < 0.1,
        perks=lot.random((len(policy.perks), residents)) < 0.1,
        sanctions=lot.integers(0, 3, (len(policy.sanctions), residents)).astype(np.uint8),
        reasons=np.full((4, residents), -1, np.int16),
    )
    usual = {
        "name": policy.name,
        "scores": scores,
        "standing": standing,
        "enrolled": lot.random(residents) < 0.8,
        "wrongly": lot.random(residents) < 0.05,
    }
    return Seen(policy=policy, **{**usual, **parts})


def made_snapshot(residents: int, *policies: Policy, seed: int = 1, month: int = 5) -> Snapshot:
    lot = np.random.default_rng(seed)
    care = lot.normal(0, 0.2, residents).astype(np.float32)
    return Snapshot(
        month=month,
        traits=made_traits(residents, lot),
        state=made_state(residents, lot),
        dispositions=unmoved(residents)._replace(care=care),
        tally=made_tally(residents, lot),
        edges=made_edges(residents, 3 * residents, lot),
        seen=tuple(made_seen(policy, residents, lot) for policy in policies),
    )


def made_history(months: int, residents: int, *scorers: str, seed: int = 1) -> History:
    """Scores that say something of defaults; nobody is scored in the first month."""
    lot = np.random.default_rng(seed)
    base = lot.integers(400, 900, residents)
    scores: dict[str, NDArray[np.int32]] = {}
    tiers: dict[str, NDArray[np.int16]] = {}
    for name in scorers:
        score = (base + lot.integers(-60, 60, (months, residents))).astype(np.int32)
        score[lot.random((months, residents)) < 0.1] = NO_SCORE
        score[0] = NO_SCORE
        scores[name] = score
        tiers[name] = np.where(score == NO_SCORE, -1, np.clip((score - 350) // 150, 0, 3)).astype(np.int16)
    flags = {name: lot.random((months, residents)) < 0.05 for name in scorers}
    return History(
        scores=scores,
        tiers=tiers,
        defaulted=lot.random((months, residents)) < (1000 - base) / 4000,
        sanctioned={name: flags[name] | (lot.random((months, residents)) < 0.1) for name in scorers},
        wrongly=flags,
        care=np.zeros((months, residents), np.float32),
    )
