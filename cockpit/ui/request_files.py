"""Files of an answer: handed in by a page to the same store as over HTTP, and given back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cockpit.domain.evidence import MAX_BYTES, MEDIA
from cockpit.domain.requests import MAX_EVIDENCE, Piece
from cockpit.ingest.evidence import TooMany, Unfit, take
from cockpit.store import StoreError, evidence
from cockpit.ui import act, figures, people
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape
from cockpit.ui.words import t

MEGABYTES = MAX_BYTES >> 20


def choose(key: str) -> None:
    """Draw the way in for the files of an answer."""
    st.file_uploader(
        t("requests.files", n=MAX_EVIDENCE, size=MEGABYTES),
        type=[*MEDIA, "jpeg"],
        accept_multiple_files=True,
        key=key,
        max_upload_size=MEGABYTES,
    )


def chosen(key: str) -> list[UploadedFile]:
    """The files that were chosen."""
    found = st.session_state.get(key) or []
    return list(found) if isinstance(found, list) else [found]


def hand_in(files: Sequence[UploadedFile]) -> tuple[str, ...] | None:
    """Have the files on the disk; their ids. None where one is not taken, which `act.say` tells."""
    if len(files) > MAX_EVIDENCE:
        act.tell(t("requests.files_many", n=MAX_EVIDENCE))
        return None
    names = []
    for file in files:
        try:
            names.append(_hand_in(file.name, file.getvalue()))
        except Unfit as unfit:
            act.tell(t(f"requests.file_{unfit.code}", name=escape(file.name), size=MEGABYTES))
            return None
        except TooMany:
            act.tell(t("requests.file_too_many"))
            return None
        except StoreError as error:
            code = error.code if error.code == "disk_full" else "failed"
            act.tell(t(f"requests.file_{code}", name=escape(file.name)))
            return None
    return tuple(names)


def _hand_in(name: str, data: bytes) -> str:
    """What the browser says of its kind says nothing: it goes by the name."""
    here, person = cockpit(), people.current()
    if not here.writable and here.forward is not None:
        return here.forward.hand_in(data, name=name, declared="", person=person.name, unit=person.unit)
    return take(here.store, data, name=name, declared="", person=person.name, unit=person.unit).id


def download(pieces: Sequence[Piece], key: str) -> None:
    """The files of an answer, each to take along."""
    with st.container(horizontal=True, gap="xsmall"):
        for piece in pieces:
            st.download_button(
                f"{escape(piece.name)} ({_size(piece.size)})",
                data=lambda piece=piece: evidence.read(cockpit().store.path, piece.id) or b"",  # type: ignore[misc]
                file_name=piece.name,
                mime=MEDIA.get(piece.kind),  # type: ignore[call-overload]
                icon=":material/attach_file:",
                key=f"{key}-{piece.id[:16]}",
                on_click="ignore",
                type="tertiary",
            )


def _size(size: int) -> str:
    return figures.quantity(max(0.1, size / 1024 / 1024), t("unit.megabytes"), 1)
