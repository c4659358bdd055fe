"""A database of before other systems sent their alerts takes them."""

from __future__ import annotations

from pathlib import Path

from cockpit.domain.incoming import Sent
from cockpit.store import incoming
from tests.store.old_files import Old
from tests.store.test_old_databases import old_ones, opened
from tests.waiting import PATIENCE_S


@old_ones
def test_it_opens_knowing_of_none_and_takes_what_is_told(old: Old, tmp_path: Path) -> None:
    told = [Sent({"alertname": "x"}, {}, "", old.at_ms, None)]
    with opened(old.put(tmp_path), old) as made:
        with made.read() as conn:
            assert incoming.at_work(conn) == []
        took = made.write(lambda conn: incoming.take(conn, "giam-sat-ngoai", told, old.at_ms))
        assert took.result(PATIENCE_S) == (1, 0, 0)
        with made.read() as conn:
            (one,) = incoming.at_work(conn)
    assert (one.number, one.labels) == (1, {"alertname": "x"})
