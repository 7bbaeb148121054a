"""Points, dimensions and score as SQL over one row of measures per person."""

from typing import Final

from benchmarks.peers.duckdb.query import ONE, WORDS, streak
from benchmarks.peers.sums import BASE, DIMENSIONS, LEAST, MOST, Dimension

SCORE: Final = f"least(greatest(total, {LEAST}), {MOST})"


def bands(first: int, *steps: tuple[str, int], none: tuple[str, int] | None = None) -> str:
    """The points of the last step whose condition holds, else the first; `none` says when the measure is nothing."""
    cases = [*([none] if none else []), *reversed(steps)]
    return "CASE " + " ".join(f"WHEN {condition} THEN {points}" for condition, points in cases) + f" ELSE {first} END"


def at(measure: str, first: int, steps: dict[int, int], none: int | None = None) -> str:
    """Bands of a whole number."""
    nothing = None if none is None else (f"{measure} IS NULL", none)
    return bands(first, *((f"{measure} >= {least}", points) for least, points in steps.items()), none=nothing)


def share(part: str, whole: str, numerator: int, denominator: int) -> str:
    """Part ÷ whole is at least numerator ÷ denominator; the whole is above 0."""
    return f"coalesce({part}, 0) * {denominator} >= {whole} * {numerator}"


def _payment(*, levels: bool) -> dict[str, str]:
    on_time, by_amount, usual = ("bills_ok", "bills"), ("bill_money_ok", "bill_money"), ("delay", "delays")
    return {
        "bills_on_time": bands(
            -50,
            *((share(*on_time, of, 100), to) for of, to in ((50, -15), (75, 10), (95, 30), (100, 40))),
            none=("bills = 0", 0),
        ),
        "bills_on_time_by_amount": bands(
            -20,
            (share(*by_amount, 6, 10), 0),
            (share(*by_amount, 9, 10), 15),
            none=("coalesce(bill_money, 0) <= 0", -5),
        ),
        "bills_in_a_row": f"least(({streak('bill', levels=levels)}) // 2 * 3, 18)",
        "worst_bill": at("worst", 10, {5: 0, 30: -15, 60: -30}, none=-2),
        "usual_delay": bands(
            12,
            (share(*usual, 1, 2), 5),
            (share(*usual, 9, 4), -4),
            (share(*usual, 15, 2), -14),
            none=("delays = 0", 0),
        ),
        "instalments_late": "greatest(late * -9, -45)",
        "delays_fading": at("fading", 8, {ONE // 8: 0, ONE // 2: -6, ONE // 4 * 5: -18}),
        "instalments_in_a_row": f"least(({streak('loan', levels=levels)}) * 5, 20)",
    }


def _capacity() -> dict[str, str]:
    use, spending = ("balance", "card"), ("spent", "salaries")
    return {
        "income": at("salaries", -10, {500_000: 0, 1_500_000: 15, 4_000_000: 30}),
        "least_salary": "coalesce(least(least // 150000 * 2, CASE WHEN least IS NOT NULL THEN 16 END), -4)",
        "card_use": bands(
            15,
            (share(*use, 3, 10), 5),
            (share(*use, 3, 4), -8),
            (share(*use, 1, 1), -20),
            none=("balance IS NULL OR card IS NULL OR card <= 0", 0),
        ),
        "spending": bands(
            18,
            (share(*spending, 1, 20), 12),
            (share(*spending, 1, 4), 4),
            (share(*spending, 3, 2), -10),
            none=("coalesce(salaries, 0) <= 0", -6),
        ),
        "card_limit": "CASE WHEN card IS NULL THEN 0 ELSE least(card // 100000, 14) END",
        "spending_before": at("spent_before", 0, {20_000: 6, 150_000: -3}),
        "loans_held": at("loans_seen", 0, {1: 12, 2: 4, 3: -12}),
    }


def _stability() -> dict[str, str]:
    return {
        "history": "CASE WHEN history_age IS NULL THEN -10 ELSE least(history_age // 45, 22) END",
        "last_move": at("moved", -8, {180: 0, 540: 6}, none=10),
        "moves": "greatest(moved_times * -4, -16)",
        "employers": at("bit_count(employers_seen)", -6, {1: 15, 2: 10, 4: -2}),
        "first_loan": at("first_loan_age", -5, {365: 5, 730: 12}, none=0),
        "sources_known": "least(coalesce(bit_count(sources_seen), 0) * 3, 12)",
    }


def _conduct() -> dict[str, str]:
    return {
        "court_listed": "CASE WHEN court < 730 THEN -100 ELSE 0 END",
        "judgments_fading": f"greatest(coalesce(judged, 0) // {ONE // 4} * -12, -80)",
        "fines": "greatest(coalesce(severity, 0) * -5, -40)",
        "trains": at("rides", 0, {1: 3, 3: 6}),
        "last_fine": at("fined", -15, {90: -8, 400: -1}, none=0),
    }


def _community() -> dict[str, str]:
    degrees = " ".join(
        f"WHEN {WORDS.labels.index(name)} THEN {to}"
        for name, to in (("school", 2), ("bachelor", 8), ("master", 12), ("doctor", 15))
    )
    games = ("games_bought", "bought")
    return {
        "volunteering": "least(coalesce(hours, 0) // 3 * 4, 32)",
        "shops": "least(coalesce(bit_count(shops_seen), 0) * 2, 12)",
        "degree": f"CASE degree_label {degrees} ELSE 0 END",
        "games": bands(
            5,
            (share(*games, 1, 10), 0),
            (share(*games, 2, 5), -12),
            none=("coalesce(bought, 0) <= 0", 0),
        ),
    }


def scored(relation: str, *, levels: bool) -> str:
    """One row per person: `person`, every factor, what the bounds took or gave, `score`."""
    factors = _payment(levels=levels) | _capacity() | _stability() | _conduct() | _community()
    points = ", ".join(f"({expression})::INTEGER AS {name}" for name, expression in factors.items())
    sums = {name: " + ".join(dimension.factors) for name, dimension in DIMENSIONS.items()}
    bounds = ", ".join(
        f'{_held(sums[name], dimension)} - ({sums[name]}) AS "bounds.{name}"' for name, dimension in DIMENSIONS.items()
    )
    total = " + ".join([str(BASE), *factors, *(f'"bounds.{name}"' for name in DIMENSIONS)])
    return f"""
SELECT * EXCLUDE (total), {SCORE} AS score, {SCORE} - total AS bounds
FROM (
  SELECT *, {total} AS total FROM (
    SELECT *, {bounds} FROM (
      SELECT person, {points} FROM {relation}
    )
  )
)"""


def _held(total: str, dimension: Dimension) -> str:
    least = "NULL" if dimension.least is None else dimension.least
    most = "NULL" if dimension.most is None else dimension.most
    return f"least(greatest({total}, {least}), {most})"
