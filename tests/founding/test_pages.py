"""From the workbook to the first sign-in, by the pages: who may, what is told, what is made."""

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from django.urls import reverse

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.models import ChangeSet
from backend.founding.admin import upload_url
from backend.founding.choices import FoundingStatus
from backend.founding.facets import give_up_old
from backend.founding.models import Founding
from backend.founding.needs import checked
from backend.people.models import CommunityRole, User
from backend.places.models import Community, Estate, Subdistrict
from tests.conftest import user_with_role
from tests.founding.making import GOOD, workbook

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def office(client: Client, subdistrict: Subdistrict) -> Client:
    client.force_login(user_with_role("office", "office", subdistrict=subdistrict))
    return client


def sent(client: Client, subdistrict: Subdistrict, rows: Any = None) -> Any:
    content = workbook(subdistrict, rows)
    given = {"subdistrict": subdistrict.code, "file": SimpleUploadedFile("a.xlsx", content, SHEET)}
    return client.post(upload_url(), given, follow=True)


def test_an_office_opens_a_community_and_its_secretary_comes_in(
    office: Client, subdistrict: Subdistrict
) -> None:
    assert office.get(reverse("admin:founding_template", args=["jiedao"])).status_code == 200
    page = sent(office, subdistrict).content.decode()
    assert "确认开通新桥社区" in page
    assert not Community.objects.exists()
    founding = Founding.objects.get()
    kept = founding.upload.name
    assert founding.upload.storage.exists(kept)

    page = office.post(reverse("admin:founding_confirm", args=[founding.pk]), follow=True)
    assert "还有 3 个账号没有人用过" in page.content.decode()
    founding.refresh_from_db()
    assert founding.status == FoundingStatus.MADE
    # What staff wrote about themselves is not kept twice.
    assert not founding.upload
    secretary = User.objects.get(username="wangxiaofang")
    assert not secretary.has_usable_password()
    assert secretary.roles.get().role == "secretary"

    # A slip: opened without signing in, once.
    slips = office.post(reverse("admin:founding_slips", args=[founding.pk]))
    assert slips.content.decode().count("data-first-link") == 3
    link = next(slip["link"] for slip in slips.context["slips"] if slip["user"] == secretary)
    fresh = Client()
    assert "王小芳" in fresh.get(link).content.decode()
    weak = fresh.post(link, {"password1": "12345678", "password2": "12345678"})
    assert "ll-note--error" in weak.content.decode()
    chosen = {"password1": "xinqiao-2026-open", "password2": "xinqiao-2026-open"}
    assert fresh.post(link, chosen).status_code == 302
    assert fresh.post(link, chosen).status_code == 410
    secretary.refresh_from_db()
    assert secretary.check_password("xinqiao-2026-open")
    assert len(founding.open_accounts) == 2
    # History says that slips were handed out, and names no link.
    assert ChangeSet.objects.get(verb="hand out first sign-ins").reason == "3 个账号"

    # What is still missing, each one click away for who may.
    fresh.force_login(secretary)
    page = fresh.get(reverse("checklist")).content.decode()
    assert "居委会" in page
    assert reverse("admin:people_organization_add") in page
    lines = {need.code: there for need, there in checked(Community.objects.all())[0][1]}
    assert (lines["role_secretary"], lines["role_steward"], lines["items"]) == (True, True, True)
    assert (lines["body_residents_committee"], lines["residents"]) == (False, False)

    # Taken back: the accounts that nobody used go, the secretary's stays and comes in no more.
    office.post(reverse("admin:founding_undo", args=[founding.pk]), {"reason": "填错了"})
    founding.refresh_from_db()
    assert founding.status == FoundingStatus.UNDONE
    assert founding.left == 0
    assert not Estate.objects.exists()
    assert not CommunityRole.objects.filter(community__isnull=False).exists()
    left = set(User.objects.values_list("username", "is_active"))
    assert left == {("office", True), ("wangxiaofang", False)}


