"""The kinds of rules in words: each is one object in one file, registered here once."""

from __future__ import annotations

from cockpit.ui.kind_words.all_of import AllOfWords
from cockpit.ui.kind_words.any_of import AnyOfWords
from cockpit.ui.kind_words.asset_silent import AssetSilentWords
from cockpit.ui.kind_words.asset_skew import AssetSkewWords
from cockpit.ui.kind_words.change import ChangeWords
from cockpit.ui.kind_words.differs import DiffersWords
from cockpit.ui.kind_words.entry_late import EntryLateWords
from cockpit.ui.kind_words.group import GroupWords
from cockpit.ui.kind_words.incoming import IncomingWords
from cockpit.ui.kind_words.indicator import IndicatorWords
from cockpit.ui.kind_words.kind import Words
from cockpit.ui.kind_words.many_at_once import ManyAtOnceWords
from cockpit.ui.kind_words.source_duplicates import SourceDuplicatesWords
from cockpit.ui.kind_words.source_flood import SourceFloodWords
from cockpit.ui.kind_words.source_lag import SourceLagWords
from cockpit.ui.kind_words.source_late import SourceLateWords
from cockpit.ui.kind_words.source_refused import SourceRefusedWords
from cockpit.ui.kind_words.source_silent import SourceSilentWords
from cockpit.ui.kind_words.threshold import ThresholdWords
from cockpit.ui.kind_words.usual import UsualWords

ALL: tuple[Words, ...] = (
    AssetSilentWords(),
    AssetSkewWords(),
    GroupWords(),
    ManyAtOnceWords(),
    ThresholdWords(),
    ChangeWords(),
    UsualWords(),
    SourceSilentWords(),
    SourceLateWords(),
    SourceLagWords(),
    SourceDuplicatesWords(),
    SourceFloodWords(),
    SourceRefusedWords(),
    IndicatorWords(),
    DiffersWords(),
    EntryLateWords(),
    IncomingWords(),
    AllOfWords(),
    AnyOfWords(),
)

WORDS: dict[str, Words] = {words.code: words for words in ALL}
