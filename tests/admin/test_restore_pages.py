"""恢复到此版本 and 恢复已删除的记录: through the gate, by the rules of an edit, and nothing forgotten."""

from typing import Any

import pytest
from django.test import Client

from backend.core import gate, record_history, restoring, versions
from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet, Kept
from backend.education import actions as events
from backend.education.models import LegalEducationEvent, Venue
from backend.people import actions
from backend.people.models import Resident, User
from backend.places.models import Community
from backend.privacy.erasing import erase_resident
from tests.conftest import user_with_role
from tests.core.residents import OTHER_PHONE, PHONE, resident, table
from tests.core.test_standing import MODELS
from tests.schema.asking import caller


def page_of(record: Any, then: int) -> str:
    opts = record._meta
    return f"/admin/{opts.app_label}/{opts.model_name}/{record.pk}/restore/{then}/"


def renamed(venue: Venue, name: str) -> int:
    """The venue under another name; the change set."""
    venue.refresh_from_db()
    venue.name = name
    gate.save(venue, by=SYSTEM)
    return ChangeSet.objects.latest("pk").pk


def send(client: Client, record: Any, then: int, reason: str = "改错了", **more: Any) -> Any:
    shown = client.get(page_of(record, then))
    given = {"_revision": shown.context["revision"], "reason": reason}
    return client.post(page_of(record, then), given | more)


def test_a_former_version_comes_back_as_a_new_change(venue: Venue, worker: User) -> None:
    first = ChangeSet.objects.get(verb="save education.Venue").pk
    second = renamed(venue, "大剧场")
    renamed(venue, "老剧场")
    client = caller(worker)
    line = client.get(f"/admin/education/venue/{venue.pk}/history/").content.decode()
    assert f"../restore/{second}/" in line
    page = client.get(page_of(venue, second)).content.decode()
    for told in ("老剧场", "大剧场", "状态、编号、所属社区不会改变"):
        assert told in page
    assert send(client, venue, second).status_code == 302
    venue.refresh_from_db()
    assert (venue.name, venue.revision) == ("大剧场", 4)
    newest = record_history.history_of(venue, worker).lines[0]
    assert (newest.what, newest.reason, newest.door) == ("恢复旧版本 · 阵地", "改错了", "管理页面")
    # Undone by restoring once more; and as far back as the record goes.
    assert send(client, venue, first).status_code == 302
    venue.refresh_from_db()
    assert venue.name == "小马扎剧场"


def test_a_reason_is_wanted_and_a_newer_version_is_not_overwritten(
    venue: Venue, worker: User
) -> None:
    second = renamed(venue, "大剧场")
    renamed(venue, "老剧场")
    client = caller(worker)
    assert "恢复旧版本需要写明原因" in send(client, venue, second, " ").content.decode()
    answer = send(client, venue, second, _revision=2)
    assert "刚刚被别人改过" in answer.content.decode()
    venue.refresh_from_db()
    assert (venue.name, venue.revision) == ("老剧场", 3)


def test_state_and_community_stay_and_the_page_says_so(
    event_planned: LegalEducationEvent, worker: User
) -> None:
    first = ChangeSet.objects.get(verb="save education.LegalEducationEvent").pk
    events.open_event(event_planned, by=SYSTEM)
    fresh = LegalEducationEvent.objects.get(pk=event_planned.pk)
    fresh.topic = "邻里纠纷"
    gate.save(fresh, by=SYSTEM)
    client = caller(worker)
    assert "不恢复、保持现在的：状态" in client.get(page_of(fresh, first)).content.decode()
    assert send(client, fresh, first).status_code == 302
    fresh.refresh_from_db()
    assert (fresh.topic, fresh.status) == (event_planned.topic, "open")


def test_the_rules_of_an_edit_hold(
    event_planned: LegalEducationEvent, venue: Venue, worker: User
) -> None:
    first = ChangeSet.objects.get(verb="save education.LegalEducationEvent").pk
    other = gate.save(Venue(community=venue.community, name="广场", kind="other"), by=SYSTEM)
    event_planned.venue = other
    event = gate.save(event_planned, by=SYSTEM)
    gate.delete(venue, by=SYSTEM)
    before = table(LegalEducationEvent)
    answer = send(caller(worker), event, first)
    assert "没有找到所选的" in answer.content.decode()
    assert table(LegalEducationEvent) == before


def test_personal_values_are_masked(community: Community, worker: User) -> None:
    one = gate.save(resident(community, "秦若谷", PHONE), by=SYSTEM)
    first = ChangeSet.objects.latest("pk").pk
    one.phone, one.gender = OTHER_PHONE, "female"
    gate.save(one, by=SYSTEM)
    client = caller(worker)
    page = client.get(page_of(one, first)).content.decode()
    assert "138****0001" in page
    for whole in (PHONE, OTHER_PHONE, "秦若谷"):
        assert whole not in page
    assert send(client, one, first).status_code == 302
    one.refresh_from_db()
    assert (one.phone, one.name) == (PHONE, "秦若谷")


