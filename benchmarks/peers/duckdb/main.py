"""DuckDB as a peer.

The job `raw` is a whole command from Parquet to Parquet; `coded` starts from sorted and coded columns in memory.
"""

import argparse
import json
import time
from typing import Final

import duckdb  # type: ignore[import-not-found,unused-ignore]  # it lives in an environment of its own

from benchmarks.peers.duckdb.points import scored
from benchmarks.peers.duckdb.query import WORDS, level, measured

DAY_US: Final = 86_400_000_000


def connect(threads: int) -> duckdb.DuckDBPyConnection:
    """A database in memory."""
    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def enumerate_words(connection: duckdb.DuckDBPyConnection, path: str) -> int:
    """Make a type of each list of words; the parties are looked up in the file. Gives how many parties there are."""
    for name, words in (("type", WORDS.types), ("source", WORDS.sources), ("label", WORDS.labels)):
        connection.execute(f"CREATE TYPE {name}_word AS ENUM ({', '.join(repr(word) for word in words)})")
    parties = f"SELECT DISTINCT party FROM read_parquet('{path}') WHERE party IS NOT NULL ORDER BY party"
    connection.execute(f"CREATE TYPE party_word AS ENUM ({parties})")
    (found,) = connection.execute("SELECT len(enum_range(NULL::party_word))").fetchone() or (0,)
    return int(found)


def coded_events(path: str, as_of: int) -> str:
    """The raw events with a number for each type, source, label and party; those after `as_of` have no type."""
    return f"""(
SELECT person, id, amount, value, matter,
  enum_code(source::source_word)::UTINYINT AS source,
  enum_code(label::label_word)::UTINYINT AS label,
  enum_code(party::party_word)::INTEGER AS party,
  (CASE WHEN epoch_us(time) <= {as_of} THEN enum_code(TRY_CAST(type AS type_word)) END)::UTINYINT AS type,
  epoch_us(time) AS place,
  (({as_of} - epoch_us(time)) // {DAY_US})::INTEGER AS age
FROM read_parquet('{path}'))"""


def check_ids(connection: duckdb.DuckDBPyConnection, path: str) -> None:
    """Stop at two events of one source and id: different hashes prove different ids, equal ones are looked at."""
    different = f"SELECT count(DISTINCT hash(source, id)) = count(*) FROM read_parquet('{path}')"
    if connection.execute(different).fetchone() == (True,):
        return
    twice = f"SELECT source, id FROM read_parquet('{path}') GROUP BY source, id HAVING count(*) > 1"
    found = connection.execute(twice).fetchall()
    if found:
        raise SystemExit(f"{len(found)} ids come twice")


def raw(path: str, as_of: int, out: str, threads: int) -> None:
    """The whole job: read, check ids, score, order by person, write."""
    connection = connect(threads)
    check_ids(connection, path)
    parties = enumerate_words(connection, path)
    events = coded_events(path, as_of)
    connection.execute(f"CREATE TEMP TABLE measured AS {measured(events, '(place, source, id)', parties)}")
    for name in ("bill", "loan"):
        connection.execute(f"CREATE TEMP TABLE {name}_levels AS {level(name, events)}")
    people = "(measured LEFT JOIN bill_levels USING (person) LEFT JOIN loan_levels USING (person))"
    scores = f"{scored(people, levels=True)} ORDER BY person"
    connection.execute(f"COPY ({scores}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)")


def coded(path: str, as_of: int, repeats: int, out: str | None, threads: int) -> dict[str, list[float]]:
    """Scores in memory from columns in memory, after one pass to warm up: the seconds of each pass."""
    connection = connect(threads)
    connection.execute("SET preserve_insertion_order = true")
    connection.execute(f"CREATE TEMP TABLE events AS SELECT * FROM read_parquet('{path}')")
    connection.execute("SET preserve_insertion_order = false")
    events = f"""(
SELECT * EXCLUDE (type, party), CASE WHEN time <= {as_of} THEN type END AS type, party::INTEGER AS party,
  rowid AS place, (({as_of} - time) // {DAY_US})::INTEGER AS age
FROM events)"""
    seconds = []
    for _ in range(repeats + 1):
        begun = time.perf_counter()
        connection.execute(f"CREATE OR REPLACE TEMP TABLE measured AS {measured(events, 'place', len(WORDS.parties))}")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE scores AS {scored('measured', levels=False)}")
        seconds.append(time.perf_counter() - begun)
    if out:
        connection.execute(f"COPY (SELECT * FROM scores ORDER BY person) TO '{out}' (FORMAT parquet)")
    return {"seconds": seconds[1:]}


def main() -> None:
    """Read the command line and do one job."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", choices=["raw", "coded"])
    parser.add_argument("events")
    parser.add_argument("--as-of", type=int, required=True)
    parser.add_argument("--out")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    if given.job == "raw":
        raw(given.events, given.as_of, given.out, given.threads)
    else:
        print(json.dumps(coded(given.events, given.as_of, given.repeats, given.out, given.threads)))


if __name__ == "__main__":
    main()
