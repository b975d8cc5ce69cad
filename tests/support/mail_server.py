"""An SMTP server that keeps the mails it receives."""

import asyncio
import email.policy
import re
import ssl
import threading
from email.message import EmailMessage
from email.parser import BytesParser
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

USER, PASSWORD = "icmp", "a password: with @ and /"


class MailServer:
    """Context manager. A server on this computer; `refusals` are the answers to the next mails. `hangs_up` is
    the number of mails that it keeps without an answer: it closes the connection."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.mails: list[EmailMessage] = []
        self.refusals: list[str] = []
        self.hangs_up = 0
        self._changed = threading.Condition()
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail server")

    def __enter__(self) -> Self:
        self._thread.start()
        starting = self._loop.create_server(self._new_session, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result()
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _stop(self) -> None:
        """Close the server and its connections."""
        self._server.close()
        sessions = asyncio.all_tasks() - {asyncio.current_task()}
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)
        await asyncio.sleep(0)  # the transports are closed in the next iteration of the loop

    def _new_session(self) -> SMTP:
        is_secure = self._tls is not None
        return SMTP(
            self,
            loop=self._loop,
            hostname="localhost",
            tls_context=self._tls,
            require_starttls=is_secure,
            authenticator=_authenticate,
            auth_required=is_secure,
        )

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Envelope) -> str:
        """Called by the server for each mail."""
        with self._changed:
            if self.refusals:
                self._changed.notify_all()
                return self.refusals.pop(0)
            content = envelope.content
            assert isinstance(content, bytes)
            self.mails.append(BytesParser(EmailMessage, policy=email.policy.default).parsebytes(content))
            self._changed.notify_all()
            if self.hangs_up:
                self.hangs_up -= 1
                server.transport.close()
        return "250 OK"

    def wait_for(self, recipient: str, count: int = 1) -> EmailMessage:
        """The latest mail to an address, when there are as many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.mails_to(recipient)) >= count, 20), self.mails
        return self.mails_to(recipient)[-1]

    def mails_to(self, recipient: str) -> list[EmailMessage]:
        return [mail for mail in list(self.mails) if mail["To"] == recipient]


def text_of(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


def link_in(mail: EmailMessage) -> str:
    """The only link in a mail."""
    [link] = re.findall(r"https?://\S+", text_of(mail))
    return str(link)


def token_in(mail: EmailMessage) -> str:
    return link_in(mail).partition("#")[2].partition("=")[2]


def _authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    is_known = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_known, handled=is_known)
