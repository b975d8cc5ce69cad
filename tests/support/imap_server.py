"""A server that offers mails through IMAP4rev1 (RFC 3501), as far as reading a folder needs it."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

USER, PASSWORD = "shop@example.com", 'a "password" with spaces'
_COMMAND = re.compile(rb"(\S+) (\S+)(?: (.*))?\r\n", re.DOTALL)
_WORD = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\S+)')


class ImapServer:
    """Context manager. A server on this computer; `mails` are those of the folder, in the order of their numbers.
    `lost` is the number of connections that it closes instead of sending the next mails."""

    def __init__(self, tls: ssl.SSLContext | None = None, user: str = USER, password: str = PASSWORD) -> None:
        self.mails: list[bytes] = []
        self.validity = 1
        self.first_uid = 1
        self.lost = 0
        self.commands: list[str] = []
        self.tls = tls
        self.login = (user.encode(), password.encode())
        outer = self

        class Session(_Session):
            server_of_test = outer

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="IMAP server")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def numbered(self) -> Iterator[tuple[int, bytes]]:
        """The mails with their UIDs."""
        return enumerate(list(self.mails), start=self.first_uid)


class _Session(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    server_of_test: ImapServer

    def handle(self) -> None:
        server = self.server_of_test
        self.is_encrypted = server.tls is None
        self._send(b"* OK ready")
        while line := self.rfile.readline():
            command = _COMMAND.fullmatch(line)
            assert command, line
            tag, name, rest = command[1], command[2].upper(), command[3] or b""
            words = [re.sub(rb"\\(.)", rb"\1", quoted) or word for quoted, word in _WORD.findall(rest)]
            if name == b"UID":
                name, words = words[0].upper(), words[1:]
            server.commands.append(name.decode())
            match name:
                case b"CAPABILITY":
                    self._send(b"* CAPABILITY IMAP4rev1" + (b"" if self.is_encrypted else b" STARTTLS LOGINDISABLED"))
                    self._send(tag + b" OK done")
                case b"STARTTLS":
                    self._send(tag + b" OK done")
                    assert server.tls is not None
                    try:
                        self.request = server.tls.wrap_socket(self.request, server_side=True)
                    except ssl.SSLError:  # the client does not trust the certificate
                        return
                    self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
                    self.is_encrypted = True
                case b"LOGIN":
                    is_known = self.is_encrypted and tuple(words) == server.login
                    self._send(tag + (b" OK done" if is_known else b" NO [AUTHENTICATIONFAILED] refused"))
                case b"EXAMINE" if words == [b"INBOX"]:
                    numbers = b"* OK [UIDVALIDITY %d] valid\r\n* OK [UIDNEXT %d] next"
                    self._send(b"* %d EXISTS" % len(server.mails))
                    self._send(numbers % (server.validity, server.first_uid + len(server.mails)))
                    self._send(tag + b" OK [READ-ONLY] done")
                case b"EXAMINE":
                    self._send(tag + b" NO [NONEXISTENT] no such folder")
                case b"SEARCH":
                    self._send(b"* SEARCH" + b"".join(b" %d" % uid for uid in self._search(words)))
                    self._send(tag + b" OK done")
                case b"FETCH":
                    if server.lost:
                        server.lost -= 1
                        return
                    self._fetch(tag, int(words[0]), rest)
                case b"LOGOUT":
                    self._send(b"* BYE end")
                    self._send(tag + b" OK done")
                    return
                case _:
                    self._send(tag + b" BAD unknown")

    def finish(self) -> None:
        super().finish()
        self.request.close()  # the base class only closes the connection without TLS

    def _search(self, words: list[bytes]) -> list[int]:
        uids = [uid for uid, _ in self.server_of_test.numbered()]
        if words[0] != b"UID":  # SINCE: all mails of a test are new
            return uids
        first = int(words[1].partition(b":")[0])
        return [uid for uid in uids if uid >= first] or uids[-1:]  # as RFC 3501 says about `*`

    def _fetch(self, tag: bytes, wanted: int, rest: bytes) -> None:
        size = re.search(rb"BODY\.PEEK\[\]<0\.(\d+)>", rest)
        assert size, rest
        for number, (uid, mail) in enumerate(self.server_of_test.numbered(), start=1):
            if uid == wanted:
                part = mail[: int(size[1])]
                self._send(b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n%b)" % (number, uid, len(part), part))
        self._send(tag + b" OK done")

    def _send(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")
