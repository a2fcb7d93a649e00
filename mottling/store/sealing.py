"""Sealed bytes: encrypted with AES-256-GCM, and bound to the name under which they are kept.

What is on disk: the letters `MTLSEAL1`, 12 bytes of nonce, the encrypted bytes, their tag of 16 bytes.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["NONCE_BYTES", "seal", "unseal"]

NONCE_BYTES = 12
_LETTERS = b"MTLSEAL1"
_NAME_OF = b"mottling sealed file 1\n"


def seal(data: bytes, key: bytes, *, name: str) -> bytes:
    """Encrypt bytes; only the same key and the same name give them back."""
    nonce = os.urandom(NONCE_BYTES)
    return _LETTERS + nonce + AESGCM(key).encrypt(nonce, data, _NAME_OF + name.encode())


def unseal(sealed: bytes, key: bytes, *, name: str) -> bytes | None:
    """Decrypt bytes; None when they are not what was sealed with this key under this name."""
    nonce, encrypted = sealed[len(_LETTERS) :][:NONCE_BYTES], sealed[len(_LETTERS) + NONCE_BYTES :]
    if not sealed.startswith(_LETTERS) or len(nonce) < NONCE_BYTES:
        return None
    try:
        return AESGCM(key).decrypt(nonce, encrypted, _NAME_OF + name.encode())
    except InvalidTag:
        return None
