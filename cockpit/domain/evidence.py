"""Files that people hand in as evidence: what kind a file is by its content, and what none may hold.

Nothing is opened or run here. A file is one of five kinds or none; it may hold no program that whoever opens
it could start, and nothing before or after itself that would make it another kind of file as well.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Literal

Kind = Literal["pdf", "docx", "xlsx", "png", "jpg"]

_WORD = "application/vnd.openxmlformats-officedocument"
MEDIA: dict[Kind, str] = {
    "pdf": "application/pdf",
    "docx": f"{_WORD}.wordprocessingml.document",
    "xlsx": f"{_WORD}.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
}
"""The media type of each kind."""

UNTOLD = ("", "application/octet-stream", "binary/octet-stream")
"""What is declared where nothing is said of the kind."""

MAX_BYTES = 10 * 1024 * 1024
MAX_NAME = 120
MAX_INFLATED = 200 * 1024 * 1024
"""Bytes of an office file once it is unpacked."""

Wrong = Literal["empty", "too_large", "not_a_kind", "other_kind", "damaged", "script", "locked"]
"""Why a file is not taken: it is none of the kinds, another one than was said, cut off or two files in one,
it holds a program, it is locked with a password."""


class Unfit(ValueError):
    """A file that is not taken."""

    def __init__(self, code: Wrong) -> None:
        super().__init__(code)
        self.code: Wrong = code


def kind_of(data: bytes, declared: str = "") -> Kind:
    """The kind of a file by its content, if it is the one declared (a media type). Raises Unfit."""
    if not data:
        raise Unfit("empty")
    if len(data) > MAX_BYTES:
        raise Unfit("too_large")
    kind = _looked_at(data)
    said = declared.partition(";")[0].strip().lower()
    if said not in (*UNTOLD, MEDIA[kind]):
        raise Unfit("other_kind")
    return kind


def named(name: str, kind: Kind) -> str:
    """A name to keep it under, without folders and with the ending of its kind, so that no system takes it
    for another."""
    base = re.split(r"[/\\]", name)[-1].strip(". ")
    base = re.sub(r'[<>:"|?*%]', "_", base)
    endings = (".jpg", ".jpeg") if kind == "jpg" else (f".{kind}",)
    stem = next((base[: -len(e)] for e in endings if base.lower().endswith(e)), base).strip(". ")
    return f"{stem[: MAX_NAME - 5] or kind}.{kind}"


def _looked_at(data: bytes) -> Kind:
    if data.startswith(b"%PDF-"):
        _pdf(data)
        return "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        _png(data)
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        _jpeg(data)
        return "jpg"
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    raise Unfit("not_a_kind")


# A PDF

_RUNS = re.compile(rb"/(?:JavaScript|JS|Launch|XFA|RichMedia)(?![A-Za-z0-9])")
"""Names under which a document holds what a reader runs."""
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb">>\s*stream\r?\n")
"""Behind the dictionary of a stream alone: the word in a comment hides nothing."""
_END = b"endstream"


def _pdf(data: bytes) -> None:
    if b"%%EOF" not in data[-2048:]:
        raise Unfit("damaged")
    left = MAX_INFLATED // 4
    for part in _parts(data):
        if b"/Encrypt" in part:
            raise Unfit("locked")
        if _RUNS.search(_HEX.sub(lambda m: bytes([int(m[1], 16)]), part)):
            raise Unfit("script")
        left -= len(part)
        if left < 0:
            raise Unfit("damaged")


def _parts(data: bytes) -> Iterator[bytes]:
    """What a PDF says outside its streams, and what packed objects say within them."""
    at = 0
    while (found := _STREAM.search(data, at)) is not None:
        head = data[at : found.start() + 2]
        yield head
        end = data.find(_END, found.end())
        if end < 0:
            raise Unfit("damaged")
        if b"/ObjStm" in _HEX.sub(lambda m: bytes([int(m[1], 16)]), head[head.rfind(b"obj") + 3 :]):
            yield _inflated(data[found.end() : end])
        at = end + len(_END)
    yield data[at:]


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, MAX_INFLATED // 8)
    except zlib.error:
        return packed


# Pictures

_MARKUP = re.compile(rb"<script|<\?php|<!doctype html|<html|<svg", re.I)


def _png(data: bytes) -> None:
    at = 8
    while at + 12 <= len(data):
        size, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        at += 12 + size
        if name == b"IEND":
            break
    else:
        raise Unfit("damaged")
    if at != len(data) or data[12:16] != b"IHDR":
        raise Unfit("damaged")
    if _MARKUP.search(data):
        raise Unfit("script")


def _jpeg(data: bytes) -> None:
    end = data.rfind(b"\xff\xd9")
    if end < 0 or b"\xff\xda" not in data[:end]:
        raise Unfit("damaged")
    if _MARKUP.search(data):
        raise Unfit("script")
    if b"PK\x03\x04" in data[end:] or b"%PDF-" in data[end:]:
        raise Unfit("damaged")


# Office files

_TYPES = "[Content_Types].xml"
_MAIN: dict[bytes, Kind] = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
}
_PROGRAMS = re.compile(r"vbaproject|vbadata|activex|oleobject|macrosheet|\.(exe|dll|js|vbs|bat|ps1|html?)$")
_MAX_TYPES = 1024 * 1024


def _office(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as found:
            infos = found.infolist()
            names = [info.filename for info in infos]
            if any(info.flag_bits & 1 for info in infos):
                raise Unfit("locked")
            if sum(info.file_size for info in infos) > MAX_INFLATED or _TYPES not in names:
                raise Unfit("not_a_kind")
            with found.open(_TYPES) as file:
                types = file.read(_MAX_TYPES)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError):
        raise Unfit("damaged") from None
    if b"macroEnabled" in types or any(_PROGRAMS.search(name.lower()) for name in names):
        raise Unfit("script")
    kind = next((kind for main, kind in _MAIN.items() if main in types), None)
    if kind is None:
        raise Unfit("not_a_kind")
    return kind
