"""Signs what a registry says is in use and was before, and checks it: whoever holds no key changes neither.

What is signed: `mottling registry 1`, a line feed, and JSON of the model in use, of every model that ever was
(name, sha256, when) and of the releases, its keys sorted, without spaces, in ASCII. A challenger stands
outside: training adds one without a key, and nothing is scored by it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from mottling.errors import ModelRefused
from mottling.listing import Listing, Signature, plain

__all__ = ["Vouch", "check_signature", "said_by"]

Vouch = Callable[[bytes], Signature]
"""Signs bytes with a key that it holds."""

_PREFIX = b"mottling registry 1\n"
_KEY_LETTERS = 12


def said_by(listing: Listing) -> bytes:
    """Give the bytes over which the signature goes."""
    ever = tuple(one for one in listing.models if one.released_at is not None or one.name == listing.active)
    said = plain(replace(listing, models=ever, signature=None))
    return _PREFIX + json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")


def check_signature(listing: Listing, keys: AbstractSet[str]) -> None:
    """Refuse a registry whose signature does not fit, and one that none of the keys signed.

    Args:
        listing: What the registry says.
        keys: Public halves that may sign; with none, a registry may be unsigned, as the shipped one is.

    Raises:
        ModelRefused: It was changed after it was signed, is not signed, or was signed by somebody else.
    """
    signature = listing.signature
    if signature is None:
        if keys:
            raise ModelRefused(
                "The registry is not signed, and release_keys of the settings ask for it",
                remedy="Look which model is in use, then sign it with `mottling models sign`",
            )
        return
    if not _fits(signature, said_by(listing)):
        raise ModelRefused(
            "The registry is not what was signed: which model is in use, or was, has been changed",
            remedy="Restore registry.json from a backup",
        )
    if keys and signature.public_key not in keys:
        raise ModelRefused(
            f"The registry was signed with the key {signature.public_key[:_KEY_LETTERS]}…, "
            "which is none of release_keys",
            remedy="Restore registry.json, or add that key to the settings if it is a sponsor's",
        )


def _fits(signature: Signature, said: bytes) -> bool:
    # The shipped registry is unsigned, and a score shall not wait for what it does not use.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.public_key))
        key.verify(bytes.fromhex(signature.signature), said)
    except (InvalidSignature, ValueError):
        return False
    return True
