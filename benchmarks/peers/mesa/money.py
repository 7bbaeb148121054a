"""Residents and their money, one walk of life after another: the laboratory's rules, read a second time.

They were read off the parameters, the docstrings and the loops, and share no line with them; chance is Python's own.
Money is fen, times are seconds since 1970. Whatever happens is noted as an event with all that belongs to it.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from math import exp, log
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

from mesa import Agent  # type: ignore[import-not-found,unused-ignore]  # it lives in an environment of its own

from benchmarks.peers.mesa.scoring import Record

if TYPE_CHECKING:
    from benchmarks.peers.mesa.town import Town

EMPLOYED, SELF_EMPLOYED, STUDENT, RETIRED, OUT_OF_WORK = range(5)
TRAITS: Final = (
    "age", "income", "means", "outspoken", "liking_games", "parent", "driver", "card_holder", "member",
)  # fmt: skip
BANKS: Final = 6
UTILITIES: Final = 3
MOST_RICHER: Final = 6.0
MOST_EVENTS: Final = 24
MISSES: Final = 3


def deviation(share: float) -> float:
    """The standard deviations below which a share of all lies."""
    return NormalDist().inv_cdf(min(max(share, 1e-7), 1 - 1e-7))


def poisson(rate: float, chance: float) -> int:
    """How many, where so many are expected: more for a greater rate."""
    term = total = exp(-rate)
    many = 0
    while chance >= total and many < MOST_EVENTS:
        many += 1
        term *= rate / many
        total += term
    return many


class Earner(Agent):  # type: ignore[misc,unused-ignore]  # mesa is not here when types are checked
    """Somebody who works, pays, borrows, and may come before a court."""

    def __init__(self, model: Town, traits: Mapping[str, Any]) -> None:
        super().__init__(model)
        p, self.chance, self.normal = model.p, model.random.random, model.random.gauss
        for name in TRAITS:
            setattr(self, name, traits[name])
        self.trade = self.work = traits["work"]
        honest = deviation(traits["honesty"])
        self.careless = exp(-p.people.honesty_effect * honest - p.people.honesty_effect**2 / 2)
        self.honest = max(honest, 0.0)
        self.insured, self.credit, self.helps, self.leaning, self.pays_whole = (self.chance() for _ in range(5))
        self.borrows = self.credit < p.events.borrowers
        self.is_loyal = self.leaning < p.people.loyalty_mean
        self.posts = 0.0
        self.speaks = self.outspoken >= 1 - p.events.speakers
        if self.speaks:
            loud = deviation((self.outspoken - 1 + p.events.speakers) / p.events.speakers)
            sigma = p.people.outspokenness_sigma
            self.posts = p.events.posts * p.events.posts_political * exp(sigma * loud - sigma**2 / 2)
        self.richer = min(self.income / p.people.income_median, MOST_RICHER)
        self.ill = self.left = self.part = self.missed = 0
        self.debt = self.case = self.rest = self.rest_part = self.fare = self.owed = self.owed_months = 0
        self.savings = int(self.income * self.means)
        self.care = self.chill = self.more_praise = 0.0
        self.record = Record()
        self.forget()

    def forget(self) -> None:
        """Count from here."""
        self.bills = self.late = self.defaults = self.listings = self.settled = self.offences = 0
        self.spoken = self.silenced = self.praised = self.sanctioned_months = 0
        self.welfare = 0.0

    def note(self, kind: str, time: int, amount: int | None = None, value: int | None = None, party: int = 0) -> None:
        """Something happened."""
        self.model.happened.append((self, time, kind, amount, value, party))

    def at(self, chance: float) -> int:
        """A moment of this month."""
        return self.model.start + int(chance * self.model.seconds)  # type: ignore[no-any-return,unused-ignore]

    def days(self, mean: float) -> int:
        """Some days, at least one."""
        return 1 + int(-mean * log(1 - self.chance()))

    def is_late(self, careless: float, in_want: float, *, want: bool) -> bool:
        """Whether something is paid late."""
        p = max(careless, in_want) if want else careless
        return self.chance() < p * (1 - self.care)  # type: ignore[no-any-return,unused-ignore]

    def fall_ill(self) -> None:
        """Illness comes and goes."""
        p = self.model.p.shocks
        if self.ill > 0:
            self.ill -= 1
        if self.chance() < p.illness * self.age / self.model.p.month.illness_age:
            self.ill += 1 + int(-max(p.illness_months - 1, 0) * log(1 - self.chance()))
            cost = int(p.illness_cost * (0.5 + self.chance()))
            self.savings -= cost
            self.welfare -= cost

    def earn(self) -> None:
        """Work is lost and found, pay comes, and the rest is lived on or put by."""
        p, shocks, day = self.model.p.month, self.model.p.shocks, self.at(self.chance())
        income = int(self.income * p.first_wage) if self.trade == STUDENT else self.income
        if self.work in (EMPLOYED, SELF_EMPLOYED):
            if self.chance() < shocks.job_loss:
                self.work = OUT_OF_WORK
                self.note("work.recorded", day)
        elif self.work == OUT_OF_WORK:
            if self.chance() < 1 / shocks.job_loss_months:
                self.work = EMPLOYED
                self.note("work.recorded", day)
        elif self.work == STUDENT and self.chance() < self.model.p.events.schooling_completed / 1000:
            self.work = OUT_OF_WORK
            self.note("degree.earned", day)
        pay = income
        if self.work == OUT_OF_WORK:
            pay = int(income * shocks.job_loss_income)
        elif self.work == STUDENT:
            pay = self.income
        if self.ill > 0 and self.work != RETIRED:
            pay = int(pay * shocks.illness_income)
        self.welfare += pay - self.pay_in(pay, day)
        part = (self.part if self.left > 0 else 0) + min(self.rest, self.rest_part)
        part += self.model.p.events.bills * self.model.p.events.bill_amount
        wish = p.living_share * (pay - part) + p.saving_pull * (self.savings - income * self.means)
        wish = min(max(wish, p.living_least * income), max(self.savings + pay, 0))
        self.savings += pay - int(wish)

    def pay_in(self, pay: int, day: int) -> int:
        """Pay on record, and what goes off it; returns the taxes."""
        p, events = self.model.p.month, self.model.p.events
        if self.work in (EMPLOYED, SELF_EMPLOYED, RETIRED):
            self.note("salary.paid", day, pay)
            if self.model.keeps_daily:
                self.record.pay(day, pay)
        if self.work == EMPLOYED:
            if self.insured < events.insurance_paid:
                self.note("insurance.paid", day, int(pay * p.insurance_rate))
            if self.insured < events.fund_paid:
                self.note("fund.paid", day, int(pay * p.fund_rate))
            tax = max(int((pay - p.tax_free) * p.tax_rate), 0)
            if tax > 0:
                self.note("tax.paid", day, tax, 0)
            return tax
        if self.work == SELF_EMPLOYED and self.model.month % 3 == 0:
            is_late = self.chance() < p.tax_late * self.careless * (1 - self.care)
            tax = max(int(pay * 3 * p.tax_rate), 100)
            self.note("tax.paid", day, tax, self.days(events.bills_late_days) if is_late else 0)
            return tax
        return 0

    def keep_house(self) -> None:
        """The bill, fees, and what changes at home."""
        p, events = self.model.p.month, self.model.p.events
        want, days, time = self.savings < events.bill_amount, 0, self.at(self.chance())
        if self.is_late(events.bills_late * p.careless_share * self.careless, p.late_in_want, want=want):
            days = self.days(events.bills_late_days)
            self.late += 1
        self.bills += 1
        amount = int(events.bill_amount * (0.5 + self.chance()))
        if days > 14 and self.chance() < p.water_unpaid:
            self.note("water_bill.unpaid", time, amount)
        else:
            self.note("bill.paid", time, amount, days, self.unique_id % UTILITIES)
            self.record.bill(time, days)
            self.savings -= amount
        fee = p.service_fee_late * self.careless
        if self.is_late(fee, fee * p.service_fee_in_want, want=want):
            self.note("service_fee.late", time)
        change = self.chance()
        for kind, share in (
            ("contact.phone_changed", p.phone_changed),
            ("contact.address_changed", p.address_changed),
            ("profile.completed", p.profile_completed),
        ):
            if 0 <= change < share:
                self.note(kind, self.at(self.chance()))
            change -= share
        if self.chance() < p.property_bought:
            self.note("property.registered", self.at(self.chance()))

    def use_credit(self) -> None:
        """What is used of a line of credit; loans taken, and their instalments."""
        p, events, use, day = self.model.p.month, self.model.p.events, self.chance(), self.at(self.chance())
        want = self.savings < 0
        limit = max(int(self.income * p.limit_months) // 10_000, 1) * 10_000
        used = min(self.credit / events.borrowers / 2 + use / 2, 1)
        self.note("credit.balance", day, int(limit * (0.9 + 0.2 * use)) if want else int(limit * used * used))
        if self.chance() < p.limit_changes:
            self.note("credit.limit", day, limit)
        if self.left > 0:
            self.pay_instalment()
        elif self.chance() < (p.loans_in_want if want else p.loans_taken):
            size = int(self.income * events.loan_size * (0.5 + use))
            self.left = int(events.loan_term)
            self.part = max(int(size * (1 + events.loan_rate * events.loan_term / 2400)) // self.left, 1)
            self.missed = 0
            self.note("loan.taken", day, size, None, self.unique_id % BANKS)
            if want:
                self.savings += size

    def pay_instalment(self) -> None:
        """It is paid, paid late, or missed; the third that is missed in a row, or the will, ends a loan."""
        p, events, chance = self.model.p.month, self.model.p.events, self.chance
        want, time, bank = self.savings < self.part, chance(), self.unique_id % BANKS
        self.bills += 1
        gives_up = chance() < events.loan_default * self.careless * (1 - self.care)
        if gives_up or (want and chance() < p.missed_in_want * (1 - self.care)):
            self.late += 1
            self.missed += 1
            self.note("loan.overdue", self.at(time / 2), self.part, None, bank)
            self.record.missed.append(self.at(time / 2))
            if gives_up or self.missed == MISSES:
                when, left = self.at(0.5 + time / 2), self.part * self.left
                self.note("loan.defaulted", when, left, 30 + int(21 * chance()), bank)
                insort(self.record.up, when)
                self.defaults += 1
                self.be_sued(left, events.sued_share, events.performed_share)
                self.left = self.missed = 0
            return
        days = 0
        if self.is_late(events.loan_late * p.careless_share * self.careless, p.missed_in_want, want=want):
            days = min(self.days(events.bills_late_days), 28)
            self.late += 1
        self.note("loan.repaid", self.at(time), self.part, days, bank)
        self.record.instalment(self.at(time), days)
        self.missed = 0
        self.left -= 1
        self.savings -= self.part

    def use_card(self) -> None:
        """What is owed on the card, what is paid of it, and how many months it is late."""
        p, events, time, bank = self.model.p.month, self.model.p.events, self.chance(), self.unique_id % BANKS
        limit = max(int(self.income * p.card_limit_months), 100)
        balance = min(self.owed + int(self.income * p.card_spending * (0.5 + self.chance())), limit)
        self.note("card.statement", self.at(0.3 * time), int(balance * p.dollars_a_yuan / 100), None, bank)
        careless, want = events.loan_late * p.careless_share * self.careless, self.savings < balance // 10
        if self.is_late(careless, p.missed_in_want, want=want):
            self.owed_months += 1
            if self.owed_months == MISSES + 1:
                when = self.at(0.5 + 0.4 * time)
                self.note("loan.defaulted", when, balance, 30 + int(21 * self.chance()), bank)
                insort(self.record.up, when)
                self.defaults += 1
        else:
            paid = balance if self.pays_whole < p.card_paid_whole else int(balance * (0.1 + 0.4 * self.chance()))
            balance -= paid
            self.owed_months = 0
            if paid > 0:
                self.note("card.payment", self.at(0.3 + 0.6 * time), int(paid * p.dollars_a_yuan / 100), None, bank)
        self.owed = balance
        self.note("card.status", self.at(0.95 + 0.05 * time), None, self.owed_months, bank)
        if self.chance() < 0.01:
            self.note("card.limit", self.at(time), int(limit * p.dollars_a_yuan / 100), None, bank)

    def go_to_court(self) -> None:
        """A case goes on; contracts are broken."""
        p, events = self.model.p.month, self.model.p.events
        paid = min(self.rest, self.rest_part)
        self.savings -= paid
        self.rest -= paid
        if self.debt > 0:
            self.follow_case()
        is_breach = self.chance() < events.contract_breach * self.careless
        if is_breach:
            self.note("contract.breached", self.at(self.chance()))
        if is_breach or self.chance() < p.other_cases / 1000 * self.careless:
            size = exp(self.normal(0, events.court_debt_sigma))
            shares = (events.sued_share, events.performed_share) if is_breach else (1, 0)
            self.be_sued(max(int(self.income * events.court_debt_median * size), 1), *shares)

    def be_sued(self, debt: int, sued: float, performed: float) -> None:
        """A debt may reach a court, one at a time, and not be paid when judgment is given."""
        if self.debt == 0 and self.chance() < sued and self.chance() >= performed:
            self.debt = debt
            self.case = -max(int(self.model.p.events.judgment_days / 30), 1)

    def follow_case(self) -> None:
        """Judgment is waited for, the listing comes, or what was ordered is paid."""
        p, day, court = self.model.p.payoff, self.at(self.chance()), self.unique_id % 4
        self.case += 1
        if self.case == 0:
            self.note("court.listed", day, self.debt, None, court)
            self.record.listed_since = day
            self.listings += 1
        elif self.case > 0:
            at_hand = int(self.debt * p.means_needed)
            if self.savings >= at_hand and self.chance() < p.honest_settle * self.honest:
                self.note("court.settled", day, self.debt, None, court)
                self.savings -= at_hand
                self.rest += self.debt - at_hand
                self.rest_part = max(self.rest // int(p.rest_months), 1)
                self.welfare -= self.debt
                self.debt = 0
                self.record.listed_since = None
                self.settled += 1
