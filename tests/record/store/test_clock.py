"""Moments of the record go up, whatever the clock does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from goodstanding.record.clock import Recorder, SetClock


@given(last=st.integers(0, 10**16), times=st.lists(st.integers(-(10**16), 10**16), min_size=1))
def test_each_moment_is_later_than_the_last_and_the_clocks_where_that_is(last: int, times: list[int]) -> None:
    clock = SetClock(0)
    recorder = Recorder(clock, last)
    for time in times:
        clock.time = time
        before = recorder.last
        moment = recorder.moment()
        assert moment == max(time, before + 1)
        assert recorder.now() == time


def test_no_moment_is_given_out_twice_to_threads() -> None:
    recorder = Recorder(SetClock(5), 0)
    with ThreadPoolExecutor(8) as threads:
        moments = list(threads.map(lambda _: recorder.moment(), range(2_000)))
    assert sorted(moments) == list(range(5, 2_005))


def test_what_the_record_holds_already_is_never_given_out() -> None:
    recorder = Recorder(SetClock(5), 0)
    recorder.not_before(9)
    recorder.not_before(3)
    assert recorder.moment() == 10


def test_a_set_clock_goes_where_it_is_told() -> None:
    clock = SetClock(0)
    clock.go(days=1, seconds=-1, microseconds=1)
    assert clock() == 86_399_000_001
