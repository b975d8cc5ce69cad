"""Checks passwords and second factors, and delays the attempts on an account after too many failures."""

from uuid import UUID

from core.context import current_context
from core.errors import RateLimited
from repositories import login_failures
from security.passwords import is_password
from security.second_factor import check_code


def check_password(email: str, password: str, password_hash: str | None) -> bool:
    """Whether the password is that of the account with this email; `password_hash` is None if it has none or does not
    exist. Raises RateLimited after too many failures. Hashing is slow, so it is not inside a transaction."""
    _count_attempt(email)
    if not is_password(password, password_hash):
        return False
    _forget_failures(email)
    return True


def check_login(email: str, password: str, password_hash: str | None, user_id: UUID | None, code: str | None) -> bool:
    """Like `check_password`, and checks the user's second factor. Raises CodeRequired if only the code is missing or
    wrong; that also counts as a failure, so that codes cannot be tried faster than passwords."""
    _count_attempt(email)
    if not is_password(password, password_hash):
        return False
    if user_id is not None:
        check_code(user_id, code)
    _forget_failures(email)
    return True


def check_second_factor(email: str, user_id: UUID, code: str | None) -> None:
    """Check only the second factor, for a login with a link. Raises CodeRequired, and RateLimited after too many
    failures."""
    _count_attempt(email)
    check_code(user_id, code)
    _forget_failures(email)


def _count_attempt(email: str) -> None:
    with current_context().database.transaction() as conn:
        seconds = login_failures.count_attempt(conn, email)
    if seconds:
        raise RateLimited("Too many failed logins for this account.", headers={"Retry-After": str(seconds)})


def _forget_failures(email: str) -> None:
    with current_context().database.transaction() as conn:
        login_failures.forget_failures(conn, email)
