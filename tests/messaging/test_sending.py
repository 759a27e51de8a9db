"""Sending: taken by one worker, tried again with patience, given up in the end, never at night."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.messaging import sending, tasks
from backend.messaging.actions import Recipient, retry, send_secret, tell
from backend.messaging.channels import SENDERS
from backend.messaging.channels.message import Outgoing, Refused
from backend.messaging.models import Delivery
from backend.messaging.rules import BACKOFF, MOST_TRIES
from tests.messaging.conftest import PHONE, VALUES, outbox

pytestmark = pytest.mark.django_db


class Scripted:
    """A sender that does as the test says; it remembers what it was given."""

    def __init__(self, *ends: str | Exception) -> None:
        self.ends = list(ends)
        self.given: list[Outgoing] = []

    def carries(self, template: str) -> bool:
        return True

    def send(self, message: Outgoing) -> str:
        self.given.append(message)
        end = self.ends.pop(0) if len(self.ends) > 1 else self.ends[0]
        if isinstance(end, Exception):
            raise end
        return end


@pytest.fixture
def provider(settings: Any, monkeypatch: Any) -> Any:
    """Sends SMS through a scripted sender."""

    def use(*ends: str | Exception) -> Scripted:
        sender = Scripted(*ends)
        monkeypatch.setitem(SENDERS, "scripted", lambda: sender)
        settings.MESSAGING_CHANNELS = {"sms": "scripted"}
        return sender

    return use


@pytest.fixture
def waiting(community: Any, elder: Any) -> Delivery:
    """One text message that waits."""
    told = [Recipient(resident=elder)]
    tell(told, "event_registered", VALUES, community=community, once_key="registration 1")
    return Delivery.objects.get()


def fresh(row: Delivery) -> Delivery:
    return Delivery.objects.get(pk=row.pk)


def fast_forward(row: Delivery) -> None:
    """Makes a row due now, as if its time had come."""
    rows = Delivery.objects.filter(pk=row.pk)
    gate.change_notes(rows, next_try_at=timezone.now(), claimed_until=None)


# --- tries ---------------------------------------------------------------------------------------


def test_it_is_tried_after_longer_and_longer_waits_and_then_given_up(waiting, provider):
    sender = provider(Refused("http_503"))
    for tries, wait in enumerate(BACKOFF, start=1):
        before = timezone.now()
        assert sending.send_due() == 0
        row = fresh(waiting)
        assert (row.state, row.tries, row.error_code) == ("failed", tries, "http_503")
        assert wait <= row.next_try_at - before < wait + datetime.timedelta(seconds=30)
        assert row.address, "it is needed for the next try"
        assert sending.send_due() == 0, "not before its time"
        assert len(sender.given) == tries
        fast_forward(row)
    sending.send_due()
    row = fresh(waiting)
    assert (row.state, row.tries) == ("given_up", MOST_TRIES)
    assert (row.address, row.next_try_at, row.claim) == ("", None, None)
    assert len({message.reference for message in sender.given}) == 1
    assert [message.again for message in sender.given] == [False] + [True] * (MOST_TRIES - 1)


def test_what_is_refused_for_good_is_not_tried_again(waiting, provider):
    provider(Refused("http_422", for_good=True))
    sending.send_due()
    row = fresh(waiting)
    assert (row.state, row.tries, row.error_code, row.address) == ("given_up", 1, "http_422", "")


def test_one_that_fails_holds_up_nobody(community, elder, neighbour, provider):
    sender = provider(ValueError(f"bad number {PHONE}"), "ok")
    told = [Recipient(user=neighbour.user), Recipient(resident=elder)]
    tell(told, "event_registered", VALUES, community=community, once_key="x")
    assert sending.send_due() == 1
    states = dict(Delivery.objects.values_list("state", "error_code"))
    assert states == {"failed": "unexpected", "sent": ""}
    assert len(sender.given) == 2


def test_an_error_nobody_thought_of_is_logged_without_its_text(waiting, provider, caplog):
    provider(ValueError(f"bad number {PHONE}"))
    sending.send_due()
    assert "sending by sms failed: ValueError" in caplog.text
    assert PHONE not in caplog.text


def test_a_channel_that_was_switched_off_meanwhile_keeps_its_messages(waiting, settings):
    settings.MESSAGING_CHANNELS = {"sms": "off"}
    assert sending.send_due() == 0
    assert (fresh(waiting).state, fresh(waiting).error_code) == ("failed", "channel_off")
    settings.MESSAGING_CHANNELS = {"sms": "file"}
    fast_forward(waiting)
    assert sending.send_due() == 1


def test_whose_address_was_erased_is_given_up(waiting):
    gate.change_notes(Delivery.objects.filter(pk=waiting.pk), address="")
    assert sending.send_due() == 0
    assert (fresh(waiting).state, fresh(waiting).error_code) == ("given_up", "address_missing")
    assert outbox() == []


# --- one worker at a time ------------------------------------------------------------------------


def test_what_one_worker_has_taken_no_other_takes(waiting):
    taken = sending.take_next()
    assert taken is not None
    assert sending.take_next() is None
    assert sending.attempt(taken)
    assert len(outbox()) == 1


def test_a_worker_that_is_gone_leaves_its_message_after_the_lease(waiting, settings):
    settings.DELIVERY_LEASE_SECONDS = -1
    lost = sending.take_next()
    assert lost is not None
    settings.DELIVERY_LEASE_SECONDS = 60
    assert sending.send_due() == 1
    assert (fresh(waiting).state, fresh(waiting).tries) == ("sent", 2)


def test_a_worker_that_comes_back_too_late_spoils_nothing(waiting, settings, provider):
    sender = provider(Refused("timeout"), "provider-1")
    settings.DELIVERY_LEASE_SECONDS = -1
    late = sending.take_next()
    settings.DELIVERY_LEASE_SECONDS = 60
    assert late is not None
    other = sending.take_next()
    assert other is not None
    assert not sending.attempt(late)
    assert fresh(waiting).state == "pending", "it is the other's now"
    assert sending.attempt(other)
    assert fresh(waiting).state == "sent"
    assert sender.given[0].reference == sender.given[1].reference


def test_a_message_at_which_workers_die_is_not_tried_for_ever(waiting, settings):
    settings.DELIVERY_LEASE_SECONDS = -1
    for _ in range(MOST_TRIES):
        assert sending.take_next() is not None
    assert sending.send_due() == 0
    assert (fresh(waiting).state, fresh(waiting).error_code) == ("given_up", "interrupted")
    assert outbox() == []


# --- quiet hours ---------------------------------------------------------------------------------


@pytest.fixture
def at_night(settings: Any) -> datetime.datetime:
    """Quiet hours that hold now; answers their end."""
    now = timezone.localtime()
    ends = (now + datetime.timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    settings.QUIET_HOURS = f"{now - datetime.timedelta(hours=1):%H:%M}-{ends:%H:%M}"
    return ends


def test_at_night_an_ordinary_text_message_waits_for_the_morning(at_night, community, elder):
    told = [Recipient(resident=elder)]
    tell(told, "event_registered", VALUES, community=community, once_key="x")
    assert Delivery.objects.get().next_try_at == at_night
    assert sending.send_due() == 0


def test_what_fell_due_before_the_night_waits_too_and_loses_no_try(waiting, at_night):
    assert sending.send_due() == 0
    row = fresh(waiting)
    assert (row.state, row.tries, row.next_try_at, row.claim) == ("pending", 0, at_night, None)


def test_at_night_an_email_goes_out(at_night, community, worker):
    worker.email = "worker@example.org"
    worker.save()
    tell([Recipient(user=worker)], "event_registered", VALUES, community=community, once_key="x")
    assert sending.send_due() == 1


def test_at_night_a_code_goes_out(at_night, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send_secret("sms", PHONE, "sign_in_code", {"code": "482913", "minutes": "5"})
    assert len(outbox()) == 1


# --- codes ---------------------------------------------------------------------------------------


def test_a_code_is_tried_twice_and_the_log_says_how_it_went(
    provider, django_capture_on_commit_callbacks
):
    sender = provider(Refused("timeout"))
    with django_capture_on_commit_callbacks(execute=True):
        send_secret("sms", PHONE, "sign_in_code", {"code": "482913", "minutes": "5"})
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.error_code) == ("given_up", 2, "timeout")
    assert len(sender.given) == 2
    assert sending.send_due() == 0, "the worker never sends one"


def test_a_code_whose_process_died_is_closed_and_never_sent(waiting):
    gate.change_notes(
        Delivery.objects.filter(pk=waiting.pk),
        secret=True,
        created_at=timezone.now() - datetime.timedelta(minutes=6),
    )
    assert sending.send_due() == 0
    assert tasks.tidy_outbox.func() == 0
    assert (fresh(waiting).state, fresh(waiting).error_code) == ("given_up", "interrupted")


def test_a_channel_that_is_not_set_up_says_so_before_anything_is_written(settings):
    settings.MESSAGING_CHANNELS = {"sms": "off"}
    with pytest.raises(RuleViolation) as refused:
        send_secret("sms", PHONE, "sign_in_code", {"code": "1", "minutes": "5"})
    assert refused.value.code == "channel_off"
    assert not Delivery.objects.exists()


# --- once more -----------------------------------------------------------------------------------


@pytest.fixture
def given_up(waiting: Delivery, provider: Any) -> Delivery:
    """A message to a number that was wrong."""
    provider(Refused("http_422", for_good=True))
    sending.send_due()
    return fresh(waiting)


def test_staff_send_again_to_the_number_that_is_known_now(given_up, elder, worker, provider):
    elder.phone = "13900001111"
    gate.save(elder, by=SYSTEM)
    retry(given_up, by=Actor.of(worker, "test"))
    row = fresh(given_up)
    assert (row.state, row.tries, row.masked_to) == ("pending", 0, "139****1111")
    sender = provider("ok")
    assert sending.send_due() == 1
    assert sender.given[0].to == "13900001111"
    assert sender.given[0].body, "its words are still there"
    assert sender.given[0].values["event_title"] == "民法典进小区", (
        "for providers that fill them in"
    )


@pytest.mark.parametrize("who", ["other_worker", "resident_user"])
def test_nobody_else_sends_again(given_up, request, who):
    with pytest.raises(RuleViolation) as refused:
        retry(given_up, by=Actor.of(request.getfixturevalue(who), "test"))
    assert refused.value.code == "not_allowed"
    assert fresh(given_up).state == "given_up"


def test_what_has_been_sent_is_not_sent_again(waiting, worker):
    sending.send_due()
    with pytest.raises(RuleViolation) as refused:
        retry(fresh(waiting), by=Actor.of(worker, "test"))
    assert refused.value.code == "delivery_not_failed"
    assert len(outbox()) == 1


def test_without_an_address_there_is_nothing_to_try(given_up, elder, worker):
    elder.phone = ""
    gate.save(elder, by=SYSTEM)
    with pytest.raises(RuleViolation) as refused:
        retry(given_up, by=Actor.of(worker, "test"))
    assert refused.value.code == "address_missing"
    assert fresh(given_up).state == "given_up"


# --- the worker ----------------------------------------------------------------------------------


def test_old_files_of_the_outbox_are_deleted(waiting, settings):
    sending.send_due()
    folder = settings.OUTBOX_DIR
    (folder / "2020-01-01.jsonl").write_text("{}\n")
    assert tasks.tidy_outbox.func() == 1
    assert len(list(folder.iterdir())) == 1


def test_the_worker_is_asked_once_it_is_committed_and_not_before(
    community, elder, django_capture_on_commit_callbacks, monkeypatch
):
    asked: list[str] = []
    monkeypatch.setattr(type(tasks.send_due_messages), "enqueue", lambda self: asked.append("now"))
    with django_capture_on_commit_callbacks(execute=True):
        told = [Recipient(resident=elder)]
        tell(told, "event_registered", VALUES, community=community, once_key="x")
        assert asked == []
    assert asked == ["now"]
