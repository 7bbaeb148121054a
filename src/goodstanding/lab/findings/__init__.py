"""The published findings as tests of the model: what is compared, what was published, what the model gives."""

from goodstanding.lab.findings.model import VERDICTS, Finding, Outcome, Table, Trial, judge
from goodstanding.lab.findings.register import FINDINGS
from goodstanding.lab.findings.running import committed_digest, judged, run
from goodstanding.lab.findings.telling import document_of, figure, last_run, markdown, rule_said, summary

__all__ = [
    "FINDINGS",
    "VERDICTS",
    "Finding",
    "Outcome",
    "Table",
    "Trial",
    "committed_digest",
    "document_of",
    "figure",
    "judge",
    "judged",
    "last_run",
    "markdown",
    "rule_said",
    "run",
    "summary",
]
