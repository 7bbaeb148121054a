"""The page of published findings: how each is tested, and what the last whole run gave.

A whole run is kept by copying its `findings.json` to `src/goodstanding/lab/findings/last-run.json`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from goodstanding.lab.findings import FINDINGS, VERDICTS, Finding, committed_digest, last_run, markdown, rule_said

HEAD = """# Published findings, and what the laboratory makes of them

Twelve findings were published of scores like these, or of the theory behind them. Each is a test of the laboratory's
people. The rules were written down, and the digest of the parameters committed, before the first run:

- A *sign* is reproduced where the 95 % interval over seeds lies wholly on the published side of 0; it is missed where
  it lies on the other, or holds 0 and nothing that would matter.
- A *band* is reproduced where it holds the whole interval, and missed where the interval lies outside.
- What is left is *undecided*, which is a kind of missed. A finding has the worst verdict of its tests.
- E5 and E6 are used as inputs, and of E10 the share of people with an error. Nothing else calibrates anything: no
  parameter was tried against a finding. Whoever changes a parameter later commits its new digest, and says so.
- E13 (awareness, approval, behaviour) was searched for and not found; it is not used.

Parameters before the first run: `{digest}`.

```sh
goodstanding lab findings --out findings
```

runs it all again: cities of 20,000, of 200,000 where listings by a court count, twelve months without a score and 24
under it, 20 seeds. That takes hours; `--residents 2000 --seeds 5` takes minutes, and leaves more undecided.
"""

NOT_RUN = "## The last whole run\n\nThere was none yet."


def text() -> str:
    """The page."""
    document = last_run()
    return "\n".join([HEAD.format(digest=committed_digest()), *_rules(), "", *_last(document), ""])


def _rules() -> Iterator[str]:
    yield "## How each is judged\n"
    yield "| | finding | compared | published | reproduced where |"
    yield "| --- | --- | --- | --- | --- |"
    for finding in FINDINGS:
        yield from _rows(finding)


def _rows(finding: Finding) -> Iterator[str]:
    untested = "" if finding.untested is None else f"{VERDICTS[finding.untested]}: {finding.why}"
    yield f"| {finding.name} | {finding.title} | {finding.compared} | {finding.published} | {untested} |"
    for test in finding.tests:
        rule = rule_said(test.rule, test.unit)
        if rule != "no verdict":
            yield f"| {test.name} | | {test.what} | {test.published} | {rule}{' (%)' if test.unit == 'share' else ''} |"


def _last(document: Mapping[str, Any] | None) -> Iterator[str]:
    if document is None:
        yield NOT_RUN
        return
    yield "## The last whole run\n"
    seeds, months = len(document["seeds"]), f"{document['warm_up_months']} + {document['months']} months"
    towns = f"{document['residents']:,} residents ({document['residents_of_listings']:,} where listings count)"
    yield f"{towns}, {months}, {seeds} seeds, parameters `{document['parameters'][:16]}…`.\n"
    yield markdown(document).replace("\n## ", "\n### ").rstrip()
