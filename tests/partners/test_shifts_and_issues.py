"""The rota and the issues: nobody is in two places, and what is settled is told and stays."""

from datetime import date, time
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.models import Transition
from backend.partners import actions
from backend.partners.models import DutyShift, IncipientIssue
from backend.partners.queries import defused_at_posts
from backend.people.models import Representative, Resident
from backend.places.models import Community
from tests.partners.conftest import DAY, Partnership, issue_at

pytestmark = pytest.mark.django_db


def shift(at: Partnership, first: int, last: int, **who: Any) -> DutyShift:
    given = who or {"name": "值守甲"}
    return DutyShift(
        community_id=at.post.community_id,
        post=at.post,
        day=timezone.localdate(),
        starts_at=time(first),
        ends_at=time(last),
        **given,
    )


def _moves(row: Any) -> Any:
    return Transition.objects.filter(model=row._meta.label, object_id=row.pk)


def refused(row: Any) -> str:
    before = type(row).objects.count()
    with pytest.raises(RuleViolation) as said:
        gate.save(row, by=SYSTEM)
    assert type(row).objects.count() == before
    return said.value.code


def test_nobody_is_at_two_posts_at_once(ours: Partnership, theirs: Partnership) -> None:
    gate.save(shift(ours, 8, 12), by=SYSTEM)
    assert refused(shift(theirs, 11, 13)) == "shift_overlaps"
    gate.save(shift(theirs, 12, 13), by=SYSTEM)
    gate.save(shift(theirs, 8, 12, name="值守乙"), by=SYSTEM)
    with pytest.raises(ManyViolations) as both:
        gate.save_many(
            [shift(ours, 14, 16, name="值守丙"), shift(theirs, 15, 17, name="值守丙")], by=SYSTEM
        )
    assert {at: v.code for at, v in both.value.by_index.items()} == {1: "shift_overlaps"}


def test_one_person_is_known_as_representative_and_as_resident(
    ours: Partnership, community: Community
) -> None:
    person = gate.save(
        Resident(community=community, name="司马问天", phone="13912345678"), by=SYSTEM
    )
    speaker = gate.save(
        Representative(
            community=community,
            organization=ours.partner.organization,
            name="",
            resident=person,
            valid_from=date(2025, 1, 1),
        ),
        by=SYSTEM,
    )
    made = gate.save(shift(ours, 8, 12, representative=speaker), by=SYSTEM)
    assert (made.name, made.resident_id) == ("司马问天", person.pk)
    assert refused(shift(ours, 9, 10, resident=person)) == "shift_overlaps"


def test_a_shift_wants_a_name_and_a_standing_post(ours: Partnership) -> None:
    assert refused(shift(ours, 8, 12, name="")) == "shift_nameless"
    assert refused(shift(ours, 12, 8)) == "shift_reversed"
    early = shift(ours, 8, 12)
    early.day = ours.post.since - DAY
    assert refused(early) == "shift_outside_post"


@pytest.mark.parametrize(
    "text",
    ["业主电话13912345678", "3号楼2单元501室漏水", "与司马问天争车位"],
)
def test_an_issue_names_nobody(ours: Partnership, community: Community, text: str) -> None:
    gate.save(Resident(community=community, name="司马问天", phone="13912345678"), by=SYSTEM)
    assert refused(issue_at(ours.post, description=text)) == "text_has_personal_data"
    row = gate.save(issue_at(ours.post), by=SYSTEM)
    with pytest.raises(RuleViolation) as said:
        actions.defuse(row, how=text, by=SYSTEM)
    assert said.value.code == "text_has_personal_data"
    row.refresh_from_db()
    assert (row.status, _moves(row).count()) == ("found", 0)


def test_an_issue_has_a_place_and_a_day_when_the_post_stood(ours: Partnership) -> None:
    assert refused(issue_at(ours.post, found_on=timezone.localdate() + DAY)) == "day_in_future"
    assert refused(issue_at(ours.post, found_on=ours.post.since - DAY)) == "found_outside_post"
    nowhere = issue_at(ours.post)
    nowhere.post = None
    assert refused(nowhere) == "issue_place_missing"
    nowhere.place = "东门外"
    gate.save(nowhere, by=SYSTEM)


def test_defusing_tells_how_and_when(ours: Partnership) -> None:
    row = gate.save(issue_at(ours.post, found_on=timezone.localdate() - 9 * DAY), by=SYSTEM)
    with pytest.raises(RuleViolation) as said:
        actions.defuse(row, how="说开了", by=SYSTEM, on=row.found_on - DAY)
    assert said.value.code == "settled_before_found"
    on = row.found_on + 2 * DAY
    done = actions.defuse(row, how="轮流使用车位", by=SYSTEM, on=on)
    assert (done.status, done.how_defused, done.settled_on) == ("defused", "轮流使用车位", on)
    step = _moves(row).get()
    assert timezone.localtime(step.occurred_at).date() == on
    done.description = "别的事"
    assert refused(done) == "issue_settled"
    again = actions.reopen(IncipientIssue.objects.get(pk=row.pk), by=SYSTEM, reason="又起争执")
    assert (again.status, again.how_defused, again.settled_on) == ("found", "", None)


def test_escalating_names_where_it_goes_on(ours: Partnership) -> None:
    row = gate.save(issue_at(ours.post), by=SYSTEM)
    with pytest.raises(RuleViolation) as said:
        actions.escalate(row, register="people.Resident", code="x", by=SYSTEM)
    assert said.value.code == "escalation_missing"
    done = actions.escalate(row, register="mediation.MediationCase", code=" tj-7 ", by=SYSTEM)
    assert (done.status, done.escalated_to, done.escalated_code) == (
        "escalated",
        "mediation.MediationCase",
        "tj-7",
    )


def test_the_figure_counts_what_was_found_at_posts_and_defused_by_the_day(
    ours: Partnership, community: Community
) -> None:
    today = timezone.localdate()
    days = [ours.post.since, today - 3 * DAY, today - DAY]
    rows = [gate.save(issue_at(ours.post, found_on=day), by=SYSTEM) for day in days]
    elsewhere = issue_at(ours.post, place="东门外", found_on=days[0])
    elsewhere.post = None
    rows.append(gate.save(elsewhere, by=SYSTEM))
    for row in rows:
        actions.defuse(row, how="说开了", by=SYSTEM, on=row.found_on)
    gate.save(issue_at(ours.post), by=SYSTEM)
    counted = [
        defused_at_posts(community.pk, as_of=today).count(),
        defused_at_posts(community.pk, as_of=today - 2 * DAY).count(),
        defused_at_posts(community.pk, since=today - 5 * DAY, as_of=today).count(),
    ]
    assert counted == [3, 2, 2]
