"""Both stores: what is written stays, whole, in order, and is read as of one moment."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from goodstanding.errors import StoreError
from goodstanding.record.store import Store, head, settings


def keep(store: Store, key: str) -> None:
    with store.writing() as connection:
        connection.execute(insert(settings).values(key=key, value=""))


def kept(store: Store) -> set[str]:
    return set(store.settings()) - {"world"}


def test_what_was_written_is_read_again(store: Store) -> None:
    keep(store, "a")
    assert kept(store) == {"a"}


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.writing() as connection:
            connection.execute(insert(settings).values(key="a", value=""))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert kept(store) == set()


def test_a_store_begins_with_an_empty_head(store: Store) -> None:
    with store.reading() as connection:
        row = connection.execute(select(head)).one()
    assert (row.size, bytes(row.chain), bytes(row.frontier)) == (0, bytes(32), b"")
    assert (row.recorded, row.epoch) == (0, 0)


def test_a_reader_sees_one_moment_throughout(store: Store) -> None:
    with store.reading() as connection:
        before = connection.execute(select(settings)).all()
        keep(store, "a")
        assert connection.execute(select(settings)).all() == before
    assert kept(store) == {"a"}


def test_what_is_there_already_is_told_as_it_is(store: Store) -> None:
    keep(store, "a")
    with pytest.raises(IntegrityError):
        keep(store, "a")


def test_a_writer_that_was_replaced_is_refused(store: Store) -> None:
    store.take_over()
    keep(store, "a")
    with store.writing() as connection:
        connection.execute(head.update().values(epoch=head.c.epoch + 1))
    with pytest.raises(StoreError, match="another process has begun to write"):
        keep(store, "b")
    assert kept(store) == {"a"}
