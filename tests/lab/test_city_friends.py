"""Who knows whom: as many, as alike and as closely knit as is published, whatever the number of residents."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from goodstanding.lab.city.arrays import FRIEND, KIN, STILL, Edges, Traits
from goodstanding.lab.city.friends import edges_of
from goodstanding.lab.city.likeness import choosing
from goodstanding.lab.city.people import NEIGHBOURHOOD, traits_of
from goodstanding.lab.parameters import Parameters, load
from goodstanding.lab.streams import AT_BIRTH, key_of

PARAMETERS = load()
KEY = key_of(7)
RESIDENTS = 30_000


class Graph:
    """A city's ties with what is measured on them."""

    def __init__(self, parameters: Parameters) -> None:
        self.traits = traits_of(parameters, KEY, RESIDENTS)
        self.edges = edges_of(parameters, KEY, self.traits)
        self.is_friend = self.edges.kind == FRIEND
        self.all = self.matrix(np.ones(self.edges.a.size, np.bool_))
        self.degree = self.all.sum(axis=1)

    def matrix(self, which: NDArray[np.bool_]) -> sparse.csr_array:
        """Some of the ties, each in both directions."""
        ones = np.ones(int(which.sum()), np.int64)
        half = sparse.coo_array(
            (ones, (self.edges.a[which], self.edges.b[which])), shape=(RESIDENTS, RESIDENTS)
        ).tocsr()
        return half + half.T

    @property
    def friends(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The two ends of each friendship, each way round."""
        a, b = self.edges.a[self.is_friend], self.edges.b[self.is_friend]
        return np.concatenate([a, b]), np.concatenate([b, a])

    def transitivity(self) -> float:
        """Closed pairs of neighbours, of all."""
        return float((self.all @ self.all).multiply(self.all).sum() / (self.degree * (self.degree - 1)).sum())

    def assortativity(self) -> float:
        """How degrees go together over ties."""
        a, b = np.concatenate([self.edges.a, self.edges.b]), np.concatenate([self.edges.b, self.edges.a])
        return float(np.corrcoef(self.degree[a], self.degree[b])[0, 1])

    def width(self, trait: str) -> float:
        """Spread of a trait among one's friends relative to the city's, on average."""
        values = getattr(self.traits, trait).astype(np.float64)
        friends = self.matrix(self.is_friend)
        many = friends.sum(axis=1)
        some = many > 1
        mean, square = (friends @ values)[some] / many[some], (friends @ values**2)[some] / many[some]
        variance = np.maximum(square - mean**2, 0) * many[some] / (many[some] - 1)
        return float(np.sqrt(variance).mean() / values.std())

    def correlation(self, trait: str) -> float:
        """How a trait goes together over friendships."""
        a, b = self.friends
        values = getattr(self.traits, trait)
        return float(np.corrcoef(values[a], values[b])[0, 1])

    def inbreeding(self) -> float:
        """The share of friendships of the minority that are within it, beyond chance."""
        a, b = self.friends
        ours, share = self.traits.minority, self.traits.minority.mean()
        return float((ours[b][ours[a]].mean() - share) / (1 - share))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph(PARAMETERS)


def said(name: str) -> float:
    return PARAMETERS.number(f"friends.{name}")


def ties(edges: Edges) -> set[tuple[int, int, int]]:
    return set(zip(edges.a.tolist(), edges.b.tolist(), edges.kind.tolist(), strict=True))


@pytest.mark.kernel
def test_a_newcomer_adds_ties_and_changes_none() -> None:
    parameters = PARAMETERS.changed({"friends.degree_mean": 10, "friends.clustering": 0.15})
    many = traits_of(parameters, KEY, NEIGHBOURHOOD + 44)
    before = ties(edges_of(parameters, KEY, Traits._make(column[:-4] for column in many)))
    after = ties(edges_of(parameters, KEY, many))
    assert before < after
    assert all(b >= NEIGHBOURHOOD + 40 for _, b, _ in after - before)


@pytest.mark.compiled
def test_threads_change_nothing(graph: Graph) -> None:
    for threads in (1, 2):
        again = edges_of(PARAMETERS, KEY, graph.traits, threads)
        assert all(np.array_equal(getattr(again, name), getattr(graph.edges, name)) for name in Edges._fields)


@pytest.mark.compiled
def test_no_two_are_tied_twice_and_nobody_to_themselves(graph: Graph) -> None:
    edges = graph.edges
    assert (edges.a < edges.b).all()
    assert graph.all.data.max() == 1
    assert (edges.since == AT_BIRTH).all()
    assert (edges.until == STILL).all()


@pytest.mark.compiled
def test_everybody_of_a_household_is_kin_and_relatives_are_of_ones_group(graph: Graph) -> None:
    traits, kin = graph.traits, graph.edges.kind == KIN
    a, b = graph.edges.a[kin], graph.edges.b[kin]
    pairs = set(zip(a.tolist(), b.tolist(), strict=True))
    for i in range(0, RESIDENTS - 1, 7):
        if traits.household[i] == traits.household[i + 1]:
            assert (i, i + 1) in pairs
    assert (traits.minority[a] == traits.minority[b]).all()


@pytest.mark.compiled
def test_people_have_as_many_friends_as_is_published(graph: Graph) -> None:
    assert graph.degree.mean() == pytest.approx(said("degree_mean"), rel=0.04)
    assert graph.degree.mean() * graph.is_friend.mean() >= 10  # kin left out
    assert np.log(np.maximum(graph.degree, 1)).std() == pytest.approx(said("degree_sigma"), abs=0.06)
    assert 1 - graph.is_friend.mean() == pytest.approx(said("kin_share"), abs=0.03)
    assert graph.degree[graph.traits.minority].mean() == pytest.approx(graph.degree.mean(), rel=0.08)
    assert (graph.degree == 0).mean() < 0.005


@pytest.mark.compiled
def test_friends_know_each_other_as_often_as_is_published(graph: Graph) -> None:
    assert graph.transitivity() == pytest.approx(said("clustering"), abs=0.015)


@pytest.mark.compiled
def test_who_has_many_friends_has_friends_with_many(graph: Graph) -> None:
    assert graph.assortativity() == pytest.approx(said("assortativity"), abs=0.05)


@pytest.mark.compiled
def test_friends_are_as_alike_as_is_published(graph: Graph) -> None:
    assert graph.width("age") == pytest.approx(said("homophily_age"), abs=0.06)
    assert graph.width("education") == pytest.approx(said("homophily_education"), abs=0.06)
    assert graph.correlation("honesty") == pytest.approx(said("homophily_honesty"), abs=0.03)
    assert graph.inbreeding() == pytest.approx(said("homophily_minority"), abs=0.06)
    a, b = graph.friends
    assert (graph.traits.district[a] == graph.traits.district[b]).mean() == pytest.approx(
        said("homophily_district"), abs=0.05
    )


@pytest.mark.compiled
def test_the_city_follows_its_parameters(graph: Graph) -> None:
    changed = {
        "friends.homophily_age": 0.8,
        "friends.homophily_education": 0.7,
        "friends.homophily_district": 0.2,
        "friends.homophily_minority": 0.3,
        "friends.homophily_honesty": 0.25,
        "friends.assortativity": 0.1,
        "friends.degree_mean": 20,
        "friends.kin_share": 0.2,
    }
    other = Graph(PARAMETERS.changed(changed))
    assert other.width("age") == pytest.approx(0.8, abs=0.06)
    assert other.width("education") > 0.62
    assert other.correlation("honesty") == pytest.approx(0.25, abs=0.05)
    assert other.inbreeding() == pytest.approx(0.3, abs=0.06)
    assert other.assortativity() < graph.assortativity()
    assert other.degree.mean() == pytest.approx(20, rel=0.05)
    assert 1 - other.is_friend.mean() == pytest.approx(0.2, abs=0.03)
    a, b = other.friends
    assert (other.traits.district[a] == other.traits.district[b]).mean() == pytest.approx(0.2, abs=0.05)


def test_what_is_there_anyway_needs_no_strength() -> None:
    low = dict.fromkeys(("clustering", "assortativity", "homophily_honesty", "homophily_district"), 0.0)
    named = {f"friends.{name}": (value,) for name, value in low.items()} | {"friends.homophily_education": (0.9,)}
    loose, close = choosing(PARAMETERS.with_values(named)), choosing(PARAMETERS)
    assert (loose.closing, loose.sociable, loose.honest, loose.near, loose.education) == (0, 0, 0, 0, 0)
    assert min(close.closing, close.sociable, close.honest, close.near, close.education) > 0
