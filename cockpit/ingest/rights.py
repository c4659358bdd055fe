"""What a source may bring besides the observations of its own assets: samples, kinds of records, reports.

The catalogue says so of each source. Whoever holds the token of one system cannot change what another
one tells, whichever door it takes: HTTP, a file, or the process itself.
"""

from __future__ import annotations

from cockpit.domain.instants import iso
from cockpit.domain.periods import DAY_MS, report_days
from cockpit.ingest.codes import Code, Refusal, shown
from cockpit.ingest.tables import SourceRow


def must_bring_samples(source: SourceRow) -> None:
    """Raises Refusal."""
    if not source.samples:
        raise Refusal(
            Code.FOREIGN_KIND,
            f"kind 'sample' is not one that source {source.code} brings: no samples are expected from it",
        )


def must_bring_records(source: SourceRow, kind: str) -> None:
    """Raises Refusal."""
    if kind not in source.records:
        raise Refusal(
            Code.FOREIGN_KIND,
            f"kind {shown(kind)} is not one that source {source.code} brings,"
            f" expected {_listed(source.records)}",
        )


def must_report(source: SourceRow, indicator: str) -> None:
    """Raises Refusal."""
    if indicator not in source.reports:
        raise Refusal(
            Code.FOREIGN_INDICATOR,
            f"indicator {shown(indicator)} is not one that source {source.code} reports,"
            f" expected {_listed(source.reports)}",
        )


def must_have_begun(period: str, now_ms: int, offset_ms: int) -> None:
    """`now_ms` is the time of reception with what the source may be early. Raises Refusal."""
    begin = report_days(period)[0] * DAY_MS - offset_ms
    if begin > now_ms:
        raise Refusal(
            Code.BAD_PERIOD,
            f"period {shown(period)}: has not begun, expected one that began by {iso(now_ms)}",
        )


def _listed(codes: frozenset[str]) -> str:
    return f"one of {', '.join(sorted(codes))}" if codes else "none"
