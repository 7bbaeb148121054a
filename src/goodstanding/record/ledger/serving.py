"""A witness at the door of the network: `POST /add-checkpoint`, and nothing else.

It is plain HTTP, for a private network or behind a proxy that speaks TLS: what is sent and answered is signed anyhow.
"""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from goodstanding.record.ledger.witness import BAD, UNKNOWN, Answer, WitnessDesk

PATH: Final = "/add-checkpoint"
FAILED: Final = 500
MOST: Final = 262_144
"""Bytes of a request: 63 lines of a proof and a head with many signatures are far fewer."""
PATIENCE_SECONDS: Final = 10
"""How long a client may take for its request."""


def serve(desk: WitnessDesk, host: str, port: int) -> ThreadingHTTPServer:
    """A server for a witness, listening; port 0: any that is free. The caller runs and closes it."""

    class Door(_Door):
        """This witness's."""

        witness = desk

    server = ThreadingHTTPServer((host, port), Door)
    server.daemon_threads = False  # a request that was begun is answered before the server closes
    return server


class _Door(BaseHTTPRequestHandler):
    """One connection."""

    witness: WitnessDesk
    protocol_version = "HTTP/1.1"  # so that a connection serves several requests
    timeout = PATIENCE_SECONDS
    server_version = "goodstanding-witness"
    sys_version = ""

    def do_POST(self) -> None:
        """Answer a request, or say that there is nothing else here."""
        body = self._body()
        if body is None:
            self.close_connection = True  # the rest of the request was not read
            self._say(Answer(BAD, f"a body of at most {MOST} bytes, with its length, was expected\n"))
        elif self.path.rstrip("/") != PATH:
            self._say(Answer(UNKNOWN, f"POST {PATH} is all there is here\n"))
        else:
            self._say(self._answer(body))

    def do_GET(self) -> None:
        """Say that there is nothing to get."""
        self.close_connection = True
        self._say(Answer(UNKNOWN, f"POST {PATH} is all there is here\n"))

    def log_message(self, format: str, *_args: object) -> None:  # noqa: A002 the name that the class gives it
        """Keep no record of who asked."""

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > MOST:
            return None
        body = self.rfile.read(int(length))
        return body if len(body) == int(length) else None

    def _answer(self, body: bytes) -> Answer:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return Answer(BAD, "the request is not UTF-8\n")
        try:
            return self.witness.answer(text)
        except OSError:
            return Answer(FAILED, "what was seen cannot be kept, so nothing is signed\n")

    def _say(self, answer: Answer) -> None:
        body = answer.text.encode()
        self.send_response(answer.code)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
