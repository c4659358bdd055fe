"""A file that is read and checked and not stored: what would be refused, before anything is."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.clock import Clock
from cockpit.ingest.decode import rows
from cockpit.ingest.files import Progress, parts, silent
from cockpit.ingest.report import ImportReport
from cockpit.ingest.tables import Catalogue, Tables
from cockpit.ingest.textlines import Item
from cockpit.ingest.validate import Validator


def check_items(
    profile: Catalogue,
    clock: Clock,
    items: Iterable[Item],
    report: ImportReport,
    progress: Progress = silent,
    *,
    simulated: bool,
) -> None:
    """Check numbered lines of events as the door would at this time, counted in `report`."""
    report.dry = True
    validator = Validator(Tables(profile), clock, simulated=simulated)
    for done, part in parts(items, report):
        slice_ = rows([line for _, line in part])
        batch = validator.check(slice_.items, None, slice_)
        for refused in batch.refused:
            report.refuse(str(refused.code), part[refused.index][0], refused.reason)
        report.accepted += len(part) - len(batch.refused)
        progress(done)
