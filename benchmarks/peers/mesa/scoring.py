"""The town's policy in plain Python: what stands on record of one resident, and the points that follow from it.

Each kind of event is a list of times in their order, with what is read of it beside; a window is where to begin.
"""

from bisect import bisect_right, insort
from typing import Final

DAY: Final = 86_400
LIST_DAYS: Final = 730
BASE: Final = 550
LEAST: Final = 350
MOST: Final = 950

WEIGHTS: Final = [int(2**20 * 2 ** (-age / 90) + 0.5) for age in range(3_000)]
"""What an event counts by its age in days, over 2**20: half after 90 days."""

(
    BILLS_ON_TIME, LATE_OF_LATE, BILLS_IN_A_ROW, DELAYS_FADING, INSTALMENTS_PAID, INSTALMENTS_MISSED, GIVEN_UP,
    PAY, SHOPS, SPENDING, CRITICISM, PRAISE, ON_THE_LIST,
) = range(13)  # fmt: skip
LEAST_POINTS: Final = [-60, -60, 0, -30, 0, -75, -160, -15, 0, -10, -100, 0, -100]
MOST_POINTS: Final = [50, 0, 48, 15, 40, 0, 0, 40, 24, 12, 0, 40, 0]


class Record:
    """What stands on record of one resident; times are seconds."""

    __slots__ = (
        "bills", "bills_days", "bought", "bought_amounts", "bought_shops", "critical", "late", "listed_since", "missed",
        "paid", "pays", "pays_amounts", "praise", "up",
    )  # fmt: skip

    def __init__(self) -> None:
        self.bills: list[int] = []
        self.bills_days: list[int] = []
        self.late: list[int] = []
        self.paid: list[int] = []
        self.missed: list[int] = []
        self.up: list[int] = []
        self.pays: list[int] = []
        self.pays_amounts: list[int] = []
        self.bought: list[int] = []
        self.bought_amounts: list[int] = []
        self.bought_shops: list[int] = []
        self.critical: list[int] = []
        self.praise: list[int] = []
        self.listed_since: int | None = None

    def bill(self, time: int, days: int) -> None:
        """A bill was paid, so many days late."""
        self.bills.append(time)
        self.bills_days.append(days)
        if days > 0:
            insort(self.late, time)

    def instalment(self, time: int, days: int) -> None:
        """An instalment was paid, so many days late."""
        self.paid.append(time)
        if days > 0:
            insort(self.late, time)

    def pay(self, time: int, amount: int) -> None:
        """Pay came."""
        self.pays.append(time)
        self.pays_amounts.append(amount)

    def purchase(self, time: int, amount: int, shop: int) -> None:
        """Something was bought."""
        self.bought.append(time)
        self.bought_amounts.append(amount)
        self.bought_shops.append(shop)

    def is_listed(self, as_of: int) -> bool:
        """Whether the court's list holds them."""
        return self.listed_since is not None and as_of < self.listed_since + LIST_DAYS * DAY


def points_of(record: Record, as_of: int) -> list[int]:
    """The points of every factor but friends."""
    quarter, half, year = as_of - 90 * DAY, as_of - 180 * DAY, as_of - 365 * DAY
    bills, days = record.bills, record.bills_days
    begin, end = bisect_right(bills, year), len(bills)
    on_time, in_a_row = 0, 0
    late, half_begin = 0, bisect_right(bills, half)
    for one in range(begin, end):
        if days[one] <= 0:
            on_time += 1
        elif one >= half_begin:
            late += 1
    for day in reversed(days):
        if day > 0 or in_a_row == 24:
            break
        in_a_row += 1
    fading = 0
    for time in record.late:
        fading += WEIGHTS[(as_of - time) // DAY]
    pays_begin = bisect_right(record.pays, half)
    pays, months = sum(record.pays_amounts[pays_begin:]), len(record.pays) - pays_begin
    bought = sum(record.bought_amounts[bisect_right(record.bought, half) :])
    shops = len(set(record.bought_shops[bisect_right(record.bought, quarter) :]))
    return [
        _on_time(on_time, end - begin),
        max(-15 * late, -60),
        2 * in_a_row,
        _fading(fading / 2**20),
        min(4 * (len(record.paid) - bisect_right(record.paid, year)), 40),
        max(-25 * (len(record.missed) - bisect_right(record.missed, year)), -75),
        max(-80 * (len(record.up) - bisect_right(record.up, as_of - 730 * DAY)), -160),
        _pay(pays / months) if months else -15,
        min(3 * shops, 24),
        _spending(bought / pays) if pays > 0 else -5,
        max(-20 * (len(record.critical) - bisect_right(record.critical, year)), -100),
        min(8 * (len(record.praise) - bisect_right(record.praise, half)), 40),
        -100 if record.is_listed(as_of) else 0,
    ]


def _on_time(many: int, among: int) -> int:
    if among == 0:
        return 0
    share = many / among
    return -60 if share < 0.75 else -20 if share < 0.9 else 20 if share < 1 else 50


def _fading(weight: float) -> int:
    return 15 if weight < 0.125 else 5 if weight < 0.5 else -10 if weight < 1.25 else -30


def _pay(mean: float) -> int:
    return -10 if mean < 150_000 else 0 if mean < 300_000 else 20 if mean < 600_000 else 40


def _spending(ratio: float) -> int:
    return 12 if ratio < 0.05 else 8 if ratio < 0.2 else 0 if ratio < 0.6 else -10


def total_of(points: list[int]) -> int:
    """What the points come to, before friends count and before the whole is held within its bounds."""
    paying = min(max(sum(points[BILLS_ON_TIME:PAY]), -200), 220)
    means = min(max(sum(points[PAY:CRITICISM]), -40), 80)
    conduct = min(max(sum(points[CRITICISM:]), -200), 40)
    return BASE + paying + means + conduct


def held(score: int) -> int:
    """A score within the bounds of the whole."""
    return min(max(score, LEAST), MOST)


def of_friends(mean: float) -> int:
    """The points of the mean of friends' own scores."""
    return -30 if mean < 560 else -10 if mean < 600 else 10 if mean < 640 else 30


def steady(now: int) -> Record:
    """A file without a fault: every thirty days a bill and an instalment, on time, and a purchase; two years of it."""
    record = Record()
    for month in reversed(range(24)):
        time = now - (1 + 30 * month) * DAY
        record.bill(time, 0)
        record.instalment(time, 0)
        record.bought.append(time)  # in no shop in particular
        record.bought_amounts.append(10_000)
    return record
