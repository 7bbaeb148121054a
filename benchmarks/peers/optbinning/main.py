"""OptBinning's scorecard as a peer: one row of thirty features that are ready.

It reads no events: counting, windows, streaks and sums have been done by someone else before its clock starts.
"""

import argparse
import json
import time
import warnings
from typing import Any, Final

import numpy as np
import pandas as pd  # type: ignore[import-untyped,import-not-found,unused-ignore]  # in an environment of its own
from optbinning import BinningProcess, Scorecard  # type: ignore[import-not-found,unused-ignore]  # the same
from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found,unused-ignore]  # the same

FEATURES: Final = 30
ROWS: Final = 2_000


def fitted() -> tuple[Any, Any]:
    """A scorecard from 350 to 950 over made-up features, and the first row of them."""
    rng = np.random.default_rng(1)
    names = [f"measure{number}" for number in range(FEATURES)]
    frame = pd.DataFrame(rng.normal(size=(ROWS, FEATURES)), columns=names)
    bad = (frame.sum(axis=1) + rng.normal(size=ROWS) < 0).astype(int)
    card = Scorecard(
        binning_process=BinningProcess(names),
        estimator=LogisticRegression(),
        scaling_method="min_max",
        scaling_method_params={"min": 350, "max": 950},
        rounding=False,
    )
    card.fit(frame, bad)
    return card, frame.iloc[:1]


def seconds(calls: int) -> list[float]:
    """How long each score took, after a tenth as many to warm up."""
    card, row = fitted()
    assert 350 <= card.score(row)[0] <= 950, "the scorecard is scaled"
    taken = []
    for call in range(calls + calls // 10):
        begun = time.perf_counter()
        card.score(row)
        if call >= calls // 10:
            taken.append(time.perf_counter() - begun)
    return taken


def main() -> None:
    """Print the seconds of each call as JSON."""
    warnings.filterwarnings("ignore", category=FutureWarning)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=200)
    print(json.dumps({"seconds": seconds(parser.parse_args().calls)}))


if __name__ == "__main__":
    main()
