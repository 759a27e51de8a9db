"""A notice goes up, comes down, is revised and goes up again; what was read does not change."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.asking import why_not
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet, Transition
from backend.core.roles import Role
from backend.notices import actions
from backend.notices.choices import NoticeKind, OnBoard
from backend.notices.models import PublicNotice
from backend.notices.states import NOTICE_MACHINE
from backend.people.models import Resident, User
from backend.places.models import Community, Estate
from tests.conftest import user_with_role
from tests.notices.board import DAY, draft, over, published, withdrawn

pytestmark = pytest.mark.django_db


def said(do: Any) -> str:
    with pytest.raises(RuleViolation) as refused:
        do()
    return refused.value.code


def unchanged(notice: PublicNotice, do: Any) -> str:
    """The code of the refusal, once it is certain that nothing was written."""
    before = PublicNotice.objects.filter(pk=notice.pk).values().get()
    acts = ChangeSet.objects.count()
    code = said(do)
    assert PublicNotice.objects.filter(pk=notice.pk).values().get() == before
    assert ChangeSet.objects.count() == acts
    return code


def test_a_correction_is_withdrawn_revised_and_published_again(
    community: Community, secretary: User
) -> None:
    by = Actor.of(secretary, "test")
    notice = actions.publish(draft(community), by=by)
    assert (notice.status, notice.published_on) == ("published", timezone.localdate())
    notice.body = "改到后天停水。"
    assert unchanged(notice, lambda: gate.save(notice, by=by)) == "notice_published"
    notice = actions.withdraw(notice, by=by, reason="日期写错了 ")
    assert notice.withdrawn_because == "日期写错了"
    notice.until += DAY
    assert unchanged(notice, lambda: gate.save(notice, by=by)) == "notice_published"
    notice = actions.revise(notice, by=by)
    # Why it came down is there for whoever revises it, and it is no longer dated.
    assert (notice.published_on, notice.withdrawn_because) == (None, "日期写错了")
    notice.body = "改到后天停水。"
    notice = actions.publish(gate.save(notice, by=by), by=by)
    assert (notice.published_on, notice.withdrawn_because) == (timezone.localdate(), "")
    told = Transition.objects.filter(model="notices.PublicNotice", object_id=notice.pk)
    assert list(told.order_by("pk").values_list("move", "reason")) == [
        ("publish", ""),
        ("withdraw", "日期写错了 "),
        ("revise", ""),
        ("publish", ""),
    ]


def test_a_notice_is_over_by_the_day_alone(community: Community) -> None:
    notice = published(community, until=timezone.localdate())
    assert notice.standing == OnBoard.CURRENT
    gone = over(community)
    assert gone.standing == OnBoard.ENDED
    waits = draft(community, until=timezone.localdate() - DAY)
    down = withdrawn(community)
    for where, row in (("current", notice), ("ended", gone), ("draft", waits), ("withdrawn", down)):
        assert list(PublicNotice.objects.standing(where)) == [row]
    shown = PublicNotice.objects.with_current()
    assert {row.pk for row in shown if row.current_now} == {notice.pk}


def test_a_draft_that_is_not_ready_stays_one(community: Community) -> None:
    today = timezone.localdate()
    late = draft(community, until=today - DAY)
    assert unchanged(late, lambda: actions.publish(late, by=SYSTEM)) == "notice_over"
    short = draft(community, kind=NoticeKind.OPEN_TO_OBJECTIONS, until=today + 2 * DAY)
    assert unchanged(short, lambda: actions.publish(short, by=SYSTEM)) == "objection_period_short"
    assert "至少 3 天" in (why_not(short, "publish", SYSTEM) or "")
    where = draft(community, kind=NoticeKind.OPEN_TO_OBJECTIONS, contact="")
    assert unchanged(where, lambda: actions.publish(where, by=SYSTEM)) == "contact_missing"
    assert said(lambda: draft(community, body=" \n")) in ("notice_empty", "required")


def test_a_resident_is_not_named_and_a_stranger_may_be(community: Community) -> None:
    gate.save(Resident(community=community, name="周若谷"), by=SYSTEM)
    notice = draft(community, body="感谢周若谷打扫楼道。")
    assert unchanged(notice, lambda: actions.publish(notice, by=SYSTEM)) == "text_has_personal_data"
    assert "居民姓名" in (why_not(notice, "publish", SYSTEM) or "")
    notice.body = "感谢热心居民打扫楼道。"
    assert actions.publish(gate.save(notice, by=SYSTEM), by=SYSTEM).status == "published"
    # The control: nobody of that name lives here.
    assert published(community, body="感谢郑明轩打扫楼道。").status == "published"


def test_it_comes_down_with_a_reason_alone(community: Community) -> None:
    notice = published(community)
    bare = lambda: actions.withdraw(notice, by=SYSTEM, reason=" ")  # noqa: E731
    assert unchanged(notice, bare) == "reason_required"
    assert unchanged(notice, lambda: actions.revise(notice, by=SYSTEM)) == "wrong_state"
    assert unchanged(notice, lambda: actions.publish(notice, by=SYSTEM)) == "wrong_state"


def test_what_was_published_is_never_deleted(community: Community, secretary: User) -> None:
    by = Actor.of(secretary, "test")
    once = actions.revise(withdrawn(community), by=by)
    for row in (published(community), withdrawn(community), once):
        assert unchanged(row, lambda row=row: gate.delete(row, by=by)) == "notice_kept"
    gate.delete(draft(community), by=by)


def test_workers_write_and_the_secretary_publishes(community: Community, worker: User) -> None:
    by = Actor.of(worker, "test")
    row = PublicNotice(
        community=community,
        title="停水通知",
        body="检修停水。",
        until=timezone.localdate() + DAY,
    )
    made = gate.save(row, by=by)
    assert unchanged(made, lambda: actions.publish(made, by=by)) == "not_allowed"
    up = published(community)
    down = lambda: actions.withdraw(up, by=by, reason="写错了")  # noqa: E731
    assert unchanged(up, down) == "not_allowed"
    assert actions.revise(withdrawn(community), by=by).status == "draft"


def test_members_see_what_is_published_and_staff_all(
    community: Community, estate: Estate, resident_user: User, worker: User, other_worker: User
) -> None:
    up, gone = published(community), over(community)
    rest = [draft(community), withdrawn(community)]
    steward = user_with_role("of-the-estate", Role.STEWARD, community=community, estate=estate)

    def seen(user: User) -> set[int]:
        return set(PublicNotice.objects.visible_to(user).values_list("pk", flat=True))

    assert seen(resident_user) == {up.pk, gone.pk}
    assert seen(worker) == seen(steward) == {up.pk, gone.pk, *(row.pk for row in rest)}
    assert seen(other_worker) == set()


def test_an_estate_of_the_neighbours_is_refused(
    community: Community, other_community: Community
) -> None:
    theirs = gate.save(Estate(community=other_community, name="东方苑"), by=SYSTEM)
    with pytest.raises(RuleViolation):
        draft(community, estate=theirs)
    assert not PublicNotice.objects.exists()


def test_a_history_keeps_the_day_on_which_it_went_up(community: Community) -> None:
    at = timezone.now() - datetime.timedelta(days=30)
    notice = draft(community, until=timezone.localdate(at) + 3 * DAY)
    moved = actions.publish(notice, by=SYSTEM, occurred_at=at)
    assert moved.published_on == timezone.localdate(at)
    told = Transition.objects.get(model="notices.PublicNotice", object_id=notice.pk)
    assert told.occurred_at == at


def test_the_diagram_of_the_page_is_the_machines() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "api" / "notices.md"
    assert NOTICE_MACHINE.diagram() in page.read_text(encoding="utf-8")
