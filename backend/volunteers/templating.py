"""The communities' own Word templates of certificates: replaced, dropped, told."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from backend.core import gate
from backend.core.access import Actor
from backend.core.own_templates import NAME_LENGTH, OwnTemplate
from backend.volunteers.certificate_queries import template_of
from backend.volunteers.models import CertificateTemplate


def _form() -> Any:
    # Loaded when a template is looked at: each import would carry its libraries.
    return import_module("backend.volunteers.certificate_word").FORM


CERTIFICATES = OwnTemplate(CertificateTemplate, "certificates.template", _form)


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
    with gate.change_set(
        "replace certificate template", by=by, community_id=community_id, reason=name[-NAME_LENGTH:]
    ):
        made: CertificateTemplate = CERTIFICATES.replace(community_id, name, content, by)
    return made


def drop_template(community_id: int, *, by: Actor) -> None:
    """Goes back to the default template. Raises: not_allowed."""
    with gate.change_set("drop certificate template", by=by, community_id=community_id):
        CERTIFICATES.drop(community_id, by)
