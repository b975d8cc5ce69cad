"""Encrypts values that are stored, with AES-256-GCM."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class DecryptionFailed(Exception):
    """The key is not known, or the value is not the one that was encrypted for this row."""


@dataclass(frozen=True)
class Encrypted:
    """An encrypted value, and the ID of the key that decrypts it."""

    key_id: str
    data: bytes = field(repr=False)


class Cipher:
    """Encrypts with the first of its keys, and decrypts with all of them."""

    def __init__(self, keys: Sequence[str]) -> None:
        ciphers = [(_derive(key, "key id", 4).hex(), AESGCM(_derive(key, "aes-256-gcm", 32))) for key in keys]
        self.key_id = ciphers[0][0]  # of the key that encrypts
        self._ciphers = dict(reversed(ciphers))

    def encrypt(self, text: str, business_id: UUID, row_id: UUID) -> Encrypted:
        """Returns the encrypted text, which can only be decrypted for the same row."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        context = _context(self.key_id, business_id, row_id)
        return Encrypted(self.key_id, nonce + self._ciphers[self.key_id].encrypt(nonce, text.encode(), context))

    def decrypt(self, encrypted: Encrypted, business_id: UUID, row_id: UUID) -> str:
        """Returns the text. Raises DecryptionFailed."""
        cipher = self._ciphers.get(encrypted.key_id)
        if cipher is None:
            raise DecryptionFailed("the key is not in ICMP_ENCRYPTION_KEYS")
        nonce, data = encrypted.data[:_NONCE_BYTES], encrypted.data[_NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, data, _context(encrypted.key_id, business_id, row_id)).decode()
        except (InvalidTag, ValueError) as error:
            raise DecryptionFailed("the value was changed, or belongs to another row") from error


def _derive(key: str, purpose: str, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=f"icmp secrets {purpose}".encode()).derive(key.encode())


def _context(key_id: str, business_id: UUID, row_id: UUID) -> bytes:
    return f"{key_id} {business_id} {row_id}".encode()
