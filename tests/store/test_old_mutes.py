"""The rules that were off in a database of before there was a ledger of mutes are in it afterwards."""

from __future__ import annotations

from pathlib import Path

from cockpit.domain.registers import MUTE
from cockpit.store import alerting, mutes
from cockpit.store.queries import registers
from tests.store.old_files import Old
from tests.store.test_old_databases import old_ones, opened


@old_ones
def test_the_rules_that_were_off_are_in_the_ledger(old: Old, tmp_path: Path) -> None:
    with opened(old.put(tmp_path), old) as made, made.read() as conn:
        off = alerting.rules_off(conn)
        assert off
        kept = mutes.open_ones(conn)
        assert [k.mute._replace(number=0) for k in kept] == [mutes.of_off(one) for one in off]
        for one in kept:
            (step,) = registers.history(conn, MUTE, one.entry.id)
            assert (step.what, step.actor, step.t) == ("rule_off", one.mute.actor, one.mute.since)
