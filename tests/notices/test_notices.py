"""People outside are told what matters: at least once, through channels that do not wait for each other."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from cockpit.cli import main
from cockpit.config import ConfigError
from cockpit.domain.catalog import Text
from cockpit.domain.notices import TRIES, Quiet, Wanted
from cockpit.engine.notices import bells, channels, text
from cockpit.engine.notices.channel import Channel
from cockpit.engine.notices.delivery import Telling
from cockpit.store import notices, outbox, rule_sets
from cockpit.store.notices import Notice
from tests.engine.world import World, healthy
from tests.notices.receivers import mail_server, status, webhook

SECRET = "rat-bi-mat"


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.close()


def through(url: str, name: str = "truc-ban", **wanted: Any) -> Channel:
    return Channel(name, url, Wanted(**wanted))


class Told:
    """The channels of a world, sent when a test says so."""

    def __init__(self, world: World, *made: Channel) -> None:
        self.world = world
        self.telling = Telling(world.store, world.profile, world.clock, None, made)
        self.telling.begin()

    def collect(self) -> None:
        self.telling._outbox.send()

    def send(self, rounds: int = 1, wait_ms: int = 0) -> int:
        arrived = 0
        for _ in range(rounds):
            self.collect()
            arrived += sum(one.round() for one in self.telling.deliveries)
            self.world.clock.advance(wait_ms)
        return arrived

    def kept(self, channel: str = "truc-ban") -> list[Notice]:
        with self.world.store.read() as conn:
            return notices.of_channel(conn, channel, 100)[::-1]


def alarm(world: World) -> None:
    world.run(60, 20, healthy(world.profile))
    world.run(200, 20, healthy(world.profile, without=["cam-3"]))


def well(world: World) -> None:
    world.run(120, 20, healthy(world.profile))


def hook(port: int) -> str:
    return f"alertmanager+http://bot:{SECRET}@127.0.0.1:{port}/hook"


def test_a_webhook_is_told_of_an_alert_and_of_its_end_as_alertmanager_would(world: World) -> None:
    with webhook(status(200)) as receiver:
        told = Told(world, through(hook(receiver.port)))
        alarm(world)
        assert told.send() == 1
        well(world)
        assert told.send(2) == 1, "nothing is sent twice"
    (path, headers, first), (_, later, second) = receiver.got
    assert path == "/hook"
    assert headers["authorization"].startswith("Basic ")
    assert headers["idempotency-key"] != later["idempotency-key"]
    assert (first["version"], first["status"], second["status"]) == ("4", "firing", "resolved")
    assert first["groupKey"] == second["groupKey"], "one matter, one group"
    (one,), (two,) = first["alerts"], second["alerts"]
    assert one["labels"] == two["labels"]
    assert one["labels"]["alertname"] == "camera-silent"
    assert one["startsAt"] == two["startsAt"] < two["endsAt"]
    assert one["fingerprint"] == two["fingerprint"]
    assert one["annotations"]["notice"] == headers["idempotency-key"]


def test_what_is_posted_to_an_alertmanager_stands_there_until_it_is_told_as_over(world: World) -> None:
    with webhook(status(200)) as receiver:
        url = f"alertmanager+http://127.0.0.1:{receiver.port}/api/v2/alerts"
        told = Told(world, through(url))
        alarm(world)
        assert told.send() == 1
        well(world)
        assert told.send(2) == 1
    (_, _, (first,)), (_, _, (second,)) = receiver.got
    assert first["labels"] == second["labels"]
    assert int(first["endsAt"][:4]) == int(first["startsAt"][:4]) + 1, "not over for a long time"
    assert second["startsAt"] < second["endsAt"] < first["endsAt"]


def test_a_mail_reaches_a_real_server_and_comes_once_it_is_there_again(world: World) -> None:
    with mail_server() as (box, port):
        url = f"mailto://127.0.0.1:{port}?from=cockpit@example.vn&to=truc@example.vn&mode=insecure"
        told = Told(world, through(url))
        box.answer = lambda: "451 later"
        alarm(world)
        assert told.send() == 0
        (waiting,) = told.kept()
        assert (waiting.state, waiting.tries, waiting.error) == ("waiting", 1, "refused")
        box.answer = lambda: "250 taken"
        assert told.send() == 0, "it rests before it is tried again"
        assert told.send(2, wait_ms=10_000) == 1
    (mail,) = box.mails
    assert "camera-silent" in str(mail["subject"])
    assert "truc@example.vn" in str(mail["to"])
    part = mail.get_payload(0) if mail.is_multipart() else mail
    assert isinstance(part, EmailMessage)
    assert part.get_content_type() == "text/plain"
    assert part.get_content().strip().splitlines() == waiting.body["text"].splitlines()
    (sent,) = told.kept()
    assert sent.state == "sent"
    assert sent.id in sent.body["text"]


def test_a_receiver_that_answers_late_is_told_again_with_the_same_id(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bells, "TIMEOUT_S", 0.2)
    with webhook(None) as slow:
        told = Told(world, through(hook(slow.port)))
        alarm(world)
        assert told.send() == 0
        (waiting,) = told.kept()
        assert waiting.error == "late"
    with webhook(status(204)) as receiver:
        again = Told(world, through(hook(receiver.port)))
        world.clock.advance(10_000)
        assert again.send() == 1
    ((_, first, _),) = slow.got
    ((_, second, _),) = receiver.got
    assert first["idempotency-key"] == second["idempotency-key"] == waiting.id


def test_a_receiver_that_answers_twice_is_told_once(world: World) -> None:
    with webhook(status(200) + status(200)) as receiver:
        told = Told(world, through(hook(receiver.port)))
        alarm(world)
        assert told.send(3, wait_ms=60_000) == 1
    assert len(receiver.got) == 1


def test_what_fails_too_often_is_a_dead_letter_until_somebody_tries_again(world: World) -> None:
    with webhook(*[status(500)] * TRIES, status(200)) as receiver:
        told = Told(world, through(hook(receiver.port)))
        alarm(world)
        assert told.send(TRIES + 5, wait_ms=3_700_000) == 0
        (letter,) = told.kept()
        assert (letter.state, letter.tries, letter.error) == ("dead", TRIES, "status_500")
        assert len(receiver.got) == TRIES
        now = world.clock.real_ms()
        assert world.store.write(lambda conn: notices.try_again(conn, letter.number, now)).result()
        assert told.send() == 1
        assert not world.store.write(lambda conn: notices.try_again(conn, letter.number, now)).result()


def test_one_channel_that_fails_holds_up_no_other_and_no_address_is_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with webhook(status(500)) as bad, webhook(status(200)) as good:
        told = Told(
            world,
            through(hook(bad.port), "hong"),
            through(f"json://bot:{SECRET}@127.0.0.1:{good.port}/x", "tot"),
            through(f"json://bot:{SECRET}@127.0.0.1:{bad.port}/x", "hong-nua"),
        )
        with caplog.at_level(logging.DEBUG):
            alarm(world)
            told.send(3)
    assert [n.state for n in told.kept("tot")] == ["sent"]
    assert [n.state for n in told.kept("hong")] == ["waiting"]
    assert [n.state for n in told.kept("hong-nua")] == ["waiting"]
    ours = [r for r in caplog.records if r.name.startswith(("cockpit", "apprise"))]
    assert len([r for r in ours if r.levelno == logging.ERROR]) == 2, "each is said once"
    assert not any(SECRET in r.getMessage() for r in caplog.records)
    assert SECRET not in repr(told.telling._made)
    (_, _, body), *_ = good.got
    assert "camera-silent" in body["title"]


def test_what_waits_outlives_a_crash_and_is_told_with_the_same_id(world: World) -> None:
    with webhook(status(200)) as receiver:
        told = Told(world, through(hook(receiver.port)))
        alarm(world)
        told.collect()
        (before,) = told.kept()
        world.restart(crash=True)
        after = Told(world, through(hook(receiver.port)))
        assert after.send(2) == 1
        (sent,) = after.kept()
    assert (sent.id, sent.state) == (before.id, "sent")


def test_the_same_lines_told_twice_make_one_notice(world: World) -> None:
    told = Told(world, through(hook(9)))
    alarm(world)
    with world.store.read() as conn:
        lines = outbox.after(conn, 0, 500)
    queue = told.telling._outbox._channels[0]
    queue.send(lines)
    queue.send(lines)
    assert [n.what for n in told.kept()] == ["firing"]


def test_the_end_does_not_overtake_the_beginning(world: World) -> None:
    with webhook(status(500), status(200)) as receiver:
        told = Told(world, through(hook(receiver.port)))
        alarm(world)
        told.send()
        well(world)
        told.send(5, wait_ms=20_000)
    assert [body["status"] for _, _, body in receiver.got] == ["firing", "firing", "resolved"]


def test_a_channel_tells_only_what_its_people_want_to_know(world: World) -> None:
    made = (
        through(hook(9), "moi-nguoi"),
        through(hook(9), "don-vi-1", units=frozenset({"u1"})),
        through(hook(9), "don-vi-2", units=frozenset({"u2"})),
        through(hook(9), "gap", priorities=frozenset({"critical"})),
        through(hook(9), "lanh-dao", roles=frozenset({"leader"})),
        through(hook(9), "truc", roles=frozenset({"operator"})),
    )
    told = Told(world, *made)
    alarm(world)
    told.collect()
    assert {one.name: [n.what for n in told.kept(one.name)] for one in made} == {
        "moi-nguoi": ["firing"], "don-vi-1": ["firing"], "don-vi-2": [], "gap": [], "lanh-dao": [],
        "truc": ["firing"],
    }  # fmt: skip


def test_quiet_hours_hold_back_until_they_end(world: World) -> None:
    with webhook(status(200)) as receiver:
        told = Told(world, through(hook(receiver.port), quiet=Quiet(14 * 60, 15 * 60)))
        alarm(world)
        assert told.send() == 0
        world.clock.advance(3_600_000)
        assert told.send() == 1


def test_quiet_hours_may_reach_past_midnight() -> None:
    night, minute = Quiet(22 * 60, 6 * 60), 60_000
    held = [night.holds(h * 60 * minute, 0) for h in (21, 22, 23, 0, 5, 6, 12)]
    assert held == [False, True, True, True, True, False, False]


def test_many_alerts_at_once_are_one_notice_and_no_flood(world: World) -> None:
    with webhook(status(200)) as receiver:
        told = Told(world, through(f"json://127.0.0.1:{receiver.port}/x"))
        world.run(60, 20, healthy(world.profile))
        silent = [f"cam-{n}" for n in range(24)]
        world.run(400, 20, healthy(world.profile, without=silent))
        told.send()
    (body,) = [body for _, _, body in receiver.got]
    assert "25 cảnh báo mới cùng lúc" in body["title"], "24 cameras, and their share"
    assert body["message"].count("\n- ") == text.SHOWN


FILE = f"""
[[channel]]
name = "truc-ban"
url = "json://bot:{SECRET}@127.0.0.1:PORT/hook"
roles = ["operator"]
priorities = ["critical", "high"]
quiet = "22:00-06:00"

