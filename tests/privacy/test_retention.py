"""When its time is over a record loses its people and keeps its count, by itself and once."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.core.traces import traces_of
from backend.core.undo import undo
from backend.education import actions as education
from backend.education.models import Attendance, LegalEducationEvent, Venue
from backend.people.models import Resident, User
from backend.privacy import retention
from backend.privacy.models import RetentionRule, RetentionRun
from backend.privacy.queries import retention_overview
from backend.privacy.tasks import let_go_of_people
from tests.conftest import new_event

pytestmark = pytest.mark.django_db
NAME = "慕容云舒"


def held(venue: Venue, code: str, days_ago: int, people: int = 3) -> LegalEducationEvent:
    """An archived event of so many days ago, with residents and one unknown person on its list."""
    start = timezone.now() - datetime.timedelta(days=days_ago)
    event = gate.save(
        new_event(
            venue,
            code=code,
            title=code,
            starts_at=start,
            ends_at=start + datetime.timedelta(hours=2),
        ),
        by=SYSTEM,
    )
    event = education.open_event(event, by=SYSTEM)
    residents = [
        Resident(
            community=venue.community,
            name=f"{NAME}{n}",
            phone=f"1371234{days_ago:04d}"[:10] + str(n),
        )
        for n in range(people)
    ]
    gate.save_many(residents, by=SYSTEM)
    rows = [
        Attendance(community=venue.community, event=event, resident=r, name=r.name, remark="常来")
        for r in residents
    ]
    rows.append(Attendance(community=venue.community, event=event, name=f"{NAME}无名"))
    gate.save_many(rows, by=SYSTEM)
    return education.archive_event(education.hold_event(event, by=SYSTEM), by=SYSTEM)


def heads() -> dict[str, int]:
    return dict(LegalEducationEvent.objects.with_heads().values_list("code", "heads_total"))


def test_every_head_count_stays_and_no_name_of_a_sign_in(venue: Venue) -> None:
    held(venue, "old", 400)
    held(venue, "new", 300)
    before = heads()
    assert retention.let_go() == 4
    assert heads() == before == {"old": 4, "new": 4}
    old = Attendance.objects.filter(event__code="old")
    assert all(row.name.startswith("已匿名") and row.resident is None for row in old)
    assert {row.remark for row in old} == {""}
    assert not Attendance.objects.filter(event__code="new", name__startswith="已匿名").exists()


def test_history_forgets_with_the_rows(venue: Venue) -> None:
    held(venue, "old", 400)
    unlinked = [f"{NAME}无名"]
    assert {t.column.table for t in traces_of(unlinked)} == {
        "education_attendance",
        "core_changepart",
    }
    retention.let_go()
    assert traces_of(unlinked) == []


def test_what_was_let_go_is_not_restored(venue: Venue) -> None:
    held(venue, "old", 400)
    retention.let_go()
    before = heads()
    made = ChangeSet.objects.filter(verb="save education.Attendance").latest("pk")
    assert {code for *_, code in undo(made, by=SYSTEM).left} == {"forgotten"}
    assert heads() == before


def test_it_is_counted_and_done_once(venue: Venue) -> None:
    held(venue, "old", 400)
    let_go_of_people.func()
    runs = list(RetentionRun.objects.filter(holding="attendance").values_list("rows", flat=True))
    assert runs == [4]
    written = ChangeSet.objects.count()
    assert let_go_of_people.func() == 0
    assert ChangeSet.objects.count() == written
    assert RetentionRun.objects.filter(holding="attendance").count() == 1


def test_it_goes_on_where_it_was_interrupted(venue: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    held(venue, "old", 400)
    monkeypatch.setattr(retention, "CHUNK", 3)
    noted = retention._note

    def dies_on_the_second(code: str, community_id: int | None, rows: int) -> None:
        if RetentionRun.objects.exists():
            raise KeyboardInterrupt
        noted(code, community_id, rows)

    monkeypatch.setattr(retention, "_note", dies_on_the_second)
    with pytest.raises(KeyboardInterrupt):
        retention.let_go()
    # The chunk and its count together: three done and counted, the fourth neither.
    assert Attendance.objects.filter(name__startswith="已匿名").count() == 3
    monkeypatch.setattr(retention, "_note", noted)
    assert retention.let_go() == 1
    assert sum(RetentionRun.objects.values_list("rows", flat=True)) == 4


def test_a_community_keeps_longer_or_shorter_within_bounds(venue: Venue, secretary: User) -> None:
    by = Actor.of(secretary, "test")
    held(venue, "e", 300)
    rule = gate.save(RetentionRule(community=venue.community, holding="attendance", days=90), by=by)
    assert retention.let_go() == 4
    for days, code in ((29, "kept_too_short"), (5000, "kept_too_long")):
        rule.days = days
        with pytest.raises(RuleViolation) as refused:
            gate.save(rule, by=by)
        assert refused.value.code == code
    rule.refresh_from_db()
    assert rule.days == 90


@pytest.mark.parametrize("who", ["worker", "other_worker", "resident_user"])
def test_only_the_secretary_sets_terms(
    venue: Venue, who: str, request: pytest.FixtureRequest
) -> None:
    rule = RetentionRule(community=venue.community, holding="attendance", days=90)
    with pytest.raises(RuleViolation) as refused:
        gate.save(rule, by=Actor.of(request.getfixturevalue(who), "test"))
    assert refused.value.code == "not_allowed"
    assert not RetentionRule.objects.exists()


def test_the_overview_says_what_is_due(venue: Venue) -> None:
    held(venue, "old", 400)
    lines = {line.label: line for line in retention_overview([venue.community_id])}
    assert (lines["签到记录"].days, lines["签到记录"].due) == (365, 4)
    assert lines["导入的原始表格和预览"].days == 30
    retention.let_go()
    lines = {line.label: line for line in retention_overview([venue.community_id])}
    assert lines["签到记录"].due == 0
    assert lines["签到记录"].last is not None


def test_history_of_years_ago_tells_no_name(venue: Venue) -> None:
    person: Any = gate.save(
        Resident(community=venue.community, name=f"{NAME}旧", phone="13712340000"), by=SYSTEM
    )
    person.name = "改名"
    gate.save(person, by=SYSTEM)
    long_ago = timezone.now() - datetime.timedelta(days=1200)
    ChangeSet.objects.update(recorded_at=long_ago)
    assert traces_of([f"{NAME}旧"]) != []
    retention.let_go()
    assert traces_of([f"{NAME}旧"]) == []
    assert retention.let_go() == 0