def test_a_workbook_with_problems_writes_nothing_and_says_where(
    office: Client, subdistrict: Subdistrict
) -> None:
    rows = GOOD | {
        "小区与楼栋": [*GOOD["小区与楼栋"], ("新桥花园", "2栋", None)],
        "人员与岗位": [
            ("王小芳", "社区书记", None, "wangxiaofang", None, None),
            ("赵立新", "网格员", "没有的小区", None, None, None),
            ("钱进", "网格员", None, None, None, None),
            ("孙平", "社区工作者", "新桥花园", None, None, None),
            ("周安", "社区工作者", None, "office", None, None),
            ("吴有", "居委会主任", None, None, None, None),
        ],
        "服务项目": [("没有的类别", "便民理发", None, None, None)],
    }
    answer = sent(office, subdistrict, rows)
    founding = Founding.objects.get()
    assert founding.status == FoundingStatus.REFUSED
    told = {
        (sheet["title"], problem["row"], problem["code"])
        for sheet in founding.sheets
        for problem in sheet["problems"]
    }
    assert told == {
        ("小区与楼栋", 7, "building_twice"),
        ("人员与岗位", 5, "not_found"),
        ("人员与岗位", 6, "post_estate_missing"),
        ("人员与岗位", 7, "post_estate_not_needed"),
        ("人员与岗位", 8, "username_taken"),
        ("人员与岗位", 9, "choice_unknown"),
        ("服务项目", 4, "not_found"),
    }
    assert founding.problems == 7
    # No value of a cell is told again: neither kept nor shown.
    assert "赵立新" not in str(founding.sheets)
    assert "赵立新" not in answer.content.decode()
    assert not Community.objects.exists()
    assert not User.objects.filter(first_name="王小芳").exists()
    assert not founding.upload
    page = office.post(reverse("admin:founding_confirm", args=[founding.pk]), follow=True)
    assert not Community.objects.exists(), page.content.decode()[:200]


@pytest.mark.slow
def test_the_same_workbook_again_changes_nothing(office: Client, subdistrict: Subdistrict) -> None:
    sent(office, subdistrict)
    first = Founding.objects.get()
    office.post(reverse("admin:founding_confirm", args=[first.pk]))
    sent(office, subdistrict)
    again = Founding.objects.latest("pk")
    assert (again.create, again.problems, again.unchanged) == (0, 0, 13)


@pytest.mark.slow
def test_what_changed_since_the_preview_is_not_overwritten(
    office: Client, subdistrict: Subdistrict
) -> None:
    sent(office, subdistrict)
    sent(office, subdistrict)
    early, late = Founding.objects.order_by("pk")
    office.post(reverse("admin:founding_confirm", args=[late.pk]))
    page = office.post(reverse("admin:founding_confirm", args=[early.pk]), follow=True)
    assert "预览之后，系统里的记录有变动" in page.content.decode()
    early.refresh_from_db()
    assert early.status == FoundingStatus.READ
    assert Estate.objects.count() == 2


@pytest.mark.parametrize("role", ["secretary", "worker", "steward", "resident"])
def test_nobody_but_the_office_opens_communities(
    client: Client, community: Community, subdistrict: Subdistrict, role: str
) -> None:
    user = user_with_role(role, role, community=community)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client.force_login(user)
    assert client.get(upload_url()).status_code == 403
    assert client.get(reverse("admin:founding_template", args=["jiedao"])).status_code in (403, 404)
    assert client.post(upload_url(), {"subdistrict": "jiedao"}).status_code == 403


def test_an_office_sees_nothing_of_another_subdistrict(
    office: Client, subdistrict: Subdistrict
) -> None:
    sent(office, subdistrict)
    founding = Founding.objects.get()
    other = gate.save(Subdistrict(code="beijie", name="北街道"), by=SYSTEM)
    stranger = Client()
    stranger.force_login(user_with_role("office-2", "office", subdistrict=other))
    assert stranger.get(upload_url()).context["subdistricts"] == [other]
    confirmed = stranger.post(reverse("admin:founding_confirm", args=[founding.pk]))
    assert confirmed.status_code == 404
    assert sent(stranger, subdistrict).context["error"] == "请选择街道。"
    assert Founding.objects.count() == 1
    assert not Community.objects.exists()


@pytest.mark.slow
def test_a_preview_that_nobody_confirms_is_given_up_with_its_file(
    office: Client, subdistrict: Subdistrict
) -> None:
    sent(office, subdistrict)
    founding = Founding.objects.get()
    kept, storage = str(founding.upload.name), founding.upload.storage
    assert give_up_old(founding.created_at) == 0
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert give_up_old(founding.created_at + datetime.timedelta(seconds=1)) == 1
    founding.refresh_from_db()
    assert founding.status == FoundingStatus.DISCARDED
    assert not founding.upload
    assert not storage.exists(kept)
