"""Mail with links, sent by background jobs. A job creates the token of its link itself, so that no token is stored
anywhere except in the mail."""

import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from string import Template
from uuid import UUID

from background import jobs
from background.jobs import Job, Kind, Retry
from core.mail import MailFailed, MailServer
from core.tokens import hash_key, new_token
from db import Connection, Database, Row
from repositories import account_links, invitations, member_invitations

logger = logging.getLogger(__name__)

LANGUAGES = ("en", "de", "es")
RESET_LIFETIME = timedelta(hours=1)
VERIFICATION_LIFETIME = timedelta(days=1)
INVITATION_LIFETIME = timedelta(days=7)
MIN_INTERVAL = timedelta(minutes=5)  # between two mails of the same kind that somebody can make us send to an account

_KIND = "mail"
_MAX_ATTEMPTS = 9  # over 20 minutes; a link for a forgotten password is of little use later
_FOLDER = Path(__file__).resolve().parents[1] / "templates" / "mails"
_MAX_NAME = 100  # characters of a name in a mail


@dataclass(frozen=True)
class Mail:
    """A mail that is ready to be sent. `path` is that of the page to which its link leads, with the token."""

    recipient: str
    language: str | None
    template: str
    path: str
    names: dict[str, str]


def request_password_reset(conn: Connection, email: str, language: str | None) -> None:
    """Send a link for a new password to an address if it has an account. The job finds out, so that requests for all
    addresses take the same time."""
    payload = {"mail": "password_reset", "email": email, "language": language}
    jobs.add(conn, _KIND, None, payload, unique_key=hash_key(f"password_reset {email.strip().lower()}"))


def request_verification(conn: Connection, user_id: UUID, language: str | None = None) -> None:
    """Send a user a link with which they confirm their address."""
    jobs.add(conn, _KIND, None, {"mail": "verification", "user_id": str(user_id), "language": language})


def send_member_invitation(conn: Connection, business_id: UUID, invitation_id: UUID, inviter_id: UUID) -> None:
    """Send an invitation to join a business to the invited address."""
    payload = {"mail": "member_invitation", "invitation_id": str(invitation_id), "inviter_id": str(inviter_id)}
    jobs.add(conn, _KIND, business_id, payload)


def send_first_password(conn: Connection, business_id: UUID, user_id: UUID) -> None:
    """Send a member without a password a link with which they set one."""
    jobs.add(conn, _KIND, business_id, {"mail": "first_password", "user_id": str(user_id)})


class Mailer:
    """Sends the mails. Without a server, nothing adds such jobs."""

    def __init__(self, database: Database, server: MailServer | None, public_url: str | None) -> None:
        self._database, self._server, self._public_url = database, server, public_url
        self._prepare = {
            "password_reset": _password_reset,
            "verification": _verification,
            "member_invitation": _member_invitation,
            "first_password": _first_password,
        }

    def kinds(self) -> tuple[Kind, ...]:
        """The kind of these jobs, for the runner."""
        return (Kind(_KIND, self._run, max_attempts=_MAX_ATTEMPTS, give_up=_give_up),)

    def _run(self, job: Job) -> None:
        if self._server is None or self._public_url is None:
            logger.warning("mail not sent: SMTP_URL is not set", extra=job.log_fields)
            return
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            mail = self._prepare[job.payload["mail"]](conn, job)
        if mail is None:
            return
        link = f"{self._public_url}/{mail.path}"
        subject, text = render(mail.template, mail.language, link, mail.names)
        try:
            self._server.send(mail.recipient, subject, text)
        except MailFailed as error:
            if not error.is_permanent:
                raise Retry(str(error)) from error
            logger.warning("mail not sent: %s", error, extra=job.log_fields)


def render(template: str, language: str | None, link: str, names: dict[str, str]) -> tuple[str, str]:
    """The subject and text of a mail in a language such as `de` or `de-AT`, otherwise in English. Names are shortened
    to one line, because line breaks in them would forge other parts of the mail."""
    short = re.split("[-_]", language or "")[0].lower()
    subject, text = _texts(template, short if short in LANGUAGES else LANGUAGES[0])
    lines = {name: " ".join(value.split())[:_MAX_NAME] for name, value in names.items()}
    shown = {**lines, "product": "ICMP", "link": link}
    return subject.substitute(shown), text.substitute(shown)


@cache
def _texts(template: str, language: str) -> tuple[Template, Template]:
    """The first line of the file is the subject."""
    subject, _, text = (_FOLDER / language / f"{template}.txt").read_text(encoding="utf-8").partition("\n")
    return Template(subject), Template(text)


def _password_reset(conn: Connection, job: Job) -> Mail | None:
    account = account_links.lock_account(conn, email=job.payload["email"])
    return _account_mail(conn, job, account, "reset", RESET_LIFETIME, "password_reset", "app/reset-password#token=")


def _verification(conn: Connection, job: Job) -> Mail | None:
    account = account_links.lock_account(conn, user_id=UUID(job.payload["user_id"]))
    if account is None or account["is_verified"]:
        return None
    path = "app/verify-email#token="
    return _account_mail(conn, job, account, "verification", VERIFICATION_LIFETIME, "verification", path)


def _account_mail(
    conn: Connection, job: Job, account: Row | None, purpose: str, time: timedelta, template: str, path: str
) -> Mail | None:
    """None if there is no such account, or it has got such a mail a short time ago."""
    if account is None or account["email"] is None:
        return None
    is_repeated = bool(job.attempts or job.takeovers)
    if not is_repeated and account_links.has_recent_link(conn, account["user_id"], purpose, MIN_INTERVAL):
        return None
    token, token_hash = new_token()
    account_links.save_link(conn, account["user_id"], purpose, token_hash, account["email"], time)
    language = account["language"] or job.payload["language"]
    return Mail(account["email"], language, template, path + token, {})


def _member_invitation(conn: Connection, job: Job) -> Mail | None:
    """The inviter does not see the link, so its use proves that the account belongs to the owner of the address."""
    token, token_hash = new_token()
    row = member_invitations.replace_token(
        conn, job.business_id, UUID(job.payload["invitation_id"]), token_hash, UUID(job.payload["inviter_id"])
    )
    if row is None:  # revoked
        return None
    names = {"business": row["business_name"], "inviter": row["inviter_name"]}
    return Mail(row["email"], row["language"], "member_invitation", f"app/invitation#join={token}", names)


def _first_password(conn: Connection, job: Job) -> Mail | None:
    token, token_hash = new_token()
    user_id = UUID(job.payload["user_id"])
    row = account_links.get_member_without_password(conn, job.business_id, user_id)
    if row is None:
        return None
    invitations.save_invitation(conn, user_id, token_hash, INVITATION_LIFETIME, verifies=True)
    names = {"business": row["business_name"]}
    return Mail(row["email"], row["language"], "first_password", f"app/invitation#token={token}", names)


def _give_up(_conn: Connection, job: Job) -> None:
    logger.error("mail not sent, after %d attempts", _MAX_ATTEMPTS, extra=job.log_fields)
