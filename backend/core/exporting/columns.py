"""The columns that a register can export: from its Facets, or as its exports.py says.

A column of personal values is an expression that masks in the database; what is another record's (the
phone of the resident who signed in) is masked, or left out, by the rights on that record.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When

from backend.core.access import Scope, scope
from backend.core.exporting import identity
from backend.core.exporting.identity import record_number
from backend.core.exporting.kinds import Kind, Words
from backend.core.exporting.writers import Told
from backend.core.facets import Facets, facets_of
from backend.core.masking import ANONYMOUS
from backend.core.models import Kept, Record
from backend.core.personal import masked
from backend.core.reveals import reveal_scope
from backend.core.words import in_chinese

IDENTITY = "record_number"
# Which community, and when a row was written: the same in every row of most lists, or nobody's
# concern. There to be ticked; the first is ticked for whoever sees several communities.
COMMUNITY = "community"
_BESIDE = (COMMUNITY, "updated_at", "created_at")


@dataclass(frozen=True)
class ExportColumn:
    """One column: a stable name, the heading by which the importer knows it, and its value."""

    name: str
    heading: str
    # A path to a field, or what makes an expression.
    value: str | Callable[[], Any]
    kind: Kind = Kind.TEXT
    # How it is masked: "name", "phone" or "hidden"; "" for what is not personal.
    personal: str = ""
    # What says a stored value in words, where it is not shown as it is.
    words: Words | None = None
    # The relation to the record whose value this is, where it is not the row's own; and its model.
    via: str = ""
    owner: Callable[[], type[Kept]] | None = None
    # Whether it is chosen unless somebody chooses otherwise.
    usual: bool = True

    @property
    def told(self) -> Told:
        """As the writers want it."""
        return Told(self.heading, self.kind, self.words)


@dataclass(frozen=True)
class LedgerRows:
    """A ledger (台账) that tells a record in several rows, under customary headings of its own."""

    columns: tuple[ExportColumn, ...]
    # Of the register's rows those that belong in it, in its order; a path over a relation to many in
    # a column, or in the order, makes a row of each.
    rows: Callable[[models.QuerySet[Any]], models.QuerySet[Any]]


@dataclass(frozen=True)
class ExportSheet:
    """What a register exports: its columns in their usual order."""

    columns: tuple[ExportColumn, ...]
    # The field (a path) by which a ledger's period is told: when a row happened.
    period: str = ""
    # What its ledger is called; the model's name if nothing is said.
    title: str = ""
    # Where the ledger is not the list with a frame around it.
    ledger: LedgerRows | None = None


_SHEETS: dict[str, ExportSheet] = {}


def exports(model: type[models.Model], sheet: ExportSheet) -> ExportSheet:
    """Registers what a model exports, in place of what its Facets say."""
    _SHEETS[model._meta.label] = sheet
    return sheet


def sheet_of(model: type[models.Model]) -> ExportSheet:
    """What a model exports. Raises: KeyError for a model without Facets."""
    return _SHEETS.get(model._meta.label) or _from_facets(model)


def title_of(model: type[models.Model]) -> str:
    """What a register's ledger is called."""
    return sheet_of(model).title or in_chinese(model._meta.verbose_name)


@cache
def _from_facets(model: type[models.Model]) -> ExportSheet:
    facets = facets_of(model)
    names = list(facets.exported)
    # What the importer reads goes out as well, else an edited export could not come back.
    names += [name for name in facets.imported if name not in names]
    columns = [
        column_of(model, name, usual=name in facets.imported or name not in _BESIDE)
        for name in names
    ]
    if masked_in_key(facets):
        columns.append(identity_column(model))  # type: ignore[arg-type]
    return ExportSheet(tuple(columns), period=_when(model))


def column_of(model: type[models.Model], name: str, **other: Any) -> ExportColumn:
    """The column of a field: its Chinese name, its choices, its mask."""
    found: Any = model._meta.get_field(name)
    last = name_field_of(found)
    values: dict[str, Any] = {
        "name": name,
        "heading": in_chinese(found.verbose_name),
        "value": f"{name}__{last}" if last else found.attname,
        "kind": _kind_of(found),
        "personal": getattr(model, "personal", {}).get(name, ""),
        "words": _words_of(found),
    }
    hidden = getattr(found.related_model, "personal", {}).get(last, "") if last else ""
    if hidden:
        # Somebody else's name: masked as it is there, and by the rights on it.
        values |= {"personal": hidden, "via": name, "owner": lambda: found.related_model}
    return ExportColumn(**(values | other))


def masked_in_key(facets: Facets) -> list[str]:
    """The fields of a model's natural key that leave under a mask: by them no row is known again."""
    return [name for name in facets.natural_key if name in getattr(facets.model, "personal", {})]


def _words_of(found: Any) -> Words | None:
    if getattr(found, "choices", None):
        return in_words(found.flatchoices)
    if isinstance(found, models.TimeField):
        return lambda value: f"{value:%H:%M}" if value is not None else None
    return None


def identity_column(model: type[Kept]) -> ExportColumn:
    """The record's number: by it a masked row is known again."""
    label = model._meta.label
    words = partial(record_number, label)
    return ExportColumn(IDENTITY, identity.HEADING, "pk", Kind.DIGITS, words=words)


