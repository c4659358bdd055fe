"""Settings from the environment: what is wrong is named, with what is expected."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from cockpit.config import ConfigError, from_env
from cockpit.web import hosts
from cockpit.web.api_guard import Failure, Guard


def test_without_settings_it_is_a_demo_on_loopback() -> None:
    config = from_env({})
    assert (config.mode, config.host, config.port, config.history_days) == ("demo", "127.0.0.1", 8501, 30)
    assert config.simulator


def test_the_folder_of_a_profile_is_told_in_full_to_those_who_work_elsewhere() -> None:
    assert from_env({"COCKPIT_PROFILE": "quang_ninh"}).profile == "quang_ninh"
    assert from_env({"COCKPIT_PROFILE": "./tinh_mau"}).profile == str(Path("tinh_mau").absolute())


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("COCKPIT_PORT", "http", "a whole number from 1 to 65535"),
        ("COCKPIT_PORT", "70000", "a whole number from 1 to 65535"),
        ("COCKPIT_SPEED", "nan", "a number from 1 to 600"),
        ("COCKPIT_SPEED", "1000", "a number from 1 to 600"),
        ("COCKPIT_SIZE", "planet", "district, province"),
        ("COCKPIT_DEAF", "never", "drop, later"),
        ("COCKPIT_MODE", "", "demo, serve, engine"),
        ("COCKPIT_OPEN_PAGES", "maybe", "expected 1 or 0"),
        ("COCKPIT_TRUSTED_HEADER", "X User", "the name of one header"),
        ("COCKPIT_ADMINS", "quan.tri@example.vn\u200b", "can be nobody's name"),
        ("COCKPIT_HISTORY", "1.5", "a whole number from 0 to 400"),
        ("COCKPIT_PUBLIC_NAMES", "https://cockpit.example.vn", "without scheme and port"),
        ("COCKPIT_PUBLIC_NAMES", "cockpit.example.vn:443", "without scheme and port"),
        ("COCKPIT_PUBLIC_NAMES", "beef:443", "without scheme and port"),
        ("COCKPIT_PUBLIC_NAMES", "*", "names or addresses divided by commas"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_expected(name: str, value: str, expected: str) -> None:
    with pytest.raises(ConfigError) as error:
        from_env({name: value})
    assert name in str(error.value)
    assert repr(value) in str(error.value)
    assert expected in str(error.value)


def test_public_names_are_names_and_addresses() -> None:
    config = from_env({"COCKPIT_PUBLIC_NAMES": "Cockpit.Example.vn., 10.0.0.7,[2001:db8::1],intranet"})
    assert config.public_names == {"cockpit.example.vn", "10.0.0.7", "2001:db8::1", "intranet"}


@pytest.mark.parametrize(("value", "plays"), [("", True), ("0", True), ("1", False)])
def test_the_simulator_can_be_left_out(value: str, plays: bool) -> None:
    assert from_env({"COCKPIT_NO_SIMULATOR": value}).simulator is plays


def test_people_are_named_by_commas() -> None:
    config = from_env({"COCKPIT_OPERATORS": "lan@example.org, an@example.org ,", "COCKPIT_ADMINS": ""})
    assert config.operators == {"lan@example.org", "an@example.org"}
    assert config.admins == frozenset()


@pytest.mark.parametrize(
    ("host", "exposed"),
    [
        ("127.0.0.1", False), ("127.0.0.2", False), ("::1", False), ("localhost", False),
        ("0.0.0.0", True), ("::", True), ("10.0.0.7", True), ("", True), ("localhost.example.vn", True),
    ],
)  # fmt: skip
def test_loopback_is_one_thing_for_pages_and_the_wire(host: str, exposed: bool) -> None:
    config = from_env({"COCKPIT_HOST": host})
    assert config.exposed is exposed
    guard = Guard(SimpleNamespace(config=config, tokens=None))  # type: ignore[arg-type]
    wanted = pytest.raises(Failure) if exposed else nullcontext()
    with wanted:
        guard.must_read(Request({"type": "http", "headers": []}))
    assert (host in hosts.Names("cockpit.example.vn")) is not exposed
