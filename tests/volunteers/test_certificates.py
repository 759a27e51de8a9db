"""Certificates: what they add up, who issues them, and what becomes of their numbers."""

import datetime
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from backend.core import bulk, gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.people.models import User
from backend.places.models import Community
from backend.volunteers import certificate_rules as rules
from backend.volunteers import certifying
from backend.volunteers.certificate_queries import checked, printed
from backend.volunteers.models import Certificate, CertifiedRecord, ServiceRecord, Volunteer
from backend.volunteers.recording import RECORD_VERBS, take_back, why_record_cannot
from tests.volunteers.team import new_record, new_volunteer

WHY = "起止日期写错了"
TODAY = timezone.localdate
YEAR_AGO = datetime.timedelta(days=365)


def verified(record: ServiceRecord) -> ServiceRecord:
    return gate.move(record, "verify", by=SYSTEM)


def issue(volunteer: Volunteer, by: Actor = SYSTEM, **days: Any) -> Certificate:
    period = {"starts_on": TODAY() - YEAR_AGO, "ends_on": TODAY()} | days
    return certifying.issue_certificate(volunteer, **period, by=by)


def refused(code: str, call: Any) -> None:
    """The code, and nothing written."""
    before = (Certificate.objects.count(), list(Certificate.objects.values_list("status")))
    with pytest.raises(RuleViolation) as refusal:
        call()
    assert refusal.value.code == code
    assert before == (Certificate.objects.count(), list(Certificate.objects.values_list("status")))


@pytest.fixture
def volunteer(community: Community) -> Volunteer:
    """With five and a half hours verified, two that wait, and one that was not accepted."""
    made = new_volunteer(community)
    verified(new_record(made, 30, 27.5))
    verified(new_record(made, 54, 51))
    new_record(made, 80, 78)
    gate.move(new_record(made, 100, 99), "reject", by=SYSTEM, reason="没有到")
    return made


# --- what it says ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_verified_hours_of_the_days_are_counted(volunteer: Volunteer) -> None:
    made = issue(volunteer)
    assert (made.minutes, made.services, made.issuer) == (330, 2, "新河社区")
    counted = CertifiedRecord.objects.filter(certificate=made)
    assert counted.aggregate(sum=Sum("minutes"))["sum"] == made.minutes
    assert {row.record.status for row in counted} == {"verified"}
    told = printed(made, "https://linli.test/")
    assert told is not None
    assert [line.minutes for line in told.lines] == [180, 150]
    assert "5 小时 30 分钟" in told.sentence


@pytest.mark.django_db
def test_the_first_and_the_last_day_belong_to_it(volunteer: Volunteer) -> None:
    day = timezone.localdate(
        ServiceRecord.objects.filter(status="verified").latest("starts_at").starts_at
    )
    one = issue(volunteer, starts_on=day, ends_on=day)
    assert one.services == 1
    refused(
        "nothing_to_certify",
        lambda: issue(volunteer, starts_on=day - YEAR_AGO, ends_on=day - YEAR_AGO),
    )


@pytest.mark.django_db
def test_refuses_a_period_that_is_none(volunteer: Volunteer) -> None:
    tomorrow = TODAY() + datetime.timedelta(days=1)
    refused("period_missing", lambda: issue(volunteer, starts_on=None))
    refused("period_backwards", lambda: issue(volunteer, ends_on=TODAY() - 2 * YEAR_AGO))
    refused("period_in_future", lambda: issue(volunteer, ends_on=tomorrow))


@pytest.mark.django_db
def test_asked_again_it_is_the_same_one_until_the_hours_change(volunteer: Volunteer) -> None:
    first = issue(volunteer)
    assert issue(volunteer).pk == first.pk
    verified(new_record(volunteer, 200, 199))
    refused("certificate_outdated", lambda: issue(volunteer))
    certifying.void_certificate(first, by=SYSTEM, reason=WHY)
    second = issue(volunteer)
    assert (second.sequence, second.minutes) == (first.sequence + 1, 390)


@pytest.mark.django_db
def test_what_was_certified_never_changes(volunteer: Volunteer) -> None:
    made = issue(volunteer)
    made.minutes = 60_000
    refused("certificate_is_fixed", lambda: gate.save(made, by=SYSTEM))


# --- who ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_nobody_certifies_the_own_hours(volunteer: Volunteer, worker: User) -> None:
    resident: Any = volunteer.resident
    resident.user = worker
    gate.save(resident, by=SYSTEM)
    own = Actor.of(worker, "test")
    refused("self_certified", lambda: issue(Volunteer.objects.get(), by=own))
    many = certifying.issue_certificates(
        Volunteer.objects.all(), TODAY() - YEAR_AGO, TODAY(), by=own
    )
    assert not many.certificates
    assert [v.code for v in many.left_out.values()] == ["self_certified"]
    made = issue(volunteer)
    refused("self_certified", lambda: certifying.void_certificate(made, by=own, reason=WHY))


