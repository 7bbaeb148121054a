"""The benchmark's policy as Polars expressions, written by hand: the fastest of the plans that were tried.

Tried on 2,000,000 events, in seconds of processor time: sorting everything by (person, time, source, id) and then one
aggregation of filters, 4.8; one aggregation of masked columns without a sort, 0.9 for the measures that need no order;
coding each person as a number first, then one small aggregation for each type of event, joined on the number: 0.7 with
everything. Order matters to streaks and latest values alone, so only they look at times, and only events of one person
at one time are ever compared by source and id.

Every comparison is exact: shares and means are compared by multiplying whole numbers.
"""

from typing import Final

import polars as pl  # type: ignore[import-not-found,unused-ignore]  # it lives in an environment of its own

from benchmarks.world import vocabulary

WORDS: Final = vocabulary()
ONE: Final = 1 << 20  # the weight of an event of today in a fading count
LN2: Final = 0.6931471805599453

c = pl.col
AGE: Final = c("age")
AMOUNT: Final = c("amount")
VALUE: Final = c("value")


def of_type(*types: str) -> pl.Expr:
    """Events of these types, by their codes."""
    codes = [WORDS.types.index(type_) for type_ in types]
    return c("type") == codes[0] if len(codes) == 1 else c("type").is_in(codes)


def labelled(*labels: str) -> pl.Expr:
    """Events with one of these labels, by their codes."""
    return c("label").is_in([WORDS.labels.index(label) for label in labels])


def weight(half_life: int) -> pl.Expr:
    """The weight of an event by its whole days; none of the benchmark lies near a half, so floats round right."""
    return (ONE * (AGE * (-LN2 / half_life)).exp()).round().cast(pl.Int64)


def kept(column: pl.Expr, condition: pl.Expr) -> pl.Expr:
    """The column where the condition holds, else null: faster in an aggregation than a filter."""
    return pl.when(condition).then(column)


# --- Measures: one row per person for each ---------------------------------------------------------------------------


def plain_measures(events: pl.LazyFrame) -> list[pl.LazyFrame]:
    """The measures that need no order: one small aggregation for each type of event."""

    def by_person(condition: pl.Expr, *measures: pl.Expr) -> pl.LazyFrame:
        return events.filter(condition).group_by("p").agg(*measures)

    bill, loan = of_type("bill.paid"), of_type("loan.paid")
    salary, purchase, fined = of_type("salary.received"), of_type("purchase.made"), of_type("rail.fined")
    return [
        by_person(
            bill,
            (AGE < 730).sum().alias("bills"),
            ((AGE < 730) & (VALUE <= 0)).sum().alias("bills_ok"),
            kept(AMOUNT, AGE < 1095).sum().alias("bill_money"),
            kept(AMOUNT, (AGE < 1095) & (VALUE <= 3)).sum().alias("bill_money_ok"),
            kept(VALUE, AGE < 365).max().alias("worst"),
            VALUE.sum().alias("delay"),
            VALUE.count().alias("delays"),
            AGE.max().alias("history_age"),
        ),
        by_person((bill | loan) & (VALUE >= 1), weight(180).sum().alias("fading")),
        by_person(loan & (VALUE >= 1) & (AGE < 730), pl.len().alias("late")),
        by_person(
            salary,
            kept(AMOUNT, AGE < 365).sum().alias("income"),
            kept(AMOUNT, AGE < 730).min().alias("least"),
        ),
        by_person(
            purchase,
            kept(AMOUNT, AGE < 365).sum().alias("spent"),
            kept(AMOUNT, (AMOUNT >= 1000) & (AGE >= 180) & (AGE < 360)).sum().alias("spent_before"),
            kept(AMOUNT, AGE < 730).sum().alias("bought"),
            kept(AMOUNT, (AGE < 730) & labelled("games")).sum().alias("games_bought"),
        ),
        by_person(of_type("address.changed"), AGE.min().alias("moved"), pl.len().alias("moves")),
        by_person(of_type("loan.opened"), AGE.max().alias("first_loan_age")),
        by_person(of_type("court.judgment"), weight(365).sum().alias("judged")),
        by_person(of_type("rail.fined", "rail.travelled") & (AGE < 365), pl.len().alias("rides")),
        by_person(
            fined,
            kept(VALUE, AGE < 730).sum().alias("severity"),
            kept(AGE, labelled("seat", "smoking")).min().alias("fined"),
        ),
        by_person(of_type("volunteer.served") & (VALUE >= 1) & (AGE < 1000), VALUE.sum().alias("hours")),
    ]


