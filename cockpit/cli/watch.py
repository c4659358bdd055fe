"""`cockpit watch`: a small process beside the cockpit that tells when the cockpit itself is silent."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

import click

from cockpit.cli.notify import file_option, loaded
from cockpit.clock import RealClock
from cockpit.engine.notices.watch import Watch, trouble

LAST_S = 30.0


@click.command()
@click.argument("url", default="http://127.0.0.1:8501")
@file_option
@click.option("--every", default=15.0, show_default=True, type=click.FloatRange(0.01), help="Seconds.")
@click.option(
    "--after",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0),
    help="Seconds of silence that are told.",
)
@click.option("--looks", type=click.IntRange(1), help="End after so many looks; without, when it is ended.")
def watch(url: str, path: Path, every: float, after: float, looks: int | None) -> None:
    """Look whether the cockpit at URL is ready and evaluates, and tell the channels when it does not, and
    when it does again. Run it on another machine. With --looks: exit code 1 where it is silent at the end."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise click.ClickException(f"{url!r}: expected http://HOST:PORT or https://HOST")
    clock, seen = RealClock(), Watch(url, loaded(path), round(after * 1000))
    silent, done = False, 0
    while looks is None or done < looks:
        if done:
            time.sleep(every)
        why = trouble(url)
        seen.look(clock.real_ms(), why)
        done += 1
        if seen.silent != silent:
            silent = seen.silent
            click.echo(f"{url}: silent: {why}" if silent else f"{url}: back", err=True)
    seen.wait(LAST_S)
    raise SystemExit(1 if silent else 0)
