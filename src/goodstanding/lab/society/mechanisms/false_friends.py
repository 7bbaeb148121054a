"""False friends: made-up accounts with good files, whose friendship is for sale where friends' scores count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import FALSE_FRIEND, STILL
from goodstanding.lab.society.coming_and_going import around_some, found_out
from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.hoping import points_of
from goodstanding.lab.society.mechanisms.base import Mechanism, register
from goodstanding.lab.society.purposes import BUYS_FRIEND, IS_GAMER
from goodstanding.lab.society.reading import FRIENDLY
from goodstanding.lab.society.snapshot import Snapshot
from goodstanding.lab.streams import uniform
from goodstanding.measures import Ties


@register
class FalseFriends(Mechanism):
    """Buyers reckon with an account of middling quality; what they then get, measures tell."""

    name: ClassVar[str] = "false_friends"
    title: ClassVar[Mapping[str, str]] = {"en": "False friends", "zh": "假好友"}
    about: ClassVar[Mapping[str, str]] = {
        "en": "Some buy the friendship of made-up accounts where the points pay for it; a few are found each month.",
        "zh": "部分人在加分划算时购买虚构账号为好友；每月有少数被查出。",
    }
    parameters: ClassVar[tuple[str, ...]] = tuple(
        f"behaviour_gaming.{name}"
        for name in (
            "gamers_of_score", "false_friend_price", "friends_detected", "penalty", "patience_months", "accounts",
            "most_false_friends", "account_bills", "account_bill_amount", "account_months",
        )
    )  # fmt: skip

    def __init__(self, commons: Commons) -> None:
        """Who games at all."""
        self.games = commons.drawn(IS_GAMER) < commons.number("behaviour_gaming.gamers_of_score")

    def act(self, commons: Commons, snapshot: Snapshot) -> None:
        """Some accounts are found; then, rule by rule, whoever gains by them buys some."""
        if not snapshot.seen or not commons.accounts:
            return
        self._detect(commons, snapshot.month)
        for rule, reading in enumerate(commons.readings):
            if reading.reads_friends():
                buyers = np.flatnonzero(self.games & commons.heeding(snapshot, rule))
                self._buy(commons, snapshot, rule, buyers)

    def _detect(self, commons: Commons, month: int) -> None:
        edges = commons.circle.edges
        rows = np.flatnonzero((edges.kind == FALSE_FRIEND) & (edges.until == STILL))
        share = commons.number("behaviour_gaming.friends_detected")
        found = np.empty(rows.size, np.bool_)
        found_out(commons.key, month, edges, rows, share, found)
        if found.any():
            commons.circle.end(rows[found], month + 1)

    def _buy(self, commons: Commons, snapshot: Snapshot, rule: int, buyers: NDArray[np.int64]) -> None:
        hoped = self._hoped(commons, snapshot, rule, buyers)
        score = snapshot.seen[rule].scores.score[buyers]
        price = commons.number("behaviour_gaming.false_friend_price")
        risk = commons.number("behaviour_gaming.friends_detected") * commons.number("behaviour_gaming.penalty")
        months = np.float32(commons.number("behaviour_gaming.patience_months"))
        many = np.arange(1, hoped.shape[0] + 1)
        net = [
            commons.ladders[rule].pull(score, np.maximum(points - risk * k, 0.0).astype(np.float32)) * months
            - price * k
            for k, points in zip(many, hoped, strict=True)
        ]
        best = np.argmax(net, axis=0)
        buys = np.max(net, axis=0, initial=0.0) > 0.0
        self._befriend(commons, snapshot.month, buyers[buys], many[best[buys]], price)

    def _befriend(
        self, commons: Commons, month: int, buyers: NDArray[np.int64], many: NDArray[np.int64], price: float
    ) -> None:
        """Each buyer gets so many accounts, drawn; one who is a friend already is not sold again."""
        edges = commons.circle.edges
        old = np.flatnonzero((edges.kind == FALSE_FRIEND) & (edges.until == STILL))
        taken = set(zip(edges.a[old].tolist(), edges.b[old].tolist(), strict=True))
        pairs = {
            (int(buyer), commons.residents + int(uniform(commons.key, buyer, month, BUYS_FRIEND, n) * commons.accounts))
            for buyer, wanted in zip(buyers, many, strict=True)
            for n in range(wanted)
        }
        sold = np.array(sorted(pairs - taken), np.int32).reshape(-1, 2)
        commons.circle.begin(sold[:, 0], sold[:, 1], FALSE_FRIEND, month + 1)
        np.add.at(commons.tally.false_friends, sold[:, 0], 1)
        np.add.at(commons.tally.spent_on_score, sold[:, 0], round(price))

    def _hoped(self, commons: Commons, snapshot: Snapshot, rule: int, buyers: NDArray[np.int64]) -> NDArray[np.float64]:
        """The points that 1, 2, … friends of the accounts' mean score would bring each buyer; one row a number."""
        most = int(commons.number("behaviour_gaming.most_false_friends"))
        scores = snapshot.seen[rule].scores
        own = np.concatenate([scores.own_score, commons.account_scores[rule]])
        given = np.concatenate([scores.given & commons.enrolled[rule], np.ones(commons.accounts, np.bool_)])
        offered = float(commons.account_scores[rule].mean())
        hoped = np.zeros((most, buyers.size))
        for _, factor, measure in commons.readings[rule].of_ties:
            if measure.tie in FRIENDLY:
                (around,) = commons.circle.around([measure.tie])
                found = np.empty((4, buyers.size), np.int64)
                around_some(buyers, around.offsets, around.neighbours, own, given, *found)
                now = points_of(factor.points, _taken(measure, found, offered, 0))
                for k in range(1, most + 1):
                    hoped[k - 1] += points_of(factor.points, _taken(measure, found, offered, k)) - now
        return hoped


def _taken(measure: Ties, found: NDArray[np.int64], offered: float, more: int) -> NDArray[np.float64]:
    """What a measure of ties would read with so many friends more; not a number where it would read nothing."""
    counts, totals, least, greatest = found.astype(np.float64)
    if measure.take == "count":
        return counts + more
    with np.errstate(invalid="ignore"):
        mean = (totals + more * offered) / np.where(counts + more > 0, counts + more, np.nan)
    if measure.take == "mean":
        return mean
    alone = counts + more == 0
    extreme = np.minimum(least, offered) if measure.take == "min" else np.maximum(greatest, offered)
    now = least if measure.take == "min" else greatest
    return np.where(alone, np.nan, extreme if more else now)
