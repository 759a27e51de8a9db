"""身份证号 in the sheets that name people, where a community has turned it on."""

from collections.abc import Iterable
from typing import Any

from backend.imports.columns import Column
from backend.imports.directions import Choice
from backend.imports.switched import Sealed, SwitchedColumn, offer
from backend.imports.widgets import CleaningWidget
from backend.people.numbers import NUMBER_OF_PERSON
from backend.privacy.cells import ENDS_IN_ZEROS, clean_identity
from backend.privacy.identity import forget_numbers, seal_number
from backend.privacy.keys import FieldKeys
from backend.privacy.models import CommunityPrivacy, IdentityNumber


class IdentityNumberWidget(CleaningWidget):
    """Seals what it reads: the number itself goes no further."""

    def __init__(self) -> None:
        super().__init__()
        self.function = self._sealed

    def choices(self, code: str) -> tuple[Choice, ...]:
        return (Choice("real", "已对照证件，末三位就是 000"),) if code == ENDS_IN_ZEROS else ()

    def chosen(self, value: Any, code: str, answer: str) -> Sealed | None:
        return self._sealed(value, sure=True)

    @staticmethod
    def _sealed(value: Any, *, sure: bool = False) -> Sealed | None:
        number = clean_identity(value, sure=sure)
        if number is None:
            return None
        values = seal_number(number)
        others = FieldKeys.of_settings().digests(number)
        return Sealed(values["shown"], values, values["digest"], others)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return ""


def _is_on(community_id: int) -> bool:
    on = CommunityPrivacy.identity_numbers_are_on(community_id)
    return on and bool(FieldKeys.of_settings().keys)


def _stored(community_id: int) -> Iterable[tuple[int, str, int, int]]:
    rows = IdentityNumber.objects.filter(community=community_id).exclude(digest="").order_by()
    return rows.values_list("resident_id", "digest", "pk", "revision")


offer(
    SwitchedColumn(
        Column(
            NUMBER_OF_PERSON,
            "身份证号",
            IdentityNumberWidget(),
            synonyms=("身份证号码", "身份证", "证件号", "证件号码", "公民身份号码", "居民身份证号"),
            ditto=False,
            personal="hidden",
        ),
        IdentityNumber,
        _is_on,
        _stored,
        forget_numbers,
    ),
    registers=("residents", "attendance"),
)
