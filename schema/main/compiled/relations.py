"""What hangs on a row: one other row, a list of rows, a page of them."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef

from schema.main.compiled import sql
from schema.main.compiled.asking import Asking, Chosen
from schema.main.compiled.pages import Page
from schema.main.compiled.refusal import Uncompilable
from schema.main.compiled.rows import Rows, place_of
from schema.main.compiled.selections import Part, Prepared, PreparedPart, Selection


@dataclass
class Link:
    """How rows hang on the row that they are read for: their `there` is its `here`."""

    there: str
    here: str

    def of(self, rows: Any) -> Any:
        """Those of the rows that hang on the one."""
        return rows.filter(**{self.there: OuterRef(self.here)})


def _rows(chosen: Chosen, selection: Selection, given: dict[str, Any], asking: Asking) -> Rows:
    """As the optimizer begins: by the base manager, and the type's own hook."""
    base = selection.model._base_manager.all()
    return Rows(base, selection.origin, chosen.field, given, asking.info(chosen))


@dataclass
class ToOne(Part):
    """The row at which a foreign key points, if the caller may see it."""

    chosen: Chosen
    selection: Selection
    link: Link
    required: bool

    def prepare(self, asking: Asking) -> "PreparedToOne":
        rows = _rows(self.chosen, self.selection, {}, asking)
        return PreparedToOne(self, rows, self.selection.prepare(asking))


class PreparedToOne(PreparedPart):
    def __init__(self, part: ToOne, rows: Rows, inner: Prepared) -> None:
        self.part, self.rows, self.inner = part, rows, inner
        self.key = _together(rows.key, inner.key)

    def text(self) -> Any:
        found = self.part.link.of(self.rows.query(ordered=False))
        return sql.One(sql.texts(found, self.inner.text()))

    def shape(self, item: Any) -> Any:
        if item is not None:
            return self.inner.shape(item)
        if self.part.required:
            raise Uncompilable("a row that must be there, and is not the caller's")
        return None


@dataclass
class ToMany(Part):
    """All rows that hang on a row, and are the caller's."""

    chosen: Chosen
    selection: Selection
    link: Link

    def prepare(self, asking: Asking) -> "PreparedToMany":
        _, given = asking.arguments(self.chosen, asking.info(self.chosen))
        if given.get("pagination") is not None:
            raise Uncompilable("pages by offset")
        rows = _rows(self.chosen, self.selection, given, asking)
        return PreparedToMany(self, rows, self.selection.prepare(asking))


class PreparedToMany(PreparedPart):
    def __init__(self, part: ToMany, rows: Rows, inner: Prepared) -> None:
        self.part, self.rows, self.inner = part, rows, inner
        self.key = _together(rows.key, inner.key)

    def text(self) -> Any:
        found = self.part.link.of(self.rows.query())
        return sql.Many(sql.texts(found, self.inner.text()))

    def shape(self, item: Any) -> list[Any]:
        return [self.inner.shape(one) for one in item]


@dataclass
class ToPage(Part):
    """A page of the rows that hang on a row: so many of each, and no others are read."""

    chosen: Chosen
    page: Page
    link: Link

    def prepare(self, asking: Asking) -> "PreparedToPage":
        return PreparedToPage(self, asking)


class PreparedToPage(PreparedPart):
    """Its text is `[rows, count]`, of which what was not asked for is `null`."""

    def __init__(self, part: ToPage, asking: Asking) -> None:
        self.part = part
        page = part.page
        info = asking.info(part.chosen)
        _, given = asking.arguments(part.chosen, info)
        self.place = place_of(given, info, page.most)
        self.rows = _rows(part.chosen, page.selection, given, asking)
        self.inner = page.selection.prepare(asking)
        self.key = _together(self.rows.key, self.inner.key, self.place)

    def text(self) -> Any:
        page, link = self.part.page, self.part.link
        found: list[Any] = []
        if page.reads_rows:
            rows = link.of(self.rows.query())
            start, stop = page.bounds(self.place)
            found.append(sql.Many(sql.texts(rows, self.inner.text(), start, stop)))
        if page.counts:
            found.append(sql.Counted(link.of(self.rows.query(ordered=False)).values("pk")))
        return sql.Joined(*found)

    def shape(self, item: Any) -> dict[str, Any]:
        page = self.part.page
        items = item[0] if page.reads_rows else []
        return page.answer(items, self.place, item[-1] if page.counts else None, self.inner.shape)


def _together(*keys: Hashable | None) -> Hashable | None:
    return None if None in keys else keys
