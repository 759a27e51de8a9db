"""The secret of an API key: made once, shown once, kept as a hash."""

import hashlib
import hmac
import secrets
from typing import NamedTuple

MARK = "llk"
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


class NewSecret(NamedTuple):
    """A fresh key: what its owner copies, and what we keep."""

    token: str
    prefix: str
    digest: str


def new_secret() -> NewSecret:
    """A key of 256 random bits under a prefix by which people tell keys apart."""
    prefix = "".join(secrets.choice(_LETTERS) for _ in range(8))
    secret = secrets.token_urlsafe(32)
    return NewSecret(f"{MARK}_{prefix}_{secret}", prefix, digest_of(secret))


def digest_of(secret: str) -> str:
    """What is kept of a secret. 256 random bits need no slow hash: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def taken_apart(token: str) -> tuple[str, str] | None:
    """Prefix and secret of a token; None if it has not the form of a key."""
    parts = token.split("_", 2)
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == MARK else None


def fits(secret: str, digest: str) -> bool:
    """Whether a secret is the one of a digest; takes as long for a near miss as for a far one."""
    return hmac.compare_digest(digest_of(secret), digest)
