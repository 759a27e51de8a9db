"""Keys for single fields: encryption by Fernet, and a keyed hash by which equal values are found.

LINLI_FIELD_KEYS names them with commas: the first encrypts, all decrypt.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_PURPOSE = b"linli identity number digest"


@dataclass(frozen=True)
class FieldKeys:
    """The installation's keys, the one in use first."""

    keys: tuple[str, ...]

    @classmethod
    def of_settings(cls) -> Self:
        """Those of the settings. Raises: ImproperlyConfigured for what is no Fernet key."""
        keys = cls(tuple(settings.FIELD_KEYS))
        try:
            for key in keys.keys:
                Fernet(key)
        except ValueError as error:
            raise ImproperlyConfigured(
                "LINLI_FIELD_KEYS: each key is what cryptography's Fernet.generate_key() makes"
            ) from error
        return keys

    @property
    def name(self) -> str:
        """The name of the key in use: tells which rows a rotation has still to do."""
        return key_name(self.keys[0]) if self.keys else ""

    def seal(self, text: str) -> str:
        """The text, encrypted with the key in use."""
        return self._fernet().encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text. Raises cryptography's InvalidToken if no key fits."""
        return self._fernet().decrypt(sealed.encode()).decode()

    def digest(self, text: str) -> str:
        """The keyed hash of a text under the key in use."""
        return _digest(self.keys[0], text)

    def digests(self, text: str) -> list[str]:
        """Its keyed hash under each key: rows not yet rotated are found, too."""
        return [_digest(key, text) for key in self.keys]

    def _fernet(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in self.keys])


@lru_cache
def _derived(key: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=_PURPOSE).derive(key.encode())


def _digest(key: str, text: str) -> str:
    return hmac.new(_derived(key), text.encode(), hashlib.sha256).hexdigest()


def key_name(key: str) -> str:
    """A short name for a key that says nothing of it."""
    return hashlib.sha256(_PURPOSE + key.encode()).hexdigest()[:16]
