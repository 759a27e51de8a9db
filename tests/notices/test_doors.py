"""Notices through both APIs, the staff pages, a sheet and an export, as their callers use them."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.notices.choices import NoticeKind
from backend.notices.models import PublicNotice
from backend.people.models import User
from backend.places.models import Community, Estate
from tests.growing import statements_of
from tests.imports.doors import command
from tests.notices.board import DAY, OFFICE, draft, over, published, withdrawn
from tests.schema.asking import MAIN, OPEN, ask, caller, carried_out, code, data, id_of, nodes
from tests.schema.reading import lines

pytestmark = pytest.mark.django_db
SHOWN = "notice { id status statusLabel current publishedOn withdrawnBecause revision }"
LIST = """{ publicNotices(first: 50) { totalCount edges { node { code title kind kindLabel
  current statusLabel(lang: EN) estate { name } availableActions { name } attachments { code } } } } }"""
ONE = """query ($code: String!) { publicNotice(code: $code) { status
  availableActions { name label reason } } }"""
PUBLIC = """query ($current: Boolean, $kind: [PublicNoticeKind!]) {
  publicNotices(community: "xinhe", current: $current, kind: $kind) { totalCount edges { node {
    code title body contact kind publishedOn until current estate } } } }"""


def codes_of(found: dict[str, Any]) -> set[str]:
    return {node["code"] for node in nodes(found["publicNotices"])}


# --- the main API --------------------------------------------------------------------------------


def test_a_notice_from_the_first_word_to_the_second_edition(
    community: Community, estate: Estate, worker: User, secretary: User
) -> None:
    given = {
        "community": "xinhe",
        "kind": "OPEN_TO_OBJECTIONS",
        "title": "维修资金使用公示",
        "body": "电梯大修。",
        "until": (timezone.localdate() + 2 * DAY).isoformat(),
        "estateId": id_of(estate),
        "idempotencyKey": "one",
    }
    desk, party = caller(worker), caller(secretary)
    made = [carried_out(desk, "createPublicNotice", SHOWN, **given) for _ in range(2)]
    assert made[0] == made[1]
    notice = made[0]["notice"]
    assert (notice["status"], notice["current"], notice["publishedOn"]) == ("DRAFT", False, None)
    key = {"noticeId": notice["id"]}
    assert carried_out(desk, "publishPublicNotice", SHOWN, **key)["errors"] == ["not_allowed"]
    short = carried_out(party, "publishPublicNotice", SHOWN, **key)
    assert (short["errors"], short["notice"]) == (["objection_period_short"], None)
    week = (timezone.localdate() + 7 * DAY).isoformat()
    change = key | {"until": week, "expectedRevision": notice["revision"]}
    assert carried_out(desk, "updatePublicNotice", SHOWN, **change)["errors"] == []
    assert carried_out(desk, "updatePublicNotice", SHOWN, **change)["errors"] == [
        "changed_meanwhile"
    ]
    assert carried_out(party, "publishPublicNotice", SHOWN, **key)["errors"] == ["contact_missing"]
    assert (carried_out(desk, "updatePublicNotice", SHOWN, **key, contact=OFFICE, estateId=None))[
        "errors"
    ] == []
    up = carried_out(party, "publishPublicNotice", SHOWN, **key)["notice"]
    assert (up["statusLabel"], up["current"]) == ("已发布", True)
    assert up["publishedOn"] == timezone.localdate().isoformat()
    rewritten = carried_out(desk, "updatePublicNotice", SHOWN, **key, body="两部电梯大修。")
    assert rewritten["errors"] == ["notice_published"]
    bare = carried_out(party, "withdrawPublicNotice", SHOWN, **key)
    assert bare["errors"] == ["reason_required"]
    down = carried_out(party, "withdrawPublicNotice", SHOWN, **key, reason="金额有误")["notice"]
    assert (down["status"], down["withdrawnBecause"]) == ("WITHDRAWN", "金额有误")
    assert carried_out(desk, "revisePublicNotice", SHOWN, **key)["notice"]["status"] == "DRAFT"
    assert carried_out(party, "removePublicNotice", SHOWN, **key)["errors"] == ["notice_kept"]
    assert PublicNotice.objects.get().estate is None


def test_the_list_is_narrowed_and_put_in_order(
    community: Community, estate: Estate, worker: User
) -> None:
    published(community, code="up", estate=estate)
    published(community, code="first", days_ago=3, kind=NoticeKind.RECRUITMENT)
    over(community, code="over")
    draft(community, code="draft")
    client = caller(worker)

    def of(filters: str, order: str = "until: ASC") -> list[str]:
        query = f"{{ publicNotices(filters: {{ {filters} }}, order: [{{ {order} }}]) {{ edges {{ node {{ code }} }} }} }}"
        return [node["code"] for node in nodes(data(client, query)["publicNotices"])]

    assert set(of("current: true")) == {"up", "first"}
    assert set(of("current: false")) == {"over", "draft"}
    assert of("status: [PUBLISHED]", "publishedOn: ASC") == ["over", "first", "up"]
    assert of("kind: [RECRUITMENT]") == ["first"]
    assert of(f'estate: "{estate.code}"') == ["up"]
    assert of('community: "dongfang"') == []


def test_a_single_notice_says_what_is_in_the_way(
    community: Community, secretary: User, worker: User
) -> None:
    draft(community, code="late", until=timezone.localdate() - DAY)
    (move,) = data(caller(secretary), ONE, code="late")["publicNotice"]["availableActions"]
    assert (move["name"], move["label"]) == ("publish", "发布")
    assert "截止日期已经过了" in move["reason"]
    assert data(caller(worker), ONE, code="late")["publicNotice"]["availableActions"] == []


def test_a_resident_reads_the_board_and_nothing_behind_it(
    community: Community, resident_user: User
) -> None:
    published(community, code="up")
    over(community, code="over")
    draft(community, code="draft")
    withdrawn(community, code="down")
    client = caller(resident_user)
    found = data(client, LIST)
    assert codes_of(found) == {"up", "over"}
    assert found["publicNotices"]["totalCount"] == 2
    assert all(node["availableActions"] == [] for node in nodes(found["publicNotices"]))
    assert data(client, ONE, code="draft")["publicNotice"] is None
    assert data(client, ONE, code="down")["publicNotice"] is None


# --- open data -----------------------------------------------------------------------------------


def test_everybody_reads_what_is_published_and_nothing_else(
    community: Community, estate: Estate
) -> None:
    published(community, code="up", estate=estate, kind=NoticeKind.OPEN_TO_OBJECTIONS)
    over(community, code="over")
    hidden = [draft(community, code="draft"), withdrawn(community, code="down")]
    found = data(caller(), PUBLIC, OPEN)
    assert codes_of(found) == {"up", "over"}
    assert found["publicNotices"]["totalCount"] == 2
    (up,) = nodes(data(caller(), PUBLIC, OPEN, current=True)["publicNotices"])
    assert up == {
        "code": "up",
        "title": "停水通知",
        "body": "检修期间停水。",
        "contact": OFFICE,
        "kind": "OPEN_TO_OBJECTIONS",
        "publishedOn": timezone.localdate().isoformat(),
        "until": (timezone.localdate() + 7 * DAY).isoformat(),
        "current": True,
        "estate": estate.name,
    }
    assert codes_of(data(caller(), PUBLIC, OPEN, current=False)) == {"over"}
    assert codes_of(data(caller(), PUBLIC, OPEN, kind=["NOTICE"])) == {"over"}
    one = "query ($code: String!) { publicNotice(code: $code) { title current } }"
    for row in hidden:
        assert data(caller(), one, OPEN, code=row.code)["publicNotice"] is None
    assert data(caller(), one, OPEN, code="over")["publicNotice"]["current"] is False
    refused = ask(caller(), "{ publicNotices { edges { node { withdrawnBecause } } } }", OPEN)
    assert code(refused) == "bad_request"
    rows = lines("/open-data/publicNotices.csv?lang=zh")
    assert {"编号", "标题", "截止日期", "是否公布中", "小区"} <= set(rows[0])
    assert len(rows) == 3


def test_what_comes_down_leaves_the_open_data(community: Community, secretary: User) -> None:
    notice = published(community, code="up")
    assert codes_of(data(caller(), PUBLIC, OPEN)) == {"up"}
    given = {"noticeId": id_of(notice), "reason": "写错了"}
    assert carried_out(caller(secretary), "withdrawPublicNotice", SHOWN, **given)["errors"] == []
    assert codes_of(data(caller(), PUBLIC, OPEN)) == set()


# --- pages ---------------------------------------------------------------------------------------

PAGES = "/admin/notices/publicnotice/"


@pytest.fixture
def party(secretary: User) -> Client:
    return caller(secretary)


def test_the_page_publishes_withdraws_and_revises(community: Community, party: Client) -> None:
    week = (timezone.localdate() + 7 * DAY).isoformat()
    form = {"kind": "notice", "title": "停水通知", "body": "检修停水。", "until": week}
    done = party.post(f"{PAGES}add/", form | {"contact": "", "estate": "", "code": ""})
    assert done.status_code == 302, done.content.decode()[:2000]
    notice = PublicNotice.objects.get()
    own = f"{PAGES}{notice.pk}"
    page = party.get(f"{own}/change/").content.decode()
    assert f"{own}/move/publish/" in page
    assert f"{own}/delete/" in page
    party.post(f"{own}/move/publish/")
    page = party.get(f"{own}/change/").content.decode()
    assert "公布中" in page
    assert "发布日期" in page
    assert 'name="body"' not in page, "what was published is read, not written"
    assert f"{own}/delete/" not in page, "and stays on record"
    party.post(f"{own}/change/", form | {"body": "改了。", "contact": "", "estate": ""})
    party.post(f"{own}/move/withdraw/", {"reason": "日期写错了"})
    page = party.get(f"{own}/change/").content.decode()
    assert "日期写错了" in page
    party.post(f"{own}/move/revise/")
    notice.refresh_from_db()
    assert (notice.status, notice.body) == ("draft", "检修停水。")
    assert 'name="body"' in party.get(f"{own}/change/").content.decode()


def test_a_form_tells_what_stops_a_notice(community: Community, party: Client) -> None:
    notice = draft(community, body="有事打 13900000077。")
    page = party.get(f"{PAGES}{notice.pk}/move/publish/").content.decode()
    assert "“内容”里有电话号码" in page
    assert "13900000077" not in party.post(f"{PAGES}{notice.pk}/move/publish/").content.decode()
    notice.refresh_from_db()
    assert notice.status == "draft"


@pytest.mark.parametrize("where", ["draft", "current", "ended", "withdrawn"])
def test_the_list_shows_one_part_of_the_board(
    community: Community, party: Client, where: str
) -> None:
    made = {"draft": draft, "current": published, "ended": over, "withdrawn": withdrawn}
    rows = {name: make(community) for name, make in made.items()}
    listed = party.get(f"{PAGES}?standing={where}")
    assert [row.pk for row in listed.context["cl"].result_list] == [rows[where].pk]
    whole = party.get(PAGES).content.decode()
    for words in ("草稿", "公布中", "已结束", "已撤下"):
        assert words in whole


def test_the_paper_says_where_to_object_and_when_not_to_hang_it(
    community: Community, party: Client, other_worker: User
) -> None:
    notice = published(community, kind=NoticeKind.OPEN_TO_OBJECTIONS)
    paper = party.get(f"{PAGES}{notice.pk}/paper/").content.decode()
    assert f"如有意见，请在 {notice.until} 前（含当天）向以下地点提出：{OFFICE}" in paper
    assert "不要张贴" not in paper
    assert "不要张贴" in party.get(f"{PAGES}{draft(community).pk}/paper/").content.decode()
    assert caller(other_worker).get(f"{PAGES}{notice.pk}/paper/").status_code == 404


def test_drafts_wait_for_whoever_publishes(
    community: Community, party: Client, worker: User
) -> None:
    notice = draft(community, title="招募楼道帮手")
    page = party.get("/admin/").content.decode()
    assert "待发布的公示公告" in page
    # To the notice itself: nobody publishes what they have not read.
    assert f"{PAGES}{notice.pk}/change/" in page
    assert f"{PAGES}{notice.pk}/move/publish/" not in page
    assert "待发布的公示公告" not in caller(worker).get("/admin/").content.decode()


# --- sheets --------------------------------------------------------------------------------------


def test_the_ledger_comes_in_as_drafts_and_goes_out_whole(
    community: Community, estate: Estate, party: Client, tmp_path: Path
) -> None:
    path = tmp_path / "公示台账.csv"
    path.write_text(
        "编号,标题,类别,内容,公示结束,小区,状态\n"
        f"gs-1,停水通知,通知,检修停水。,2026-12-05,{estate.name},已发布\n"
        "gs-2,评优公示,公示,评出 5 个楼道。,2026-12-08,,\n"
        "gs-3,错的,喜报,没有这一类。,2026-12-08,,\n",
        encoding="utf-8",
    )
    status, said = command("public_notices", str(path), "--take-good")
    assert (status, said["rows"]["create"], said["rows"]["reject"]) == (1, 2, 1)
    rows = PublicNotice.objects.order_by("code")
    assert [(r.code, r.kind, r.status, r.estate) for r in rows] == [
        ("gs-1", "notice", "draft", estate),
        ("gs-2", "open_to_objections", "draft", None),
    ]
    assert rows[0].until == datetime.date(2026, 12, 5)
    _status, again = command("public_notices", str(path), "--take-good")
    assert again["rows"]["unchanged"] == 2


def test_a_sheet_does_not_rewrite_what_was_published(community: Community, tmp_path: Path) -> None:
    notice = published(community, code="gs-1")
    path = tmp_path / "公示台账.csv"
    path.write_text("编号,标题,内容,截止日期\ngs-1,停水通知,改了。,2030-01-01\n", encoding="utf-8")
    status, said = command("public_notices", str(path))
    assert (status, [p["code"] for p in said["problems"]]) == (1, ["notice_published"])
    notice.refresh_from_db()
    assert notice.body == "检修期间停水。"


# --- statements ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_lists_and_pages_take_a_fixed_number_of_statements(
    community: Community, secretary: User
) -> None:
    estates = [gate.save(Estate(community=community, name=f"小区{n}"), by=SYSTEM) for n in range(4)]

    def fill(first: int, last: int) -> None:
        for n in range(first, last):
            published(community, code=f"up-{n}", estate=estates[n % 4])
            draft(community, code=f"draft-{n}")

    fill(0, 2)
    first = PublicNotice.objects.get(code="up-0")
    pages = {
        "list": PAGES,
        "record": f"{PAGES}{first.pk}/change/",
        "paper": f"{PAGES}{first.pk}/paper/",
    }
    queries = {"main": (MAIN, LIST), "open": (OPEN, PUBLIC)}
    statements_of(secretary, pages, queries)  # What is asked once a process.
    few = statements_of(secretary, pages, queries)
    fill(2, 12)
    assert statements_of(secretary, pages, queries) == few
