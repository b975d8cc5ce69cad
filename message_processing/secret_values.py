"""Reads the values of a business's secrets."""

from collections.abc import Set
from uuid import UUID

from core.encryption import Cipher, DecryptionFailed, Encrypted
from core.outgoing.failures import CallFailed
from db import Database
from repositories import secrets


def read_secrets(database: Database, cipher: Cipher, business_id: UUID, used: Set[str]) -> dict[str, str]:
    """Returns all secrets of the business, because a response may contain others than the used ones.

    Raises CallFailed if one of the used ones cannot be read, and DatabaseUnavailable.
    """
    with database.statement() as conn:
        rows = secrets.read_values(conn, business_id)
        if used & {row["name"] for row in rows}:
            secrets.record_use(conn, business_id, sorted(used))
    values: dict[str, str] = {}
    for row in rows:
        encrypted = Encrypted(row["key_id"], bytes(row["encrypted_value"]))
        try:
            values[row["name"]] = cipher.decrypt(encrypted, business_id, row["secret_id"])
        except DecryptionFailed as error:
            if row["name"] in used:
                message = f"The secret {row['name']} cannot be decrypted. Enter its value again."
                raise CallFailed("secret_unreadable", message) from error
    if missing := sorted(used - values.keys()):
        raise CallFailed("secret_missing", f"There is no secret named {missing[0]}.")
    return values
