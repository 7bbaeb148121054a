"""What residents do beside work and money: the rest of the laboratory's month, read a second time (see `money`)."""

from math import exp, log
from typing import Final

from benchmarks.peers.mesa.money import Earner, poisson

SHOPS: Final = 60


class Living(Earner):
    """Somebody who lives; what they make of scores is another matter."""

    def live(self) -> None:
        """A month."""
        self.fall_ill()
        self.earn()
        self.keep_house()
        self.go_to_court()
        if self.borrows:
            self.use_credit()
        if self.card_holder:
            self.use_card()
        self.buy()
        self.play_and_book()
        self.travel()
        self.drive_and_hire()
        self.take_part()
        self.speak()

    def buy(self) -> None:
        """Food, clothes, electronics, games, nappies."""
        p, events, chance = self.model.p.month, self.model.p.events, self.chance
        rate, bought = events.purchases * p.purchases_recorded, []
        plain = poisson(rate * (1 - events.games_share), chance())
        for _ in range(plain):
            what = chance()
            amount = int(events.purchase_amount * exp(self.normal(0, p.purchase_sigma)))
            goods = "food" if what < 0.55 else "clothes" if what < 0.85 else "electronics"
            bought.append((self.at(chance()), amount, int(SHOPS * chance()), goods))
        if self.liking_games >= 1 - events.gamers:
            for _ in range(poisson(rate * events.games_share / events.gamers, chance())):
                amount = int(p.game_price * exp(self.normal(0, p.purchase_sigma)))
                bought.append((self.at(chance()), amount, int(SHOPS * chance()), "games"))
        if self.parent:
            price, many = int(events.nappies_price), poisson(events.nappies, chance())
            bought += [(self.at(chance()), price, int(SHOPS * chance()), "nappies") for _ in range(many)]
        bought.sort()
        for time, amount, shop, goods in bought:
            self.note(goods, time, amount, None, shop)
            if self.model.keeps_daily:
                self.record.purchase(time, amount, shop)
        if chance() < p.unconfirmed * plain * self.careless:
            self.note("receipt.unconfirmed", self.at(chance()))

    def play_and_book(self) -> None:
        """Play, gifts and bookings."""
        p, events, chance = self.model.p.month, self.model.p.events, self.chance
        if self.liking_games >= 1 - events.gamers:
            for _ in range(poisson(events.gaming_days, chance())):
                hours = int(min(-events.gaming_hours * log(1 - chance()) + 0.5, 20))
                if hours > 0:
                    self.note("game.played", self.at(chance()), None, hours)
        for _ in range(poisson(p.gifts, chance())):
            self.note("donation.given", self.at(chance()), int(p.gift_amount * exp(self.normal(0, p.purchase_sigma))))
        for kind, rate, nights in (("hotel", p.hotel_bookings, 2), ("insurance", p.insurance_bookings, 1)):
            if chance() < rate:
                self.note(kind, self.at(chance()), int(nights * events.purchase_amount * (0.5 + chance())))

    def travel(self) -> None:
        """Trains and aeroplanes; a fare that is owed is paid sooner or later."""
        p, events, chance = self.model.p.month, self.model.p.events, self.chance
        if self.fare > 0 and self.savings >= self.fare and chance() < p.fare_paid:
            self.note("fare.paid", self.at(chance()), self.fare)
            self.savings -= self.fare
            self.welfare -= self.fare
            self.fare = 0
        for _ in range(poisson(events.train_journeys / 12 * self.richer, chance())):
            amount, time = int(p.fare * (0.5 + chance())), self.at(chance())
            self.note("journey.rail", time, amount)
            if chance() < events.rail_offences_listed / 1e6 * self.careless:
                self.note("rail.disorder", time)
                self.offences += 1
            if chance() < events.fares_unpaid / 1000 * self.careless and self.fare == 0:
                self.note("fare.unpaid", time, amount)
                self.fare = amount
                self.offences += 1
        for _ in range(poisson(events.flights / 12 * self.richer, chance())):
            amount, day = int(6 * p.fare * (0.5 + chance())), chance()
            self.note("booking.made", self.at(day * chance()), amount)
            self.note("journey.air", self.at(day), amount)
            if chance() < events.air_offences_listed / 1e6 * self.careless:
                self.note("air.disorder", self.at(day))
                self.offences += 1

    def drive_and_hire(self) -> None:
        """The road, and things for hire."""
        p, events, chance = self.model.p.month, self.model.p.events, self.chance
        time = self.at(chance())
        if self.driver and chance() < events.traffic_tickets / 1000 * self.careless:
            self.note("traffic.ticket", time, int(p.traffic_fine))
            self.welfare -= int(p.traffic_fine)
            self.offences += 1
        if self.driver and chance() < events.drunk_driving / 1000 * self.careless:
            self.note("traffic.drunk_driving", time)
            self.offences += 1
        if chance() < p.red_lights / 1000 * self.careless:
            self.note("traffic.red_light", time)
            self.offences += 1
        if chance() < p.hires:
            days = self.days(3.0) if chance() < p.hire_late * self.careless * (1 - self.care) else 0
            self.note("service.ended", time, None, days)
            if chance() < p.hire_broken * self.careless:
                self.note("service.broken", time)

    def take_part(self) -> None:
        """Helping, honours, and what is counted against families."""
        p, events, chance, age = self.model.p.month, self.model.p.events, self.chance, self.age
        if self.helps < events.volunteers and chance() < events.volunteering:
            hours = 1 + int(min(-max(p.volunteer_hours - 0.5, 0) * log(1 - chance()), 60))
            self.note("volunteer.served", self.at(chance()), None, hours)
        for kind, thousandth, fits in (
            ("blood.donated", events.blood / self.model.may_give, 18 <= age <= 55),
            ("brave.act", p.brave_acts, True),
            ("commendation.received", p.commendations, True),
            ("hero.nominated", p.heroes, True),
            ("parents.neglected", p.parents_neglected * self.careless, 35 <= age <= 70),
            ("birth.unplanned", p.births_unplanned, 20 <= age <= 45),
        ):
            if fits and chance() < thousandth / 1000:
                self.note(kind, self.at(chance()))

    def speak(self) -> None:
        """Praise, study, criticism, rumours, petitions."""
        p, events, chance = self.model.p.month, self.model.p.events, self.chance
        loyal = max(self.model.p.people.loyalty_mean, 0.01)
        voice = 1 - self.chill
        rate = self.posts * events.posts_praise / loyal if self.is_loyal else 0.0
        praised = sorted(self.at(chance()) for _ in range(poisson(rate + self.more_praise, chance())))
        critical: list[int] = []
        if self.is_loyal:
            for _ in range(poisson(events.study_days / loyal, chance())):
                minutes = 1 + int(min(-p.study_minutes * log(1 - chance()), 240))
                self.note("loyalty.study", self.at(chance()), None, minutes)
        elif self.posts:
            rate, die = self.posts * events.posts_critical / max(1 - self.model.p.people.loyalty_mean, 0.01), chance()
            many = poisson(rate * voice, die)
            critical = sorted(self.at(chance()) for _ in range(many))
            self.silenced += poisson(rate, die) - many
            for _ in range(poisson(rate * p.rumours * voice, chance())):
                self.note("rumour", self.at(chance()))
        petitions = self.petition(voice)
        for time in praised:
            self.note("praise", time)
        for time in critical:
            self.note("critical", time)
        self.praised += len(praised)
        self.spoken += len(critical) + petitions
        self.welfare += (len(critical) + petitions) * p.post_worth
        if self.model.keeps_daily:
            self.record.praise += praised
            self.record.critical += critical

    def petition(self, voice: float) -> int:
        """Petitions, sieges, warnings and lists; returns how many petitions are made."""
        p, rate, chance = self.model.p.month, self.model.p.events.petitions / 1000, self.chance
        die = chance()
        petitions = int(die < rate * voice)
        self.silenced += (die < rate) - petitions
        if petitions:
            self.note("loyalty.petition", self.at(chance()))
        for kind, thousandth, fits in (
            ("loyalty.siege", p.sieges * voice, True),
            ("loyalty.party_warning", p.party_warnings, self.member),
            ("state.watched", p.watched, not self.is_loyal),
        ):
            if fits and chance() < thousandth / 1000:
                self.note(kind, self.at(chance()))
        return petitions
