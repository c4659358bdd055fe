"""A way to somebody outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from cockpit.domain.notices import Wanted

PREFIX = "alertmanager+"
"""Before http:// or https://: what listens there takes what Alertmanager sends, or is one."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to somebody. The address may hold a secret: it is in no text that this is turned into."""

    name: str
    url: str = field(repr=False)
    wanted: Wanted = field(default_factory=Wanted)
    language: Literal["vi", "en"] = "vi"

    @property
    def kind(self) -> str:
        """Its scheme, which is no secret: mailtos, json, alertmanager+https."""
        return self.url.partition("://")[0]
