"""A sound policy that uses every part of the format, and what is said of it when something is changed."""

from goodstanding.errors import PolicyError
from goodstanding.policy import loads

SOUND = """\
goodstanding: 1
name: draft
version: "2024.1"
title: {en: Draft, zh: 草案}
about: A draft.
world: synthetic
sources: [{title: A book, url: "https://example.org/book"}]
score:
  base: 500
  min: 300
  max: 900
  requires: [{measure: {kind: count, of: bill.paid}, min: 1, window: 730d}]
dimensions:
  - {name: history, title: History, min: -150, max: 200}
  - {name: people, title: People}
catalogue:
  - {type: bill.paid, title: Bill paid, context: finance, amount: CNY fen, value: days late, sensitivity: financial}
  - {type: degree.earned, title: A degree was earned, sensitivity: ordinary}
  - {type: court.listed, title: Listed by a court, sensitivity: ordinary}
  - {type: court.released, title: Released by a court, sensitivity: ordinary}
lists:
  - name: defaulters
    title: Defaulters
    opened: court.listed
    closed: court.released
    closed_after: 30d
    expires: 730d
    times: 2
    within: 365d
    key: matter
factors:
  - name: on_time
    dimension: history
    title: Bills paid on time
    measure: {kind: share, among: bill.paid, of: {value: {max: 0}}}
    window: {from: 730d, to: 30d}
    points: {bands: [{points: -60}, {from: 0.8, points: -10}, {from: 1, points: 40}], none: 0}
    reason: {code: R1, text: Bills were paid late}
    sentence: {en: "{numerator} of {denominator} within {window}.", zh: "{label}{points}"}
  - name: degree
    dimension: history
    title: Latest degree
    measure: {kind: latest, of: degree.earned, field: label}
    points: {labels: {bachelor: 10, master: 20}, other: 1}
  - name: listed
    dimension: history
    title: On the list
    measure: {kind: on_list, list: defaulters}
    points: {each: {points: -50, per: 1, min: -100, max: 0}}
  - name: friends
    dimension: people
    title: Friends
    measure: {kind: ties, take: mean, tie: friend}
    points: {bands: [{points: 0}, {from: 700, points: 5}]}
tiers:
  - {name: poor, title: Poor}
  - {name: good, title: Good, from: 600, not_on: [defaulters]}
  - {name: best, title: Best, from: 700}
perks:
  - {name: bicycle, title: A bicycle, giver: The city, when: {score: 600, tiers: [good], not_on: [defaulters]}}
sanctions:
  - name: no_trains
    title: No trains
    actions: [rail.buy_ticket]
    when: {on: [defaulters], below: 400}
    notice: 7d
    notice_working_days: 5
    remedy: Pay.
related: [{from: finance, to: court, why: So it is., sources: [{title: A law}]}]
refresh: {day_of_month: 6}
dispute: 30d
calendar: cn
announcements:
  - name: train
    place: train
    text: "{on_time.title}: {on_time.points}; {defaulters.title}; {no_trains.remedy} {no_trains.notice}"
    factors: [on_time]
    lists: [defaulters]
    sanctions: [no_trains]
cases:
  - name: one bill a week late
    as_of: 2018-01-01T00:00:00Z
    events:
      - {type: bill.paid, time: 2017-12-01T00:00:00Z, amount: 12000, value: 7}
    ties: [{own_score: 700, kind: friend}]
    expect:
      {score: 490, points: {on_time: -60, bounds: 0}, tier: poor, lists: [], perks: [], sanctions: {}, reasons: [R1]}
"""


def edited(*changes: tuple[str, str], text: str = SOUND) -> str:
    """The sound policy with some passages, each of which must stand there once, replaced."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
        text = text.replace(old, new)
    return text


def said(text: str | bytes) -> list[str]:
    """What is said of a document, line by line; nothing of a sound one."""
    try:
        loads(text, "p.yaml")
    except PolicyError as error:
        return str(error).splitlines()
    return []


LIVE = """\
goodstanding: 1
name: live
version: "1"
title: Live
world: live
score: {base: 500, min: 300, max: 900}
dimensions: [{name: all, title: All}]
catalogue:
  - {type: bill.paid, title: Paid, context: finance, sensitivity: financial}
  - {type: rent.paid, title: Rent paid, context: housing, sensitivity: ordinary}
  - {type: court.listed, title: Listed, context: court, sensitivity: ordinary}
  - {type: court.released, title: Released, context: court, sensitivity: ordinary}
lists:
  - name: defaulters
    title: Defaulters
    opened: court.listed
    closed: court.released
    sources: [{title: A law}]
factors:
  - name: bills
    dimension: all
    title: Bills
    measure: {kind: count, of: bill.paid}
    points: {each: {points: 1}}
    sources: [{title: A study}]
  - name: friends
    dimension: all
    title: Friends
    measure: {kind: ties, take: max}
    points: {bands: [{points: 0}, {from: 600, points: 5}]}
    sources: [{title: A study}]
tiers:
  - {name: poor, title: Poor}
  - {name: good, title: Good, from: 600}
perks:
  - {name: loan, title: A loan, context: finance, giver: The bank, when: {score: 600}}
sanctions:
  - name: no_court
    title: No court
    context: court
    actions: [court.sue]
    when: {on: [defaulters]}
    notice: 7d
    remedy: Pay.
    sources: [{title: A law}]
cases:
  - {name: nothing, as_of: 2018-01-01T00:00:00Z, expect: {score: 500}}
"""
"""A policy that keeps the charter."""
