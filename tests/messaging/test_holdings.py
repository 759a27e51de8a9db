"""What messages hold of people, and what is left of it once it is erased."""

import pytest

from backend.core import gate
from backend.core.holdings import all_holdings
from backend.messaging import sending
from backend.messaging.actions import Recipient, tell
from backend.messaging.models import Delivery, InboxMessage
from tests.messaging.conftest import PHONE, outbox

pytestmark = pytest.mark.django_db


def holdings():
    return [holding for holding in all_holdings() if holding.code in ("inbox", "deliveries")]


@pytest.fixture
def told(community, neighbour, elder):
    """Two people, told something that names one of them."""
    values = {"event_title": "王秀兰的讲座", "starts_at": "11月28日 14:00", "place": "小马扎剧场"}
    both = [Recipient(user=neighbour.user), Recipient(resident=elder)]
    tell(both, "event_registered", values, community=community, once_key="registration 1")


def test_each_persons_rows_are_found_and_shown(told, neighbour, elder):
    rows = {
        (holding.code, person.name): holding.model.objects.filter(
            **{holding.resident: person}
        ).count()
        for holding in holdings()
        for person in (neighbour, elder)
    }
    assert rows == {
        ("deliveries", "王秀兰"): 1,
        ("deliveries", "赵德福"): 1,
        ("inbox", "王秀兰"): 1,
        ("inbox", "赵德福"): 0,
    }
    for holding in holdings():
        assert holding.model.objects.values(*holding.shown).exists()
        assert (holding.kept_days, holding.since) == (365, "created_at")


def test_erasing_leaves_the_rows_and_no_word_name_or_number(told, neighbour, community):
    for holding in holdings():
        for row in holding.model.objects.filter(**{holding.resident: neighbour}):
            assert not holding.model.objects.filter(holding.done(), pk=row.pk).exists()
            rows = holding.model.objects.filter(pk=row.pk)
            gate.change_notes(rows, **holding.anonymous(row))
            assert holding.model.objects.filter(holding.done(), pk=row.pk).exists()
    left = [
        str(value)
        for model, rows in (
            (InboxMessage, InboxMessage.objects.filter(user=neighbour.user)),
            (Delivery, Delivery.objects.filter(user=neighbour.user)),
        )
        for row in rows.values_list()
        for value in row
    ]
    assert left
    assert not any(PHONE in value or "****7788" in value or "王秀兰" in value for value in left)
    # What still waited is given up, and nobody is told again.
    assert sending.send_due() == 1
    assert PHONE not in {line["to"] for line in outbox()}
    assert Delivery.objects.get(user=neighbour.user).state == "given_up"
    assert InboxMessage.objects.count() == 1
