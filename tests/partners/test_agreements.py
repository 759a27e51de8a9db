"""Agreements: DRAFT → SIGNED → ACTIVE → EXPIRED / TERMINATED, their posts, and what falls due."""

from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import Transition
from backend.messaging.models import InboxMessage
from backend.partners import actions, tasks
from backend.partners.models import AgreementDuty, CoBuildingAgreement, RedPartner, VanguardPost
from backend.partners.states import AGREEMENT_MACHINE
from backend.people.models import User
from tests.core.residents import table
from tests.partners.conftest import DAY, Partnership, draft, in_force

pytestmark = pytest.mark.django_db
DOMAIN = {
    "draft": {"sign": "signed"},
    "signed": {"revise": "draft", "activate": "active", "terminate": "terminated"},
    "active": {"expire": "expired", "terminate": "terminated"},
    "expired": {},
    "terminated": {},
}
VERBS = sorted(actions.AGREEMENT_VERBS)


def do(verb: str, row: CoBuildingAgreement, by: Actor = SYSTEM, reason: str = "因故") -> Any:
    return actions.AGREEMENT_VERBS[verb](row, by=by, reason=reason)


def refused(verb: str, row: CoBuildingAgreement, **more: Any) -> str:
    before, logged = table(CoBuildingAgreement), Transition.objects.count()
    with pytest.raises(RuleViolation) as said:
        do(verb, row, **more)
    assert (table(CoBuildingAgreement), Transition.objects.count()) == (before, logged)
    return said.value.code


def test_the_table_is_the_domains() -> None:
    found: dict[str, dict[str, str]] = {state: {} for state in DOMAIN}
    for move in AGREEMENT_MACHINE.moves:
        for source in move.sources:
            found[source][move.name] = move.target
    assert found == DOMAIN
    assert set(actions.AGREEMENT_VERBS) == {move.name for move in AGREEMENT_MACHINE.moves}


@settings(max_examples=12)
@given(st.lists(st.sampled_from(VERBS), max_size=6))
def test_no_sequence_of_verbs_leaves_the_table(ours: Partnership, verbs: list[str]) -> None:
    row = draft(ours.partner)
    for verb in verbs:
        target = DOMAIN[row.status].get(verb)
        try:
            row = do(verb, row)
        except RuleViolation as said:
            assert target is None or said.code == "agreement_still_runs"
        else:
            assert row.status == target


def test_signing_wants_a_day_that_has_come_and_a_duty(ours: Partnership) -> None:
    today = timezone.localdate()
    assert refused("sign", draft(ours.partner, signed_on=None)) == "signed_on_missing"
    late = draft(ours.partner, signed_on=today + DAY)
    assert refused("sign", late) == "signed_in_future"
    bare = draft(ours.partner)
    gate.delete_many(list(AgreementDuty.objects.filter(agreement=bare)), by=SYSTEM)
    assert refused("sign", bare) == "agreement_without_duties"


def test_what_was_signed_stays(ours: Partnership) -> None:
    row = CoBuildingAgreement.objects.get(pk=ours.agreement.pk)
    duty = row.duties.get()
    changes: list[Any] = [
        lambda: gate.save(_with(row, ends_on=row.ends_on + DAY), by=SYSTEM),
        lambda: gate.save(_with(duty, text="不设岗"), by=SYSTEM),
        lambda: gate.delete(duty, by=SYSTEM),
        lambda: gate.delete(CoBuildingAgreement.objects.get(pk=row.pk), by=SYSTEM),
        lambda: gate.save(
            AgreementDuty(community_id=row.community_id, agreement=row, text="又一条"), by=SYSTEM
        ),
    ]
    for change in changes:
        with pytest.raises(RuleViolation) as said:
            change()
        assert said.value.code == "agreement_signed"
    # What was not signed may change.
    fresh = CoBuildingAgreement.objects.get(pk=row.pk)
    gate.save(_with(fresh, remind_days=60), by=SYSTEM)
    assert fresh.remind_from == fresh.ends_on - 60 * DAY


