"""A message reaches an account where it signs in."""

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount

from backend.accounts import actions
from backend.core import gate
from backend.core.access import SYSTEM
from backend.messaging import sending
from backend.messaging.actions import Recipient, tell
from backend.messaging.models import Delivery
from backend.people.models import Resident, User
from tests.messaging.conftest import VALUES, outbox

pytestmark = pytest.mark.django_db


def told_by(user: User, community: Any) -> dict[str, str]:
    """Channel -> address of what goes out to a user."""
    told = [Recipient(user=user)]
    assert tell(told, "event_registered", VALUES, community=community, once_key="x") == 1
    return dict(Delivery.objects.values_list("channel", "address"))


def test_by_the_phone_that_the_account_has_proved_before_the_rosters(community, resident_user):
    row = Resident(community=community, name="王秀兰", phone="13900007788", user=resident_user)
    gate.save(row, by=SYSTEM)
    actions.keep_phone(resident_user, "13900006655", here=None)
    assert told_by(resident_user, community) == {"sms": "13900006655"}


def test_by_the_rosters_where_it_has_proved_none(community, resident_user):
    row = Resident(community=community, name="王秀兰", phone="13900007788", user=resident_user)
    gate.save(row, by=SYSTEM)
    assert told_by(resident_user, community) == {"sms": "13900007788"}


def test_by_the_mini_program_that_it_signs_in_with(community, resident_user, settings):
    settings.QUIET_HOURS = "-"
    SocialAccount.objects.create(user=resident_user, provider="weixin_mini", uid="openid-7")
    SocialAccount.objects.create(user=resident_user, provider="elsewhere", uid="not-wechat")
    assert told_by(resident_user, community) == {"wechat": "openid-7"}
    row = Delivery.objects.get()
    assert row.masked_to == "＊＊＊"
    assert sending.send_due() == 1
    assert [line["to"] for line in outbox()] == ["openid-7"]
    row.refresh_from_db()
    assert row.address == ""


def test_who_has_none_of_these_still_has_the_inbox(community, resident_user):
    assert told_by(resident_user, community) == {}
