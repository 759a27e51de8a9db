"""Sealing: what must lie in the database, and must not be read there, is encrypted.

The keys come from SECRET_KEY and SECRET_KEY_FALLBACKS, so that they change the way Django's do: the
first seals, all of them open.
"""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


@lru_cache(maxsize=4)
def _locks(secrets: tuple[str, ...]) -> MultiFernet:
    keys = (hashlib.sha256(b"linli.sealing:" + secret.encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def _current() -> MultiFernet:
    return _locks((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def seal(text: str) -> str:
    """The text, sealed."""
    return _current().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """The text in a seal; None for what was not sealed here, or under keys long gone."""
    try:
        return _current().decrypt(sealed.encode()).decode()
    except (InvalidToken, ValueError):
        return None


def fingerprint(text: str) -> str:
    """A short keyed mark: the same for the same text, and nobody gets from it to the text."""
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:12]
