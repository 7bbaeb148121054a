"""Chance: the published generator, one stream a person and month, and no draw that hangs on another."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

from goodstanding.lab.streams import AT_BIRTH, key_of, normal, philox, poisson, uniform, uniforms

pytestmark = pytest.mark.kernel

ONES = 0xFFFFFFFF
VECTORS = [
    # key, counter, words: Philox 4x32 with ten rounds, from the known answers of the authors' own library Random123.
    ((0, 0), (0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES), (ONES, ONES, ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0xA4093822, 0x299F31D0),
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("key", "counter", "words"), VECTORS)
def test_the_generator_gives_the_published_words(
    key: tuple[int, int], counter: tuple[int, int, int, int], words: tuple[int, ...]
) -> None:
    assert tuple(int(word) for word in philox(*key, *counter)) == words


def test_a_number_is_named_by_all_that_it_is_about() -> None:
    key = key_of(1)
    names = {
        (person, month, purpose, n) for person in (0, 1) for month in (-1, 0) for purpose in (7, 8) for n in (0, 1)
    }
    assert len({uniform(key, *name) for name in names}) == len(names)
    assert uniform(key, 0, 0, 7, 0) != uniform(key_of(2), 0, 0, 7, 0)
    assert uniform(key, 0, 0, 7, 0) == uniform(key_of(1), 0, 0, 7, 0)


def test_numbers_of_a_range_are_those_of_each() -> None:
    key = key_of(3)
    assert uniforms(key, 4, 2, 9).tolist() == [uniform(key, person, 2, 9, 0) for person in range(4)]


def test_numbers_lie_evenly_between_0_and_1() -> None:
    drawn = uniforms(key_of(5), 2_000, AT_BIRTH, 1)
    assert drawn.min() >= 0
    assert drawn.max() < 1
    assert drawn.mean() == pytest.approx(0.5, abs=0.02)
    assert drawn.std() == pytest.approx(12**-0.5, abs=0.01)


def test_a_normal_number_is_one() -> None:
    drawn = np.array([normal(key_of(5), person, 0, 1, 0) for person in range(1_000)])
    assert drawn.mean() == pytest.approx(0, abs=0.1)
    assert drawn.std() == pytest.approx(1, abs=0.1)


def test_how_many_is_more_for_a_greater_chance_and_as_many_as_expected_on_average() -> None:
    many = [poisson(2.0, (i + 0.5) / 1_000) for i in range(1_000)]
    assert many == sorted(many)
    assert np.mean(many) == pytest.approx(2.0, abs=0.02)
    assert poisson(2.0, 0.0) == 0
    assert poisson(50.0, 1.0) == 60


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_has_64_bits(seed: int) -> None:
    assert key_of(2**64 - 1).tolist() == [ONES, ONES]
    with pytest.raises(ValueError, match="expected a whole number from 0"):
        key_of(seed)


def test_no_purpose_of_a_city_is_used_twice(root: Path) -> None:
    module = ast.parse((root / "src/goodstanding/lab/city/purposes.py").read_text("utf-8"))
    numbers = [
        node.value.value
        for node in module.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant)
    ]
    assert len(set(numbers)) == len(numbers) > 20
    assert all(isinstance(number, int) and 100 <= number < 200 for number in numbers)