@pytest.mark.django_db(databases="__all__")
def test_what_was_erased_never_comes_back(community: Community, worker: User) -> None:
    one = gate.save(resident(community, "秦若谷", PHONE), by=SYSTEM)
    first = ChangeSet.objects.latest("pk").pk
    one.gender = "female"
    gate.save(one, by=SYSTEM)
    # The control: before, that version was there.
    assert versions.as_of_change_set(one, first)["phone"] == PHONE
    erase_resident(one, by=SYSTEM)
    one.refresh_from_db()
    with pytest.raises(RuleViolation) as refused:
        restoring.restoration(one, first, worker, among=restoring.restorable(Resident))
    assert refused.value.code == "version_forgotten"
    before = table(Resident)
    assert caller(worker).post(page_of(one, first), {"reason": "x"}).status_code == 403
    assert table(Resident) == before


def test_strangers_and_readers_get_nowhere(
    venue: Venue, other_worker: User, community: Community
) -> None:
    second = renamed(venue, "大剧场")
    renamed(venue, "老剧场")
    office = user_with_role("office", "office", subdistrict=community.subdistrict)
    for who in (other_worker, office):
        assert caller(who).get(page_of(venue, second)).status_code == 403
        assert caller(who).post(page_of(venue, second), {"reason": "x"}).status_code == 403
    history = caller(office).get(f"/admin/education/venue/{venue.pk}/history/").content.decode()
    assert "/restore/" not in history
    venue.refresh_from_db()
    assert venue.name == "老剧场"


def test_a_version_of_another_record_is_none_of_this_one(venue: Venue, worker: User) -> None:
    renamed(venue, "大剧场")
    gate.save(Venue(community=venue.community, name="广场", kind="other"), by=SYSTEM)
    others = ChangeSet.objects.latest("pk").pk
    assert "历史里没有这一版" in caller(worker).get(page_of(venue, others)).content.decode()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_state_and_nothing_fixed_is_ever_restorable(model: type[Kept]) -> None:
    assert model.machine is not None
    names = restoring.restorable(model)
    never = {model.machine.field, "community", "code", "revision", "updated_at", *model.fixed}
    assert not names & never


def test_a_deleted_record_comes_back_once(venue: Venue, secretary: User, worker: User) -> None:
    before = table(Venue, "revision", "updated_at")
    pk = venue.pk
    gate.delete(venue, by=SYSTEM)
    made = ChangeSet.objects.latest("pk")
    address = f"/admin/core/changeset/{made.pk}/"
    client = caller(secretary)
    assert "恢复已删除的记录" in client.get(f"{address}change/").content.decode()
    assert caller(worker).post(f"{address}bring-back/", {"reason": "x"}).status_code in (302, 403)
    assert client.post(f"{address}bring-back/", {"reason": " "}).status_code == 200
    assert not Venue.objects.filter(pk=pk).exists()
    assert client.post(f"{address}bring-back/", {"reason": "删错了"}).status_code == 302
    assert table(Venue, "revision", "updated_at") == before
    assert client.post(f"{address}bring-back/", {"reason": "再来"}).status_code == 403
    assert "已经撤销过" in client.get(f"{address}change/").content.decode()


def test_what_was_not_a_deletion_is_not_offered(venue: Venue, secretary: User) -> None:
    made = renamed(venue, "大剧场")
    client = caller(secretary)
    assert (
        "恢复已删除的记录"
        not in client.get(f"/admin/core/changeset/{made}/change/").content.decode()
    )
    assert (
        client.post(f"/admin/core/changeset/{made}/bring-back/", {"reason": "x"}).status_code == 403
    )


def test_a_deleted_row_whose_record_is_gone_is_refused_and_can_be_tried_again(
    venue: Venue, event_planned: LegalEducationEvent, secretary: User
) -> None:
    gate.delete(event_planned, by=SYSTEM)
    made = ChangeSet.objects.latest("pk")
    gate.delete(venue, by=SYSTEM)
    venue_gone = ChangeSet.objects.latest("pk")
    client = caller(secretary)
    answer = client.post(f"/admin/core/changeset/{made.pk}/bring-back/", {"reason": "删错了"})
    assert "请先恢复那条记录" in answer.content.decode()
    assert not LegalEducationEvent.objects.exists()
    for one in (venue_gone, made):
        assert (
            client.post(
                f"/admin/core/changeset/{one.pk}/bring-back/", {"reason": "删错了"}
            ).status_code
            == 302
        )
    assert LegalEducationEvent.objects.get().status == event_planned.status


def test_the_register_s_own_way_of_saving_is_taken(community: Community, worker: User) -> None:
    """Search keys follow from the name: a write past the verb would leave them as they were."""
    one = actions.save_resident(resident(community, "秦若谷", PHONE), by=SYSTEM)
    first = ChangeSet.objects.latest("pk").pk
    one.name = "方知远"
    actions.save_resident(one, by=SYSTEM)
    assert send(caller(worker), one, first).status_code == 302
    one.refresh_from_db()
    assert one.initials == "qrg"
