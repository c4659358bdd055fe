"""What is answered to whoever hands in a file as evidence."""

from __future__ import annotations

from typing import Literal

import msgspec


class EvidenceTaken(msgspec.Struct):
    """A file that is on the disk: its id (the SHA-256 of its bytes, in hex), the name it is kept under, its
    kind by its content, its bytes."""

    evidence: str
    name: str
    kind: Literal["pdf", "docx", "xlsx", "png", "jpg"]
    size: int
