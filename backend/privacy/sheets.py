"""The roster with identity numbers, in communities that have turned them on."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from backend.core import history
from backend.core.gate_forget import forget_in_history
from backend.core.models import ChangeSet
from backend.imports.choices import Outcome
from backend.imports.columns import Column
from backend.imports.plan import SheetRow, Write
from backend.imports.problems import Level
from backend.imports.sheet import register
from backend.imports.widgets import CleaningWidget
from backend.people.sheets import ResidentPlanner, ResidentSheet
from backend.privacy import rules
from backend.privacy.cells import clean_identity
from backend.privacy.identity import SECRET
from backend.privacy.keys import FieldKeys
from backend.privacy.models import CommunityPrivacy, IdentityNumber

RESIDENT, IDENTITY = 0, len(ResidentSheet.models)


class IdentityWidget(CleaningWidget):
    function = staticmethod(clean_identity)


IDENTITY_COLUMN = Column(
    "identity_number",
    "身份证号",
    IdentityWidget(),
    synonyms=("身份证号码", "身份证", "证件号", "证件号码", "公民身份号码"),
    ditto=False,
    personal="hidden",
    secret=True,
)


class IdentityPlanner(ResidentPlanner):
    """Plans the roster, and for each row the number that its resident has not got yet."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.keys = FieldKeys.of_settings()
        self.met_numbers: dict[str, int] = {}

    def plan(self, rows: Sequence[SheetRow]) -> None:
        super().plan(rows)
        numbered = [
            (row, number)
            for row in rows
            if not row.over and (number := row.values.get("identity_number"))
        ]
        if numbered:
            self._look_up(numbered)
            for row, number in numbered:
                self._plan_number(row, number)

    def _look_up(self, numbered: Sequence[tuple[SheetRow, str]]) -> None:
        mine = IdentityNumber.objects.filter(community=self.community).exclude(sealed="")
        digests = {digest for _, number in numbered for digest in self.keys.digests(number)}
        self.owners: dict[str, int] = dict(
            mine.filter(digest__among=digests).values_list("digest", "resident_id")
        )
        known = {pk for row, _ in numbered if (pk := self.known_pks.get(row.number))}
        self.numbered = set(
            mine.filter(resident_id__among=known).values_list("resident_id", flat=True)
        )

    def _plan_number(self, row: SheetRow, number: str) -> None:
        earlier = self.met_numbers.setdefault(self.keys.digest(number), row.number)
        pk = self.known_pks.get(row.number)
        owner = next((o for d in self.keys.digests(number) if (o := self.owners.get(d))), None)
        if earlier != row.number:
            self._ask(row, "identity_number_twice", f"与第 {earlier} 行是同一个身份证号，请核对。")
        elif owner is not None and owner != pk:
            self._ask(
                row,
                "identity_number_taken",
                "本社区已有另一位居民登记了这个身份证号，请核对是不是同一个人。",
            )
        elif owner is None and pk in self.numbered:
            self._ask(
                row,
                "identity_number_differs",
                "这位居民已登记另一个身份证号。表格不改身份证号，请对照证件，在居民页面更正。",
            )
        elif owner is None:
            values = {
                "resident_id": pk or -row.number,
                "sealed": self.keys.seal(number),
                "digest": self.keys.digest(number),
                "key_name": self.keys.name,
                "shown": rules.mask_identity_number(number),
            }
            row.writes.append(Write(IDENTITY, values))
            if row.outcome == Outcome.UNCHANGED:
                row.outcome = Outcome.UPDATE

    def _ask(self, row: SheetRow, code: str, message: str) -> None:
        row.say(self.header.heading_of("identity_number"), code, Level.QUESTION, message)


class RosterSheet(ResidentSheet):
    """居民花名册, with 身份证号 where the community wants it."""

    models = (*ResidentSheet.models, IdentityNumber)
    planner = IdentityPlanner

    def columns_for(self, community: Any) -> tuple[Column, ...]:
        wanted = CommunityPrivacy.identity_numbers_are_on(community.pk)
        return (
            (*self.columns, IDENTITY_COLUMN)
            if wanted and FieldKeys.of_settings().keys
            else self.columns
        )

    def written(self, model: type[Model], records: Sequence[Any]) -> None:
        if model is IdentityNumber:
            # No history of numbers: it would need the keys of its day for ever.
            forget_in_history(model, [record.pk for record in records], SECRET, just_made=True)

    def taken_back(self, changes: ChangeSet) -> None:
        parts = changes.parts.filter(model=IdentityNumber._meta.label)
        pks = [change.pk for part in parts for change in history.unpack(part)]
        forget_in_history(IdentityNumber, pks, SECRET)


register(RosterSheet())
