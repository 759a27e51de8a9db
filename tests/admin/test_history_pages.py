"""历史 of a record and 变更记录: what happened, by whom and how, in words; nothing personal."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from backend.core import gate, history, record_history
from backend.core.access import SYSTEM, Actor
from backend.core.models import ChangeSet
from backend.education import registering
from backend.education.choices import RegistrationSource
from backend.education.models import LegalEducationEvent, Registration
from backend.people import actions
from backend.people.models import Resident, User
from backend.places.models import Building, Community
from tests.admin.test_reveal_pages import sent_back
from tests.conftest import user_with_role
from tests.core.residents import OTHER_PHONE, PHONE, resident
from tests.schema.asking import caller


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    page: str = answer.content.decode()
    return page.partition('class="ll-heading"')[2] or page


def history_page(of: Resident | Registration) -> str:
    return f"/admin/{of._meta.app_label}/{of._meta.model_name}/{of.pk}/history/"


@pytest.fixture
def somebody(community: Community, building: Building, worker: User) -> Resident:
    User.objects.filter(pk=worker.pk).update(first_name="方晓")
    one = resident(community, "秦若谷", PHONE, building=building, room="502")
    return actions.save_resident(one, by=SYSTEM)


def test_only_what_changed_is_told_also_after_a_save_that_was_refused(
    somebody: Resident, worker: User
) -> None:
    client = caller(worker)
    address = f"/admin/people/resident/{somebody.pk}/change/"
    sent = sent_back(client.get(address))
    assert client.post(address, sent | {"phone": "12"}).status_code == 200
    assert client.post(address, sent | {"phone": OTHER_PHONE}).status_code == 302
    newest = record_history.history_of(somebody, worker).lines[0]
    assert (newest.who, newest.door, newest.what) == ("方晓（worker）", "管理页面", "修改居民")
    assert [field.label for field in newest.fields] == ["联系电话"]
    page = text(client, history_page(somebody))
    assert "方晓（worker）" in page
    for kept_back in (PHONE, OTHER_PHONE, "秦若谷", "502"):
        assert kept_back not in page


def test_moving_out_stands_in_the_history_with_the_day(somebody: Resident, worker: User) -> None:
    day = timezone.localdate() - datetime.timedelta(days=3)
    somebody.refresh_from_db()
    actions.move_out(somebody, on=day, by=Actor.of(worker, "graphql"), reason="搬到外地")
    page = text(caller(worker), history_page(somebody))
    for told in ("迁出", "搬到外地", "接口", f"{day:%Y-%m-%d}"):
        assert told in page


def test_who_has_moved_out_is_shown_as_gone_also_to_those_without_buttons(
    somebody: Resident, community: Community
) -> None:
    day = timezone.localdate() - datetime.timedelta(days=3)
    somebody.refresh_from_db()
    actions.move_out(somebody, on=day, by=SYSTEM)
    office = user_with_role("office", "office", subdistrict=community.subdistrict)
    page = caller(office).get(f"/admin/people/resident/{somebody.pk}/change/").content.decode()
    badge = page.partition('class="ll-actions"')[2].partition("</div>")[0]
    assert f"已迁出 {day:%Y-%m-%d}" in badge
    assert "<a " not in badge


def test_a_cancelled_registration_tells_move_reason_and_states(
    event_open: LegalEducationEvent, somebody: Resident, worker: User
) -> None:
    start = timezone.now() + datetime.timedelta(days=2)
    event_open.starts_at, event_open.ends_at = start, start + datetime.timedelta(hours=1)
    event = gate.save(event_open, by=SYSTEM)
    by = Actor.of(worker, "admin")
    made = registering.register(
        event, by=by, resident=somebody, source=RegistrationSource.STAFF, size=1
    )
    registering.withdraw_registration(made, by=by, reason="临时有事")
    newest = record_history.history_of(made, worker).lines[0]
    assert (newest.what, newest.reason) == ("取消报名", "临时有事")
    assert ("报名成功", "已取消报名") in [(field.before, field.after) for field in newest.fields]


def test_a_long_history_comes_page_by_page(
    somebody: Resident, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_history, "LINES", 3)
    for n in range(5):
        somebody.remark = f"第{n}次"
        gate.save(somebody, by=SYSTEM)
    first = record_history.history_of(somebody, worker)
    second = record_history.history_of(somebody, worker, first.older)
    assert (len(first.lines), len(second.lines), second.older) == (3, 3, None)
    assert len({line.change_set for line in first.lines + second.lines}) == 6


def test_a_part_of_many_rows_is_not_unfolded_for_one(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [resident(community, f"赵{chr(0x4E00 + n)}") for n in range(50)]
    gate.save_many(rows, by=SYSTEM)
    made: list[history.Change] = []
    change = history.Change
    monkeypatch.setattr(history, "Change", lambda *given: made.append(change(*given)) or made[-1])
    assert [found.pk for found in history.changes_of(history.parts_of(rows[7])[0], rows[7].pk)] == [
        rows[7].pk
    ]
    assert len(made) == 1
    # The control: who wants all gets all.
    assert len(list(history.unpack(history.parts_of(rows[7])[0]))) == 50
    assert len(made) == 51


def test_another_communitys_worker_and_strangers_find_no_history(
    somebody: Resident, other_community: Community, worker: User
) -> None:
    stranger = user_with_role("stranger", "worker", community=other_community)
    assert caller(worker).get(history_page(somebody)).status_code == 200
    assert caller(stranger).get(history_page(somebody)).status_code == 302
    assert Client().get(history_page(somebody)).status_code == 302


def test_a_change_set_lists_its_records_in_words(
    somebody: Resident, community: Community, worker: User
) -> None:
    secretary = user_with_role("chief", "secretary", community=community)
    somebody.refresh_from_db()
    somebody.phone, somebody.gender = OTHER_PHONE, "female"
    actions.save_resident(somebody, by=Actor.of(worker, "admin"))
    made = ChangeSet.objects.latest("pk")
    client = caller(secretary)
    listed = text(client, "/admin/core/changeset/")
    assert "修改居民" in listed
    assert "change resident" not in listed
    page = text(client, f"/admin/core/changeset/{made.pk}/change/")
    for told in (
        "涉及的记录",
        "居民",
        "电话",
        "女",
        f"/admin/people/resident/{somebody.pk}/change/",
    ):
        assert told in page
    for kept_back in (PHONE, OTHER_PHONE, "秦若谷"):
        assert kept_back not in page


def test_a_large_change_set_lists_its_first_records_and_counts_the_rest(
    community: Community,
) -> None:
    secretary = user_with_role("chief", "secretary", community=community)
    gate.save_many([resident(community, f"赵{chr(0x4E00 + n)}") for n in range(50)], by=SYSTEM)
    made = ChangeSet.objects.latest("pk")
    page = text(caller(secretary), f"/admin/core/changeset/{made.pk}/change/")
    assert f"另有 {50 - record_history.LINES} 条没有列出" in page
