"""`cockpit notify`: which channels tell people of alerts, and a trial of one."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from cockpit.clock import RealClock
from cockpit.config import ConfigError
from cockpit.engine.notices import bells, channels, text
from cockpit.engine.notices.channel import Channel

file_option = click.option(
    "--channels",
    "path",
    envvar="COCKPIT_CHANNELS",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file that says whom to tell of alerts, and how.",
)


@click.group()
def notify() -> None:
    """Channels that tell people of alerts."""


@notify.command("list")
@file_option
def list_(path: Path) -> None:
    """Name the channels of the file: what each is, and whom it tells. Addresses are not shown."""
    for one in loaded(path):
        wanted = one.wanted
        parts = [one.name, one.kind, *(
            f"{name}={','.join(sorted(found))}"
            for name, found in (("roles", wanted.roles), ("units", wanted.units),
                                ("priorities", wanted.priorities)) if found
        )]  # fmt: skip
        click.echo("  ".join(parts))


@notify.command()
@click.argument("channel")
@file_option
def test(channel: str, path: Path) -> None:
    """Send a trial through CHANNEL now, quiet hours or not. Exit code 1 where it did not arrive."""
    found = {one.name: one for one in loaded(path)}
    if channel not in found:
        known = ", ".join(sorted(found)) or "none"
        raise click.ClickException(f"no channel {channel!r} in {path}, expected one of: {known}")
    now = RealClock().real_ms()
    id_ = hashlib.sha256(f"{channel} {now}".encode()).hexdigest()[:24]
    body = text.trial(found[channel].language, channel, id_, now)
    try:
        bells.ring(found[channel], id_, body)
    except bells.Undelivered as why:
        raise click.ClickException(f"channel {channel}: the trial did not arrive: {why}") from None
    click.echo(f"channel {channel}: the trial was taken")


def loaded(path: Path) -> tuple[Channel, ...]:
    """The channels of a file. Raises ClickException."""
    try:
        return channels.load(path)
    except ConfigError as error:
        raise click.ClickException(str(error)) from None
