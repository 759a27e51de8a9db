"""Finding the person whom a row of a sheet names, as the roster knows them.

The rule (domain part 4): the same when phone and name agree; the same phone with another name is a
question; with no phone, name and address; never the name alone. Nothing here guesses.
"""

from collections.abc import Iterable, Mapping, Sequence
from sys import intern

from django.db.models import Q

from backend.core.masking import mask_phone
from backend.imports.asking import LEAVE_OUT
from backend.imports.directions import Choice
from backend.people.choices import PhoneKind
from backend.people.models import Resident, ResidentPhone
from backend.people.person_questions import (
    ANOTHER,
    MASKED,
    MAYBE,
    NEW_PHONE,
    NO_LABELS,
    OTHER_NAME,
    SHARES,
    WHICH_ONE,
    PersonQuestions,
    gone,
)
from backend.people.persons import NOWHERE, Key, Known, Placed, Question, Wanted
from backend.people.placing import Addresses

__all__ = ["NOWHERE", "Addresses", "Known", "Placed", "Question", "Roster", "Wanted"]
_COLUMNS = (
    "pk",
    "revision",
    "name",
    "phone",
    "building_id",
    "unit",
    "room",
    "address",
    "gender",
    "birth_month",
    "remark",
    "moved_out_on",
    "died_on",
)


def known_by_key(community_id: int, keys: Iterable[int]) -> dict[int, Known]:
    """Residents of a community by their keys; who was merged into another row is nobody."""
    rows = Resident.objects.filter(
        community=community_id, merged_into__isnull=True, pk__among=frozenset(keys)
    )
    return {values[0]: Known(*values) for values in rows.order_by().values_list(*_COLUMNS)}


