"""Points, dimensions and score as Polars expressions over one row of measures per person."""

from typing import Final

import polars as pl  # type: ignore[import-not-found,unused-ignore]  # it lives in an environment of its own

from benchmarks.peers.polars.query import ONE, WORDS, at, bands, c
from benchmarks.peers.sums import BASE, DIMENSIONS, LEAST, MOST

COUNTS: Final = (  # what is nought, and not nothing, for a person who has no such event
    *("bills", "bills_ok", "bill_money", "bill_money_ok", "delay", "delays", "fading", "late", "income", "spent"),
    *("spent_before", "bought", "games_bought", "moves", "judged", "rides", "severity", "hours", "employers_seen"),
    *("shops_seen", "loans_seen", "sources_seen", "bill_row", "loan_row"),
)


def share(part: str, whole: str, numerator: int, denominator: int) -> pl.Expr:
    """Part ÷ whole is at least numerator ÷ denominator; the whole is above 0."""
    return c(part) * denominator >= c(whole) * numerator


def nothing_where(condition: pl.Expr, none: int, points: pl.Expr) -> pl.Expr:
    """The points, but those of `none` where the measure is nothing."""
    return pl.when(condition).then(none).otherwise(points)


def _payment() -> dict[str, pl.Expr]:
    on_time, by_amount, usual = ("bills_ok", "bills"), ("bill_money_ok", "bill_money"), ("delay", "delays")
    return {
        "bills_on_time": nothing_where(
            c("bills") == 0,
            0,
            bands(-50, *((share(*on_time, of, 100), to) for of, to in ((50, -15), (75, 10), (95, 30), (100, 40)))),
        ),
        "bills_on_time_by_amount": nothing_where(
            c("bill_money") <= 0,
            -5,
            bands(-20, (share(*by_amount, 6, 10), 0), (share(*by_amount, 9, 10), 15)),
        ),
        "bills_in_a_row": (c("bill_row") // 2 * 3).clip(upper_bound=18),
        "worst_bill": nothing_where(c("worst").is_null(), -2, at(c("worst"), 10, {5: 0, 30: -15, 60: -30})),
        "usual_delay": nothing_where(
            c("delays") == 0,
            0,
            bands(12, (share(*usual, 1, 2), 5), (share(*usual, 9, 4), -4), (share(*usual, 15, 2), -14)),
        ),
        "instalments_late": (c("late") * -9).clip(lower_bound=-45),
        "delays_fading": at(c("fading"), 8, {ONE // 8: 0, ONE // 2: -6, ONE // 4 * 5: -18}),
        "instalments_in_a_row": (c("loan_row") * 5).clip(upper_bound=20),
    }


def _capacity() -> dict[str, pl.Expr]:
    use, spending = ("balance", "limit"), ("spent", "income")
    return {
        "income": at(c("income"), -10, {500_000: 0, 1_500_000: 15, 4_000_000: 30}),
        "least_salary": (c("least") // 150_000 * 2).clip(upper_bound=16).fill_null(-4),
        "card_use": nothing_where(
            c("balance").is_null() | c("limit").is_null() | (c("limit") <= 0),
            0,
            bands(15, (share(*use, 3, 10), 5), (share(*use, 3, 4), -8), (share(*use, 1, 1), -20)),
        ),
        "spending": nothing_where(
            c("income") <= 0,
            -6,
            bands(18, (share(*spending, 1, 20), 12), (share(*spending, 1, 4), 4), (share(*spending, 3, 2), -10)),
        ),
        "card_limit": (c("limit") // 100_000).clip(upper_bound=14).fill_null(0),
        "spending_before": at(c("spent_before"), 0, {20_000: 6, 150_000: -3}),
        "loans_held": at(c("loans_seen"), 0, {1: 12, 2: 4, 3: -12}),
    }


def _stability() -> dict[str, pl.Expr]:
    return {
        "history": (c("history_age") // 45).clip(upper_bound=22).fill_null(-10),
        "last_move": nothing_where(c("moved").is_null(), 10, at(c("moved"), -8, {180: 0, 540: 6})),
        "moves": (c("moves") * -4).clip(lower_bound=-16),
        "employers": at(c("employers_seen"), -6, {1: 15, 2: 10, 4: -2}),
        "first_loan": nothing_where(c("first_loan_age").is_null(), 0, at(c("first_loan_age"), -5, {365: 5, 730: 12})),
        "sources_known": (c("sources_seen") * 3).clip(upper_bound=12),
    }


def _conduct() -> dict[str, pl.Expr]:
    return {
        "court_listed": pl.when(c("listed")).then(-100).otherwise(0),
        "judgments_fading": (c("judged") // (ONE // 4) * -12).clip(lower_bound=-80),
        "fines": (c("severity") * -5).clip(lower_bound=-40),
        "trains": at(c("rides"), 0, {1: 3, 3: 6}),
        "last_fine": nothing_where(c("fined").is_null(), 0, at(c("fined"), -15, {90: -8, 400: -1})),
    }


def _community() -> dict[str, pl.Expr]:
    degrees = {
        WORDS.labels.index(name): to for name, to in (("school", 2), ("bachelor", 8), ("master", 12), ("doctor", 15))
    }
    games = ("games_bought", "bought")
    return {
        "volunteering": (c("hours") // 3 * 4).clip(upper_bound=32),
        "shops": (c("shops_seen") * 2).clip(upper_bound=12),
        "degree": c("degree_label").replace_strict(degrees, default=0, return_dtype=pl.Int64),
        "games": nothing_where(c("bought") <= 0, 0, bands(5, (share(*games, 1, 10), 0), (share(*games, 2, 5), -12))),
    }


def scored(measures: pl.LazyFrame) -> pl.LazyFrame:
    """One row per person: `person`, `score`, every factor, and what the bounds took or gave."""
    factors = _payment() | _capacity() | _stability() | _conduct() | _community()
    whole = measures.with_columns(c(name).fill_null(0).cast(pl.Int64) for name in COUNTS)
    points = whole.select("person", *(expr.cast(pl.Int32).alias(name) for name, expr in factors.items()))
    sums = {name: pl.sum_horizontal(*dimension.factors) for name, dimension in DIMENSIONS.items()}
    held = points.with_columns(
        (sums[name].clip(dimension.least, dimension.most) - sums[name]).alias(f"bounds.{name}")
        for name, dimension in DIMENSIONS.items()
    )
    total = BASE + pl.sum_horizontal(*factors, *(f"bounds.{name}" for name in DIMENSIONS))
    score = total.clip(LEAST, MOST)
    return held.with_columns(score.alias("score"), (score - total).alias("bounds"))
