"""Servers that notices are sent to, each on a free port of its own: mail, and webhooks that misbehave."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.waiting import PATIENCE_S


@dataclass
class Webhook:
    """A receiver that answers as `answers` says, the last for all that follow. An answer is what goes over
    the line; None: none comes until the receiver is closed."""

    answers: list[bytes | None]
    port: int = 0
    got: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)  # path, headers, JSON


def status(code: int) -> bytes:
    return f"HTTP/1.1 {code} Such\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


@contextmanager
def webhook(*answers: bytes | None) -> Iterator[Webhook]:
    made = Webhook(list(answers))
    closing = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        made.port = server.getsockname()[1]
        server.settimeout(0.1)

        def serve() -> None:
            while not closing.is_set():
                try:
                    conn, _ = server.accept()
                except TimeoutError:
                    continue
                with conn:
                    conn.settimeout(PATIENCE_S)
                    answer = made.answers.pop(0) if len(made.answers) > 1 else made.answers[0]
                    made.got.append(_request(conn))
                    if answer is None:
                        closing.wait(PATIENCE_S)
                    else:
                        conn.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield made
        finally:
            closing.set()
            thread.join(PATIENCE_S)


def _request(conn: socket.socket) -> tuple[str, dict[str, str], Any]:
    with conn.makefile("rb") as stream:
        path = stream.readline().split()[1].decode()
        headers = {}
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            headers[name.decode().lower()] = value.strip().decode()
        return path, headers, json.loads(stream.read(int(headers.get("content-length", 0))) or b"null")


class Mailbox:
    """What a mail server took, and how it answers: by default all is well."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.answer: Callable[[], str] = lambda: "250 taken"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answer()
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.mails.append(message_from_bytes(content, policy=default))
        return answer


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, int]]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()
