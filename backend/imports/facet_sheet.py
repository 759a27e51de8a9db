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
from backend.core.facets import Facets
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
    YesNoWidget,
)

RECORD_TWICE = question("record_twice", "同一条记录写了两行，内容不同")
# A longer list helps nobody who has to choose.
MOST_OPTIONS = 2_000
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
    return tuple(made)


class FacetPlanner(RowPlanner):
    """Plans one record a row."""

    facets: Facets

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.model: Any = self.facets.model
        self.met: dict[tuple[Any, ...], int] = {}
        self.foreign: dict[str, dict[str, int]] = {}

    def plan(self, rows: Sequence[SheetRow]) -> None:
        standing = [row for row in rows if not row.over]
        self._look_up(standing)
        known = self._known(standing)
        for row in standing:
            values = self._values(row)
            if not row.rejected:
                self._plan_row(row, values, known)

    def _look_up(self, rows: Sequence[SheetRow]) -> None:
        for name in self.facets.imported:
            field = self.model._meta.get_field(name)
            if not isinstance(field, models.ForeignKey):
                continue
            asked = {row.values[name] for row in rows if row.values.get(name)}
            mine = field.related_model._default_manager.filter(community=self.community)
            self.foreign[name] = {}
            keys = {f.name for f in field.related_model._meta.concrete_fields}
            for key in ("short_name", "name", "code"):
                if key not in keys:
                    continue
                found = mine.filter(**{f"{key}__in": asked}).values_list(key, "pk")
                self.foreign[name].update(dict(found))

    def _known(self, rows: Sequence[SheetRow]) -> dict[tuple[Any, ...], Any]:
        key = self.facets.natural_key
        keys = [self._key(row) for row in rows]
        wanted = {name: {values[at] for values in keys} - {None} for at, name in enumerate(key)}
        if not all(wanted.values()):
            return {}
        found = self.model._default_manager.filter(
            community=self.community, **{f"{name}__in": values for name, values in wanted.items()}
        )
        columns = [self.model._meta.get_field(name).attname for name in key]
        return {tuple(getattr(record, name) for name in columns): record for record in found}

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

    def _plan_row(
        self, row: SheetRow, values: dict[str, Any], known: dict[tuple[Any, ...], Any]
    ) -> None:
        key = self._key(row)
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
                return
        record = known.get(key)
        if REMARK in self.facets.imported:
            remark = self.with_remark(row, getattr(record, REMARK, "")).get(REMARK)
            if row.rejected:
                return
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
                return
            for name, value in changed.items():
                setattr(record, name, value)
        # The gate's own verdict, asked now so that the preview can show it.
        for violation in gate.check_many([record]).values():
            column = violation.field if violation.field in self.facets.imported else None
            row.say(
                self.header.heading_of(column) if column else None,
                violation.code,
                Level.ERROR,
                violation.message,
            )
            return
        if record._state.adding:
            row.outcome = Outcome.CREATE
            # The code is given now, so that the plan that is shown is the plan carried out.
            changed = values | ({"code": record.code} if hasattr(record, "code") else {})
            row.writes.append(Write(0, changed))
        else:
            row.outcome = Outcome.UPDATE
            row.writes.append(Write(0, changed, record.pk, record.revision))


def _options_of(facets: Facets) -> Callable[..., list[str]]:
    """For a template: what a foreign key may name in a community."""

    def options(column: Column, community: Any, user: Any) -> list[str]:
        field = facets.model._meta.get_field(column.attribute)
        if not isinstance(field, models.ForeignKey):
            return []
        rows = field.related_model._default_manager.filter(community=community)
        keys = {f.name for f in field.related_model._meta.concrete_fields}
        key = "name" if "name" in keys else "code"
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
