"""The documentation names what exists, and what exists is named."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import click
import pytest

from cockpit import __version__
from cockpit.cli import main

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
TEXT = {path: path.read_text("utf-8") for path in DOCS}
INTERNAL_TARGETS = {"browser", "servers"}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"\bcockpit ((?:[a-z]+ ?){1,2})")
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)\b")
PLACE = re.compile(r"`((?:cockpit|simulator|pages|tools|tests|docs)/[^`\s]*)`")
REQUIREMENT = re.compile(r"^[A-Za-z0-9_.-]+")


def in_code(text: str) -> str:
    """Only what stands in backquotes or in indented or fenced blocks: prose may speak of a cockpit."""
    spans = re.findall(r"`([^`\n]+)`", text)
    blocks = re.findall(r"^(?: {4}|\t)(.+)$", text, re.M) + re.findall(
        r"^```.*?\n(.*?)^```", text, re.M | re.S
    )
    return "\n".join([*spans, *blocks])


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.M))


def typed(group: click.Group) -> set[str]:
    """Every command with its subcommands, as a user types them."""
    context = click.Context(group)
    found = set()
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= {f"{name} {below}" for below in typed(command)}
        else:
            found.add(name)
    return found


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_the_project_leads_somewhere(path: Path) -> None:
    missing = [
        target
        for target in LINK.findall(TEXT[path])
        if not re.match(r"[a-z]+:", target)
        and not target.startswith("#")
        and not (path.parent / target.split("#")[0]).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_and_folder_that_is_named_is_there(path: Path) -> None:
    named = {one for found in PLACE.findall(TEXT[path]) for one in _spread(found)}
    assert [one for one in sorted(named) if not any(ROOT.glob(one))] == []


def _spread(place: str) -> list[str]:
    """`words/{vi,en}.toml` names two files."""
    choice = re.search(r"\{([^}]*)\}", place)
    if choice is None:
        return [place]
    return [place.replace(choice[0], one) for one in choice[1].split(",")]


def test_every_make_target_in_the_documentation_exists() -> None:
    named = {name for text in TEXT.values() for name in MAKE.findall(in_code(text))}
    assert named - make_targets() == set()


def test_every_make_target_is_documented() -> None:
    named = {name for text in TEXT.values() for name in MAKE.findall(in_code(text))}
    assert make_targets() - INTERNAL_TARGETS - named == set()


def test_every_command_in_the_documentation_exists() -> None:
    known = typed(main)
    heads = {command.split()[0] for command in known}
    wrong = set()
    for text in TEXT.values():
        for found in COMMAND.findall(in_code(text)):
            words = found.split()
            if words[0] not in heads or (
                len(words) == 2
                and any(c.startswith(f"{words[0]} ") for c in known)
                and " ".join(words) not in known
            ):
                wrong.add(" ".join(words))
    assert wrong == set()


def test_the_newest_version_of_the_changelog_is_the_package_s() -> None:
    """`## [Unreleased]` comes first, then versions with their days, the newest on top."""
    headings = re.findall(r"^## \[?([^\]\s]+)\]?(?: - (\S+))?$", TEXT[ROOT / "CHANGELOG.md"], re.M)
    first, *versions = headings
    assert first == ("Unreleased", "")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert versions[0][0] == project["version"] == __version__
    days = [date.fromisoformat(day) for _, day in versions]
    assert days == sorted(days, reverse=True)


def test_every_dependency_has_its_line_and_its_exact_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    direct = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {match[0].lower() for line in direct if (match := REQUIREMENT.match(line))}
    listed = set(re.findall(r"^\| ([a-z0-9-]+) \|", (ROOT / "docs/dependencies.md").read_text("utf-8"), re.M))
    assert listed - {"package", "what"} == names
    pinned = {
        line.split("==")[0].lower()
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if "==" in line
    }
    assert names <= pinned


def test_constraints_name_no_addresses() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    wrong = [
        line for line in lines if not line.startswith("#") and not re.fullmatch(r"[\w.-]+==[\w.+]+", line)
    ]
    assert wrong == []
