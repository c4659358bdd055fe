"""A command and what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, Protocol

import msgspec

from cockpit.clock import Clock
from cockpit.demo.controls import Controls
from cockpit.demo.state import DemoRun
from cockpit.demo.virtual_clock import VirtualClock
from cockpit.domain.roles import Reader, Role
from cockpit.domain.text import MAX_NOTE
from cockpit.profiles import Profile
from cockpit.store import Store
from cockpit.store.handles import Read, Write

MAX_TEXT = 1_000
"""Signs of a text that are read and recorded where a message says nothing else; every handler takes fewer."""

MIN_REASON, MAX_REASON = 3, MAX_NOTE
"""Signs of a reason where one is needed, and of any."""

Code = Literal[
    "done",
    "already",  # it is so already: `facts` say by whom and since when
    "changed",  # somebody else was quicker: `facts` hold the version as it is now
    "closed",
    "unknown",
    "no_right",
    "reason_needed",
    "reason_too_long",
    "too_long",
    "too_late",  # it could have been taken back for `within_ms` of real time only
    "too_wide",
    "bad_argument",
    "wrong_state",
    "evidence_needed",
    "wrong_rules",  # the rules in the file cannot be used: `facts` hold the mistakes
    "still_active",
    "read_only",
    "busy",  # the store has not answered in time: it may still be carried out
    "stage",  # the stage cannot take it: `facts` hold the code of the error and its reason
]


class Instant(int):
    """Milliseconds since the epoch; on the wire ISO 8601 with offset."""


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What somebody wants done, one class a command. Its name on the wire is the class's in small letters."""

    ROLES: ClassVar[frozenset[Role]]
    WITHIN_MS: ClassVar[Mapping[str, int]] = {}  # how far ahead each role's `until` may lie
    REASON: ClassVar[bool] = False  # whether a reason must be given
    DEMO: ClassVar[bool] = False  # whether it is there in a demo only
    LONGEST: ClassVar[int] = MAX_TEXT  # signs of a text that are read, more than its handler takes
    ANY_UNIT: ClassVar[bool] = False  # whether roles of a unit may give it about what is another unit's
    ANYBODY: ClassVar[bool] = False  # whether whoever has a name may give it, also who only reads
    RECORDED: ClassVar[bool] = True  # whether it is on record; what pages send by themselves would fill it

    def recorded(self) -> dict[str, Any]:
        """The arguments as they go on record."""
        given = msgspec.structs.asdict(self)
        return {k: v if isinstance(v, int) else msgspec.to_builtins(v) for k, v in given.items()}


def name_of(kind: type[Message]) -> str:
    """`RuleOff` is `rule_off` on the wire and on record."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as it came over the wire: its arguments are read only if the role may give it at all."""

    name: str
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `unit` is the code of a unit or of a department, for roles that are somebody's there."""

    name: str
    role: Role | Reader
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A message of somebody, with the reason in their words."""

    actor: Actor
    message: Message | Asked
    reason: str = ""

    @property
    def name(self) -> str:
        return self.message.name if isinstance(self.message, Asked) else name_of(type(self.message))


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a command. `facts` begin with what was made or changed, and fill the words; `after` is
    done once all of it is on disk, in the order of the commands, whether anybody still waits or not."""

    code: Code
    facts: dict[str, Any] = field(default_factory=dict)
    after: Callable[[], None] | None = None

    @property
    def ok(self) -> bool:
        return self.code == "done"


class CommandResult(msgspec.Struct):
    """What became of a command, as it is told over HTTP."""

    code: Code
    facts: Annotated[
        dict[str, Any],
        msgspec.Meta(description="What it is about, by name: what was made or changed comes first."),
    ]


class Config(Protocol):
    @property
    def mode(self) -> str: ...


class Demo(Protocol):
    """What an order of a presenter needs."""

    @property
    def clock(self) -> VirtualClock: ...
    @property
    def run(self) -> DemoRun: ...
    @property
    def controller(self) -> Controls: ...


class Cockpit(Protocol):
    """What a command needs of the running cockpit."""

    @property
    def is_demo(self) -> bool: ...
    @property
    def store(self) -> Store: ...
    @property
    def profile(self) -> Profile: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def writable(self) -> bool: ...
    @property
    def demo(self) -> Demo | None: ...
    @property
    def forward(self) -> Callable[[Command], Result] | None:
        """The way to the process that writes, where this one does not."""


# Each handler takes the one type of message it stands at.
Handler = Callable[[Cockpit, Command, Any, Write, int], Result]
"""Within the one transaction of the command, at an instant of domain time. It may run again from the start
where a joint transaction failed: what is not in the store belongs into `after` of its result."""

Slow = Callable[[Cockpit, Command, Any], Result]
"""What brings the whole stage to a stand and writes its own record. Raises DemoError."""

Handlers = dict[type[Message], Handler]

Right = Callable[[Read, Actor, Mapping[str, Any]], Result | None]
"""Looks, before arguments are read, whether what they name is somebody's to act on: the refusal, or None
where it is, or where nothing is named that there is. What the handler finds in its transaction decides."""

Rights = dict[type[Message], Right]

NAMED_UP_TO = 2**53
"""No number of an entry is higher."""


def number_in(args: Mapping[str, Any], name: str) -> int | None:
    """The number that arguments give under a name, read or not; None where that is none."""
    found = args.get(name)
    if not isinstance(found, int) or isinstance(found, bool):
        return None
    return found if 0 < found <= NAMED_UP_TO else None


def done(facts: dict[str, Any], after: Callable[[], None] | None = None) -> Result:
    return Result("done", facts, after=after)


def refused(code: Code, **facts: Any) -> Result:
    return Result(code, facts)
