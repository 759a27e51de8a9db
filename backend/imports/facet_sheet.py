"""A spreadsheet made from a model's Facets: for registers whose row is one record.

Headings come from the fields' Chinese names and their synonyms, foreign keys are found by name or
code, a row finds its record by the natural key; what the sheet says counts, blanks stay.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from backend.core import gate
from backend.core.exporting.columns import masked_in_key
from backend.core.exporting.identity import HEADING, key_of
from backend.core.facets import Facets
from backend.core.personal import mask
from backend.core.words import in_chinese
from backend.imports.asking import LAST, question
from backend.imports.choices import Outcome
from backend.imports.columns import Column
from backend.imports.plan import SheetRow, Write
from backend.imports.problems import Level
from backend.imports.sheet import REMARK, RowPlanner, Sheet
from backend.imports.unchanged import says_the_same
from backend.imports.widgets import (
    ChoiceWidget,
    CleaningWidget,
    CodeWidget,
    DateWidget,
    MomentWidget,
    NumberWidget,
    TextWidget,
    TimeWidget,
    YesNoWidget,
)

RECORD_TWICE = question("record_twice", "同一条记录写了两行，内容不同")
# A longer list helps nobody who has to choose.
MOST_OPTIONS = 2_000
# By it a row is known again whose key left under a mask.
NUMBER_OF_RECORD = Column("record_number", HEADING, CodeWidget(), ditto=False, exact=True)
ROW_NUMBER = Column("number", "序号", TextWidget(), synonyms=("No", "NO.", "#"), ignored=True)


def _widget_for(field: Any) -> CleaningWidget:
    if field.choices:
        return ChoiceWidget(field.choices)
    if isinstance(field, models.SlugField | models.ForeignKey):
        return CodeWidget()
    if isinstance(field, models.DateTimeField):
        return MomentWidget()
    if isinstance(field, models.DateField):
        return DateWidget()
    if isinstance(field, models.TimeField):
        return TimeWidget()
    if isinstance(field, models.BooleanField):
        return YesNoWidget()
    if isinstance(field, models.IntegerField):
        return NumberWidget()
    return TextWidget(max_length=field.max_length)


def columns_of(facets: Facets) -> tuple[Column, ...]:
    """The columns of `Facets.imported`. A field without a default is required on a new row."""
    made = [ROW_NUMBER]
    for name in facets.imported:
        field = facets.model._meta.get_field(name)
        made.append(
            Column(
                name,
                in_chinese(field.verbose_name),
                _widget_for(field),
                synonyms=facets.synonyms_of(name),
                required=not (field.blank or field.null or field.has_default()),
                ditto=name not in facets.natural_key,
            )
        )
    if masked_in_key(facets):
        made.append(NUMBER_OF_RECORD)
    return tuple(made)


class FacetPlanner(RowPlanner):
    """Plans one record a row."""

    facets: Facets

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.model: Any = self.facets.model
        self.met: dict[tuple[Any, ...], int] = {}
        self.foreign: dict[str, dict[str, int]] = {}
        # Names that several foreign rows have: which one is meant only a code says.
        self.several: dict[str, set[str]] = {}
        # The records whose numbers the rows have.
        self.numbered: dict[int, Any] = {}

    def plan(self, rows: Sequence[SheetRow]) -> None:
        standing = [row for row in rows if not row.over]
        self._look_up(standing)
        known = self._known(standing)
        self._look_up_numbers(standing)
        written = []
        for row in standing:
            values = self._values(row)
            if not row.rejected:
                change = self._change(row, values, known)
                if change is not None:
                    written.append((row, *change))
        self._judge(written)

    def _look_up(self, rows: Sequence[SheetRow]) -> None:
        for name in self.facets.imported:
            field = self.model._meta.get_field(name)
            if not isinstance(field, models.ForeignKey):
                continue
            asked = {row.values[name] for row in rows if row.values.get(name)}
            mine = field.related_model._default_manager.filter(community=self.community)
            found: dict[str, set[int]] = {}
            for key in _known_by(field.related_model):
                for value, pk in mine.filter(**{f"{key}__in": asked}).values_list(key, "pk"):
                    # A code is one row's; so is a name that no code of another takes away.
                    if key == "code":
                        found[value] = {pk}
                    else:
                        found.setdefault(value, set()).add(pk)
            self.foreign[name] = {
                value: pk for value, pks in found.items() if len(pks) == 1 for pk in pks
            }
            self.several[name] = {value for value, pks in found.items() if len(pks) > 1}

    def _look_up_numbers(self, rows: Sequence[SheetRow]) -> None:
        numbers = (row.values.get(NUMBER_OF_RECORD.attribute) for row in rows)
        label = self.model._meta.label
        keys = {key_of(label, number) for number in numbers if number} - {None}
        mine = self.model._default_manager.filter(community=self.community, pk__in=keys)
        self.numbered = {record.pk: record for record in mine} if keys else {}

    def _known(self, rows: Sequence[SheetRow]) -> dict[tuple[Any, ...], Any]:
        """The records that the rows may mean, by their natural keys; None where a mask fits several."""
        key, masks = self.facets.natural_key, self.model.personal
        keys = [self._key(row) for row in rows]
        wanted = {
            name: {values[at] for values in keys} - {None}
            for at, name in enumerate(key)
            # As it left: under its mask.
            if name not in masks
        }
        if not all(wanted.values()):
            return {}
        found = self.model._default_manager.filter(
            community=self.community, **{f"{name}__in": values for name, values in wanted.items()}
        )
        columns = [(name, self.model._meta.get_field(name).attname) for name in key]
        known: dict[tuple[Any, ...], Any] = {}
        for record in found:
            known[tuple(getattr(record, attname) for _, attname in columns)] = record
        for exact, record in list(known.items()) if masks else ():
            shown = tuple(
                mask(masks[name], value) if name in masks else value
                for (name, _), value in zip(columns, exact, strict=True)
            )
            if shown != exact:
                known[shown] = record if shown not in known else None
        return known

    def _key(self, row: SheetRow) -> tuple[Any, ...]:
        """The natural key as the table holds it: a foreign row by its own key."""
        return tuple(
            self.foreign[name].get(row.values.get(name) or "")
            if name in self.foreign
            else row.values.get(name)
            for name in self.facets.natural_key
        )

    def _values(self, row: SheetRow) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name in self.facets.imported:
            value = row.values.get(name)
            if value is None or name == REMARK:
                continue
            field = self.model._meta.get_field(name)
            if isinstance(field, models.ForeignKey):
                pk = self.foreign[name].get(value)
                if value in self.several[name]:
                    row.say(
                        self.header.heading_of(name),
                        "several_found",
                        Level.ERROR,
                        f"叫这个名称的{in_chinese(field.verbose_name)}有几个，请改写编号。",
                    )
                    return values
                if pk is None:
                    row.say(
                        self.header.heading_of(name),
                        "not_found",
                        Level.ERROR,
                        f"系统里没有这个{in_chinese(field.verbose_name)}，请先登记或核对名称。",
                    )
                    return values
                values[field.attname] = pk
            elif isinstance(value, datetime) and timezone.is_naive(value):
                values[name] = timezone.make_aware(value)
            else:
                values[name] = value
        return values

    def _change(
        self, row: SheetRow, values: dict[str, Any], known: dict[tuple[Any, ...], Any]
    ) -> tuple[Any, dict[str, Any]] | None:
        """The record as the row wants it, and what of it the row says; None where nothing is to do."""
        key = self._key(row)
        numbered = row.values.get(NUMBER_OF_RECORD.attribute)
        record = None
        if numbered:
            record = self._of_number(row, numbered)
            if record is None:
                return None
            key = ("number", record.pk)
        if None not in key:
            earlier = self.met.setdefault(key, row.number)
            if earlier != row.number:
                answer = self.which_of_two(
                    row,
                    earlier,
                    RECORD_TWICE,
                    f"与第 {earlier} 行是同一条记录，但内容不同。请只保留一行。",
                    self.header.heading_of(self.facets.natural_key[0]),
                )
                if answer == LAST.value:
                    self.met[key] = row.number
                return None
        if record is None:
            record = known.get(key)
            if record is None and self._is_masked(row, key, again=key in known):
                return None
        if REMARK in self.facets.imported:
            remark = self.with_remark(row, getattr(record, REMARK, "")).get(REMARK)
            if row.rejected:
                return None
            if remark is not None:
                values[REMARK] = remark
        changed = values
        if record is None:
            record = self.model(community=self.community, **values)
        else:
            masks = getattr(self.model, "personal", {})
            changed = {
                name: value
                for name, value in values.items()
                if not says_the_same(value, getattr(record, name), masks.get(name, ""))
            }
            if not changed:
                row.outcome = Outcome.UNCHANGED
                return None
            for name, value in changed.items():
                setattr(record, name, value)
        return record, changed

    def _of_number(self, row: SheetRow, number: str) -> Any:
        """The record of a number, where the row's masked fields agree with it; else the row says why."""
        record = self.numbered.get(key_of(self.model._meta.label, number) or 0)
        if record is None:
            row.say(
                HEADING,
                "record_number_unknown",
                Level.ERROR,
                "系统编号在本社区查不到。请保留导出时的编号；新增的请把这一格留空。",
            )
            return None
        for name in masked_in_key(self.facets):
            given, stored = row.values.get(name), getattr(record, name)
            if given and not says_the_same(given, stored, self.model.personal[name]):
                row.say(
                    self.header.heading_of(name),
                    "record_number_other_name",
                    Level.ERROR,
                    "姓名和系统编号对不上：可能串了行。请恢复原来的编号或姓名；要改姓名请到系统里改。",
                )
                return None
        return record

    def _is_masked(self, row: SheetRow, key: tuple[Any, ...], *, again: bool) -> bool:
        """Says of a row with a mask in its key that it names nobody, or one of several."""
        masks = self.model.personal
        for name, value in zip(self.facets.natural_key, key, strict=True):
            if name in masks and (again or (isinstance(value, str) and "*" in value)):
                row.say(
                    self.header.heading_of(name),
                    "mask_mismatch",
                    Level.ERROR,
                    "带星号，不能确认是哪一条。请填写完整的内容。",
                )
                return True
        return False

    def _judge(self, written: Sequence[tuple[SheetRow, Any, dict[str, Any]]]) -> None:
        """The gate's own verdict, asked now so that the preview can show it; each row is judged after
        those above it.
        """
        if not written:
            return
        refused = gate.check_many([record for _, record, _ in written])
        for at, (row, record, changed) in enumerate(written):
            violation = refused.get(at)
            if violation is not None:
                column = violation.field if violation.field in self.facets.imported else None
                row.say(
                    self.header.heading_of(column) if column else None,
                    violation.code,
                    Level.ERROR,
                    violation.message,
                )
            elif record._state.adding:
                row.outcome = Outcome.CREATE
                # The code is given now, so that the plan that is shown is the plan carried out.
                given = {"code": record.code} if hasattr(record, "code") else {}
                row.writes.append(Write(0, changed | given))
            else:
                row.outcome = Outcome.UPDATE
                row.writes.append(Write(0, changed, record.pk, record.revision))


