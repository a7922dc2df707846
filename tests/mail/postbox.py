"""A mail server on this machine, small enough to read: it takes what it is told to take."""

import socket
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from threading import Thread


class Postbox(socketserver.ThreadingTCPServer):
    """What arrived is in `mails`. `moods` says how it meets the next senders, one each:
    an SMTP answer to refuse the recipient with, or "drop" to hang up after taking the mail.
    """

    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mails: list[EmailMessage] = []
        self.moods: list[str] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    """One sender's connection."""

    server: Postbox

    def handle(self) -> None:
        """The half of SMTP that a sender of one mail needs."""
        mood = self.server.moods.pop(0) if self.server.moods else ""
        self._say("220 postbox")
        for line in self.rfile:
            word = line[:4].upper().strip()
            if word == b"RCPT" and mood[:1] in {"4", "5"}:
                self._say(mood)
            elif word == b"DATA":
                self._say("354 go on")
                self._take(mood)
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, mood: str) -> None:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b"."))
        if mood == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        mail = BytesParser(policy=policy.default).parsebytes(b"".join(lines))
        self.server.mails.append(mail)
        self._say("250 taken")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def listening() -> Iterator[Postbox]:
    """A postbox for the length of a `with` block."""
    with Postbox() as postbox:
        thread = Thread(target=postbox.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield postbox
        finally:
            postbox.shutdown()
            thread.join()
