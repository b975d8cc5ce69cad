"""`python -m security.rotate_keys`: re-encrypt all secrets, also those of hooks, channels, webhooks and authenticator
apps, with the first key of ICMP_ENCRYPTION_KEYS.

The server may run meanwhile. Afterwards the other keys can be removed from the setting. Fails if secrets remain that
cannot be decrypted with any of the keys.
"""

import sys
from collections.abc import Callable
from uuid import UUID

from config import Config, StartupError
from core.encryption import Cipher, DecryptionFailed, Encrypted
from core.errors import DatabaseUnavailable
from core.logs import announce
from db import Connection, Database, Row
from repositories import channels, hooks, secrets, totp, webhooks

_BATCH = 100  # secrets per transaction
_FIRST_ID = UUID(int=0)

LockSome = Callable[[Connection, str, tuple[UUID, UUID], int], list[Row]]
Reencrypt = Callable[[Connection, UUID, UUID, Encrypted], None]
_TABLES: tuple[tuple[LockSome, Reencrypt], ...] = (
    (secrets.lock_some_of_other_keys, secrets.reencrypt),
    (hooks.lock_some_of_other_keys, hooks.reencrypt),
    (channels.lock_some_of_other_keys, channels.reencrypt),
    (webhooks.lock_some_of_other_keys, webhooks.reencrypt),
    (totp.lock_some_of_other_keys, totp.reencrypt),
)


def rotate_keys(database: Database, cipher: Cipher) -> tuple[int, int]:
    """Returns how many secrets were re-encrypted, and how many cannot be decrypted."""
    counts = [_rotate(database, cipher, *each) for each in _TABLES]
    return sum(rotated for rotated, _ in counts), sum(failed for _, failed in counts)


def _rotate(database: Database, cipher: Cipher, lock_some: LockSome, reencrypt: Reencrypt) -> tuple[int, int]:
    rotated = failed = 0
    after = _FIRST_ID, _FIRST_ID
    while True:
        with database.transaction() as conn:
            rows = lock_some(conn, cipher.key_id, after, _BATCH)
            for row in rows:
                after = row["business_id"], row["row_id"]
                try:
                    text = cipher.decrypt(Encrypted(row["key_id"], bytes(row["encrypted_value"])), *after)
                except DecryptionFailed:
                    failed += 1
                    continue
                reencrypt(conn, *after, cipher.encrypt(text, *after))
                rotated += 1
        if len(rows) < _BATCH:
            return rotated, failed


def main() -> None:
    """Rotates the keys of the configured database and prints one sentence."""
    try:
        config = Config.from_env()
        if config.database_url is None:
            raise StartupError("DATABASE_URL is not set: it must point to the database whose secrets to re-encrypt.")
        database = Database(config.database_url, 1)
        try:
            rotated, failed = rotate_keys(database, Cipher(config.encryption_keys))
        finally:
            database.close()
    except DatabaseUnavailable:
        sys.exit("icmp: the database does not answer: check DATABASE_URL.")
    except StartupError as error:
        sys.exit(f"icmp: {error}")
    announce(f"icmp: {rotated} secrets re-encrypted")
    if failed:
        sys.exit(
            f"icmp: {failed} secrets cannot be decrypted with the keys of ICMP_ENCRYPTION_KEYS:"
            " add the key that encrypted them, or let their owners replace the values."
        )


if __name__ == "__main__":
    main()
