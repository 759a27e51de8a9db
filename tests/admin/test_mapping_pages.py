"""The step 核对列: what is shown, what may be said, and what is remembered of it."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.models import ImportBatch, MappingProfile
from backend.imports.profiles import drop_unused
from backend.people.models import User
from backend.places.models import Community
from tests.conftest import new_event
from tests.imports.doors import command

OWN = "大名,号头,您的住处,职业,身份证号\n张安然,13700000001,3-2-501,会计,410101195001010011\n李知远,13700000002,3-2-502,退休,410101195001010038\n"
LIKELY = "您的姓名,本人电话,职业\n张安然,13700000001,教师\n李知远,13700000002,退休\n"
USES = {"use_0": "name", "use_1": "phone", "use_2": "address", "use_3": "+"}

Upload = Callable[..., ImportBatch]


@pytest.fixture
def client(worker: User) -> Client:
    signed_in = Client()
    signed_in.force_login(worker)
    return signed_in


@pytest.fixture
def upload(client: Client, event_open: LegalEducationEvent) -> Upload:
    """Uploads a sheet as CSV; the batch remembers where staff were led."""

    def do(content: str | bytes, *, target: bool = True, name: str = "表.csv") -> ImportBatch:
        data = content.encode() if isinstance(content, str) else content
        given: dict[str, Any] = {"import_file": SimpleUploadedFile(name, data)}
        if target:
            given["target"] = event_open.pk
        done = client.post("/admin/education/attendance/import/", given)
        batch = ImportBatch.objects.get(pk=done["Location"].split("/")[-3])
        batch.led_to = done["Location"].split("/")[-2]  # type: ignore[attr-defined]
        return batch

    return do


def mapping(batch: ImportBatch) -> str:
    return f"/admin/imports/importbatch/{batch.pk}/mapping/"


def direct(client: Client, batch: ImportBatch, **given: str) -> ImportBatch:
    assert client.post(mapping(batch), given).status_code == 302
    batch.refresh_from_db()
    return batch


def codes(batch: ImportBatch) -> list[str]:
    return [problem["code"] for problem in batch.file_problems]


def test_what_was_guessed_or_unknown_is_shown_before_the_preview(upload: Upload) -> None:
    assert upload("姓名,联系电话\n张安然,13700000001\n").led_to == "change"  # type: ignore[attr-defined]
    likely = upload(LIKELY)
    assert likely.led_to == "mapping"  # type: ignore[attr-defined]
    assert codes(likely) == ["column_guessed", "column_guessed", "column_unknown"]
    assert upload(OWN).led_to == "mapping"  # type: ignore[attr-defined]
    # Nothing that staff could say makes a web page a table.
    assert upload("<html><body></body></html>").led_to == "change"  # type: ignore[attr-defined]


def test_the_page_shows_columns_with_reasons_and_no_personal_value(
    client: Client, upload: Upload
) -> None:
    page = client.get(mapping(upload(OWN))).content.decode()
    for heading in ("大名", "号头", "您的住处", "职业", "身份证号"):
        assert heading in page
    for personal in ("张安然", "李知远", "13700000001", "501", "41010119500101", "会计"):
        assert personal not in page, personal
    assert "（11 位数字）" in page
    assert "use_4" not in page, "what is switched off cannot be chosen"


def test_a_list_with_headings_of_its_own_is_read_as_staff_say(
    client: Client, upload: Upload
) -> None:
    batch = upload(OWN)
    assert (batch.status, codes(batch)) == ("refused", ["header_missing"])
    batch = direct(client, batch, header_row="1", **USES)
    assert (batch.status, batch.create) == ("planned", 2)
    assert codes(batch) == ["column_off"]
    client.post(f"/admin/imports/importbatch/{batch.pk}/confirm/")
    rows = Attendance.objects.order_by("pk").values_list("name", "remark")
    assert list(rows) == [("张安然", "职业：会计"), ("李知远", "职业：退休")]
    assert "41010119500101" not in repr(list(Attendance.objects.values()))
    # The same again changes nothing: what is kept stands in the remark already.
    again = direct(client, upload(OWN), header_row="1", **USES)
    assert (again.create, again.update, again.unchanged) == (0, 0, 2)


def test_what_staff_said_is_remembered_for_the_next_sheet_through_every_door(
    client: Client, upload: Upload, tmp_path: Any
) -> None:
    direct(client, upload(OWN), header_row="1", remember="1", **USES)
    profile = MappingProfile.objects.get()
    assert profile.columns == {"大名": "name", "号头": "phone", "您的住处": "address", "职业": "+"}
    mixed = "通知,,,,\n职业,身份证号,大名,您的住处,号头\n个体,410101195001010011,赵云舒,3-2-503,13700000003\n"
    batch = upload(mixed)
    assert batch.led_to == "change"  # type: ignore[attr-defined]
    assert (batch.status, batch.create) == ("planned", 1)
    assert codes(batch) == ["column_off", "profile_used"]
    path = tmp_path / "表.csv"
    path.write_text(mixed)
    _, answer = command("attendance", str(path), "--event", "pf-open", "--dry-run")
    assert answer["rows"]["create"] == 1
    # Forgotten, it is asked again.
    assert client.get("/admin/imports/mappingprofile/").status_code == 200
    client.post(f"/admin/imports/mappingprofile/{profile.pk}/delete/", {"post": "yes"})
    assert not MappingProfile.objects.exists()
    assert upload(mixed).status == "refused"


def test_a_word_that_is_not_to_be_remembered_is_not(client: Client, upload: Upload) -> None:
    direct(client, upload(OWN), header_row="1", **USES)
    assert not MappingProfile.objects.exists()


def test_names_that_are_certain_are_not_part_of_what_is_remembered(
    client: Client, upload: Upload
) -> None:
    given = {"use_0": "name", "use_1": "phone", "use_2": "-"}
    direct(
        client,
        upload("姓名,本人电话,职业\n张安然,13700000001,教师\n"),
        header_row="1",
        remember="1",
        **given,
    )
    assert MappingProfile.objects.get().columns == {"本人电话": "phone", "职业": "-"}


def test_profiles_that_nobody_uses_are_forgotten(client: Client, upload: Upload) -> None:
    direct(client, upload(OWN), header_row="1", remember="1", **USES)
    later = timezone.now() + timedelta(days=1)
    assert drop_unused(timezone.now() - timedelta(days=1)) == 0
    assert drop_unused(later) == 1
    assert not MappingProfile.objects.exists()


def test_two_columns_for_one_thing_are_refused_and_nothing_changes(
    client: Client, upload: Upload
) -> None:
    batch = upload(LIKELY)
    revision = batch.revision
    page = client.post(mapping(batch), {"header_row": "1", "use_0": "name", "use_1": "name"})
    assert "有两列选了同一项" in page.content.decode()
    for given in ({"use_0": "password"}, {"use_999999": "name"}, {"header_row": "99999"}):
        assert client.post(mapping(batch), {"header_row": "1"} | given).status_code == 200
    batch.refresh_from_db()
    assert batch.revision == revision


def test_another_header_row_is_tried_before_it_is_said(client: Client, upload: Upload) -> None:
    batch = upload("姓名,电话\n大名,号头\n张安然,13700000001\n")
    page = client.get(mapping(batch) + "?header_row=2").content.decode()
    assert "表头是第 2 行" in page
    assert 'name="header_row" value="2"' in page
    batch.refresh_from_db()
    assert batch.header_row == 1


def test_a_list_without_header_is_taken_by_its_columns(client: Client, upload: Upload) -> None:
    batch = upload("张安然,13700000001\n李知远,13700000002\n王清和,13700000003\n")
    assert codes(batch) == ["header_missing"]
    page = client.get(mapping(batch) + "?header_row=0").content.decode()
    assert "A列" in page
    assert "张安然" not in page
    batch = direct(client, batch, header_row="0", use_0="name", use_1="phone")
    assert (batch.status, batch.create) == ("planned", 3)


def test_one_sheet_of_several_is_chosen_with_one_click(client: Client, upload: Upload) -> None:
    book = Workbook()
    for name in ("四月", "五月"):
        sheet = book.active if name == "四月" else book.create_sheet()
        sheet.title = name
        sheet.append(["姓名", "联系电话"])
        sheet.append(["张安然" if name == "四月" else "李知远", "13700000001"])
    file = io.BytesIO()
    book.save(file)
    batch = upload(file.getvalue(), name="表.xlsx")
    assert (batch.led_to, codes(batch)) == ("mapping", ["several_sheets"])  # type: ignore[attr-defined]
    page = client.get(mapping(batch)).content.decode()
    assert re.search(r"四月</strong> · 2 行", page)
    assert "每张工作表分别导入" in page
    assert "张安然" not in page
    batch = direct(client, batch, sheet="五月")
    assert (batch.status, batch.sheet, batch.create) == ("planned", "五月", 1)


def test_which_event_is_asked_where_titles_do_not_say_it_alone(
    client: Client, upload: Upload, event_open: LegalEducationEvent
) -> None:
    day = timezone.localtime(event_open.starts_at)
    table = "姓名,联系电话\n张安然,13700000001\n"
    exact = upload(f"民法典进小区签到表（{day:%Y年%m月%d日}）,\n{table}", target=False)
    assert (exact.status, exact.create) == ("planned", 1)
    other_day = upload(f"民法典进小区签到表（2020年1月2日）,\n{table}", target=False)
    assert (other_day.status, codes(other_day)) == ("refused", ["event_unclear"])
    batch = upload(table, target=False)
    assert codes(batch) == ["event_missing"]
    page = client.get(mapping(batch)).content.decode()
    assert "这是哪场活动" in page
    batch = direct(client, batch, header_row="1", event="pf-open", event_question="event_missing")
    assert (batch.status, batch.create) == ("planned", 1)
    wrong = upload(table, target=False)
    direct(client, wrong, header_row="1", event="nowhere", event_question="event_missing")
    assert codes(wrong) == ["event_missing"]


def test_two_events_of_one_title_are_told_apart_by_the_day_or_asked(
    upload: Upload, event_open: LegalEducationEvent
) -> None:
    from backend.education import actions

    start = event_open.starts_at - timedelta(days=30)
    earlier = new_event(
        event_open.venue,
        code="pf-before",
        starts_at=start,
        ends_at=start + timedelta(hours=1),
    )  # type: ignore[attr-defined]
    actions.open_event(gate.save(earlier, by=SYSTEM), by=SYSTEM)
    table = "姓名,联系电话\n张安然,13700000001\n"
    batch = upload(f"活动名称：民法典进小区,\n{table}", target=False)
    assert codes(batch) == ["event_unclear"]
    assert {choice[0] for choice in batch.file_problems[0]["choices"]} == {"pf-open", "pf-before"}
    batch = upload(
        f"活动名称：民法典进小区,\n活动时间：{timezone.localtime(start):%Y.%m.%d},\n{table}",
        target=False,
    )
    assert (batch.status, batch.create) == ("planned", 1)


def test_another_day_than_the_events_is_said(upload: Upload) -> None:
    batch = upload("时间：2020年1月2日,\n姓名,联系电话\n张安然,13700000001\n")
    assert (batch.status, codes(batch)) == ("planned", ["event_day_differs"])


def test_a_batch_of_another_community_has_no_page(
    upload: Upload, other_community: Community
) -> None:
    from tests.conftest import user_with_role

    batch = upload(LIKELY)
    stranger = Client()
    stranger.force_login(user_with_role("fremd", "worker", community=other_community))
    assert stranger.get(mapping(batch)).status_code in (302, 403, 404)
    assert stranger.post(mapping(batch), {"header_row": "1", "use_0": "-"}).status_code in (
        302,
        403,
        404,
    )
    batch.refresh_from_db()
    assert batch.status == "planned"


def test_each_column_is_shown_as_what_it_is_read_as_and_a_row_number_asks_nothing(
    client: Client, upload: Upload
) -> None:
    """A browser takes the first choice where none is marked: 序号 would go out as 姓名."""
    batch = upload("序号,姓名,联系电话,是否领取资料\n1,张安然,13700000001,√\n")
    page = client.get(mapping(batch)).content.decode()
    chosen = dict(re.findall(r'name="use_(\d)"[^>]*>.*?value="([^"]*)" selected', page))
    # Every choice on the page is made already, and there is none for 序号.
    assert set(re.findall(r'name="use_(\d)"', page)) == set(chosen)
    assert chosen == {"1": "name", "2": "phone", "3": "-"}
    said = {f"use_{index}": use for index, use in chosen.items()}
    assert direct(client, batch, **said).create == 1