def _with(row: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def test_a_post_needs_an_agreement_in_force(ours: Partnership) -> None:
    row = draft(ours.partner)
    post = VanguardPost(
        community_id=row.community_id,
        agreement=row,
        name="东门岗",
        place="东门",
        since=row.starts_on,
    )
    for step in ("sign", "activate"):
        with pytest.raises(RuleViolation) as said:
            gate.save(post, by=SYSTEM)
        assert said.value.code == "agreement_not_active"
        row = do(step, row)
    gate.save(post, by=SYSTEM)
    do("terminate", row)
    post.refresh_from_db()
    assert post.until == timezone.localdate()


def test_a_partner_leaves_after_the_agreements(ours: Partnership) -> None:
    partner = RedPartner.objects.get(pk=ours.partner.pk)
    partner.until = timezone.localdate()
    with pytest.raises(RuleViolation) as said:
        gate.save(partner, by=SYSTEM)
    assert said.value.code == "partner_has_agreements"
    do("terminate", ours.agreement)
    gate.save(partner, by=SYSTEM)
    with pytest.raises(RuleViolation) as said:
        draft(partner, starts_on=partner.until + DAY, ends_on=partner.until + 9 * DAY)
    assert said.value.code == "partner_has_left"


def test_the_routine_begins_and_ends_what_is_due(ours: Partnership) -> None:
    today = timezone.localdate()
    waiting = actions.sign(draft(ours.partner, starts_on=today), by=SYSTEM)
    future = actions.sign(draft(ours.partner, starts_on=today + DAY), by=SYSTEM)
    over = in_force(ours.partner, ends_on=today - DAY)
    last_day = in_force(ours.partner, ends_on=today)
    post = VanguardPost(
        community_id=over.community_id,
        agreement=over,
        name="西门岗",
        place="西门",
        since=over.starts_on,
    )
    gate.save(post, by=SYSTEM)
    tasks.keep_agreements.func()
    states = dict(CoBuildingAgreement.objects.values_list("pk", "status"))
    assert [states[row.pk] for row in (waiting, future, over, last_day)] == [
        "active",
        "signed",
        "expired",
        "active",
    ]
    post.refresh_from_db()
    assert post.until == over.ends_on
    # What happened is told by its day, whenever the worker came.
    begun = Transition.objects.get(object_id=waiting.pk, move="activate")
    assert timezone.localtime(begun.occurred_at).date() == today
    before = table(CoBuildingAgreement)
    tasks.keep_agreements.func()
    assert table(CoBuildingAgreement) == before


def test_reminders_reach_the_partner_and_the_office_once(
    ours: Partnership, theirs: Partnership, worker: User, other_worker: User
) -> None:
    today = timezone.localdate()
    near = in_force(ours.partner, ends_on=today + 20 * DAY, title="快到期的协议")
    assert tasks.keep_agreements.func() == 1
    told = InboxMessage.objects.filter(template="agreement_renewal")
    assert set(told.values_list("user", flat=True)) == {ours.contact.pk, worker.pk}
    bodies = list(told.values_list("body", flat=True))
    assert all("快到期的协议" in body and "20 天" in body for body in bodies)
    assert tasks.keep_agreements.func() == 0
    assert told.count() == 2
    # The last week is another occasion; a renewal in the drawer answers both.
    with_renewal = draft(ours.partner, renews=near)
    assert with_renewal.renews_id == near.pk
    CoBuildingAgreement.objects.filter(pk=near.pk).update(ends_on=today + 5 * DAY)
    assert tasks.keep_agreements.func() == 0
    CoBuildingAgreement.objects.filter(pk=with_renewal.pk).update(renews=None)
    assert tasks.keep_agreements.func() == 1
    assert told.count() == 4
