"""Secrets at rest: AES-256-GCM bound to their row, under a ring of keys.

A sealed value opens only with the context it was sealed for (model, row, field), so that a
ciphertext copied into another row is worth nothing. Layout: version, key id (4 bytes), nonce (12),
ciphertext with its tag. The first key of PIN_KEYS seals, every key opens.
"""

import hashlib
import hmac
import os
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from partner_api.secret import Secret

VERSION = b"\x01"
_NONCE = 12


class CannotOpen(Exception):  # noqa: N818  the failure is the name
    """No key of the ring opens this value here: another row's, a lost key's, or damaged."""


def seal(plaintext: Secret, *, context: str) -> bytes:
    """Ciphertext of `plaintext` that only `open_sealed` with the same context reads."""
    key = settings.PIN_KEYS[0]
    nonce = os.urandom(_NONCE)
    body = AESGCM(key).encrypt(nonce, plaintext.reveal().encode(), context.encode())
    return seal_prefix() + nonce + body


def open_sealed(sealed: bytes | memoryview, *, context: str) -> Secret:
    """The secret again. Raises CannotOpen, which never says what was inside."""
    sealed = bytes(sealed)
    for key in settings.PIN_KEYS:
        if sealed[:5] == VERSION + _key_id(key):
            try:
                plain = AESGCM(key).decrypt(sealed[5:17], sealed[17:], context.encode())
            except InvalidTag:
                break
            return Secret(plain.decode())
    raise CannotOpen(context)


def seal_prefix() -> bytes:
    """How every value begins that the current key sealed."""
    return VERSION + _key_id(settings.PIN_KEYS[0])


def blind_index(secret: Secret) -> bytes:
    """32 bytes that are equal for equal secrets and tell nothing without the key."""
    return next(blind_indexes(secret))


def blind_indexes(secret: Secret) -> Iterator[bytes]:
    """The index under each key of the ring, the current one first: look-ups try them all."""
    for key in settings.PIN_KEYS:
        index_key = hmac.digest(key, b"kiosk blind index", hashlib.sha256)
        yield hmac.digest(index_key, secret.reveal().encode(), hashlib.sha256)


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"kiosk key id" + key).digest()[:4]
