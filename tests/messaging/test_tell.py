"""Telling people: in the caller's transaction, each once, by the ways that are open."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.gate import change_notes
from backend.jobs import kinds
from backend.jobs.actions import start
from backend.jobs.models import Job
from backend.jobs.running import work_off
from backend.messaging import sending
from backend.messaging.actions import Recipient, send_secret, set_preference, tell
from backend.messaging.models import Delivery, InboxMessage
from backend.people.actions import record_death
from backend.people.models import Resident
from tests.messaging.conftest import PHONE, VALUES, outbox

pytestmark = pytest.mark.django_db


def tell_of_registration(community: Any, *recipients: Recipient, **given: Any) -> int:
    options = {"community": community, "once_key": "registration 1 made"} | given
    return tell(recipients, "event_registered", VALUES, **options)


def test_an_account_gets_an_inbox_message_and_a_text_message(community, neighbour):
    assert tell_of_registration(community, Recipient(user=neighbour.user)) == 1
    message = InboxMessage.objects.get()
    assert message.user == neighbour.user
    assert message.title == "报名成功：民法典进小区"
    assert "11月28日 14:00" in message.body
    assert "新河社区" in message.body
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.state) == ("sms", "pending")
    assert (delivery.address, delivery.masked_to) == (PHONE, "139****7788")
    assert delivery.resident == neighbour


def test_a_resident_without_an_account_gets_a_text_message(community, elder):
    assert tell_of_registration(community, Recipient(resident=elder)) == 1
    assert not InboxMessage.objects.exists()
    assert Delivery.objects.get().resident == elder


def test_who_cannot_be_reached_is_not_counted_as_told(community, elder):
    elder.phone = "0371-67890123"
    gate.save(elder, by=SYSTEM)
    assert tell_of_registration(community, Recipient(resident=elder)) == 0
    assert not Delivery.objects.exists()


def test_telling_of_the_same_again_tells_nobody(community, neighbour, elder):
    both = (Recipient(user=neighbour.user), Recipient(resident=elder))
    assert tell_of_registration(community, *both) == 2
    assert tell_of_registration(community, *both) == 0
    assert tell_of_registration(community, *both, once_key="registration 1 withdrawn") == 2
    assert (InboxMessage.objects.count(), Delivery.objects.count()) == (2, 4)


def test_one_person_named_twice_is_told_once(community, neighbour):
    named = (Recipient(user=neighbour.user), Recipient(resident=neighbour))
    assert tell_of_registration(community, *named) == 1
    assert (InboxMessage.objects.count(), Delivery.objects.count()) == (1, 1)


def test_who_is_told_of_somebody_of_the_family_is_told_on_their_own_number(
    community, neighbour, elder
):
    of_the_family = Recipient(user=neighbour.user, resident=elder)
    assert tell_of_registration(community, of_the_family) == 1
    delivery = Delivery.objects.get()
    assert (delivery.address, delivery.resident) == (PHONE, neighbour)


def test_who_was_told_before_they_had_an_account_is_not_told_again(community, elder, resident_user):
    assert tell_of_registration(community, Recipient(resident=elder)) == 1
    elder.user = resident_user
    gate.save(elder, by=SYSTEM)
    fresh = Resident.objects.get(pk=elder.pk)
    assert tell_of_registration(community, Recipient(resident=fresh)) == 0
    assert not InboxMessage.objects.exists()


def test_a_channel_that_is_switched_off_is_left_out_and_the_inbox_stays(community, neighbour):
    set_preference("sms", False, by=Actor.of(neighbour.user, "test"))
    assert tell_of_registration(community, Recipient(user=neighbour.user)) == 1
    assert InboxMessage.objects.count() == 1
    assert not Delivery.objects.exists()


def test_nothing_goes_by_a_channel_that_is_not_set_up(community, neighbour, settings):
    settings.MESSAGING_CHANNELS = {"sms": "off"}
    assert tell_of_registration(community, Recipient(user=neighbour.user)) == 1
    assert not Delivery.objects.exists()


def test_a_placeholder_without_a_value_is_the_callers_mistake(community, neighbour):
    with pytest.raises(KeyError):
        tell(
            [Recipient(user=neighbour.user)],
            "event_registered",
            {"event_title": "民法典"},
            community=community,
            once_key="x",
        )
    assert not InboxMessage.objects.exists()


def test_braces_within_a_value_mean_nothing(community, neighbour):
    values = VALUES | {"event_title": "{place} 与 {0.__class__}"}
    tell(
        [Recipient(user=neighbour.user)],
        "event_registered",
        values,
        community=community,
        once_key="x",
    )
    assert InboxMessage.objects.get().title == "报名成功：{place} 与 {0.__class__}"


# --- nothing before the commit -------------------------------------------------------------------


class Undone(Exception):
    """What rolls a transaction back."""


def roll_back(do: Callable[[], Any]) -> None:
    try:
        with transaction.atomic():
            do()
            raise Undone
    except Undone:
        return


def test_what_is_rolled_back_tells_nobody(community, neighbour, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        roll_back(lambda: tell_of_registration(community, Recipient(user=neighbour.user)))
        roll_back(lambda: send_secret("sms", PHONE, "sign_in_code", {"code": "1", "minutes": "5"}))
    sending.send_due()
    assert not InboxMessage.objects.exists()
    assert not Delivery.objects.exists()
    assert outbox() == []


def test_control_sending_at_once_tells_of_what_never_came_to_be(community, neighbour):
    def naive() -> None:
        tell_of_registration(community, Recipient(user=neighbour.user))
        sending.send_due()

    roll_back(naive)
    assert not InboxMessage.objects.exists()
    assert len(outbox()) == 1


def test_what_is_committed_is_sent_and_its_address_forgotten(community, neighbour, elder):
    tell_of_registration(community, Recipient(user=neighbour.user), Recipient(resident=elder))
    assert sending.send_due() == 2
    assert sorted(line["to"] for line in outbox()) == [PHONE, "13900007799"]
    for row in Delivery.objects.all():
        assert (row.state, row.address, row.values, row.claim) == ("sent", "", {}, None)
        assert row.provider_reference == str(row.reference)
    assert sending.send_due() == 0
    assert len(outbox()) == 2


# --- codes ---------------------------------------------------------------------------------------


def test_a_code_is_sent_after_the_commit_and_kept_nowhere(
    community, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send_secret("sms", PHONE, "sign_in_code", {"code": "482913", "minutes": "5"})
        assert outbox() == []
    assert "482913" in outbox()[0]["body"]
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.masked_to) == ("sent", 1, "139****7788")
    stored = [str(value) for value in Delivery.objects.values_list().get()]
    assert not any("482913" in value or PHONE in value for value in stored)
    assert not InboxMessage.objects.exists()


def test_nobody_writes_to_the_dead(community, neighbour, elder):
    for person in (neighbour, elder):
        record_death(person, on=timezone.localdate(), by=SYSTEM)
    people = [Resident.objects.get(pk=person.pk) for person in (neighbour, elder)]
    tell_of_registration(community, *(Recipient(resident=person) for person in people))
    assert not Delivery.objects.exists()


@pytest.fixture
def counting() -> Iterator[None]:
    """A kind of work for one test."""
    before = dict(kinds._KINDS)
    kinds.job_kind("count_estates", title="清点小区")(lambda context: "清点完")
    yield
    kinds._KINDS.clear()
    kinds._KINDS.update(before)


def test_long_work_in_the_background_tells_who_has_started_it(community, worker, counting):
    slow, quick = new_job(community, worker), new_job(community, worker)
    change_notes(Job.objects.filter(pk=slow.pk), queued_at=timezone.now() - timedelta(minutes=2))
    assert [work_off(slow.pk), work_off(quick.pk)] == ["done", "done"]
    message = InboxMessage.objects.get()
    assert (message.user, message.title) == (worker, "清点小区：已完成")


def new_job(community: Any, worker: Any) -> Job:
    by = Actor.of(worker, "test")
    return start("count_estates", community=community, by=by, arguments={})
