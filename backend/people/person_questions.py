"""What is asked where it is not certain whom a row means: the questions, and who may be chosen."""

from collections.abc import Mapping, Sequence

from backend.core.masking import mask_name, mask_phone
from backend.imports.asking import LEAVE_OUT, question
from backend.imports.directions import Choice
from backend.people.choices import Gender
from backend.people.persons import Known, Question, Wanted

NO_LABELS: Mapping[int, str] = {}
WHICH_ONE = question("person_ambiguous", "花名册里有几位都对得上")
MASKED = question("phone_masked", "电话带星号，花名册里对不上人")
OTHER_NAME = question("phone_other_name", "同一个电话，另一个名字")
NEW_PHONE = question("person_new_phone", "同名同住址，电话不同")
MAYBE = question("person_maybe", "同一栋楼有同名的人，住址详略不同")
MOVED_OUT = question("person_moved_out", "花名册里这位居民已迁出")
OTHER_NUMBER = question("identity_number_differs", "花名册里登记的是另一个身份证号")
NUMBERS_NAME = question("identity_number_taken", "同一个身份证号，另一个名字")
NUMBER_TWICE = question("identity_number_twice", "两行是同一个身份证号，姓名不同")
DECEASED = question("person_deceased", "花名册里这位居民已去世")

SHARES = Choice("shares", "另一个人，和家人共用这个电话")
ANOTHER = Choice("other", "另一个人，新登记")


class PersonQuestions:
    """Asks about people of one community's roster."""

    # What buildings are called where people are to be told apart, by their keys.
    _labels: Mapping[int, str] = NO_LABELS
    # Whether what a sheet says of a phone may take the place of what the roster says.
    _overwrites = False

    def about_phone(self, known: Known, wanted: Wanted) -> Question:
        """Somebody known for certain comes with another phone than the roster's."""
        instead = Choice("replace", "改用新号码，旧号码记为其他电话")
        return Question(
            "phone",
            NEW_PHONE,
            "身份证号和姓名对得上，但电话和花名册不同。请核对是不是换了号码。",
            (
                *((instead,) if self._overwrites else ()),
                Choice("further", "新号码记为其他电话"),
                Choice("same", "不用这个电话"),
                LEAVE_OUT,
            ),
            {"": known},
        )

    def about_number(self, known: Known, wanted: Wanted) -> Question:
        """Somebody found by name and phone, or door, has another identity number on the roster."""
        another = (ANOTHER,) if _may_be_another(known, wanted) else ()
        instead = (Choice("number", "同一个人，改用表里的身份证号"),) if self._overwrites else ()
        return Question(
            "identity_number",
            OTHER_NUMBER,
            "花名册里这位居民登记的是另一个身份证号。请对照证件核对是不是同一个人。",
            (*instead, Choice("keep", "同一个人，身份证号以花名册为准"), *another, LEAVE_OUT),
            {"": known},
        )

    def about_name(self, found: Known | int) -> Question:
        """An identity number that is known under another name."""
        same = Choice("same", "就是那一位，姓名以已登记的为准")
        if isinstance(found, int):
            code, message = NUMBER_TWICE, f"与第 {-found} 行是同一个身份证号，请核对。"
        else:
            code = NUMBERS_NAME
            message = "本社区已有另一位居民登记了这个身份证号，请核对是不是同一个人。"
        return Question("identity_number", code, message, (same, LEAVE_OUT), {"": found})

    def each(
        self, verb: str, words: str, people: Sequence[Known]
    ) -> tuple[tuple[Choice, ...], dict[str, Known | int]]:
        """A choice for each of some people, told apart by what anybody may see of them.

        For one person alone it may be given for all rows alike.
        """
        alone = len(people) == 1 and verb != "is"
        people = sorted(people, key=lambda known: known.pk)
        choices = tuple(
            Choice(
                verb if alone else f"{verb}:{known.pk}",
                f"{words}那一位" if alone else f"{words}{self._told(known)}",
                alike=alone,
            )
            for known in people
        )
        return choices, {"" if alone else str(known.pk): known for known in people}

    def _told(self, known: Known) -> str:
        """Somebody of the roster in a few words, masked."""
        left = "已故" if known.died_on else "已迁出" if known.moved_out_on else ""
        said = (
            f"{mask_name(known.name)} {mask_phone(known.phone)}".strip(),
            self._labels.get(known.building_id or 0, ""),
            str(dict(Gender.choices).get(known.gender, "")),
            left,
            f"编号 {known.pk}",
        )
        return "，".join(word for word in said if word)


def gone(known: Known, wanted: Wanted) -> Question | None:
    """The question about somebody who no longer lives here; None of one who did on that day."""
    on = wanted.on
    choices = (ANOTHER, LEAVE_OUT) if _may_be_another(known, wanted) else (LEAVE_OUT,)
    if known.died_on is not None and (on is None or on > known.died_on):
        return Question(
            "name",
            DECEASED,
            f"花名册里这位居民已登记去世（{known.died_on:%Y-%m-%d}）。"
            "请核对：是另一个人就补上他自己的电话或住址，登记有误就先到居民页面更正。",
            choices,
        )
    if known.moved_out_on is not None and (on is None or on > known.moved_out_on):
        return Question(
            "name",
            MOVED_OUT,
            f"花名册里这位居民已于 {known.moved_out_on:%Y-%m-%d} 迁出。"
            "请核对：搬回来了就先在居民页面点“迁回”再导入，是另一个人就补上他自己的电话或住址。",
            choices,
        )
    return None


def _may_be_another(known: Known, wanted: Wanted) -> bool:
    """Whether the roster could hold both: two people with one name differ in phone or in door."""
    if wanted.phone and not wanted.shares:
        return known.phone != wanted.phone
    return bool(known.phone) or known.place != wanted.placed.key
