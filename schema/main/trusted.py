"""Trusted documents: with a list of them, no other query is answered.

The list is a JSON object of SHA-256 (hex) to document, as `manage.py trust_documents` writes it; docs/decisions/0042-trusted-documents.md says what for.
"""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from schema.requests import Refused, bad_request

_HASH = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


def hash_of(text: str) -> str:
    """Under which name a document stands on the list."""
    return hashlib.sha256(text.encode()).hexdigest()


def document_of(operation: dict[str, Any]) -> str | None:
    """The document that an operation asks for, by its text, its `documentId`, or its
    `extensions.persistedQuery.sha256Hash`; None if it names none.

    Raises Refused: document_not_trusted; bad_request for a hash that is none, or not the text's.
    """
    text = operation.get("query")
    named = _named(operation)
    if named is not None and text is not None and named != hash_of(text):
        raise bad_request("sha256Hash 与 query 的内容不一致。")
    if not settings.GRAPHQL_TRUSTED_DOCUMENTS:
        if named is not None and text is None:
            raise _not_trusted()
        return text
    if named is None and text is None:
        return None
    known = trusted(settings.GRAPHQL_TRUSTED_DOCUMENTS)
    found = known.get(named or hash_of(text or ""))
    if found is None:
        raise _not_trusted()
    return found


def trusted(path: str) -> dict[str, str]:
    """The list as it now stands in its file. Raises ImproperlyConfigured."""
    try:
        changed = Path(path).stat().st_mtime_ns
        return _read(path, changed)
    except (OSError, ValueError, TypeError) as error:
        raise ImproperlyConfigured("GRAPHQL_TRUSTED_DOCUMENTS names no list") from error


@lru_cache(maxsize=2)
def _read(path: str, changed: int) -> dict[str, str]:
    found = orjson.loads(Path(path).read_bytes())
    for name, text in found.items():
        if hash_of(text) != name:
            raise ValueError("a document was changed, and its hash was not")
    return dict(found)


def _named(operation: dict[str, Any]) -> str | None:
    given: Any = operation.get("documentId")
    if given is None:
        persisted = (operation.get("extensions") or {}).get("persistedQuery")
        given = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    if given is None:
        return None
    match = _HASH.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        raise bad_request("documentId（sha256Hash）应为 64 位小写十六进制的 SHA-256。")
    return match[1]


def _not_trusted() -> Refused:
    return Refused(
        400, "document_not_trusted", "这个查询不在本站登记的查询里，请联系管理员登记后再用。"
    )
