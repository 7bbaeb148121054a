"""The page of experiments, out of the keys by which they are read and the experiments and scorers that are shipped."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from goodstanding.document.shapes import Key, Shape
from goodstanding.lab.experiments.document import CITY, COMPARE, EXPERIMENT_KEYS, FEED, POLICY_GIVEN, VARIANT
from goodstanding.lab.experiments.known import known
from goodstanding.lab.experiments.resolving import read_experiment
from goodstanding.lab.experiments.shelf import scorers, shipped
from goodstanding.lab.society import MECHANISMS
from goodstanding.policy import load

HEAD = """# Experiments

An experiment is a question put to made-up cities: which rule books, lived under in which ways, with which dice, and
what is held against what. It is one YAML 1.2 document, read as strictly as a policy: everything that is wrong with it
(an unknown policy, mechanism, measure or parameter, a number out of its range, a policy that breaks the charter of its
world, a city that may hold real people) is said at once, each with its line, before anything runs.

```sh
goodstanding lab run loyalty --out loyalty               # a shipped one, by its name
goodstanding lab run mine.yaml --out mine --resume       # one's own; a run that was killed is taken up
goodstanding lab run friends --residents 1000 --seeds 2 --out small
goodstanding lab report mine                             # the page that tells it
```

A *cell* is one city's life: one policy, one variant, one seed. All cells are lived through, a process a core. Cells of
one seed are the same residents with the same luck, and differ only where a rule does; so each difference between two
sides is one of pairs, person by person. The tables that are left behind, and how they are the same to the byte for any
number of cores and after a kill, are described on [a page of their own](laboratory-tables.md).

```yaml
goodstanding: 1
experiment: louder
title: Twice the loyalty
question: What changes where praise counts twice as much?
city: {residents: 10000, months: 24, parameters: {people.minority_share: 0.2}}
policies:
  - national
  - {policy: national, as: louder, set: {dimensions.loyalty.max: 60}}
  - {policy: national, as: silent, without: [loyalty, company]}
variants:
  - {name: told}
  - {name: untold, told: false, mechanisms: {announcements: false}}
seeds: 10
compare: [{baseline: national, to: [louder, silent]}, {baseline: told, to: untold}]
measures: [speech.suppressed, speech.praise, welfare.mean]
```

**Policies** are named, or given as files, which are looked for beside the experiment first. A policy may be varied:
`without` leaves out factors, or whole dimensions; `set` changes numbers and spans, by the paths that
`goodstanding policy diff` writes. What comes of it is read again as any policy, charter and all. Several policies in
one entry score the same city at once, under one name; the first of them is the one that the residents' table tells of.

**Parameters** may be changed for the city as a whole, and for a variant; each within its own range
([the laboratory's numbers](parameters.md)). A city that `goodstanding lab city` wrote is taken over with `folder`: its
residents, parameters and seed. Its tables must say that they are of a synthetic world; live ones, and such as say
nothing, are refused.

**How sure.** With at least two seeds every figure has an interval (Student's t over seeds, 95 %) and every difference a
paired test. `goodstanding lab sweep` runs an experiment with other numbers, over a range or as draws of a Latin
hypercube over all that is assumed, and says which conclusions keep their direction and what they hang on:

```sh
goodstanding lab sweep loyalty --latin 40 --residents 2000 --seeds 4 --out sweep
goodstanding lab sweep loyalty --over behaviour_silence.watched=0.05:0.4:4 --out watched
goodstanding lab sweep friends --over d-friends:dimensions.circle.max=0:160:5 --out circle
```
"""


def text() -> str:
    """The page."""
    parts = [HEAD, *_keys_of_all(), *_mechanisms(), *_scorers(), *_shipped()]
    return "\n".join(parts).rstrip("\n") + "\n"


def _keys_of_all() -> Iterator[str]:
    yield "## The document\n"
    yield from _keys(EXPERIMENT_KEYS)
    parts: Mapping[str, Shape[Any]] = {
        "city": CITY,
        "policies": POLICY_GIVEN,
        "variants": VARIANT,
        "variants.feed": FEED,
        "compare": COMPARE,
    }
    for path, shape in parts.items():
        yield f"### `{path}`: {shape.called}\n"
        yield from _keys(shape.keys)


def _mechanisms() -> Iterator[str]:
    yield "## Mechanisms\n"
    yield "Ways in which people answer a score, and in which it acts on them. All are on, unless a variant says no.\n"
    yield "| name | what it is | |\n| --- | --- | --- |"
    yield from (f"| `{name}` | {one.title['en']} | {one.about['en']} |" for name, one in MECHANISMS.items())
    yield ""


def _scorers() -> Iterator[str]:
    yield "## Invented scorers\n"
    yield "Seven commercial scorers for made-up people, each unlike the others, and none like a real firm. An"
    yield "experiment names them as it names a shipped policy.\n"
    yield "| name | what it is | |\n| --- | --- | --- |"
    for path in scorers().values():
        policy = load(path)
        yield f"| `{policy.name}` | {policy.title} | {policy.about} |"
    yield ""


def _shipped() -> Iterator[str]:
    yield "## Shipped experiments\n"
    for path in shipped().values():
        one = read_experiment(path, known())
        yield f"### `{one.name}`: {one.title}\n\n{one.question} {one.about}\n"
        yield f"```yaml\n{path.read_text(encoding='utf-8')}```\n"


def _keys(keys: Iterable[Key]) -> Iterator[str]:
    yield "| key | what it is | its value | |\n| --- | --- | --- | --- |"
    for key in keys:
        value = key.kind.expected.replace("|", "\\|")
        yield f"| `{key.name}` | {key.about} | {value} | {'required' if key.required else ''} |"
    yield ""
