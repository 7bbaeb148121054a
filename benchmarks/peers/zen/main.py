"""GoRules zen-engine as a peer: one decision table of thirty rows, one for each factor, on inputs that are ready.

It reads no events: counting, windows, streaks and sums have been done by someone else before its clock starts.
"""

import argparse
import json
import time
from typing import Any, Final

import zen  # type: ignore[import-not-found,unused-ignore]  # it lives in an environment of its own

ROWS: Final = 30


def table() -> str:
    """A decision document: input, a table that collects the points of every row that holds, output."""
    rules = [{"_id": f"row{row}", "test": f"measure{row} >= {row}", "points": str(row - 10)} for row in range(ROWS)]
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": "test", "name": "test", "type": "expression"}],
        "outputs": [{"id": "points", "name": "points", "type": "expression", "field": "points"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "one", "sourceId": "in", "targetId": "table"},
        {"id": "two", "sourceId": "table", "targetId": "out"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def seconds(calls: int) -> list[float]:
    """How long each decision took, after a tenth as many to warm up."""
    decision = zen.ZenEngine().create_decision(table())
    inputs: dict[str, Any] = {f"measure{row}": 15 for row in range(ROWS)}
    assert len(decision.evaluate(inputs)["result"]) == 16, "the table gives a row for each test that holds"
    taken = []
    for call in range(calls + calls // 10):
        begun = time.perf_counter()
        decision.evaluate(inputs)
        if call >= calls // 10:
            taken.append(time.perf_counter() - begun)
    return taken


def main() -> None:
    """Print the seconds of each call as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=5_000)
    print(json.dumps({"seconds": seconds(parser.parse_args().calls)}))


if __name__ == "__main__":
    main()
