"""Identity numbers in a sheet, where a community has turned them on: whose they are.

Who keeps them lives above and offers the column; here only sealed values are seen.
"""

from typing import Any

from backend.imports.plan import Write
from backend.imports.sheet import sheet_of
from backend.imports.switched import Sealed, by_attribute
from backend.people.matching import Known, Wanted

# The attribute of the column.
NUMBER_OF_PERSON = "identity_number"


class Numbers:
    """The numbers that the community has stored, and those that a file's rows bring."""

    def __init__(self, community_id: int, register: str, header: Any) -> None:
        column = by_attribute(register, NUMBER_OF_PERSON)
        read = any(c.attribute == NUMBER_OF_PERSON for c in header.columns.values())
        # Where the register writes them; 0 where there is no such column.
        self.model = 0
        self._owners: dict[str, int] = {}
        self._records: dict[int, tuple[str, int, int]] = {}
        # Of the people whom rows bring: row -> name.
        self.names: dict[int, str] = {}
        # Whose number this file has told: once is enough.
        self._told: set[int] = set()
        if column is None or not read:
            return
        self.model = sheet_of(register).all_models.index(column.model)
        for resident, key, pk, revision in column.stored(community_id):
            self._owners[key] = resident
            self._records[resident] = (key, pk, revision)

    def owner(self, number: Sealed | None) -> int | None:
        """The resident, or the row (negative) of this file, that has the number."""
        if number is None:
            return None
        return next((self._owners[key] for key in number.keys if key in self._owners), None)

    def differs(self, resident: int, number: Sealed | None) -> bool:
        """Whether somebody is known to have another number."""
        known = self._records.get(resident)
        return number is not None and known is not None and known[0] not in number.keys

    def bring(self, wanted: Wanted) -> None:
        """Takes note of the number of a person whom a row brings."""
        self.names[wanted.row] = wanted.name
        if wanted.number is not None:
            self._owners.setdefault(wanted.number.key, -wanted.row)

    def write(self, wanted: Wanted, person: Known | int | None) -> Write | None:
        """What is to be written of a row's number, if anything."""
        key = person.pk if isinstance(person, Known) else person
        if wanted.number is None or key is None or key in self._told:
            return None
        known = self._records.get(key)
        if known is not None:
            if known[0] in wanted.number.keys or not wanted.new_number:
                return None
            self._told.add(key)
            return Write(self.model, dict(wanted.number.values), known[1], known[2])
        owner = self.owner(wanted.number)
        if owner is not None and owner != key:
            return None
        self._told.add(key)
        self._owners[wanted.number.key] = key
        return Write(self.model, {"resident_id": key, **wanted.number.values})
