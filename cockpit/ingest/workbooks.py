"""Workbooks (XLSX) of strangers: what is not even opened, and how one is opened."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a fifth of a second and twenty megabytes, for those who read a workbook
    from openpyxl import Workbook

_LOOKED = 4096
_TYPES = tuple(
    mark.encode(coding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for coding in ("utf-8", "utf-16-le", "utf-16-be")
)
"""What no part of a workbook holds, and what makes a small one endless for who reads it."""


class NoWorkbook(Exception):
    """A file that is not taken; `code` is `too_large` or `no_workbook`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def unfit(data: bytes, most: int, inflated: int) -> str:
    """Why a file is not even opened, by code; "" if it may be. `most` bytes of it, `inflated` of what is
    packed in it."""
    if len(data) > most:
        return "too_large"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            infos = packed.infolist()
            if sum(info.file_size for info in infos) > inflated:
                return "too_large"
            for info in infos:
                if info.filename.lower().endswith((".xml", ".rels")):
                    with packed.open(info) as part:
                        head = part.read(_LOOKED)
                    if any(mark in head for mark in _TYPES):
                        return "no_workbook"
    except Exception:  # whatever a broken archive makes the library stumble over
        return "no_workbook"
    return ""


@contextmanager
def opened(data: bytes, most: int, inflated: int) -> Iterator[Workbook]:
    """The workbook, to be read within the block. Raises NoWorkbook, also for what breaks while it is read."""
    if code := unfit(data, most, inflated):
        raise NoWorkbook(code)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    except Exception:
        raise NoWorkbook("no_workbook") from None
    try:
        yield book
    except NoWorkbook:
        raise
    except Exception:
        raise NoWorkbook("no_workbook") from None
    finally:
        book.close()
