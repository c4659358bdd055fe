"""The web process: Streamlit's own command. While it loads, before there is anything to put away, Ctrl+C ends
it without a word."""

from __future__ import annotations

from cockpit import signals


def main() -> None:
    signals.at_once()
    from streamlit.web import cli

    cli.main(prog_name="streamlit")


if __name__ == "__main__":
    main()
