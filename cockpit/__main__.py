"""`cockpit`, as it is installed: until a command knows what it must put away, an end is an end."""

from __future__ import annotations

from cockpit import signals


def main() -> None:
    signals.at_once()
    from cockpit.cli import main as commands

    commands(prog_name="cockpit")


if __name__ == "__main__":
    main()
