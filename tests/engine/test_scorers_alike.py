"""A scorer that is handed the one before it gives the same answers, bound anew or not."""

from dataclasses import replace

import numpy as np

from goodstanding.book import Book, Limits
from goodstanding.policy import loads
from goodstanding.scoring import Scorer

POLICY = """
goodstanding: 1
name: small
version: "1"
title: A small policy
about: One factor.
world: synthetic
score: {base: 500, min: 0, max: 1000}
dimensions: [{name: paying, title: Paying}]
catalogue: [{type: bill.paid, title: A bill was paid, amount: CNY fen, sensitivity: financial}]
factors:
  - name: bills
    dimension: paying
    title: Bills
    measure: {kind: mean, of: bill.paid, field: amount}
    points: {bands: [{points: 0}, {from: 300, points: POINTS}], none: -5}
"""
AS_OF = 20_000 * 86_400_000_000
EVENTS = [
    {"id": str(n), "type": "bill.paid", "person": f"p{n % 3}", "time": AS_OF - 1 - n, "source": "s", "amount": 60 * n}
    for n in range(9)
]


def test_what_was_bound_serves_again_at_another_moment() -> None:
    policy, book = loads(POLICY.replace("POINTS", "7")), Book.of(EVENTS, world="synthetic")
    first = Scorer(policy, book, as_of=AS_OF)
    later = Scorer(policy, replace(book), as_of=AS_OF - 5, like=first)
    assert later.bound is first.bound
    assert later.program is first.program
    alone = Scorer(policy, book, as_of=AS_OF - 5)
    assert np.array_equal(later.everyone().points, alone.everyone().points)
    assert not np.array_equal(later.everyone().points, first.everyone().points)


def test_another_policy_book_or_greater_limits_are_bound_anew() -> None:
    policy, book = loads(POLICY.replace("POINTS", "7")), Book.of(EVENTS, world="synthetic")
    other = loads(POLICY.replace("POINTS", "8"))
    first = Scorer(policy, book, as_of=AS_OF)
    wider = replace(book, limits=Limits(book.limits.events, 2**61, book.limits.value))
    for one, of in ((other, book), (policy, Book.of(EVENTS[:5], world="synthetic")), (policy, wider)):
        again = Scorer(one, of, as_of=AS_OF, like=first)
        assert again.bound is not first.bound
        assert np.array_equal(again.everyone().points, Scorer(one, of, as_of=AS_OF).everyone().points)
