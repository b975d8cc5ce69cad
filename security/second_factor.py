"""Second factors of logins: codes of an authenticator app (TOTP, RFC 6238), and recovery codes."""

import base64
import hmac
import secrets
import time
from uuid import UUID

import pyotp
import segno

from core.context import current_context
from core.encryption import DecryptionFailed, Encrypted
from core.errors import CodeRequired
from core.tokens import hash_key
from db import Connection
from repositories import totp

STEP = 30  # seconds for which a code is shown
CLOCK_STEPS = 1  # by which the clock of the device may differ
RECOVERY_CODES = 10
_NO_BUSINESS = UUID(int=0)  # accounts belong to no business


def new_secret() -> str:
    """A random secret of 160 bits, in base32."""
    return pyotp.random_base32()


def setup_link(secret: str, email: str) -> str:
    """The `otpauth://` link that authenticator apps read."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="ICMP")


def qr_code(link: str) -> str:
    """The link as a QR code: a data URL of an SVG image."""
    return str(segno.make(link, error="m").svg_data_uri(scale=4, light="#fff"))


def new_recovery_codes() -> list[str]:
    """Random codes of 80 bits, such as `abcd-efgh-ijkl-mnop`."""
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes]


def hash_recovery_code(code: str) -> str:
    """The hash that is stored. Spaces, hyphens and upper case make no difference."""
    return hash_key("".join(code.split()).replace("-", "").lower())


def encrypt_secret(secret: str, user_id: UUID) -> Encrypted:
    """The secret as it is stored."""
    return current_context().cipher.encrypt(secret, _NO_BUSINESS, user_id)


def use_code(conn: Connection, user_id: UUID, code: str, *, for_setup: bool = False) -> bool:
    """Whether the code is valid for the user, who cannot use it again. With `for_setup`, it is for a secret that is not
    enabled yet, and must be from the app."""
    row = totp.find_totp(conn, user_id)
    if row is None or row["is_enabled"] is for_setup:
        return False
    digits = "".join(code.split())
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        return not for_setup and totp.use_recovery_code(conn, user_id, hash_recovery_code(code))
    encrypted = Encrypted(row["key_id"], bytes(row["encrypted_secret"]))
    try:
        generator = pyotp.TOTP(current_context().cipher.decrypt(encrypted, _NO_BUSINESS, user_id))
    except DecryptionFailed:  # recovery codes still work
        return False
    now = int(time.time()) // STEP
    steps = range(now - CLOCK_STEPS, now + CLOCK_STEPS + 1)
    matching = [step for step in steps if hmac.compare_digest(generator.at(step * STEP), digits)]
    return bool(matching) and totp.use_step(conn, user_id, matching[-1])


def check_code(user_id: UUID, code: str | None) -> None:
    """Raises CodeRequired if the user has a second factor and the code is missing or invalid."""
    with current_context().database.transaction() as conn:
        row = totp.find_totp(conn, user_id)
        if row is None or not row["is_enabled"]:
            return
        if code is None:
            raise CodeRequired("Enter the code of your authenticator app, or a recovery code.")
        if not use_code(conn, user_id, code):
            raise CodeRequired("This code is incorrect or was used already.")
