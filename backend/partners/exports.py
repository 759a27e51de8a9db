"""What red partners export where a name is no key: under the code, by which it comes in again."""

from typing import Any

from django.db import models

from backend.core.exporting.columns import (
    ExportColumn,
    ExportSheet,
    column_of,
    exports,
    identity_column,
)
from backend.core.exporting.kinds import Kind
from backend.core.words import in_chinese
from backend.partners.facets import CANDIDATE, POST
from backend.partners.models import (
    CoBuildingAgreement,
    StewardCandidate,
    StewardSelection,
    VanguardPost,
)


def _by_code(model: type[models.Model], name: str) -> ExportColumn:
    return column_of(model, name, value=f"{name}__code", kind=Kind.DIGITS)


def _titled(name: str, of: Any) -> ExportColumn:
    """Several may have one title: it is shown beside the code, and not read."""
    heading = f"供查看：{in_chinese(of._meta.get_field('title').verbose_name)}"
    return ExportColumn(f"{name}_title", heading, f"{name}__title")


def _with_code(model: type[models.Model], names: tuple[str, ...], coded: str, of: Any) -> Any:
    for name in names:
        if name == coded:
            yield _by_code(model, name)
            yield _titled(name, of)
        else:
            yield column_of(model, name)


POSTS = exports(
    VanguardPost,
    ExportSheet(
        tuple(_with_code(VanguardPost, POST.exported, "agreement", CoBuildingAgreement)),
        title="党员先锋岗名册",
    ),
)
CANDIDATES = exports(
    StewardCandidate,
    ExportSheet(
        (
            *_with_code(StewardCandidate, CANDIDATE.exported, "selection", StewardSelection),
            identity_column(StewardCandidate),
        ),
        title="候选管家名单",
    ),
)
