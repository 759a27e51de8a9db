"""Two red partners of one community, the first with an agreement in force, a post and a contact."""

import datetime
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.partners import actions
from backend.partners.models import CoBuildingAgreement, IncipientIssue, RedPartner, VanguardPost
from backend.people.models import Organization, Representative, User
from backend.places.models import Community
from tests.conftest import user_with_role

DAY = datetime.timedelta(days=1)
YEAR = 365 * DAY


@dataclass(frozen=True)
class Partnership:
    """A partner with an agreement in force and a post."""

    partner: RedPartner
    agreement: CoBuildingAgreement
    post: VanguardPost
    contact: User


def draft(partner: RedPartner, **values: Any) -> CoBuildingAgreement:
    """A draft with one duty, from a hundred days ago for a year, signed on its first day."""
    start = timezone.localdate() - 100 * DAY
    given = {
        "title": "共建协议",
        "signed_on": start,
        "starts_on": start,
        "ends_on": start + YEAR,
    } | values
    row = CoBuildingAgreement(community_id=partner.community_id, partner=partner, **given)
    return actions.make_agreement(row, [("partner", "设先锋岗")], by=SYSTEM)


def in_force(partner: RedPartner, **values: Any) -> CoBuildingAgreement:
    """The same, signed and in force."""
    return actions.activate(actions.sign(draft(partner, **values), by=SYSTEM), by=SYSTEM)


def issue_at(post: VanguardPost, **values: Any) -> IncipientIssue:
    """An unsaved issue of yesterday at a post."""
    given = {
        "kind": "parking",
        "description": "车位争执",
        "found_on": timezone.localdate() - DAY,
    } | values
    return IncipientIssue(community_id=post.community_id, post=post, **given)


def partnership(community: Community, name: str, account: str) -> Partnership:
    """A partner of that name; the account is its contact's."""
    body = gate.save(
        Organization(community=community, name=name, kind="property_company"), by=SYSTEM
    )
    since = timezone.localdate() - 100 * DAY
    partner = gate.save(RedPartner(community=community, organization=body, since=since), by=SYSTEM)
    agreement = in_force(partner)
    post = gate.save(
        VanguardPost(
            community=community,
            agreement=agreement,
            name=f"{name}服务台",
            place="服务台",
            since=agreement.starts_on,
        ),
        by=SYSTEM,
    )
    contact = user_with_role(account, "partner", community=community)
    gate.save(
        Representative(
            community=community,
            organization=body,
            name="欧阳若谷",
            user=contact,
            valid_from=since,
        ),
        by=SYSTEM,
    )
    return Partnership(partner, agreement, post, contact)


@pytest.fixture
def ours(community: Community) -> Partnership:
    return partnership(community, "宏远物业", "contact")


@pytest.fixture
def theirs(community: Community) -> Partnership:
    return partnership(community, "和美物业", "rival")
