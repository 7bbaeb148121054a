"""How factors add up to dimensions and to the score, for the peers: the numbers of `benchmarks/policy.yaml`."""

from dataclasses import dataclass
from typing import Final

BASE: Final = 550
LEAST: Final = 400
MOST: Final = 800


@dataclass(frozen=True, slots=True)
class Dimension:
    """The factors that are added, and what their sum is held within."""

    factors: tuple[str, ...]
    least: int | None
    most: int | None


DIMENSIONS: Final = {
    "payment": Dimension(
        (
            "bills_on_time",
            "bills_on_time_by_amount",
            "bills_in_a_row",
            "worst_bill",
            "usual_delay",
            "instalments_late",
            "delays_fading",
            "instalments_in_a_row",
        ),
        -100,
        100,
    ),
    "capacity": Dimension(
        ("income", "least_salary", "card_use", "spending", "card_limit", "spending_before", "loans_held"), -40, 70
    ),
    "stability": Dimension(("history", "last_move", "moves", "employers", "first_loan", "sources_known"), -20, 50),
    "conduct": Dimension(("court_listed", "judgments_fading", "fines", "trains", "last_fine"), -110, None),
    "community": Dimension(("volunteering", "shops", "degree", "games"), None, 25),
}
