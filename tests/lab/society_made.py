"""What the tests of a society share: a common ground without a city, and months made by hand."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import Happened, nothing_yet, unmoved
from goodstanding.lab.city.city import City, found
from goodstanding.lab.month.living import ALL
from goodstanding.lab.parameters import Parameters, load
from goodstanding.lab.society import Rule, Seen, Snapshot, Society, Variant
from goodstanding.lab.society.circle import Circle
from goodstanding.lab.society.commons import Commons
from goodstanding.lab.streams import key_of
from goodstanding.policy import Policy
from goodstanding.policy import load as load_policy
from goodstanding.scoring import NOT_LISTED
from goodstanding.standing import NO_TIER, Standing
from tests.lab.made import made_snapshot

SESAME, NATIONAL, RAIL = (load_policy(name) for name in ("sesame", "national", "rail-2018"))
PARAMETERS = load()
NAMES = (
    "perks", "sanctions", "effort", "giving_up", "silence", "announcements", "payoff", "friends", "enrolment", "gaming",
    "false_friends",
)  # fmt: skip
ALL_OFF = dict.fromkeys(NAMES, False)


def a_city(residents: int = 300, seed: int = 1, **changed: object) -> City:
    return found(residents, seed, with_numbers(**changed), threads=1)


def with_numbers(**changed: object) -> Parameters:
    """Parameters of which some are others: `group__name=value`."""
    return PARAMETERS.changed({name.replace("__", "."): value for name, value in changed.items()})


def ground(
    *policies: Policy,
    residents: int = 200,
    accounts: int = 0,
    enrolment: str = "all",
    variant: Variant | None = None,
    month: int = 5,
    **changed: object,
) -> tuple[Commons, Snapshot]:
    """A common ground, and a month in which nobody is listed, has a perk or is under a sanction."""
    numbers = with_numbers(**changed)
    drawn = made_snapshot(residents, *policies, month=month)
    shown = replace(
        drawn,
        dispositions=unmoved(residents),
        tally=nothing_yet(residents),
        seen=tuple(plain(seen) for seen in drawn.seen),
    )
    key = key_of(7)
    commons = Commons(
        key=key,
        traits=shown.traits,
        parameters=numbers,
        rules=[Rule(policy.name, policy, enrolment) for policy in policies],
        variant=variant or Variant(),
        circle=Circle(shown.edges, shown.traits, residents + accounts, key, numbers),
        tally=shown.tally,
        threads=1,
        accounts=accounts,
    )
    return commons, shown


def plain(seen: Seen) -> Seen:
    """Everybody is enrolled, has a score, and stands as somebody who is on no list."""
    people, policy = len(seen.scores), seen.policy
    standing = Standing(
        tier=np.full(people, NO_TIER, np.int16),
        listed=np.zeros((len(policy.lists), people), np.bool_),
        perks=np.zeros((len(policy.perks), people), np.bool_),
        sanctions=np.zeros((len(policy.sanctions), people), np.uint8),
        reasons=np.full((4, people), -1, np.int16),
    )
    scores = replace(
        seen.scores, given=np.ones(people, np.bool_), since=np.full((len(policy.lists), people), NOT_LISTED)
    )
    return replace(seen, scores=scores, standing=standing, enrolled=np.ones(people, np.bool_))


def scored(snapshot: Snapshot, score: NDArray[np.int64] | int, place: int = 0, **parts: Any) -> Snapshot:
    """The same month with other scores under one rule, and other parts of its standing."""
    seen = snapshot.seen[place]
    people = len(seen.scores)
    many = np.broadcast_to(np.asarray(score, np.int64), people).copy()
    changed = replace(
        seen,
        scores=replace(seen.scores, score=many, own_score=many.copy()),
        standing=replace(seen.standing, **parts),
    )
    return replace(snapshot, seen=(*snapshot.seen[:place], changed, *snapshot.seen[place + 1 :]))


class Watched(Society):
    """A society whose happenings are kept, those too that nobody reads."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.kept = ALL
        self.happened: list[Happened] = []

    def _live(self) -> Happened:
        happened = super()._live()
        self.happened.append(happened)
        return happened


def all_happened(society: Watched) -> list[bytes]:
    return [column.tobytes() for happened in society.happened for column in happened]


def columns_of(table: Any) -> dict[str, bytes]:
    """The columns of a named tuple, to be compared."""
    return {name: np.ascontiguousarray(column).tobytes() for name, column in table._asdict().items()}


def society(policies: Sequence[Policy], residents: int = 300, **named: Any) -> Watched:
    return Watched(a_city(residents), [Rule(policy.name, policy) for policy in policies], **named)