[[channel]]
name = "prometheus"
url = "alertmanager+http://bot:{SECRET}@127.0.0.1:PORT/hook"
language = "en"
"""


def test_the_command_tries_a_channel_and_shows_no_address(tmp_path: Path) -> None:
    path = tmp_path / "channels.toml"
    with webhook(status(200), status(200), status(403)) as receiver:
        path.write_text(FILE.replace("PORT", str(receiver.port)), "utf-8")
        run = CliRunner()
        listed = run.invoke(main, ["notify", "list", "--channels", str(path)])
        good = [
            run.invoke(main, ["notify", "test", name], env={"COCKPIT_CHANNELS": str(path)})
            for name in ("truc-ban", "prometheus")
        ]
        bad = run.invoke(main, ["notify", "test", "prometheus", "--channels", str(path)])
    assert listed.output.splitlines()[0] == "truc-ban  json  roles=operator  priorities=critical,high"
    assert [one.exit_code for one in good] == [0, 0]
    assert bad.exit_code == 1
    assert "status_403" in bad.output
    assert not any(SECRET in one.output for one in (listed, *good, bad))
    assert run.invoke(main, ["notify", "test", "no", "--channels", str(path)]).exit_code == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('url = "bi-mat"', "expected SCHEME"),
        ('url = "khong-co://bi-mat"', "apprise knows no address"),
        ('url = "alertmanager+ftp://bi-mat"', "expected alertmanager+http"),
        ('url = "json://bi-mat"\nquiet = "22-6"', "expected hours"),
        ('url = "json://bi-mat"\nroles = ["chu-tich"]', "roles"),
        ('url = "json://bi-mat"\nto = "x"', "`to`"),
        ('url = "json://bi-mat', "no TOML"),
        ('url = "json://bi-mat"\n[[channel]]\nname = "a"\nurl = "json://bi-mat"', "two channels"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place_and_without_its_secrets(
    tmp_path: Path, line: str, said: str
) -> None:
    path = tmp_path / "channels.toml"
    path.write_text(f'[[channel]]\nname = "a"\n{line}\n', "utf-8")
    with pytest.raises(ConfigError) as refused:
        channels.load(path)
    assert said in str(refused.value)
    assert "bi-mat" not in str(refused.value)


def test_both_languages_say_the_same_things() -> None:
    assert text.words("vi").keys() == text.words("en").keys()


def test_the_end_of_an_alert_whose_rule_is_gone_is_told_by_the_name_it_had(world: World) -> None:
    named = tuple(
        msgspec.structs.replace(r, name=Text("Camera mất", "Camera gone")) if r.code == "camera-silent" else r
        for r in world.profile.rules
    )
    world.profile = replace(world.profile, rules=named)
    world.restart()
    with webhook(status(200)) as receiver:
        told = Told(world, through(hook(receiver.port)))
        alarm(world)
        assert told.send() == 1
        others = tuple(r for r in named if r.code != "camera-silent")
        world.store.write(lambda conn: rule_sets.put(conn, others)).result()
        told.telling = Telling(
            world.store,
            replace(world.profile, rules=others),
            world.clock,
            None,
            (through(hook(receiver.port)),),
        )
        well(world)
        assert told.send() == 1
    first, last = told.kept()
    assert "Camera mất" in first.body["title"]
    assert "Camera mất" in last.body["title"]