class Roster(PersonQuestions):
    """The residents that a file's rows may mean, and the new people that its rows have brought."""

    def __init__(
        self, community_id: int, *, labels: Mapping[int, str] = NO_LABELS, overwrites: bool = False
    ) -> None:
        self._community_id = community_id
        self._labels = labels
        # Whether what a sheet says of a phone may take the place of what the roster says.
        self._overwrites = overwrites
        self._by_phone: dict[str, list[Known]] = {}
        self._by_name: dict[str, list[Known]] = {}
        # People whom earlier rows of this file bring: phone -> (name, row); (name, place) -> row.
        self._new_by_phone: dict[str, tuple[str, int]] = {}
        self._new_by_place: dict[tuple[str, Key], int] = {}
        # Those of them who share somebody's phone: (phone, name) -> row.
        self._new_sharing: dict[tuple[str, str], int] = {}

    def load(self, wanted: Iterable[Wanted]) -> None:
        """Looks up, in three queries, everybody whom these rows may mean."""
        rows = [w for w in wanted if w.name]
        # A row that was merged into another means nobody any more.
        mine = Resident.objects.filter(
            community=self._community_id, merged_into__isnull=True
        ).order_by()
        phones = {w.phone for w in rows if w.phone and "*" not in w.phone}
        phones |= {w.further for w in rows if w.further}
        self._by_phone = {}
        for values in mine.filter(phone__among=phones).values_list(*_COLUMNS) if phones else ():
            self._by_phone.setdefault(values[3], []).append(Known(*values))
        named = {(w.phone, w.name) for w in rows}
        named |= {(w.further, w.name) for w in rows if w.further}
        for phone, known in self._under_further_phones(phones, named) if phones else ():
            self._by_phone.setdefault(phone, []).append(known)
        # Rows that name somebody without a phone that the roster knows.
        open_rows = [w for w in rows if w.phone not in self._by_phone]
        bare = {w.name for w in open_rows if not w.phone or "*" in w.phone}
        # Who shares a phone that is known is looked for at their door.
        bare |= {
            w.name
            for w in rows
            if w.placed is not NOWHERE
            and (holders := self._by_phone.get(w.phone))
            and all(known.name != w.name for known in holders)
        }
        # Somebody on the roster without a phone, or at this very door under another one.
        housed = [w for w in open_rows if w.phone and w.placed is not NOWHERE]
        asked = Q(name__among=bare)
        if housed:
            rooms = {w.placed.room for w in housed} - {""}
            names = {w.name for w in housed}
            asked |= Q(name__among=names) & (Q(phone="") | Q(room__among=rooms))
        self._by_name = {}
        for values in mine.filter(asked).values_list(*_COLUMNS) if bare or housed else ():
            self._by_name.setdefault(values[2], []).append(Known(*values))

    def _under_further_phones(
        self, phones: set[str], named: set[tuple[str, str]]
    ) -> Iterable[tuple[str, Known]]:
        """Whom these phones also reach. A daughter's phone on her mother's row is no question
        when the daughter herself comes: only one's own further phone stands for one's name.
        """
        rows = ResidentPhone.objects.filter(
            community=self._community_id,
            phone__among=phones,
            resident__merged_into__isnull=True,
        ).order_by()
        columns = [f"resident__{column}" for column in _COLUMNS]
        for phone, kind, *values in rows.values_list("phone", "kind", *columns):
            known = Known(*values)
            known.further, known.owns = phone, kind == PhoneKind.OWN
            if known.owns or (phone, known.name) in named:
                yield phone, known

    def find(self, wanted: Wanted) -> Known | int | Question | None:
        """The resident; the row (negative) of this file that brings them; a question; or nobody.

        Who had moved out or died by the day of the row is asked about.
        """
        return self._unless_gone(self._find(wanted), wanted)

    def _find(self, wanted: Wanted) -> Known | int | Question | None:
        if wanted.phone and "*" in wanted.phone:
            return self._by_mask(wanted)
        if wanted.phone:
            return self._by_full_phone(wanted) or self._by_further_phone(wanted)
        return self._by_address(wanted) if wanted.placed.key is not None else None

    def _unless_gone(
        self, found: Known | int | Question | None, wanted: Wanted
    ) -> Known | int | Question | None:
        return gone(found, wanted) or found if isinstance(found, Known) else found

    def settled(
        self, question: Question, answer: str, wanted: Wanted
    ) -> Known | int | Question | None:
        """As `find`, once staff have chosen; what was chosen is noted in `wanted`.

        May lead to another question, about the one who was chosen.
        """
        verb, _, whom = answer.partition(":")
        match verb:
            case "same" | "is":
                return self._unless_gone(question.candidates[whom], wanted)
            case "further" | "replace":
                wanted.new_phone = verb
                return self._unless_gone(question.candidates[whom], wanted)
            case "number" | "keep":
                wanted.new_number = verb == "number"
                return self._unless_gone(question.candidates[whom], wanted)
            case "shares":
                wanted.shares = True
                here = self._by_address(wanted) if wanted.placed.key is not None else None
                return self._unless_gone(here, wanted)
            case "no_phone":
                wanted.phone = ""
                return self.find(wanted)
            case _:
                return self._brought(wanted)

    def _brought(self, wanted: Wanted) -> int | None:
        """The row of this file that has brought the one who is nobody the roster knows."""
        if wanted.phone and not wanted.shares:
            name, row = self._new_by_phone.get(wanted.phone, ("", 0))
            return -row if row and name == wanted.name else None
        key = wanted.placed.key
        row = self._new_by_place.get((wanted.name, key), 0) if key is not None else 0
        return -row or None

    def by_key(self, pks: Iterable[int]) -> dict[int, Known]:
        """These people of the roster, by their keys."""
        mine = Resident.objects.filter(community=self._community_id, pk__among=frozenset(pks))
        rows = mine.filter(merged_into__isnull=True).order_by().values_list(*_COLUMNS)
        return {values[0]: Known(*values) for values in rows}

    def bring(self, wanted: Wanted) -> int:
        """Takes note of a person whom this row brings; answers the reference to them."""
        if wanted.shares:
            self._new_sharing[wanted.phone, wanted.name] = wanted.row
            if wanted.placed.key is not None:
                self._new_by_place[wanted.name, wanted.placed.key] = wanted.row
        elif wanted.phone:
            self._new_by_phone[wanted.phone] = (intern(wanted.name), wanted.row)
            if wanted.further:
                self._new_by_phone.setdefault(wanted.further, (wanted.name, wanted.row))
        elif wanted.placed.key is not None:
            self._new_by_place[wanted.name, wanted.placed.key] = wanted.row
        return -wanted.row

    def _by_mask(self, wanted: Wanted) -> Known | Question:
        fitting = [
            known
            for known in self._by_name.get(wanted.name, ())
            if known.phone and mask_phone(known.phone) == wanted.phone
        ]
        if len(fitting) == 1:
            return fitting[0]
        choices, candidates = self.each("is", "是", fitting)
        without = Choice("no_phone", "不看电话，按姓名和住址找")
        return Question(
            "phone",
            WHICH_ONE if fitting else MASKED,
            "电话带星号，花名册里对不上唯一的一个人，请填写完整的号码。",
            (*choices, without, LEAVE_OUT),
            candidates,
        )

    def _by_full_phone(self, wanted: Wanted) -> Known | int | Question | None:
        holders = self._by_phone.get(wanted.phone, ())
        for known in holders:
            if known.name == wanted.name:
                return known
        sharing = self._new_sharing.get((wanted.phone, wanted.name))
        if sharing is not None:
            return -sharing
        owners = [known for known in holders if known.owns]
        if owners:
            same, candidates = self.each("same", "就是花名册里的", owners)
            return Question(
                "phone",
                OTHER_NAME,
                "花名册里这个电话登记的是另一个名字（可能是家人共用）。"
                "请核对：是同一个人就改成一致的姓名，是家人就换成本人的电话或只填住址。",
                (SHARES, *same, LEAVE_OUT),
                candidates,
            )
        new = self._new_by_phone.get(wanted.phone)
        if new is not None:
            if new[0] == wanted.name:
                return -new[1]
            return Question(
                "phone",
                OTHER_NAME,
                f"第 {new[1]} 行已用这个电话登记了另一个名字（可能是家人共用）。"
                "请换成本人的电话，或只填住址。",
                (SHARES, Choice("same", "和前面那一行是同一个人，姓名以前面的为准"), LEAVE_OUT),
                {"": -new[1]},
            )
        return self._same_door(wanted)

    def _by_further_phone(self, wanted: Wanted) -> Known | int | None:
        """Two phones of one person, of which the roster may know the second alone."""
        for known in self._by_phone.get(wanted.further, ()):
            if known.name == wanted.name:
                return known
        name, row = self._new_by_phone.get(wanted.further, ("", 0))
        return -row if row and name == wanted.name else None

    def phone_of_another(self, phone: str, name: str) -> bool:
        """Whether somebody with another name has this phone for their own."""
        return any(k.owns and k.name != name for k in self._by_phone.get(phone, ()))

    def _same_door(self, wanted: Wanted) -> Known | Question | None:
        if wanted.placed is NOWHERE:
            return None
        key = wanted.placed.key
        here = [k for k in self._by_name.get(wanted.name, ()) if k.place == key]
        without = [k for k in here if not k.phone]
        if len(without) == 1 and len(here) == 1:
            return without[0]
        if here and wanted.placed.room:
            beside, candidates = self.each("further", "同一个人，新号码记为其他电话：", here)
            instead: tuple[Choice, ...] = ()
            if self._overwrites:
                instead, _ = self.each(
                    "replace", "同一个人，改用新号码，旧号码记为其他电话：", here
                )
            return Question(
                "phone",
                NEW_PHONE,
                "花名册里同一住址有同名的人，但电话不同。请核对是换了号码还是另一个人，再修改花名册或本行。",
                (*instead, *beside, ANOTHER, LEAVE_OUT),
                candidates,
            )
        return None

    def _by_address(self, wanted: Wanted) -> Known | int | Question | None:
        key = wanted.placed.key
        assert key is not None
        namesakes = self._by_name.get(wanted.name, ())
        here = [known for known in namesakes if known.place == key]
        if len(here) > 1:
            # Who has left does not stand in the way of the one who lives there.
            here = [k for k in here if gone(k, wanted) is None] or here
        if len(here) == 1:
            return here[0]
        if here:
            choices, candidates = self.each("is", "是", here)
            # At one door two people without a phone would be the same.
            new = (ANOTHER,) if all(k.phone for k in here) else ()
            return Question(
                "name",
                WHICH_ONE,
                "花名册里这个住址有几位同名的人，请补上电话以区分。",
                (*choices, *new, LEAVE_OUT),
                candidates,
            )
        row = self._new_by_place.get((wanted.name, key))
        if row is not None:
            return -row
        maybe = [k for k in namesakes if _may_be_the_same_place(k, wanted.placed)]
        if maybe:
            same, candidates = self.each("same", "就是花名册里的", maybe)
            return Question(
                "address",
                MAYBE,
                "花名册里同一栋楼有同名的人，但住址详略不同。请把住址写到室，或补上电话。",
                (*same, ANOTHER, LEAVE_OUT),
                candidates,
            )
        return None


def _may_be_the_same_place(known: Known, placed: Placed) -> bool:
    """True if one address is the other, only less complete."""
    if known.building_id is None or known.building_id != placed.building_id:
        return False
    pairs: Sequence[tuple[str, str]] = ((known.unit, placed.unit), (known.room, placed.room))
    return all(a == b or not a or not b for a, b in pairs)
