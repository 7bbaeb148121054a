"""How often things happen: one named tuple of numbers a walk of life, each field with the parameter that it is.

The loops take these whole. A rate in the parameters may be per thousand or a year; here all are a month and a resident.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist
from typing import Annotated, Any, NamedTuple, Protocol, TypeVar, get_type_hints

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.shares import share_between, shares_of
from goodstanding.lab.month.dice import QUANTILES

LEAST_BLOOD, MOST_BLOOD = 18, 55
"""Ages at which blood is taken (recalled: China's law on blood donation)."""
PER_THOUSAND = 1e-3
PER_MILLION = 1e-6
A_YEAR = 1 / 12


class Numbers(Protocol):
    """Whatever gives the number of a parameter by its name, as `lab.parameters.Parameters` does."""

    def number(self, name: str) -> float:
        """The number of a parameter."""

    def numbers(self, name: str) -> tuple[float, ...]:
        """The numbers of a parameter that is a list."""


class Work(NamedTuple):
    """Work, pay, savings, and what befalls people."""

    insured: Annotated[float, "events.insurance_paid"]
    fund: Annotated[float, "events.fund_paid"]
    insurance_rate: Annotated[float, "month.insurance_rate"]
    fund_rate: Annotated[float, "month.fund_rate"]
    tax_free: Annotated[float, "month.tax_free"]
    tax_rate: Annotated[float, "month.tax_rate"]
    tax_late: Annotated[float, "month.tax_late"]
    late_days: Annotated[float, "events.bills_late_days"]
    degrees: Annotated[float, "events.schooling_completed", PER_THOUSAND]
    first_wage: Annotated[float, "month.first_wage"]
    job_loss: Annotated[float, "shocks.job_loss"]
    spell: Annotated[float, "shocks.job_loss_months"]
    income_without: Annotated[float, "shocks.job_loss_income"]
    illness: Annotated[float, "shocks.illness"]
    illness_age: Annotated[float, "month.illness_age"]
    illness_cost: Annotated[float, "shocks.illness_cost"]
    illness_months: Annotated[float, "shocks.illness_months"]
    income_ill: Annotated[float, "shocks.illness_income"]
    living: Annotated[float, "month.living_share"]
    living_least: Annotated[float, "month.living_least"]
    saving_pull: Annotated[float, "month.saving_pull"]
    bills: Annotated[float, "events.bills"]
    bill: Annotated[float, "events.bill_amount"]


class Household(NamedTuple):
    """Bills, fees, and changes of address."""

    bills: Annotated[float, "events.bills"]
    bill: Annotated[float, "events.bill_amount"]
    late: Annotated[float, "events.bills_late"]
    late_days: Annotated[float, "events.bills_late_days"]
    careless: Annotated[float, "month.careless_share"]
    late_in_want: Annotated[float, "month.late_in_want"]
    water_unpaid: Annotated[float, "month.water_unpaid"]
    fee_late: Annotated[float, "month.service_fee_late"]
    fee_in_want: Annotated[float, "month.service_fee_in_want"]
    phone: Annotated[float, "month.phone_changed"]
    address: Annotated[float, "month.address_changed"]
    profile: Annotated[float, "month.profile_completed"]
    property: Annotated[float, "month.property_bought"]


class Shopping(NamedTuple):
    """Purchases, games, gifts and bookings."""

    purchases: Annotated[float, "events.purchases"]
    recorded: Annotated[float, "month.purchases_recorded"]
    amount: Annotated[float, "events.purchase_amount"]
    games_share: Annotated[float, "events.games_share"]
    gamers: Annotated[float, "events.gamers"]
    game_price: Annotated[float, "month.game_price"]
    days: Annotated[float, "events.gaming_days"]
    hours: Annotated[float, "events.gaming_hours"]
    nappies: Annotated[float, "events.nappies"]
    nappies_price: Annotated[float, "events.nappies_price"]
    unconfirmed: Annotated[float, "month.unconfirmed"]
    gifts: Annotated[float, "month.gifts"]
    gift: Annotated[float, "month.gift_amount"]
    hotel: Annotated[float, "month.hotel_bookings"]
    insurance: Annotated[float, "month.insurance_bookings"]


class Credit(NamedTuple):
    """Lines of credit, loans, and what follows when they are not paid."""

    borrowers: Annotated[float, "events.borrowers"]
    limit_months: Annotated[float, "month.limit_months"]
    limit_changes: Annotated[float, "month.limit_changes"]
    taken: Annotated[float, "month.loans_taken"]
    in_want: Annotated[float, "month.loans_in_want"]
    size: Annotated[float, "events.loan_size"]
    term: Annotated[float, "events.loan_term"]
    rate: Annotated[float, "events.loan_rate"]
    late: Annotated[float, "events.loan_late"]
    late_days: Annotated[float, "events.bills_late_days"]
    careless: Annotated[float, "month.careless_share"]
    missed_in_want: Annotated[float, "month.missed_in_want"]
    given_up: Annotated[float, "events.loan_default"]
    refused: Annotated[float, "consequences.loan_refused"]


class Card(NamedTuple):
    """The credit card."""

    limit_months: Annotated[float, "month.card_limit_months"]
    spending: Annotated[float, "month.card_spending"]
    whole: Annotated[float, "month.card_paid_whole"]
    dollars: Annotated[float, "month.dollars_a_yuan"]
    late: Annotated[float, "events.loan_late"]
    careless: Annotated[float, "month.careless_share"]
    missed_in_want: Annotated[float, "month.missed_in_want"]


class Travel(NamedTuple):
    """Trains, aeroplanes, roads, and things for hire."""

    rail: Annotated[float, "events.train_journeys", A_YEAR]
    fast: Annotated[float, "events.fast_train_share"]
    air: Annotated[float, "events.flights", A_YEAR]
    income: Annotated[float, "people.income_median"]
    rail_offences: Annotated[float, "events.rail_offences_listed", PER_MILLION]
    air_offences: Annotated[float, "events.air_offences_listed", PER_MILLION]
    unpaid: Annotated[float, "events.fares_unpaid", PER_THOUSAND]
    fare: Annotated[float, "month.fare"]
    fare_paid: Annotated[float, "month.fare_paid"]
    fare_paid_refused: Annotated[float, "month.fare_paid_refused"]
    tries: Annotated[float, "consequences.tries_again"]
    refused: Annotated[float, "consequences.refused_trip"]
    tickets: Annotated[float, "events.traffic_tickets", PER_THOUSAND]
    red_lights: Annotated[float, "month.red_lights", PER_THOUSAND]
    drunk: Annotated[float, "events.drunk_driving", PER_THOUSAND]
    fine: Annotated[float, "month.traffic_fine"]
    hires: Annotated[float, "month.hires"]
    hire_late: Annotated[float, "month.hire_late"]
    hire_broken: Annotated[float, "month.hire_broken"]
    hire_worth: Annotated[float, "month.hire_worth"]


class Civic(NamedTuple):
    """Helping, honours and family; `blood` is a rate of those who are of the age for it."""

    volunteers: Annotated[float, "events.volunteers"]
    served: Annotated[float, "events.volunteering"]
    hours: Annotated[float, "month.volunteer_hours"]
    blood: Annotated[float, "events.blood", PER_THOUSAND]
    brave: Annotated[float, "month.brave_acts", PER_THOUSAND]
    commended: Annotated[float, "month.commendations", PER_THOUSAND]
    heroes: Annotated[float, "month.heroes", PER_THOUSAND]
    parents: Annotated[float, "month.parents_neglected", PER_THOUSAND]
    births: Annotated[float, "month.births_unplanned", PER_THOUSAND]


class Speech(NamedTuple):
    """Speaking in public, praise, petitions and study; synthetic worlds only."""

    speakers: Annotated[float, "events.speakers"]
    posts: Annotated[float, "events.posts"]
    political: Annotated[float, "events.posts_political"]
    critical: Annotated[float, "events.posts_critical"]
    praise: Annotated[float, "events.posts_praise"]
    rumours: Annotated[float, "month.rumours"]
    loyal: Annotated[float, "people.loyalty_mean"]
    petitions: Annotated[float, "events.petitions", PER_THOUSAND]
    sieges: Annotated[float, "month.sieges", PER_THOUSAND]
    warnings: Annotated[float, "month.party_warnings", PER_THOUSAND]
    watched: Annotated[float, "month.watched", PER_THOUSAND]
    study: Annotated[float, "events.study_days"]
    minutes: Annotated[float, "month.study_minutes"]
    worth: Annotated[float, "month.post_worth"]


class Court(NamedTuple):
    """Contracts broken, cases, listings, and paying what a court ordered."""

    breaches: Annotated[float, "events.contract_breach"]
    sued: Annotated[float, "events.sued_share"]
    performed: Annotated[float, "events.performed_share"]
    days: Annotated[float, "events.judgment_days"]
    other: Annotated[float, "month.other_cases", PER_THOUSAND]
    debt: Annotated[float, "events.court_debt_median"]
    means_needed: Annotated[float, "behaviour_payoff.means_needed"]
    rest_months: Annotated[float, "behaviour_payoff.rest_months"]
    honest: Annotated[float, "behaviour_payoff.honest_settle"]


class RecordErrors(NamedTuple):
    """How records go wrong, a record each."""

    missed: Annotated[float, "errors.missed", PER_THOUSAND]
    doubled: Annotated[float, "errors.doubled", PER_THOUSAND]
    somebody_else: Annotated[float, "errors.somebody_else", PER_THOUSAND]
    late_share: Annotated[float, "errors.late_share"]
    late_days: Annotated[float, "errors.late_days"]


class Tables(NamedTuple):
    """What a number from 0 to 1 means, `QUANTILES` entries each.

    Attributes:
        careless: by honesty, how much more or less often than the mean somebody pays late or offends; the mean is 1.
        honest: by honesty, how many standard deviations it lies above the mean, 0 below it.
        outspoken: by outspokenness among those who speak, how much more than their mean they say; the mean is 1.
        purchase, debt: by chance, a factor on the median.
    """

    careless: NDArray[np.float64]
    honest: NDArray[np.float64]
    outspoken: NDArray[np.float64]
    purchase: NDArray[np.float64]
    debt: NDArray[np.float64]


class Rates(NamedTuple):
    """All of it."""

    work: Work
    household: Household
    shopping: Shopping
    credit: Credit
    card: Card
    travel: Travel
    civic: Civic
    speech: Speech
    court: Court
    tables: Tables


Group = TypeVar("Group", bound=tuple[Any, ...])


def read(group: Callable[..., Group], parameters: Numbers) -> Group:
    """The numbers of one walk of life."""
    numbers = []
    for hint in get_type_hints(group, include_extras=True).values():
        name, *factor = hint.__metadata__
        numbers.append(float(parameters.number(name)) * (factor[0] if factor else 1.0))
    return group(*numbers)


def _normal() -> NDArray[np.float64]:
    """Standard normal numbers, each as probable as the others."""
    standard = NormalDist()
    return np.array([standard.inv_cdf((i + 0.5) / QUANTILES) for i in range(QUANTILES)])


def _tables(parameters: Numbers) -> Tables:
    normal = _normal()
    careless = np.exp(-parameters.number("people.honesty_effect") * normal)
    outspoken = np.exp(parameters.number("people.outspokenness_sigma") * normal)
    return Tables(
        careless=careless / careless.mean(),
        honest=np.maximum(normal, 0.0),
        outspoken=outspoken / outspoken.mean(),
        purchase=np.exp(parameters.number("month.purchase_sigma") * normal),
        debt=np.exp(parameters.number("events.court_debt_sigma") * normal),
    )


def rates_of(parameters: Numbers) -> Rates:
    """The rates that parameters say."""
    civic = read(Civic, parameters)
    may_give = share_between(shares_of(parameters.numbers("people.age_shares")), LEAST_BLOOD, MOST_BLOOD + 1)
    return Rates(
        read(Work, parameters), read(Household, parameters), read(Shopping, parameters), read(Credit, parameters),
        read(Card, parameters), read(Travel, parameters), civic._replace(blood=civic.blood / may_give),
        read(Speech, parameters), read(Court, parameters), _tables(parameters),
    )  # fmt: skip
