"""What an earlier version has stored is known by its identity in this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.domain.identity import event_key
from cockpit.domain.instants import iso
from cockpit.profiles import load
from cockpit.store import identity
from tests.store import inside
from tests.store.old_files import Old, every
from tests.store.test_old_databases import clock_of, old_ones, opened
from tests.wire.conftest import event, make

SENT = {
    **{
        f"old-{n}": ("observation", "cam-vms", f"cam-{n + 1:05}", {"values": {"fps": 25.0}}) for n in range(4)
    },
    "old-10": ("sample", "dien-thoai", "phone-1", {
        "operator": "viettel", "lat": 21.02, "lon": 107.3, "accuracy_m": 8, "rsrp_dbm": -97,
    }),
}  # fmt: skip
"""What `tools/old_database.py` sent by these ids: type, source, subject and data."""


@old_ones
def test_what_it_has_stored_is_known_by_its_identity(old: Old, tmp_path: Path) -> None:
    path = old.put(tmp_path)
    before = inside.identities(path)
    assert bool(before) is (old.mode == "serve")  # those of the demos were taken out, to keep them small
    with opened(path, old) as made, made.read() as conn:
        for lot, keys in before.items():
            assert [key for key in keys if not identity.stored(conn, key, lot // identity.TERMS)] == []
        assert inside.identities(path) == before


@pytest.mark.parametrize("old", [old for old in every() if old.mode == "serve"], ids=str)
def test_what_was_sent_to_it_is_not_stored_twice(old: Old, tmp_path: Path) -> None:
    lots = {key: lot for lot, keys in inside.identities(old.put(tmp_path)).items() for key in keys}
    made = make(tmp_path, load("quang_ninh", size=old.size), clock_of(old))
    try:
        client = made.client(made.token("cam-vms", "dien-thoai"))
        sent = []
        for name, (kind, source, subject, data) in SENT.items():
            minute = lots[event_key(source, name)] // identity.TERMS
            sent.append(
                event(
                    id=name,
                    type=f"ioc.{kind}",
                    source=source,
                    subject=subject,
                    time=iso(60_000 * minute),
                    data=data,
                )
            )
            assert client.get(f"/api/v1/events/{source}/{name}").status_code == 200
        answer = client.post("/api/v1/events", json=sent).json()
        assert (answer["accepted"], answer["duplicates"], answer["rejected"]) == (0, len(sent), [])
    finally:
        made.door.close()
        made.store.close()
