"""Errors: where, what was found, what was expected, what to do now; and how a command and a service answer them."""

import pickle

import pytest

from goodstanding.errors import (
    BookError,
    CharterError,
    EventsError,
    GoodstandingError,
    InputError,
    PolicyError,
    Problem,
    UnknownPersonError,
    UsageError,
    WorldError,
    nearest,
)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Problem("p.yaml", 12, "unknown key 'a'", "one of b"), "p.yaml:12: unknown key 'a'; expected one of b"),
        (
            Problem("p.yaml", 12, "a", "b", 5, "did you mean 'b'?"),
            "p.yaml:12: column 5: a; expected b; did you mean 'b'?",
        ),
        (Problem("e.csv", None, "no header", "a header"), "e.csv: no header; expected a header"),
        (Problem("e.csv", 3, "a circle of corrections", ""), "e.csv:3: a circle of corrections"),
    ],
)
def test_a_problem_is_file_line_found_and_expected(problem: Problem, said: str) -> None:
    assert str(problem) == said


def test_an_error_lists_its_problems_and_counts_the_others() -> None:
    problems = [Problem("e.csv", line, "a", "b") for line in (1, 2)]
    assert str(EventsError(problems)) == "e.csv:1: a; expected b\ne.csv:2: a; expected b"
    assert str(EventsError(problems, 1_980)) == "e.csv:1: a; expected b\ne.csv:2: a; expected b\n… and 1,980 more"
    assert EventsError(problems).problems == tuple(problems)


def test_an_error_without_a_place_is_a_sentence() -> None:
    error = UnknownPersonError("nobody is called p-7")
    assert (str(error), error.problems, error.more) == ("nobody is called p-7", (), 0)


@pytest.mark.parametrize("error", [PolicyError([Problem("p.yaml", 1, "a", "b")], 3), WorldError("two worlds")])
def test_an_error_can_be_sent_to_another_process(error: InputError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 our own bytes
    assert (type(again), str(again), again.problems, again.more) == (
        type(error),
        str(error),
        error.problems,
        error.more,
    )


def test_every_error_has_an_exit_code_and_a_status() -> None:
    kinds = (UsageError, InputError, PolicyError, CharterError, EventsError, WorldError, BookError, UnknownPersonError)
    assert [kind.exit_code for kind in kinds] == [2, 1, 1, 1, 1, 1, 1, 1]
    assert [kind.http_status for kind in kinds] == [400, 422, 422, 422, 422, 422, 422, 404]
    assert (GoodstandingError.exit_code, GoodstandingError.http_status) == (1, 500)
    assert all(issubclass(kind, GoodstandingError) for kind in kinds)


def test_the_nearest_name_is_found_if_any_is_near() -> None:
    assert nearest("measur", ["points", "measure"]) == "measure"
    assert nearest("xyz", ["points", "measure"]) is None
