"""Files of each kind as small as they can be, and files that are not what they say."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(text: bytes = b"") -> bytes:
    """One white pixel, with a comment if wished."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [_chunk(b"IHDR", head)]
    if text:
        parts.append(_chunk(b"tEXt", b"Comment\0" + text))
    parts += [_chunk(b"IDAT", zlib.compress(b"\0\xff")), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xda\0\x08\x01\x01\0\0\x3f\0\x7f\xff\xd9"

WORD = "wordprocessingml.document.main+xml"
SHEET = "spreadsheetml.sheet.main+xml"


def office(main: str, *more: str, macro: bool = False) -> bytes:
    """A package whose main part is of this type, with further parts by name."""
    kind = main.replace("main", "macroEnabled.main") if macro else main
    types = f'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.{kind}"/></Types>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        book.writestr("[Content_Types].xml", types)
        for name in ("main.xml", *more):
            book.writestr(name, "<x/>")
    return made.getvalue()


def packed_pdf(objects: bytes) -> bytes:
    """A PDF that says something within a packed stream of objects."""
    stream = zlib.compress(objects)
    return b"%%PDF-1.5\n1 0 obj\n<</Type/ObjStm/N 1>>\nstream\n%b\nendstream\nendobj\n%%%%EOF\n" % stream


KINDS = {
    "pdf": PDF, "png": png(), "jpg": JPEG, "docx": office(WORD), "xlsx": office(SHEET),
}  # fmt: skip
"""One of each kind."""
