"""Each question that a row may ask, each answer, and what is written then."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.utils import timezone
from openpyxl import load_workbook

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import Attendance, LegalEducationEvent
from backend.people import actions
from backend.people.models import Resident, ResidentPhone, User
from backend.places.models import Building, Community, Estate
from tests.admin.exporting import content, export
from tests.imports.doors import command
from tests.imports.sheets_by_hand import sheet
from tests.people.neighbours import OTHER, PHONE, THIRD, at, neighbour

pytestmark = pytest.mark.django_db
HEADER = ("姓名", "联系电话", "住址")
TWO = f"{PHONE}/{OTHER}"


class Asked:
    """One sheet, asked and answered by the command line."""

    def __init__(self, register: str, path: Path) -> None:
        self.arguments = [register, str(path)]
        if register == "attendance":
            self.arguments += ["--event", "pf-open"]

    def __call__(self, *answers: str, dry: bool = False) -> dict[str, Any]:
        given = [part for answer in answers for part in ("--answer", answer)]
        status, found = command(*self.arguments, *given, *(["--dry-run"] if dry else []))
        assert (status == 0) == (not found["rows"]["reject"] and found["state"] != "refused")
        return found

    def codes(self, *answers: str) -> list[str]:
        return [p["code"] for p in self(*answers, dry=True)["problems"]]

    def rows(self, *answers: str, dry: bool = False) -> dict[str, int]:
        """What the rows come to, those of no count left out."""
        return {k: n for k, n in self(*answers, dry=dry)["rows"].items() if n and k != "read"}


def signed(folder: Path, *rows: Any, header: Any = HEADER) -> Asked:
    return Asked("attendance", sheet(folder, [header, *rows]))


def roster(folder: Path, *rows: Any, header: Any = HEADER) -> Asked:
    return Asked("residents", sheet(folder, [header, *rows], "花名册.csv"))


def people() -> list[tuple[str, str]]:
    return sorted(Resident.objects.values_list("name", "phone"))


def further() -> list[tuple[str, str, str]]:
    return sorted(ResidentPhone.objects.values_list("resident__name", "phone", "kind"))


@pytest.mark.parametrize(
    ("answer", "phones", "beside"),
    [
        ("first", [("张三", PHONE)], []),
        ("second", [("张三", OTHER)], []),
        ("both", [("张三", PHONE)], [("张三", OTHER, "own")]),
    ],
)
def test_two_phones(
    community: Community, tmp_path: Path, answer: str, phones: Any, beside: Any
) -> None:
    asked = roster(tmp_path, ("张三", TWO))
    assert asked.codes() == ["phone_two"]
    assert asked.rows(f"phone_two={answer}") == {"create": 1}
    assert (people(), further()) == (phones, beside)
    assert asked.rows(f"phone_two={answer}") == {"unchanged": 1}


def test_two_phones_of_which_neither_counts(
    event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    asked = signed(tmp_path, ("张三", TWO))
    assert asked.codes("phone_two=none") == ["answered", "unlinked"]
    assert asked.rows("phone_two=skip") == {"skip": 1}
    assert asked.rows("phone_two=none") == {"create": 1}
    assert (people(), Attendance.objects.get().resident) == ([], None)


def test_both_phones_are_added_to_who_is_known_by_the_second(
    community: Community, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    person = neighbour(community, phone=OTHER)
    asked = signed(tmp_path, ("张三", TWO))
    assert asked.rows("phone_two=both") == {"create": 1}
    assert (people(), further()) == ([("张三", OTHER)], [("张三", PHONE, "own")])
    assert Attendance.objects.get().resident == person
    assert asked.rows("phone_two=both") == {"unchanged": 1}


def test_the_second_phone_may_be_that_of_somebody_else(
    community: Community, tmp_path: Path
) -> None:
    neighbour(community, "李四", OTHER)
    assert roster(tmp_path, ("张三", TWO)).rows("phone_two=both") == {"create": 1}
    assert further() == [("张三", OTHER, "family")]


def test_a_couple_on_one_phone(
    community: Community, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    asked = signed(tmp_path, ("张三", PHONE), ("李四", PHONE))
    assert asked.codes() == ["phone_other_name"]
    assert asked.rows("phone_other_name=shares") == {"create": 2}
    assert people() == [("张三", PHONE), ("李四", "")]
    assert further() == [("李四", PHONE, "family")]
    # Known now by phone and name: nobody is asked again.
    assert asked.rows() == {"unchanged": 2}
    again = roster(tmp_path, ("李四", PHONE), ("张三", PHONE))
    assert again.rows() == {"unchanged": 2}
    assert (Resident.objects.count(), Attendance.objects.count()) == (2, 2)


def test_who_shares_a_phone_may_be_on_the_roster_already(
    community: Community, building: Building, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    neighbour(community)
    wife = neighbour(community, "李四", "", **at(building))
    asked = signed(tmp_path, ("李四", PHONE, "3-2-501"))
    assert asked.rows("phone_other_name=shares") == {"create": 1}
    assert Attendance.objects.get().resident == wife
    assert further() == [("李四", PHONE, "family")]
    assert asked.rows() == {"unchanged": 1}


def test_the_same_person_under_another_name(
    community: Community, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    person = neighbour(community, "张三丰")
    asked = signed(tmp_path, ("张三", PHONE))
    assert asked.rows("phone_other_name=same") == {"create": 1}
    assert Attendance.objects.get().resident == person
    assert people() == [("张三丰", PHONE)]
    assert asked.rows("phone_other_name=same") == {"unchanged": 1}
    assert asked.rows("phone_other_name=skip") == {"skip": 1}


def test_a_row_s_own_answer_beats_that_for_all(
    community: Community, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    neighbour(community)
    asked = signed(tmp_path, ("李四", PHONE), ("王五", PHONE), ("赵六", PHONE))
    given = ("phone_other_name=skip", "phone_other_name@3=shares")
    assert asked.rows(*reversed(given), dry=True) == asked.rows(*given) == {"skip": 2, "create": 1}
    assert further() == [("王五", PHONE, "family")]


def test_namesakes_behind_one_door(
    community: Community, building: Building, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    older, _ = (neighbour(community, phone=phone, **at(building)) for phone in (PHONE, OTHER))
    asked = signed(tmp_path, ("张三", "", "3-2-501"))
    answer = asked(dry=True)
    assert [p["code"] for p in answer["problems"]] == ["person_ambiguous"]
    assert PHONE not in json.dumps(answer)
    assert asked.rows(f"person_ambiguous@2=is:{older.pk}") == {"create": 1}
    assert Attendance.objects.get().resident == older
    # One of several is no answer for all rows alike.
    assert asked(f"person_ambiguous=is:{older.pk}")["problems"][-1]["code"] == "person_ambiguous"
    assert "answer_unknown" in asked.codes(f"person_ambiguous=is:{older.pk}")
    assert asked.rows("person_ambiguous=other") == {"create": 1}
    assert people() == [("张三", ""), ("张三", PHONE), ("张三", OTHER)]


@pytest.mark.parametrize(
    ("answer", "phone", "beside"), [("replace", OTHER, PHONE), ("further", PHONE, OTHER)]
)
def test_a_new_phone_at_the_same_door(
    community: Community, building: Building, tmp_path: Path, answer: str, phone: str, beside: str
) -> None:
    neighbour(community, **at(building))
    asked = roster(tmp_path, ("张三", OTHER, "3-2-501"))
    assert asked.codes() == ["person_new_phone"]
    assert asked.rows(f"person_new_phone={answer}") == {"update": 1}
    assert (people(), further()) == ([("张三", phone)], [("张三", beside, "own")])
    assert asked.rows() == {"unchanged": 1}


def test_a_sign_in_sheet_replaces_no_phone(
    community: Community, building: Building, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    neighbour(community, **at(building))
    asked = signed(tmp_path, ("张三", OTHER, "3-2-501"))
    assert "answer_unknown" in asked.codes("person_new_phone=replace")
    assert asked.rows("person_new_phone=other") == {"create": 1}
    assert people() == [("张三", PHONE), ("张三", OTHER)]
    assert asked.rows() == {"unchanged": 1}


@pytest.mark.parametrize(("answer", "count"), [("same", 1), ("other", 2)])
def test_an_address_that_says_less(
    community: Community, building: Building, tmp_path: Path, answer: str, count: int
) -> None:
    person = neighbour(community, **at(building))
    asked = roster(tmp_path, ("张三", "", "3号楼"))
    assert asked.codes() == ["person_maybe"]
    asked(f"person_maybe={answer}")
    assert Resident.objects.count() == count
    person.refresh_from_db()
    assert (person.unit, person.room) == ("2", "501")
    assert asked.rows(f"person_maybe={answer}") == {"unchanged": 1}


def test_who_has_left_may_be_another_person_and_is_never_brought_back(
    community: Community, building: Building, tmp_path: Path
) -> None:
    person = neighbour(community, **at(building))
    actions.move_out(person, on=timezone.localdate() - datetime.timedelta(2), by=SYSTEM)
    by_phone = roster(tmp_path, ("张三", PHONE))
    assert by_phone.codes() == ["person_moved_out"]
    # Name and phone agree: the roster has no room for another.
    assert by_phone.codes("person_moved_out=other") == ["answer_unknown", "person_moved_out"]
    assert by_phone.rows("person_moved_out=skip") == {"skip": 1}
    at_the_door = roster(tmp_path, ("张三", "", "3-2-501"), ("张三", None, "3号楼2单元501"))
    assert at_the_door.rows("person_moved_out=other", "person_twice=first") == {
        "create": 1,
        "skip": 1,
    }
    person.refresh_from_db()
    assert person.moved_out_on is not None
    assert at_the_door.rows("person_twice=first") == {"unchanged": 1, "skip": 1}


def test_who_has_died_is_left_out(community: Community, tmp_path: Path) -> None:
    person = neighbour(community)
    actions.record_death(person, on=timezone.localdate() - datetime.timedelta(2), by=SYSTEM)
    asked = roster(tmp_path, ("张三", PHONE), ("李四", OTHER))
    assert asked.codes() == ["person_deceased"]
    assert asked.rows("person_deceased=skip") == {"create": 1, "skip": 1}


def test_one_building_number_in_two_estates(
    community: Community, building: Building, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    estate = gate.save(Estate(community=community, code="heban", name="河畔里"), by=SYSTEM)
    there = gate.save(Building(community=community, estate=estate, name="3"), by=SYSTEM)
    asked = signed(tmp_path, ("张三", PHONE, "3-2-501"), ("李四", OTHER, "3-1-101"))
    assert asked.codes() == ["address_ambiguous"] * 2
    given = (f"address_ambiguous=in:{estate.pk}", "address_ambiguous@3=text")
    assert asked.rows(*given) == {"create": 2}
    first, second = Resident.objects.order_by("name", "pk").all()[:2]
    assert (first.building, first.unit, first.room) == (there, "2", "501")
    assert (second.building, second.address) == (None, "3-1-101")
    assert asked.rows(*given) == {"unchanged": 2}


def test_a_name_alone_is_never_enough_for_the_roster(community: Community, tmp_path: Path) -> None:
    asked = roster(tmp_path, ("张三",), ("李四", PHONE))
    assert asked.codes() == ["person_unidentified"]
    assert asked.codes("person_unidentified=other") == ["answer_unknown", "person_unidentified"]
    assert asked.rows("person_unidentified=skip") == {"create": 1, "skip": 1}


def test_a_phone_with_stars_may_be_left_aside(
    community: Community, building: Building, tmp_path: Path
) -> None:
    neighbour(community, **at(building))
    asked = roster(tmp_path, ("张三", "139****0000", "3-2-501"))
    assert asked.codes() == ["phone_masked"]
    assert asked.rows("phone_masked=no_phone") == {"unchanged": 1}


@pytest.mark.parametrize(("answer", "gender"), [("first", "male"), ("last", "female")])
def test_one_person_in_two_rows(
    community: Community, tmp_path: Path, answer: str, gender: str
) -> None:
    header = ("姓名", "联系电话", "性别")
    asked = roster(
        tmp_path, ("张三", PHONE, "男"), ("李四", OTHER, ""), ("张三", PHONE, "女"), header=header
    )
    assert asked.codes() == ["person_twice"]
    assert asked.rows(f"person_twice={answer}") == {"create": 2, "skip": 1}
    assert Resident.objects.get(name="张三").gender == gender
    assert asked.rows(f"person_twice={answer}") == {"unchanged": 2, "skip": 1}


def test_the_last_row_counts_though_others_rest_on_the_first(
    community: Community, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    header = ("姓名", "联系电话", "年龄")
    rows = [("张三", PHONE, 60), ("李四", PHONE, 58), ("张三", PHONE, 61), ("张三", PHONE, 62)]
    asked = signed(tmp_path, *rows, header=header)
    given = ("phone_other_name=shares", "person_twice=last")
    assert asked.rows(*given) == {"create": 2, "skip": 2}
    assert sorted(Attendance.objects.values_list("name", "age")) == [("张三", 62), ("李四", 58)]
    assert asked.rows(*given) == {"unchanged": 2, "skip": 2}


def test_a_name_twice_without_phone_or_address(
    event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    header = ("姓名", "年龄")
    asked = signed(tmp_path, ("张三", 60), ("张三", 33), ("张三", 8), header=header)
    assert asked.codes() == ["unlinked", "name_twice", "name_twice"]
    given = ("name_twice=two", "name_twice@4=first")
    assert asked.rows(*given) == {"create": 2, "skip": 1}
    told = Attendance.objects.order_by("namesake").values_list("name", "age", "namesake")
    assert list(told) == [("张三", 60, 1), ("张三", 33, 2)], "as on the paper, and still two"
    assert asked.rows(*given) == {"unchanged": 2, "skip": 1}
    # A third one later; and the sheet that leaves the first two tells them apart by their number.
    third = signed(tmp_path, ("张三", 60), ("张三", 33), ("张三", 8), header=header)
    assert third.rows("name_twice=two") == {"unchanged": 2, "create": 1}
    assert Attendance.objects.get(age=8).namesake == 3


def test_namesakes_come_back_from_an_export_each_as_themselves(
    worker: User, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    header = ("姓名", "年龄")
    signed(tmp_path, ("张三", 60), ("张三", 33), header=header).rows("name_twice=two")
    answer = export(worker, "/admin/education/attendance/export/", "xlsx")
    path = tmp_path / "签到.xlsx"
    path.write_bytes(content(answer))
    back = Asked("attendance", path)
    assert back.rows() == {"unchanged": 2}
    book = load_workbook(path)
    page = book.active
    columns = {cell.value: cell.column for cell in page[1]}
    for row in (2, 3):
        if page.cell(row, columns["年龄"]).value == 33:
            page.cell(row, columns["年龄"]).value = 34
    book.save(path)
    assert back.rows() == {"unchanged": 1, "update": 1}
    assert sorted(Attendance.objects.values_list("age", "namesake")) == [(34, 2), (60, 1)]


def test_a_time_of_a_day_without_its_year(event_open: LegalEducationEvent, tmp_path: Path) -> None:
    # It is still to come in the year of the sheet, so it was last year's; which had no 29 February.
    day = timezone.localtime(event_open.starts_at).date() + datetime.timedelta(days=40)
    day += datetime.timedelta(days=(day.month, day.day) == (2, 29))
    header = ("姓名", "联系电话", "签到时间")
    row = ("张三", PHONE, f"{day.month}月{day.day}日 9:05")
    asked = signed(tmp_path, row, header=header)
    assert asked.codes() == ["date_no_year"]
    assert asked.rows(f"date_no_year={day.year - 1}", dry=True) == {"create": 1}
    assert asked.rows("date_no_year=blank") == {"create": 1}
    assert Attendance.objects.get().signed_in_at is None


def test_years_of_two_digits_and_months_of_one(community: Community, tmp_path: Path) -> None:
    header = ("姓名", "联系电话", "出生年月")
    asked = roster(tmp_path, ("张三", PHONE, "58.3"), ("李四", OTHER, "11-4-2"), header=header)
    assert asked.codes() == ["date_short_year"] * 2
    given = ("date_short_year=19", "date_short_year@3=20")
    assert asked.codes(*given) == ["answered", "answered"]
    assert asked.rows("date_short_year=19") == {"create": 2}
    born = dict(Resident.objects.values_list("name", "birth_month"))
    assert born == {"张三": "1958-03", "李四": "1911-04"}


def test_a_birthday_has_no_year_to_choose(community: Community, tmp_path: Path) -> None:
    asked = roster(tmp_path, ("张三", PHONE, "3月5日"), header=("姓名", "联系电话", "出生年月"))
    assert asked.codes() == ["date_no_year"]
    year = f"date_no_year={timezone.localdate().year}"
    assert asked.codes(year) == ["answer_unknown", "date_no_year"]
    assert asked.rows("date_no_year=blank") == {"create": 1}


def test_what_is_wrong_with_the_chosen_phone_is_said(community: Community, tmp_path: Path) -> None:
    asked = roster(tmp_path, ("张三", f"{PHONE}/1398765432"))
    assert asked.codes("phone_two=second") == ["answered", "phone_incomplete"]


def test_an_answer_that_is_no_choice_writes_nothing(community: Community, tmp_path: Path) -> None:
    asked = roster(tmp_path, ("张三", TWO))
    for wrong in ("phone_two=third", "phone_two@2=third", "phon_two=first", "phone_two@x=first"):
        answer = asked(wrong)
        problem = answer["problems"][0]
        assert (answer["state"], problem["code"], problem["row"]) == (
            "refused",
            "answer_unknown",
            None,
        )
    assert people() == []


def test_answers_come_from_a_file_too(community: Community, tmp_path: Path) -> None:
    asked = roster(tmp_path, ("张三", TWO), ("李四", f"{THIRD}、{OTHER}"))
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({"phone_two": "first", "phone_two@3": "second"}))
    status, _ = command(*asked.arguments, "--answers", str(file))
    assert (status, people()) == (0, [("张三", PHONE), ("李四", OTHER)])
    file.write_text("[]")
    with pytest.raises(CommandError, match="JSON"):
        command(*asked.arguments, "--answers", str(file))
