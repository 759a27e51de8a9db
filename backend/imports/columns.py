"""Columns of a sheet: django-import-export's fields, and what else staff's headings need."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from import_export.fields import Field

# What nobody sees: spaces, and characters that some files have and no database takes.
_SPACE = re.compile(r"[\s　\ufeff\x00-\x1f\x7f\ud800-\udfff]+")
_HINT = re.compile(r"[（(【\[].*?[）)】\]]")
_LONGEST_HEADING = 100
_DECORATION = re.compile(r"[*＊:：、.。]+")


def as_shown(heading: str) -> str:
    """A heading as it stands in the file, white space taken out: how problems name a column."""
    # Remembered, unless it is prose: thousands of long texts would never be asked for again.
    return _as_shown(heading) if len(heading) <= _LONGEST_HEADING else _SPACE.sub("", heading)


@lru_cache(maxsize=4096)
def _as_shown(heading: str) -> str:
    return _SPACE.sub("", heading)


@lru_cache(maxsize=4096)
def as_matched(heading: str) -> str:
    """A heading for comparison: one width, no white space, no stars or colons."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", as_shown(heading))).lower()


@lru_cache(maxsize=4096)
def without_hint(heading: str) -> str:
    """A heading without what stands in brackets: 联系电话（必填） is 联系电话."""
    return as_matched(_HINT.sub("", heading))


class Column(Field):
    """One column: where its value goes, how a cell is cleaned, under which headings it is known.

    `ignored` columns are known and never looked at; `late` ones are cleaned by the register's own
    planner, which knows more (the day of the event); `ditto` says whether 同上 may stand in it. What
    stands in a `secret` one is not kept with the plan, not even for the preview.
    """

    def __init__(
        self,
        attribute: str,
        heading: str,
        widget: Any,
        *,
        synonyms: tuple[str, ...] = (),
        required: bool = False,
        ignored: bool = False,
        late: bool = False,
        ditto: bool = True,
        personal: str = "",
        secret: bool = False,
    ) -> None:
        super().__init__(attribute=attribute, column_name=heading, widget=widget)
        self.heading = heading
        self.synonyms = synonyms
        self.required = required
        self.ignored = ignored
        self.late = late
        self.ditto = ditto
        self.personal = personal
        self.secret = secret
        self.known_as = frozenset(as_matched(name) for name in (heading, *synonyms))

    def is_called(self, heading: str) -> bool:
        """True if staff's heading names this column."""
        if len(heading) > _LONGEST_HEADING:
            return False
        return as_matched(heading) in self.known_as or without_hint(heading) in self.known_as
