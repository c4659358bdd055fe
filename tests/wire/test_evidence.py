"""Files as evidence over HTTP: what is taken, what is refused, where the bytes lie, who gets them back."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from cockpit.domain.evidence import MAX_BYTES, MEDIA
from cockpit.ingest.evidence import MAX_WAITING
from cockpit.store import evidence
from tests.wire import handed
from tests.wire.conftest import Bench
from tests.wire.test_plans import person

PATH = "/api/v1/evidence"


def officer(bench: Bench) -> TestClient:
    return bench.client(person(bench, "officer", "skhcn"))


def hand_in(client: TestClient, data: bytes, name: str = "", kind: str = "") -> Any:
    headers = {"Content-Type": kind} if kind else {}
    return client.post(PATH, params={"name": name} if name else {}, content=data, headers=headers)


@pytest.mark.parametrize("kind", MEDIA)
def test_a_file_of_each_kind_is_kept_under_its_digest(bench: Bench, kind: Any) -> None:
    data, client = handed.KINDS[kind], officer(bench)
    answer = hand_in(client, data, "Công văn 12.exe", MEDIA[kind])
    digest = hashlib.sha256(data).hexdigest()
    assert answer.status_code == 201, answer.text
    assert answer.json() == {
        "evidence": digest, "name": f"Công văn 12.exe.{kind}", "kind": kind, "size": len(data),
    }  # fmt: skip
    place = evidence.place(bench.store.path, digest)
    assert place.read_bytes() == data
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (place, place.parent)]
    assert [oct(mode & 0o077) for mode in modes] == ["0o0", "0o0"]
    assert list(place.parent.iterdir()) == [place]


@pytest.mark.parametrize(
    ("data", "kind", "status", "code"),
    [
        (b"", "", 400, "empty"),
        (b"<html><script>alert(1)</script>", "application/pdf", 415, "not_a_kind"),
        (b"MZ\x90\0" * 9, "application/pdf", 415, "not_a_kind"),
        (handed.PDF, "image/png", 415, "other_kind"),
        (handed.png(), "text/html", 415, "other_kind"),
        (handed.PDF[:-7], "", 415, "damaged"),
        (handed.png() + handed.PDF, "", 415, "damaged"),
        (handed.png()[:-4], "", 415, "damaged"),
        (handed.JPEG[:-2], "", 415, "damaged"),
        (handed.office(handed.WORD)[:-30], "", 415, "damaged"),
        (handed.office("presentationml.presentation.main+xml"), "", 415, "not_a_kind"),
        (handed.PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript>>"), "", 415, "script"),
        (handed.PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/J#61vaScript>>"), "", 415, "script"),
        (handed.packed_pdf(b"<</S/JavaScript/JS(x)>>"), "", 415, "script"),
        (  # the word in a comment begins no stream behind which it could hide
            handed.PDF.replace(b"1 0 obj", b"%stream\n1 0 obj").replace(
                b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript>>"
            ),
            "",
            415,
            "script",
        ),
        (handed.PDF.replace(b"trailer", b"2 0 obj<<>>stream\nx\ntrailer"), "", 415, "damaged"),
        (handed.PDF.replace(b"<</Root", b"<</Encrypt 2 0 R/Root"), "", 415, "locked"),
        (handed.png(b"<script>alert(1)</script>"), "", 415, "script"),
        (handed.office(handed.WORD, "word/vbaProject.bin"), "", 415, "script"),
        (handed.office(handed.SHEET, macro=True), "", 415, "script"),
    ],
)
def test_what_lies_is_cut_off_or_holds_a_program_is_refused(
    bench: Bench, data: bytes, kind: str, status: int, code: str
) -> None:
    answer = hand_in(officer(bench), data, "Báo cáo.pdf", kind)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert not evidence.folder(bench.store.path).exists()


def test_packed_objects_without_a_program_are_no_harm(bench: Bench) -> None:
    assert hand_in(officer(bench), handed.packed_pdf(b"<</Type/Catalog>>")).status_code == 201


def test_ten_mebibytes_are_taken_and_a_byte_more_is_not(bench: Bench) -> None:
    client = officer(bench)
    whole = handed.PDF[:-6] + b" " * (MAX_BYTES - len(handed.PDF)) + handed.PDF[-6:]
    assert hand_in(client, whole).status_code == 201
    answer = hand_in(client, whole + b"\n")
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_only_a_person_hands_in_and_only_in_the_own_name(bench: Bench) -> None:
    assert hand_in(bench.client(), handed.PDF).status_code == 401
    assert hand_in(bench.client(bench.token("cam-vms")), handed.PDF).status_code == 403
    assert hand_in(bench.client(bench.token(role="reader")), handed.PDF).status_code == 403
    client = officer(bench)
    assert client.post(PATH, params={"by": "Minh"}, content=handed.PDF).status_code == 403
    foreign = {"Origin": "https://elsewhere.example"}
    assert client.post(PATH, content=handed.PDF, headers=foreign).status_code == 403
    pages = bench.client(bench.token(role="pages"))
    assert pages.post(PATH, content=handed.PDF).status_code == 400
    assert pages.post(PATH, params={"by": "Minh", "unit": "ca"}, content=handed.PDF).status_code == 201


def test_until_something_names_it_only_who_handed_it_in_gets_it_back(bench: Bench) -> None:
    mine = officer(bench)
    where = f"{PATH}/{hand_in(mine, handed.PDF, 'a/../Báo cáo.pdf').json()['evidence']}"
    answer = mine.get(where)
    assert (answer.status_code, answer.content) == (200, handed.PDF)
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''B%C3%A1o%20c%C3%A1o.pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert bench.client().get(where).status_code == 404
    for wrong in ("x", "0" * 64, "..%2Fcockpit.db"):
        assert mine.get(f"{PATH}/{wrong}").status_code == 404


def test_a_file_that_was_changed_on_the_disk_is_not_given_out(bench: Bench) -> None:
    client = officer(bench)
    name = hand_in(client, handed.PDF).json()["evidence"]
    evidence.place(bench.store.path, name).write_bytes(handed.png())
    answer = client.get(f"{PATH}/{name}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "corrupt")
    assert hand_in(client, handed.PDF).status_code == 201  # handed in again it is whole
    assert client.get(f"{PATH}/{name}").content == handed.PDF


def test_a_full_disk_is_told_and_leaves_nothing_behind(bench: Bench, monkeypatch: Any) -> None:
    client = officer(bench)
    real = os.fsync

    def full(handle: int) -> None:
        if "evidence" in os.readlink(f"/proc/self/fd/{handle}"):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    answer = hand_in(client, handed.PDF)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "disk_full")
    monkeypatch.undo()
    folder: Path = evidence.folder(bench.store.path)
    assert [path for path in folder.iterdir() if path.is_file()] == []
    assert hand_in(client, handed.PDF).status_code == 201


def test_nobody_hands_in_without_end(bench: Bench) -> None:
    client = officer(bench)
    for n in range(MAX_WAITING):
        assert hand_in(client, handed.png(b"%d" % n)).status_code == 201
    answer = hand_in(client, handed.PDF)
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many")
    assert hand_in(bench.client(bench.token(role="officer")), handed.PDF).status_code == 201