def in_words(choices: Iterable[tuple[Any, Any]]) -> Words:
    """What says a choice by its label: in Chinese, so that it is known when it returns."""
    labels = {value: in_chinese(label) for value, label in choices}
    return lambda value: labels.get(value, value)


def name_field_of(found: Any) -> str:
    """The field by which staff know what a foreign key points at; "" for a field of its own."""
    if not found.is_relation:
        return ""
    there = {f.name for f in found.related_model._meta.concrete_fields}
    return next((name for name in ("name", "title", "code") if name in there), "pk")


def _kind_of(found: Any) -> Kind:
    if isinstance(found, models.DateTimeField):
        return Kind.MOMENT
    if isinstance(found, models.DateField):
        return Kind.DAY
    if isinstance(found, models.BooleanField):
        return Kind.YES_NO
    if isinstance(found, models.IntegerField) and not found.is_relation:
        return Kind.NUMBER
    if isinstance(found, models.TextField) or (found.max_length or 0) >= 200:
        return Kind.LONG
    digits = isinstance(found, models.SlugField) or found.name == "phone"
    return Kind.DIGITS if digits else Kind.TEXT


def _when(model: type[models.Model]) -> str:
    """The field that says when a row happened, where the Facets name one."""
    for name in facets_of(model).listed:
        try:
            found = model._meta.get_field(name)
        except LookupError:
            continue
        if isinstance(found, models.DateTimeField) and name not in ("updated_at", "created_at"):
            return name
    return ""


# --- whose values ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sight:
    """In whose name values leave, and whether personal ones may leave in full."""

    user: Any
    whole: bool = False
    everywhere: bool = False

    def exported(self, model: type[Kept]) -> Scope:
        """Where rows of a model may be taken out."""
        return (
            Scope(everywhere=True) if self.everywhere else scope(self.user, model.action("export"))
        )

    def in_full(self, model: type[Kept]) -> Scope:
        """Where their personal values may leave in full: asked for, and allowed."""
        return reveal_scope(self.user, model.area) if self.whole else Scope()


def expressions(
    rows: models.QuerySet[Any], columns: Sequence[ExportColumn], sight: Sight
) -> models.QuerySet[Any]:
    """The rows as tuples: the key, the community, then the columns' values; one statement."""
    model: Any = rows.model
    named: dict[str, Any] = {}
    for index, column in enumerate(columns):
        value: Any = F(column.value) if isinstance(column.value, str) else column.value()
        if column.personal or column.via:
            if not isinstance(column.value, str):
                rows = rows.alias(**{f"bare_{index}": value})
            path = column.value if isinstance(column.value, str) else f"bare_{index}"
            value = _guarded(model, column, path, sight)
        named[f"column_{index}"] = value
    own = "community_id" if _has_community(model) else "pk"
    return rows.annotate(**named).values_list("pk", own, *named)


def _guarded(model: type[Kept], column: ExportColumn, path: str, sight: Sight) -> Any:
    owner = column.owner() if column.owner is not None else model
    hidden: Any = masked(column.personal, path) if column.personal else F(path)
    whole = _rows(model, sight.in_full(model))
    if column.via:
        # In full where both registers allow it.
        whole = _both(whole, _rows(owner, sight.in_full(owner), column.via))
    value = hidden
    if column.personal and whole is not None:
        full: Any = When(whole, then=F(path))
        if column.personal == "name":
            # Who was erased is one of many, whoever looks.
            erased = When(**{f"{path}__startswith": ANONYMOUS}, then=Value(ANONYMOUS))
            value = Case(erased, full, default=hidden, output_field=CharField())
        else:
            value = Case(full, default=hidden, output_field=CharField())
    if not column.via:
        return value
    where = sight.exported(owner)
    if where.everywhere:
        return value
    seen = _rows(owner, where, column.via)
    if seen is None:
        return Value("", output_field=CharField())
    return Case(When(seen, then=value), default=Value(""), output_field=CharField())


def _rows(model: type[Kept], where: Scope, via: str = "") -> Q | None:
    """The rows in a scope, also as seen from another table; None for none."""
    if not where.anywhere:
        return None
    if not via:
        return model.rows_in(where)
    estate = getattr(model, "estate_path", None)
    return where.rows(f"{via}__community", f"{via}__{estate}" if estate else None)


def _both(one: Q | None, other: Q | None) -> Q | None:
    return None if one is None or other is None else one & other


def _has_community(model: type[models.Model]) -> bool:
    return issubclass(model, Record)


def chosen(
    model: type[models.Model], names: Iterable[str], *, several: bool = False
) -> list[ExportColumn]:
    """The columns of these names in this order, unknown ones left out; the usual ones for none.

    Among the usual ones is the community, where rows are of `several`.
    """
    known = {column.name: column for column in sheet_of(model).columns}
    wanted = [known[name] for name in dict.fromkeys(names) if name in known]
    return wanted or [
        column
        for column in known.values()
        if column.usual or (several and column.name == COMMUNITY)
    ]


def names_people(columns: Iterable[ExportColumn]) -> bool:
    """Whether any of the columns holds anything of people."""
    return any(column.personal for column in columns)
