"""What the laboratory knows of its residents, as columns: what they are, where they stand, what they are ready to do.

Named tuples of arrays, one entry a resident, so that compiled loops can take them whole.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Traits(NamedTuple):
    """What a resident is from the start; never written again.

    Attributes:
        age: int16, years at the start.
        education: uint8, 0 school, 1 vocational, 2 bachelor, 3 master and more.
        work: uint8, where they begin (`EMPLOYED` and on).
        income: int64, fen a month in work, or as a pension or grant.
        district: uint8, 0 and on.
        minority: bool, a made-up group of no name.
        honesty, outspoken, sociable, liking_games: float32, 0 to 1.
        means: float32, months of income that are at hand for an emergency.
        household: int32; those of one household follow one another.
        parent: bool, of a small child.
        driver, card_holder: bool.
        member: bool, of the Party.
    """

    age: NDArray[np.int16]
    education: NDArray[np.uint8]
    work: NDArray[np.uint8]
    income: NDArray[np.int64]
    district: NDArray[np.uint8]
    minority: NDArray[np.bool_]
    honesty: NDArray[np.float32]
    outspoken: NDArray[np.float32]
    sociable: NDArray[np.float32]
    liking_games: NDArray[np.float32]
    means: NDArray[np.float32]
    household: NDArray[np.int32]
    parent: NDArray[np.bool_]
    driver: NDArray[np.bool_]
    card_holder: NDArray[np.bool_]
    member: NDArray[np.bool_]


EMPLOYED, SELF_EMPLOYED, STUDENT, RETIRED, OUT_OF_WORK = range(5)
"""Kinds of work."""

WORKS = ("employed", "self_employed", "student", "retired", "unemployed")
"""Their names, as labels of `work.recorded`."""

DEGREES = ("", "vocational", "bachelor", "master")
"""Names of education, as labels of `degree.earned`; the first is none."""


class State(NamedTuple):
    """Where a resident stands; the month's loop writes it.

    Attributes:
        work: uint8, as `Traits.work`.
        out_months: int16, how long out of work.
        ill_months: int16, how many months of illness are left.
        savings: int64, fen at hand; below 0 where bills wait.
        loan_left: int16, instalments left; 0 without a loan.
        loan_part: int64, fen an instalment.
        loan_missed: int16, instalments missed in a row.
        loans, cases, fares: int16, how many so far; they number the matters of events.
        case_debt: int64, fen that a court has ordered and that are not paid; 0 without.
        case_months: int16, months since the listing; below 0 before it.
        rest_debt, rest_part: int64, fen still to be paid of cases that are settled, and of that a month.
        fare_debt: int64, fen of a fare not paid; 0 without.
        card_balance: int64, fen owed on the card.
        card_missed: int16, months that the card is late.
        refused_trips: int32, so far.
    """

    work: NDArray[np.uint8]
    out_months: NDArray[np.int16]
    ill_months: NDArray[np.int16]
    savings: NDArray[np.int64]
    loan_left: NDArray[np.int16]
    loan_part: NDArray[np.int64]
    loan_missed: NDArray[np.int16]
    loans: NDArray[np.int16]
    cases: NDArray[np.int16]
    fares: NDArray[np.int16]
    case_debt: NDArray[np.int64]
    case_months: NDArray[np.int16]
    rest_debt: NDArray[np.int64]
    rest_part: NDArray[np.int64]
    fare_debt: NDArray[np.int64]
    card_balance: NDArray[np.int64]
    card_missed: NDArray[np.int16]
    refused_trips: NDArray[np.int32]


class Dispositions(NamedTuple):
    """What a resident is ready and able to do this month; mechanisms and consequences write it, chance does the rest.

    Without any score they stay as `unmoved` makes them, and a city is what it is.

    Attributes:
        care: float32, -1 to 1: the chance of paying late is multiplied by 1 - care.
        restraint: float32, -1 to 1: the chance of an offence is multiplied by 1 - restraint.
        voice: float32, 0 to 1: multiplies critical posts, rumours and petitions.
        praise: float32, posts of praise a month beside one's own.
        study: float32, days of political study a month beside one's own.
        nappies: float32, purchases of nappies a month beside one's own.
        games: float32, multiplies purchases of games and hours of play.
        giving: float32, donations a month beside one's own.
        helping: float32, hours of volunteering a month beside one's own.
        settling: float32, added to the chance, a month, of paying what a court ordered, where it can be paid.
        may_ride, may_ride_first, may_fly, may_borrow, may_hire: bool, what is open.
        hiring: float32, multiplies the chance of finding work.
    """

    care: NDArray[np.float32]
    restraint: NDArray[np.float32]
    voice: NDArray[np.float32]
    praise: NDArray[np.float32]
    study: NDArray[np.float32]
    nappies: NDArray[np.float32]
    games: NDArray[np.float32]
    giving: NDArray[np.float32]
    helping: NDArray[np.float32]
    settling: NDArray[np.float32]
    may_ride: NDArray[np.bool_]
    may_ride_first: NDArray[np.bool_]
    may_fly: NDArray[np.bool_]
    may_borrow: NDArray[np.bool_]
    may_hire: NDArray[np.bool_]
    hiring: NDArray[np.float32]


ONES = frozenset({"voice", "games", "hiring", "may_ride", "may_ride_first", "may_fly", "may_borrow", "may_hire"})
"""Dispositions that are 1, or true, where nothing moves them; the others are 0."""


def unmoved(residents: int) -> Dispositions:
    """The dispositions of people whom no score has touched."""
    flags = {name for name in Dispositions._fields if name.startswith("may_")}
    return Dispositions(
        **{
            name: np.full(residents, name in ONES, np.bool_ if name in flags else np.float32)
            for name in Dispositions._fields
        }
    )


class Happened(NamedTuple):
    """Events, one entry each, those of a resident one after another and in the order of time.

    Attributes:
        person: int32, the resident.
        time: int64, microseconds since 1970; no two of a person are equal.
        kind: uint32, a row of `lab.city.kinds.KINDS`, from 1 on.
        amount, value: int64, NULL where null.
        party, matter: uint32, codes of `lab.city.kinds`, 0 where null.
    """

    person: NDArray[np.int32]
    time: NDArray[np.int64]
    kind: NDArray[np.uint32]
    amount: NDArray[np.int64]
    value: NDArray[np.int64]
    party: NDArray[np.uint32]
    matter: NDArray[np.uint32]


class Edges(NamedTuple):
    """Who knows whom; one entry a tie, `a` before `b`.

    Attributes:
        a, b: int32, residents, or made-up accounts, whose numbers come after those of residents.
        kind: uint8, FRIEND, KIN or FALSE_FRIEND; false friends are of kind "friend" for whoever reads ties.
        since: int16, the month in which it began; AT_BIRTH for those that were there.
        until: int16, the month from which it is no more; STILL while it lasts.
    """

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    kind: NDArray[np.uint8]
    since: NDArray[np.int16]
    until: NDArray[np.int16]


FRIEND, KIN, FALSE_FRIEND = range(3)
"""Kinds of tie; in files "friend" and "kin", a false friend being a "friend"."""

STILL = np.int16(32_767)
"""The `until` of a tie that lasts."""


class Tally(NamedTuple):
    """What has befallen a resident so far, added up over months.

    Attributes:
        bills, bills_late: int32, instalments and bills due, and those paid late or not at all.
        defaults: int16, loans given up, and cards more than three months late.
        offences: int16, on trains, in aeroplanes, in traffic.
        spoken, silenced: int32, critical posts and petitions made; those that the same dice would have made unmoved.
        praised: int32, posts of praise.
        refused: int32, trips, loans and hires refused.
        listed_months, sanctioned_months: int16, months on a list; months under a sanction in force, of any scorer.
        wrong_months: int16, those of them that rest on a record which is wrong.
        noticed_wrong, disputed, corrected: int16, wrong records seen, disputed, and put right.
        settled: int16, court cases paid after the listing.
        listings: int16, how often a court listed them.
        looked: int16, how often they read their own file.
        welfare: float64, fen of worth: wages, perks, trips, speech, less what they pay and suffer.
        spent_on_score: int64, fen spent on nappies, gifts and false friends for points.
        false_friends: int16, bought.
    """

    bills: NDArray[np.int32]
    bills_late: NDArray[np.int32]
    defaults: NDArray[np.int16]
    offences: NDArray[np.int16]
    spoken: NDArray[np.int32]
    silenced: NDArray[np.int32]
    praised: NDArray[np.int32]
    refused: NDArray[np.int32]
    listed_months: NDArray[np.int16]
    sanctioned_months: NDArray[np.int16]
    wrong_months: NDArray[np.int16]
    noticed_wrong: NDArray[np.int16]
    disputed: NDArray[np.int16]
    corrected: NDArray[np.int16]
    settled: NDArray[np.int16]
    listings: NDArray[np.int16]
    looked: NDArray[np.int16]
    welfare: NDArray[np.float64]
    spent_on_score: NDArray[np.int64]
    false_friends: NDArray[np.int16]


def nothing_yet(residents: int) -> Tally:
    """The tally of a city that has not begun."""
    types: dict[str, Any] = {"welfare": np.float64, "spent_on_score": np.int64}
    types |= dict.fromkeys(("bills", "bills_late", "spoken", "silenced", "praised", "refused"), np.int32)
    return Tally(**{name: np.zeros(residents, types.get(name, np.int16)) for name in Tally._fields})