def _known_by(model: Any) -> list[str]:
    """The fields by which a sheet may name a row of a model: as it is exported, and its code."""
    there = {field.name for field in model._meta.concrete_fields}
    return [name for name in ("short_name", "name", "title", "code") if name in there]


def _options_of(facets: Facets) -> Callable[..., list[str]]:
    """For a template: what a foreign key may name in a community."""

    def options(column: Column, community: Any, user: Any) -> list[str]:
        if column.attribute not in facets.imported:
            return []
        field = facets.model._meta.get_field(column.attribute)
        if not isinstance(field, models.ForeignKey):
            return []
        rows = field.related_model._default_manager.filter(community=community)
        known_by = _known_by(field.related_model)
        key = next(name for name in ("name", "title", "code") if name in known_by)
        return list(rows.order_by(key).values_list(key, flat=True)[:MOST_OPTIONS])

    return options


def facet_sheet(facets: Facets, register: str, title: str) -> Sheet:
    """The sheet of a model's Facets."""
    model: Any = facets.model
    looked_up = {
        field.related_model
        for name in facets.imported
        if isinstance(field := model._meta.get_field(name), models.ForeignKey)
    }

    def rests_on(self: Sheet, community: Any, target: Any) -> list[Any]:
        return [
            found._default_manager.filter(community=community)
            for found in (model, *sorted(looked_up, key=lambda found: found._meta.label))
        ]

    planner = type(f"{register}_planner", (FacetPlanner,), {"facets": facets})
    body = {
        "register": register,
        "title": title,
        "columns": columns_of(facets),
        "models": (facets.model,),
        "planner": planner,
        "rests_on": rests_on,
        "action": f"{model.area}.edit",
        "options": staticmethod(_options_of(facets)),
    }
    return type(f"{register}_sheet", (Sheet,), body)()
