"""Checks passwords, and delays the attempts on an account after too many failures."""

from core.context import current_context
from core.errors import RateLimited
from repositories import login_failures
from security.passwords import is_password


def check_password(email: str, password: str, password_hash: str | None) -> bool:
    """Whether the password is that of the account with this email; `password_hash` is None if it has none or does not
    exist. Raises RateLimited after too many failures. Hashing is slow, so it is not inside a transaction."""
    with current_context().database.transaction() as conn:
        seconds = login_failures.count_attempt(conn, email)
    if seconds:
        raise RateLimited("Too many failed logins for this account.", headers={"Retry-After": str(seconds)})
    if not is_password(password, password_hash):
        return False
    with current_context().database.transaction() as conn:
        login_failures.forget_failures(conn, email)
    return True