@pytest.mark.django_db
def test_four_callers_issue_and_void(
    volunteer: Volunteer, worker: User, other_worker: User, resident_user: User
) -> None:
    for stranger in (other_worker, resident_user):
        refused("not_allowed", lambda s=stranger: issue(volunteer, by=Actor.of(s, "test")))
    made = issue(volunteer, by=Actor.of(worker, "test"))
    assert made.issued_by == worker
    for stranger in (other_worker, resident_user):
        by = Actor.of(stranger, "test")
        refused(
            "not_allowed",
            lambda by=by: certifying.void_certificate(made, by=by, reason=WHY),
        )
    certifying.void_certificate(made, by=Actor.of(worker, "test"), reason=WHY)


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_numbers_have_no_gap_and_are_never_given_again(community: Community) -> None:
    people = [new_volunteer(community, f"志愿{n}", account=False) for n in "甲乙丙"]
    for one in people[:2]:
        verified(new_record(one, 10, 8))
    done = certifying.issue_certificates(people, TODAY() - YEAR_AGO, TODAY(), by=SYSTEM)
    assert [one.sequence for one in done.certificates] == [1, 2]
    assert {pk: v.code for pk, v in done.left_out.items()} == {people[2].pk: "nothing_to_certify"}
    void = certifying.void_certificate(done.certificates[1], by=SYSTEM, reason=WHY)
    assert (void.status, void.voided_on, void.void_reason) == ("voided", TODAY(), WHY)
    refused("wrong_state", lambda: certifying.void_certificate(void, by=SYSTEM, reason=WHY))
    refused("reason_required", lambda: certifying.void_certificate(done.certificates[0], by=SYSTEM))
    assert issue(people[1]).number == f"XINHE-ZY{TODAY().year}-0003"
    refused("not_allowed", lambda: _delete(void))


def _delete(certificate: Certificate) -> None:
    user = User.objects.create_superuser("somebody")
    gate.delete(certificate, by=Actor.of(user, "test"))


@pytest.mark.django_db
def test_everybody_may_check_a_number_and_learns_nothing_of_anybody(volunteer: Volunteer) -> None:
    made = issue(volunteer)
    found = checked(f" {made.number.lower()} ")
    assert found is not None
    assert (found.valid, found.minutes) == (True, 330)
    told = repr(found)
    person: Any = volunteer.resident
    assert person.name not in told
    assert volunteer.code not in told
    assert checked("XINHE-ZY2026-9999") is None
    assert checked("") is None
    assert checked("9" * 500) is None


@pytest.mark.django_db
def test_hours_on_a_valid_certificate_are_not_taken_back(volunteer: Volunteer) -> None:
    made = issue(volunteer)
    record = ServiceRecord.objects.filter(status="verified")[0]
    refused("record_certified", lambda: certifying.require_uncertified(record))
    certifying.void_certificate(made, by=SYSTEM, reason=WHY)
    certifying.require_uncertified(record)
    # It stays counted by the one that is void: no way leads to deleting it.
    refused("in_use", lambda: gate.delete(_withdrawn(record), by=SYSTEM))


def _withdrawn(record: ServiceRecord) -> ServiceRecord:
    return gate.move(record, "take_back", by=SYSTEM, reason="重复登记")


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 小时"), (1, "1 分钟"), (60, "1 小时"), (750, "12 小时 30 分钟")],
)
def test_time_is_told_in_hours_and_minutes(minutes: int, text: str) -> None:
    assert rules.hours_text(minutes) == text


@pytest.mark.django_db
def test_the_verb_that_takes_hours_back_asks_for_certificates(volunteer: Volunteer) -> None:
    made = issue(volunteer)
    record = ServiceRecord.objects.filter(status="verified")[0]
    refused("record_certified", lambda: take_back(record, by=SYSTEM, reason="重复登记"))
    assert why_record_cannot(record, "take_back", SYSTEM)
    record.refresh_from_db()
    assert record.status == "verified"
    certifying.void_certificate(made, by=SYSTEM, reason=WHY)
    take_back(record, by=SYSTEM, reason="重复登记")
    assert issue(volunteer).minutes == 330 - record.minutes


@pytest.mark.django_db
def test_verifying_is_taken_back_until_a_certificate_counts_it(volunteer: Volunteer) -> None:
    rows = [new_record(volunteer, 300, 299), new_record(volunteer, 310, 309)]
    told = bulk.carry(rows, "verify", RECORD_VERBS["verify"], by=SYSTEM)
    (undone,) = bulk.take_back(told.change_sets, by=SYSTEM)
    assert undone.left == []
    assert not any(bulk.foresee(rows, "verify", RECORD_VERBS["verify"], by=SYSTEM).refused)
    again = bulk.carry(rows, "verify", RECORD_VERBS["verify"], by=SYSTEM)
    issue(volunteer)
    (undone,) = bulk.take_back(again.change_sets, by=SYSTEM)
    assert {why for _label, _pk, why in undone.left} == {"record_certified"}
    assert undone.restored == 0
    states = ServiceRecord.objects.filter(pk__in=[row.pk for row in rows])
    assert set(states.values_list("status", flat=True)) == {"verified"}
