"""The kinds of rules: each is one object in one file, registered here once."""

from __future__ import annotations

from cockpit.domain.alerting.claims import Claim
from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.all_of import AllOf
from cockpit.engine.kinds.any_of import AnyOf
from cockpit.engine.kinds.asset_silent import AssetSilent
from cockpit.engine.kinds.asset_skew import AssetSkew
from cockpit.engine.kinds.change import Change
from cockpit.engine.kinds.differs import Differs
from cockpit.engine.kinds.entry_late import EntryLate
from cockpit.engine.kinds.feed import Feed
from cockpit.engine.kinds.group import Group
from cockpit.engine.kinds.incoming import IncomingAlert
from cockpit.engine.kinds.indicator import Indicator
from cockpit.engine.kinds.kind import Kind
from cockpit.engine.kinds.many_at_once import ManyAtOnce
from cockpit.engine.kinds.source_duplicates import SourceDuplicates
from cockpit.engine.kinds.source_flood import SourceFlood
from cockpit.engine.kinds.source_lag import SourceLag
from cockpit.engine.kinds.source_late import SourceLate
from cockpit.engine.kinds.source_refused import SourceRefused
from cockpit.engine.kinds.source_silent import SourceSilent
from cockpit.engine.kinds.threshold import Threshold
from cockpit.engine.kinds.usual import UsualHour

ALL: tuple[Kind, ...] = (
    AssetSilent(),
    AssetSkew(),
    Group(),
    ManyAtOnce(),
    Threshold(),
    Change(),
    UsualHour(),
    SourceSilent(),
    SourceLate(),
    SourceLag(),
    SourceDuplicates(),
    SourceFlood(),
    SourceRefused(),
    Indicator(),
    Differs(),
    EntryLate(),
    IncomingAlert(),
    AllOf(),
    AnyOf(),
)

KINDS: dict[str, Kind] = {kind.code: kind for kind in ALL}
CLAIMS = {kind.code: Claim(kind.claim, kind.within_ms) for kind in ALL}
"""What rules of each kind claim, and by when."""

FEEDS: dict[str, Feed] = {kind.code: kind for kind in ALL if isinstance(kind, Feed)}


def kind_of(rule: Rule) -> Kind:
    """The kind of a rule. Raises KeyError if there is none: `checked` has refused such a profile."""
    return KINDS[rule.kind]
