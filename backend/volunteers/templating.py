"""The communities' own Word templates of certificates: replaced, dropped, told."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, require
from backend.volunteers.certificate_queries import template_of
from backend.volunteers.models import CertificateTemplate


def _form() -> Any:
    # Loaded when a template is looked at: each import would carry its libraries.
    return import_module("backend.volunteers.certificate_word").FORM


def templates_in(communities: Iterable[int]) -> dict[int, CertificateTemplate]:
    """Who put which template there, by community; none where the default one is used."""
    rows = CertificateTemplate.objects.filter(community__in=list(communities)).defer("content")
    return {row.community_id: row for row in rows}


def template_in_use(community_id: int) -> bytes:
    """The file by which a community's certificates are made."""
    own = template_of(community_id)
    content: bytes = _form().default.read_bytes() if own is None else own
    return content


def replace_template(
    community_id: int, name: str, content: bytes, *, by: Actor
) -> CertificateTemplate:
    """The community's own template. Raises: not_allowed; what `WordForm.is_harmless` refuses."""
    require(by, "certificates.template", community_id)
    _form().is_harmless(content)
    # The file is bookkeeping; that it was replaced, by whom and by which, is history.
    with gate.change_set(
        "replace certificate template", by=by, community_id=community_id, reason=name[-100:]
    ):
        return gate.note(
            CertificateTemplate,
            {"community_id": community_id},
            {
                "name": name[-100:],
                "content": content,
                "replaced_at": timezone.now(),
                "replaced_by": by.name,
            },
        )


def drop_template(community_id: int, *, by: Actor) -> None:
    """Goes back to the default template. Raises: not_allowed."""
    require(by, "certificates.template", community_id)
    with gate.change_set("drop certificate template", by=by, community_id=community_id):
        gate.drop_notes(CertificateTemplate.objects.filter(community=community_id))
