"""People outside are told: the page of sources says how that goes, and lets who may try again."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.commands import Actor, Asked, Command, execute
from cockpit.domain.notices import TRIES
from cockpit.store import notices, outbox
from cockpit.store.handles import Write
from cockpit.store.notices import Draft
from tests.pages.conftest import NOW_MS, Visit, text

ADMIN = Actor("Trần Văn Minh", "admin")


@pytest.fixture(scope="module")
def told(cockpit: Any) -> None:
    def put(conn: Write) -> None:
        for name in ("truc-ban", "lanh-dao"):
            outbox.begin(conn, f"{notices.CURSOR}{name}")
        body = {"title": "Cao: *Camera* mất tín hiệu", "text": "", "alerts": []}
        notices.put(conn, "truc-ban", [Draft("a", 1, "firing", "high", NOW_MS, body)], NOW_MS)
        for _ in range(TRIES):
            (one,) = notices.of_channel(conn, "truc-ban", 1)
            notices.failed(conn, one, "status_503", NOW_MS)

    cockpit.store.write(put).result()


def kept(cockpit: Any) -> list[tuple[str, str, str]]:
    with cockpit.store.read() as conn:
        return [(n.channel, n.what, n.state) for n in notices.of_channel(conn, "truc-ban", 9)]


@pytest.mark.usefixtures("told")
def test_a_dead_letter_stands_on_the_page_and_is_sent_again_by_who_may(visit: Visit, cockpit: Any) -> None:
    app = visit("sources")
    assert "1 thông báo chưa gửi được" in text(app)
    assert "bên nhận trả lời mã 503" in text(app)
    assert r"\*Camera\*" in text(app), "what comes from outside is no markdown"
    assert not [b for b in app.button if str(b.key).startswith("notify")], "a presenter may not"
    assert execute(cockpit, Command(ADMIN, Asked("notify_retry", {"notice": 1}))).code == "done"
    assert kept(cockpit) == [("truc-ban", "firing", "waiting")]
    assert execute(cockpit, Command(ADMIN, Asked("notify_retry", {"notice": 1}))).code == "already"
    assert execute(cockpit, Command(ADMIN, Asked("notify_retry", {"notice": 99}))).code == "unknown"


@pytest.mark.usefixtures("told")
def test_a_trial_waits_for_its_channel_and_for_no_unknown_one(visit: Visit, cockpit: Any) -> None:
    assert execute(cockpit, Command(ADMIN, Asked("notify_test", {"channel": "truc-ban"}))).code == "done"
    assert ("truc-ban", "test", "waiting") in kept(cockpit)
    assert execute(cockpit, Command(ADMIN, Asked("notify_test", {"channel": "khac"}))).code == "unknown"
    leader = Actor("Lãnh đạo", "leader")
    assert execute(cockpit, Command(leader, Asked("notify_test", {"channel": "truc-ban"}))).code == "no_right"
    assert r"lanh\-dao" in str([table.value for table in visit("sources", lang="en").table])