def distinct_measures(events: pl.LazyFrame) -> list[pl.LazyFrame]:
    """How many different ones: pairs first, then how many pairs a person has; the few sources are bits."""

    def by_person(condition: pl.Expr, field: str, name: str) -> pl.LazyFrame:
        pairs = events.filter(condition & c(field).is_not_null()).select("p", field).unique()
        return pairs.group_by("p").agg(pl.len().alias(name))

    paying = of_type("bill.paid", "loan.paid", "salary.received")
    bit = pl.lit(1, pl.Int64) * 2 ** c("source").cast(pl.Int64)
    return [
        by_person(of_type("salary.received") & (AGE < 1095), "party", "employers_seen"),
        by_person(of_type("purchase.made") & (AGE < 540), "party", "shops_seen"),
        by_person(of_type("loan.paid"), "matter", "loans_seen"),
        events.filter(paying).group_by("p").agg(bit.bitwise_or().bitwise_count_ones().alias("sources_seen")),
    ]


def ordered_measures(events: pl.LazyFrame, order: list[str]) -> list[pl.LazyFrame]:
    """Streaks and latest values; `order` is the column that orders a person's events, then those that part equals."""
    return [
        latest(events.filter(of_type("card.statement") & AMOUNT.is_not_null()), AMOUNT.alias("balance"), order),
        latest(events.filter(of_type("card.limit") & AMOUNT.is_not_null()), AMOUNT.alias("limit"), order),
        latest(
            events.filter(of_type("degree.earned") & c("label").is_not_null()), c("label").alias("degree_label"), order
        ),
        latest(
            events.filter(of_type("court.judgment", "court.settled")),
            (of_type("court.judgment") & (AGE < 730)).alias("listed"),
            order,
        ),
        streak(events.filter(of_type("bill.paid")), VALUE <= 5, "bill_row", order),
        streak(events.filter(of_type("loan.paid")), VALUE <= 0, "loan_row", order),
    ]


def latest(events: pl.LazyFrame, field: pl.Expr, order: list[str]) -> pl.LazyFrame:
    """The field of each person's last event."""
    chosen = events.select("p", *order, field)
    return chosen.sort("p", *order).unique("p", keep="last", maintain_order=True).drop(order)


def streak(events: pl.LazyFrame, good: pl.Expr, name: str, order: list[str]) -> pl.LazyFrame:
    """How many of each person's last events are good, without a gap: the good ones after the last that is not."""
    first, *rest = order
    rows = events.select("p", *order, good.fill_null(value=False).alias("good"))
    breaks = rows.filter(~c("good")).group_by("p").agg(c(first).max().alias("broken"))
    marked = rows.join(breaks, on="p", how="left")
    after = marked.filter(c("good") & (c(first) > c("broken").fill_null(-1))).group_by("p").agg(pl.len().alias(name))
    if not rest:
        return after
    # A good event at the very time of the last break: source and id say which comes first. Few are, so look closely.
    level = marked.filter(c(first) == c("broken"))
    level = level.join(level.filter(c("good")).select("p").unique(), on="p", how="semi")
    closely = level.sort("p", *rest).group_by("p").agg(c("good").reverse().cum_min().sum().alias("closely"))
    return after.join(closely, on="p", how="full", coalesce=True).select(
        "p", (c(name).fill_null(0) + c("closely").fill_null(0)).alias(name)
    )


# --- Points ----------------------------------------------------------------------------------------------------------


def bands(first: int, *steps: tuple[pl.Expr, int]) -> pl.Expr:
    """The points of the last step whose condition holds, else the first ones."""
    (condition, points), *rest = reversed(steps)
    chain = pl.when(condition).then(points)
    for condition, points in rest:
        chain = chain.when(condition).then(points)
    return chain.otherwise(first)


def at(measure: pl.Expr, first: int, steps: dict[int, int]) -> pl.Expr:
    """Bands of a whole number."""
    return bands(first, *((measure >= least, points) for least, points in steps.items()))
