"""Organizations act through named, dated representatives, and a contact reaches the own body alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM, own_organizations
from backend.core.errors import ManyViolations, RuleViolation
from backend.people import rules
from backend.people.models import Organization, Representative, Resident, User
from backend.places.models import Community
from tests.conftest import user_with_role
from tests.schema.asking import ask, caller

TODAY = timezone.localdate
DAY = timedelta(days=1)


@pytest.fixture
def company(community: Community) -> Organization:
    row = Organization(community=community, name="宏远物业", kind="property_company")
    return gate.save(row, by=SYSTEM)


@pytest.fixture
def other_company(community: Community) -> Organization:
    row = Organization(community=community, name="和美物业", kind="property_company")
    return gate.save(row, by=SYSTEM)


@pytest.fixture
def contact(community: Community) -> User:
    return user_with_role("contact", "partner", community=community)


def speaks(body: Organization, user: User | None = None, **values: Any) -> Representative:
    given = {"name": "欧阳若谷", "valid_from": TODAY() - DAY} | values
    return Representative(community_id=body.community_id, organization=body, user=user, **given)


def names(user: User) -> list[str]:
    answer = ask(caller(user), "{ organizations { edges { node { name } } } }")
    return [edge["node"]["name"] for edge in answer["data"]["organizations"]["edges"]]


def test_a_contact_sees_the_own_organization_and_no_other(
    company: Organization, other_company: Organization, contact: User, worker: User
) -> None:
    gate.save(speaks(company, contact), by=SYSTEM)
    gate.save(speaks(other_company, name="司马问天"), by=SYSTEM)
    assert names(contact) == ["宏远物业"]
    assert names(worker) == ["和美物业", "宏远物业"]
    assert Representative.objects.visible_to(contact).count() == 1


@pytest.mark.parametrize(
    "term",
    [
        {"valid_from": date(2099, 1, 1)},
        {"valid_from": date(2025, 1, 1), "valid_to": date(2025, 2, 1)},
    ],
)
def test_a_term_to_come_or_over_speaks_for_nobody(
    company: Organization, contact: User, term: dict[str, date]
) -> None:
    gate.save(speaks(company, contact, **term), by=SYSTEM)
    assert own_organizations(contact) == frozenset()
    assert names(contact) == []


def test_nobody_speaks_for_a_body_that_has_ended(company: Organization, contact: User) -> None:
    company.active_until = TODAY() - DAY
    gate.save(company, by=SYSTEM)
    gate.save(speaks(company, contact), by=SYSTEM)
    assert names(contact) == []


def test_without_the_role_a_representative_sees_nothing(
    company: Organization, community: Community
) -> None:
    user = user_with_role("somebody", "resident", community=community)
    gate.save(speaks(company, user), by=SYSTEM)
    assert names(user) == []


def test_the_name_comes_from_the_resident_or_the_account(
    company: Organization, community: Community, contact: User
) -> None:
    person = gate.save(
        Resident(community=community, name="司马问天", phone="13912345678"), by=SYSTEM
    )
    first = gate.save(speaks(company, name="", resident=person), by=SYSTEM)
    second = gate.save(speaks(company, contact, name=""), by=SYSTEM)
    assert (first.name, second.name) == ("司马问天", "contact")
    with pytest.raises(RuleViolation) as refused:
        gate.save(speaks(company, name=""), by=SYSTEM)
    assert refused.value.code == "representative_nameless"


def test_two_people_never_share_an_account(
    company: Organization, other_company: Organization, contact: User
) -> None:
    first = gate.save(speaks(company, contact), by=SYSTEM)
    # One person may speak for two bodies.
    gate.save(speaks(other_company, contact), by=SYSTEM)
    with pytest.raises(RuleViolation) as refused:
        gate.save(speaks(company, contact, name="司马问天"), by=SYSTEM)
    assert refused.value.code == "account_shared"
    with pytest.raises(ManyViolations) as both:
        gate.save_many(
            [
                speaks(company, contact, name="司马问天", valid_from=date(2020, 1, 1), valid_to=day)
                for day in (date(2020, 6, 1), date(2020, 5, 1))
            ]
            + [speaks(company, contact, valid_from=date(2020, 5, 1), valid_to=date(2020, 5, 2))],
            by=SYSTEM,
        )
    assert {v.code for v in both.value.by_index.values()} == {"account_shared"}
    assert list(both.value.by_index) == [2]
    # After the other's term it is hers: the account was handed over, with a new password.
    first.refresh_from_db()
    assert Representative.objects.count() == 2


TERMS = st.tuples(
    st.sampled_from(["甲", "乙"]),
    st.integers(0, 20),
    st.one_of(st.none(), st.integers(0, 20)),
).map(
    lambda t: (
        t[0],
        date(2025, 1, 1) + t[1] * DAY,
        None if t[2] is None else date(2025, 1, 1) + t[2] * DAY,
    )
)


@given(TERMS, st.lists(TERMS, max_size=4))
def test_an_account_is_shared_when_a_day_has_two_names(own: Any, others: Any) -> None:
    def days(term: Any) -> set[int]:
        last = 40 if term[2] is None else (term[2] - date(2025, 1, 1)).days
        return set(range((term[1] - date(2025, 1, 1)).days, last + 1))

    others = [other for other in others if days(other)]
    if not days(own):
        return
    shared = any(other[0] != own[0] and days(other) & days(own) for other in others)
    try:
        rules.account_is_one_persons(own, others)
    except RuleViolation as refused:
        assert refused.code == "account_shared"
        assert shared
    else:
        assert not shared


def test_phone_and_name_of_a_representative_come_masked(
    company: Organization, worker: User
) -> None:
    gate.save(speaks(company, phone="13912345678"), by=SYSTEM)
    query = (
        "{ organizations { edges { node { representatives { name phone nameInFull title } } } } }"
    )
    [edge] = ask(caller(worker), query)["data"]["organizations"]["edges"]
    assert edge["node"]["representatives"] == [
        {"name": "欧*", "phone": "139****5678", "nameInFull": None, "title": ""}
    ]


def test_contacts_change_no_organization(company: Organization, contact: User) -> None:
    gate.save(speaks(company, contact), by=SYSTEM)
    page = caller(contact)
    contact.is_staff = True
    contact.save()
    address = f"/admin/people/organization/{company.pk}/change/"
    assert page.get(address).status_code == 200
    assert page.post(address, {"name": "换个名字", "kind": "merchant"}).status_code == 403
    company.refresh_from_db()
    assert company.name == "宏远物业"
