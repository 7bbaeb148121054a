"""The shape of friendships is what plain readings and scipy's sparse matrices say, on drawn graphs."""

from collections.abc import Iterable
from itertools import combinations
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse, stats
from scipy.sparse import csgraph

from goodstanding.lab.city.arrays import FALSE_FRIEND, FRIEND, KIN, STILL, Edges
from goodstanding.lab.measures.graph import Graph

pytestmark = pytest.mark.kernel

MOST = 14


def graph(residents: int, pairs: Iterable[tuple[int, int]]) -> Graph:
    ends = np.array(sorted(pairs), np.int32).reshape(-1, 2)
    return Graph(residents, ends[:, 0].copy(), ends[:, 1].copy())


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    residents = draw(st.integers(1, MOST))
    everyone = list(combinations(range(residents), 2))
    pairs = draw(st.sets(st.sampled_from(everyone))) if everyone else set()
    return graph(residents, pairs)


def matrix(drawn: Graph) -> NDArray[np.int64]:
    """Who knows whom, as a table of 0 and 1."""
    ones = np.ones(drawn.a.size, np.int64)
    half = sparse.coo_array((ones, (drawn.a, drawn.b)), shape=(drawn.residents, drawn.residents)).toarray()
    return np.asarray(half + half.T)


def both_ways(drawn: Graph) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    return np.concatenate([drawn.a, drawn.b]), np.concatenate([drawn.b, drawn.a])


@given(graphs())
def test_degrees_and_neighbours_are_those_of_the_matrix(drawn: Graph) -> None:
    known = matrix(drawn)
    assert drawn.degrees.tolist() == known.sum(axis=1).tolist()
    offsets, others = drawn.around
    for one in range(drawn.residents):
        assert sorted(others[offsets[one] : offsets[one + 1]].tolist()) == np.flatnonzero(known[one]).tolist()


@given(graphs())
def test_pieces_are_scipys_connected_components(drawn: Graph) -> None:
    many, label = csgraph.connected_components(sparse.csr_array(matrix(drawn)), directed=False)
    assert drawn.pieces.size == many
    assert sorted(drawn.pieces.tolist()) == sorted(np.bincount(label).tolist())
    assert drawn.pieces[0] == drawn.pieces.max()


@given(graphs())
def test_clustering_is_the_trace_of_the_cube_over_pairs_of_friends(drawn: Graph) -> None:
    known = matrix(drawn)
    squared = known @ known
    pairs = int(squared.sum() - np.trace(squared))
    if pairs:
        assert drawn.clustering == pytest.approx(np.trace(squared @ known) / pairs)
    else:
        assert isnan(drawn.clustering)


@given(graphs(), st.data())
def test_likeness_is_the_correlation_over_ties_both_ways(drawn: Graph, data: st.DataObject) -> None:
    values = np.array(data.draw(st.lists(st.integers(0, 5), min_size=drawn.residents, max_size=drawn.residents)))
    a, b = both_ways(drawn)
    if a.size and np.ptp(values[a]):
        assert drawn.likeness(values) == pytest.approx(stats.pearsonr(values[a], values[b]).statistic)
        assert drawn.distance(values) == pytest.approx(np.abs(values[a] - values[b]).mean())
    else:
        assert isnan(drawn.likeness(values))


@given(graphs(), st.data())
def test_sorting_and_modularity_are_newmans_read_plainly(drawn: Graph, data: st.DataObject) -> None:
    labels = np.array(data.draw(st.lists(st.integers(0, 3), min_size=drawn.residents, max_size=drawn.residents)))
    known, ends = matrix(drawn), 2 * drawn.a.size
    if not ends:
        assert isnan(drawn.modularity(labels))
        assert isnan(drawn.sorting(labels))
        return
    degrees = known.sum(axis=1)
    modularity = sum(
        (known[i, j] - degrees[i] * degrees[j] / ends) / ends
        for i in range(drawn.residents)
        for j in range(drawn.residents)
        if labels[i] == labels[j]
    )
    assert drawn.modularity(labels) == pytest.approx(modularity)
    shares = [degrees[labels == one].sum() / ends for one in range(4)]
    least = 1 - sum(share**2 for share in shares)
    if least > 0:
        assert drawn.sorting(labels) == pytest.approx(modularity / least)
    else:
        assert isnan(drawn.sorting(labels))


