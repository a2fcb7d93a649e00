"""Tokens of sessions, devices and invitations: random; the store is given their hashes only."""

from __future__ import annotations

import hashlib

__all__ = ["hash_of"]


def hash_of(token: str) -> str:
    """Hash a token. It is random and long, so that one plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
