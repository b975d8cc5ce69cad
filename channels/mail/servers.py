"""Connections to the SMTP and IMAP servers of a business, at addresses that were checked."""

import imaplib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Literal

from channels.base import Http, OutcomeUnknown, SendFailed
from core.concurrency import time_limit
from core.outgoing.client import MAX_SECONDS

MAX_MAIL_BYTES = 10 * 1024 * 1024  # of a mail that are read
_REJECTED = 500  # status codes of SMTP from here on are permanent
_OK = 250
_UNREACHABLE = "The mail server closed the connection or did not answer in time."


Security = Literal["tls", "starttls"]


@dataclass(frozen=True)
class Server:
    """A mail server, and how to sign in."""

    host: str
    port: int
    security: Security
    user: str
    password: str | None = field(repr=False)


def send_mail(server: Server, http: Http, sender: str, recipient: str, mail: bytes) -> None:
    """Hand a mail over to the server. Raises SendFailed or OutcomeUnknown."""
    is_written = False
    smtp: _SMTP | None = None
    try:
        with time_limit(MAX_SECONDS):
            smtp = _SMTP(server, http, sender.rpartition("@")[2])
            smtp.sign_in(server)
            _check(*smtp.mail(sender))
            _check(*smtp.rcpt(recipient))
            is_written = True
            code, answer = smtp.data(mail)
            _check(code, answer)
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, isinstance(error, smtplib.SMTPAuthenticationError)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise SendFailed("The mail server offers no encryption, or no way to sign in.", code="not_supported") from error
    except ssl.SSLError as error:
        raise SendFailed("The certificate of the mail server is not valid.", code="tls") from error
    except UnicodeError as error:
        raise SendFailed("The user name or password can only contain ASCII.", code="sign_in", permanent=True) from error
    except (smtplib.SMTPException, OSError) as error:
        if is_written:
            raise OutcomeUnknown(_UNREACHABLE, code="connection") from error
        raise SendFailed(_UNREACHABLE, code="connection") from error
    finally:
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError), time_limit(1):
                smtp.quit()
            smtp.close()


def _check(code: int, answer: bytes) -> None:
    if code not in (_OK, _OK + 1):
        raise smtplib.SMTPResponseException(code, answer)


def _refused(code: int, is_sign_in: bool) -> SendFailed:
    if is_sign_in:  # a new password helps, so it is tried again
        return SendFailed("The mail server refused the user name or password.", code=f"smtp_{code}")
    return SendFailed(f"The mail server refused the mail ({code}).", code=f"smtp_{code}", permanent=code >= _REJECTED)


class _SMTP(smtplib.SMTP):
    def __init__(self, server: Server, http: Http, own_name: str) -> None:
        self._security, self._http = server.security, http
        super().__init__(server.host, server.port, local_hostname=own_name, timeout=MAX_SECONDS)

    def connect(self, host: str = "", port: int = 0, source_address: Any = None) -> tuple[int, bytes]:
        """Called by the constructor."""
        self.sock = _open(host, port, self._security, self._http)
        self.file = None
        return self.getreply()

    def sign_in(self, server: Server) -> None:
        self.ehlo_or_helo_if_needed()
        if server.security == "starttls" and (self.has_extn("starttls") or not _is_this_computer(server.host)):
            self.starttls(context=self._http.ssl_context)
            self.ehlo_or_helo_if_needed()
        if server.password is not None:
            self.login(server.user, server.password)


class _IMAP(imaplib.IMAP4):
    def __init__(self, server: Server, http: Http) -> None:
        self._security, self._http = server.security, http
        super().__init__(server.host, server.port)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        """Called by the constructor."""
        self.host, self.port = host, port
        self.sock = _open(host, port, self._security, self._http)
        self.file = self.sock.makefile("rb")

    def read(self, size: int) -> bytes:
        """Called for the literals that the server announces."""
        if size > MAX_MAIL_BYTES + 1024:
            raise self.abort("too large")
        return super().read(size)

    def sign_in(self, server: Server) -> None:
        if server.security == "starttls" and ("STARTTLS" in self.capabilities or not _is_this_computer(server.host)):
            self.starttls(self._http.ssl_context)
        try:
            self.login(server.user, server.password or "")
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise SendFailed("The mail server refused the user name or password.", code="sign_in") from error


@contextmanager
def open_mailbox(server: Server, http: Http, folder: str, seconds: float) -> Iterator["MailboxReader"]:
    """A folder, which is only read. Raises SendFailed."""
    imap: _IMAP | None = None
    try:
        with time_limit(seconds):
            imap = _IMAP(server, http)
            imap.sign_in(server)
            reader = MailboxReader(imap, folder)
            yield reader
    except ssl.SSLError as error:
        raise SendFailed("The certificate of the mail server is not valid.", code="tls") from error
    except UnicodeError as error:
        raise SendFailed("The user name, password or folder can only contain ASCII.", code="sign_in") from error
    except (imaplib.IMAP4.error, OSError) as error:
        raise SendFailed(_UNREACHABLE, code="connection") from error
    finally:
        if imap is not None:
            with suppress(imaplib.IMAP4.error, OSError), time_limit(1):
                imap.logout()
            with suppress(OSError):
                imap.shutdown()


class MailboxReader:
    """Mails of a folder. `validity` changes when the server renumbers its mails; `next_uid` is that of the next one
    to arrive."""

    def __init__(self, imap: imaplib.IMAP4, folder: str) -> None:
        self._imap = imap
        quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
        status, _ = imap.select(quoted, readonly=True)
        if status != "OK":
            raise SendFailed("The mailbox has no folder of that name.", code="folder")
        self.validity = self._number("UIDVALIDITY") or 0
        self.next_uid = self._number("UIDNEXT") or (max(self._search("ALL"), default=0) + 1)

    def uids_from(self, uid: int) -> list[int]:
        """The numbers of the mails from this one on."""
        return [each for each in self._search("UID", f"{uid}:*") if each >= uid]  # `*` is the last one, always included

    def uids_since(self, date: str) -> list[int]:
        """The numbers of the mails that arrived on a date, such as 30-Nov-2026, or later."""
        return self._search("SINCE", date)

    def fetch(self, uid: int) -> bytes | None:
        """A mail, at most its first `MAX_MAIL_BYTES`; None if it was deleted. It stays unread."""
        status, parts = self._imap.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{MAX_MAIL_BYTES}>)")
        if status != "OK":
            raise imaplib.IMAP4.error("FETCH")
        return next((part[1] for part in parts if isinstance(part, tuple)), None)

    def _search(self, *criteria: str) -> list[int]:
        status, found = self._imap.uid("SEARCH", *criteria)
        if status != "OK":
            raise imaplib.IMAP4.error("SEARCH")
        return sorted(int(each) for line in found if line for each in line.split() if each.isdigit())

    def _number(self, name: str) -> int | None:
        _, values = self._imap.response(name)
        found = re.search(rb"\d+", values[0] or b"") if values else None
        return int(found[0]) if found else None


def _open(host: str, port: int, security: Security, http: Http) -> socket.socket:
    connection = http.connect(host, port)
    return http.ssl_context.wrap_socket(connection, server_hostname=host) if security == "tls" else connection


def _is_this_computer(host: str) -> bool:
    """Whether passwords may be sent without encryption."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