@given(graphs(), st.data())
def test_only_ties_among_those_who_count_are_read(drawn: Graph, data: st.DataObject) -> None:
    among = np.array(data.draw(st.lists(st.booleans(), min_size=drawn.residents, max_size=drawn.residents)))
    values = np.arange(drawn.residents) ** 2
    pairs = zip(drawn.a.tolist(), drawn.b.tolist(), strict=True)
    rest = graph(drawn.residents, [pair for pair in pairs if among[list(pair)].all()])
    assert np.array_equal(drawn.likeness(values, among), rest.likeness(values), equal_nan=True)
    assert np.array_equal(drawn.distance(values, among), rest.distance(values), equal_nan=True)


@settings(max_examples=30)
@given(graphs())
def test_nobody_could_join_another_community_and_make_modularity_greater(drawn: Graph) -> None:
    """Of the communities found last: joining a whole other one is the only move left, and that gains nothing either."""
    found = drawn.communities
    assert sorted(set(found.tolist())) == list(range(int(found.max()) + 1))
    if not drawn.a.size:
        return
    now = drawn.modularity(found)
    assert now >= drawn.modularity(np.arange(drawn.residents)) - 1e-12
    assert now >= drawn.modularity(np.zeros(drawn.residents, np.int64)) - 1e-12
    for one, other in combinations(range(int(found.max()) + 1), 2):
        assert drawn.modularity(np.where(found == one, other, found)) <= now + 1e-9


def test_communities_that_are_plain_to_see_are_found() -> None:
    """Six cliques of five in a ring, each tied to the next by one tie."""
    pairs = {pair for first in range(0, 30, 5) for pair in combinations(range(first, first + 5), 2)}
    ring = graph(30, pairs | {(first + 4, first + 5) for first in range(0, 25, 5)} | {(0, 29)})
    assert ring.communities.tolist() == [one // 5 for one in range(30)]
    assert ring.modularity(ring.communities) == pytest.approx(60 / 66 - 1 / 6)


def test_a_star_and_a_triangle_are_as_the_books_say() -> None:
    star = graph(5, [(0, other) for other in range(1, 5)])
    assert star.likeness(star.degrees) == pytest.approx(-1.0)
    assert star.clustering == 0.0
    triangle = graph(4, [(0, 1), (0, 2), (1, 2)])
    assert triangle.clustering == 1.0
    assert triangle.pieces.tolist() == [3, 1]
    assert isnan(triangle.likeness(triangle.degrees))


def test_friendships_of_a_month_are_those_that_last_among_residents_and_no_kin() -> None:
    rows = [
        (0, 1, FRIEND, -1, STILL),
        (0, 2, KIN, -1, STILL),
        (1, 2, FRIEND, 5, STILL),  # begins in the month
        (1, 3, FRIEND, 6, STILL),  # not yet
        (2, 3, FRIEND, -1, 5),  # ends with the month
        (0, 3, FRIEND, -1, 6),
        (3, 4, FALSE_FRIEND, -1, STILL),
        (3, 4, FRIEND, -1, STILL),  # 4 is a made-up account
    ]
    a, b, kind, since, until = (np.array(column) for column in zip(*rows, strict=True))
    edges = Edges(
        a.astype(np.int32), b.astype(np.int32), kind.astype(np.uint8), since.astype(np.int16), until.astype(np.int16)
    )
    seen = Graph.of(edges, 4, 5)
    assert list(zip(seen.a.tolist(), seen.b.tolist(), strict=True)) == [(0, 1), (1, 2), (0, 3)]


@pytest.mark.compiled
def test_triangles_of_a_hub_with_a_hundred_thousand_friends_are_counted_at_once() -> None:
    """A wheel: everybody knows the hub and the next; were friends of the hub paired, it would take hours."""
    rim = 100_000
    spokes = [(0, one) for one in range(1, rim + 1)]
    wheel = graph(rim + 1, [*spokes, *((one, one + 1) for one in range(1, rim)), (1, rim)])
    pairs = rim * (rim - 1) // 2 + rim * 3
    assert wheel.clustering == pytest.approx(3 * rim / pairs)
