"""What is kept in registers: entries, the steps of their lives, and open coverage gaps as measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from cockpit.domain.coverage.affected import Basis, Kind
from cockpit.domain.instants import Iso


class EntryAnswer(msgspec.Struct):
    """An entry. `facts` is what is measured of it, by name; `due` is when its next step is."""

    code: str
    id: int
    kind: str
    state: str
    unit: str
    owner: str
    opened: Iso
    due: Iso | None
    closed: Iso | None
    version: int
    simulated: bool
    facts: Annotated[Mapping[str, Any], msgspec.Meta(description="What is measured of it, by name.")]


class StepAnswer(msgspec.Struct):
    """A step of an entry's life, with what shows it."""

    time: Iso
    actor: str
    what: str
    before: str
    after: str
    evidence: Annotated[Mapping[str, Any], msgspec.Meta(description="What shows it, by name.")]


class EntryWithHistory(EntryAnswer):
    """An entry with the steps of its life, oldest first."""

    history: list[StepAnswer]


class PetitionAnswer(msgspec.Struct):
    """Citizens' feedback. `facts` are the fields that its feed has sent, as far as the caller may read them;
    `withheld` names the others. `version` counts its events; `owner` is the unit that has it."""

    code: str
    id: str
    kind: str
    state: str
    unit: str
    owner: str
    opened: Iso
    due: Iso | None
    closed: Iso | None
    version: int
    simulated: bool
    facts: Annotated[Mapping[str, Any], msgspec.Meta(description="What its feed has sent, by name.")]
    withheld: Annotated[
        list[str],
        msgspec.Meta(description="Fields that are there and need a person's token, or another role."),
    ]


class PetitionsAnswer(msgspec.Struct):
    """The petitions that changed last, in order of their keys."""

    feedback: list[PetitionAnswer]


class PetitionWithHistory(PetitionAnswer):
    """A petition with the states it came through, oldest first; `actor` is its feed."""

    history: list[StepAnswer]


class PeopleAnswer(msgspec.Struct):
    """People without a signal, with the bounds that follow from those of the share. `basis`: the cells of a
    file, or a unit's people spread over its land."""

    low: int
    mid: int
    high: int
    basis: Basis


class NearAnswer(msgspec.Struct):
    """A hamlet on the ground of a gap (`inside`) or near its middle."""

    code: str
    name: str
    metres: int
    inside: bool
    made_up: bool


class GapAnswer(msgspec.Struct):
    """An open coverage gap, measured as when the engine looked last. `share` of the samples lie under the
    threshold, `low` and `high` are its Wilson 95 % bounds; `last` is when the newest sample was taken.
    `reopened` counts how often it has opened again."""

    code: str
    id: int
    state: str
    unit: str
    owner: str
    opened: Iso
    due: Iso | None
    version: int
    simulated: bool
    cells: list[str]
    lat: float
    lon: float
    samples: int
    groups: int
    devices: int
    share: float
    low: float
    high: float
    mean_dbm: float | None
    last: Iso
    reopened: int
    money: Annotated[int | None, msgspec.Meta(description="What its plan costs, in millions of VND.")]
    kind: Annotated[Kind, msgspec.Meta(description="white: every operator is surely bad there.")]
    operators: Annotated[list[str], msgspec.Meta(description="Those that are surely bad there.")]
    people: PeopleAnswer
    hamlets: list[NearAnswer]
    households: int | None
    schools: int | None
    offices: int | None
    grid: Annotated[bool | None, msgspec.Meta(description="Whether power reaches its hamlets.")]
    road: bool | None


class CountedGap(msgspec.Struct):
    """Ground that seems to be a gap by the part of a demo's past that is in. It has no number yet."""

    unit: str
    cells: list[str]
    lat: float
    lon: float
    samples: int
    groups: int
    devices: int
    share: float
    low: float
    high: float
    mean_dbm: float | None
    last: Iso


class GapsAnswer(msgspec.Struct):
    """All open gaps, in order of their numbers. While a demo's past is still being brought in, page and
    indicator count `counted` in their place."""

    gaps: list[GapAnswer]
    counted: list[CountedGap] | msgspec.UnsetType = msgspec.UNSET


EntriesAnswer = Annotated[
    dict[str, list[EntryAnswer]],
    msgspec.Meta(description="One list, named after the register: its newest entries in order of numbers."),
]
