"""Seeing whom to ring: a reason once, a while in full, one line in the log a page."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.forms import MultiWidget
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.disclosures import keys_of
from backend.core.models import Disclosure, RevealTask
from backend.people.households import form_households
from backend.people.models import CommunityRole, Organization, Representative, Resident, User
from backend.places.models import Building, Community
from tests.conftest import TERM_START, user_with_role
from tests.schema.asking import caller

LIST, REVEAL, CLOSE = (f"/admin/people/resident/{end}" for end in ("", "reveal/", "reveal/close/"))
WHY = "电话通知活动改期"


@pytest.fixture
def roster(community: Community, building: Building) -> list[Resident]:
    """Fourteen residents, every other one with a door."""
    rows = [
        Resident(
            community=community,
            name=f"周若{chr(0x8C37 + n)}",
            phone=f"139000000{n:02}",
            building=building if n % 2 else None,
            room=f"5{n:02}" if n % 2 else "",
        )
        for n in range(14)
    ]
    gate.save_many(rows, by=SYSTEM)
    return list(Resident.objects.order_by("pk"))


def reveal(client: Client, community: Community, reason: str = WHY, **more: str) -> Any:
    return client.post(REVEAL, {"community": community.pk, "reason": reason, "next": LIST} | more)


def page(client: Client, address: str = LIST) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_worker_says_why_once_and_sees_everybody_to_ring(
    worker: User, community: Community, roster: list[Resident]
) -> None:
    client = caller(worker)
    before = page(client)
    assert "显示完整信息" in before
    assert "139****0003" in before
    assert "13900000003" not in before
    done = reveal(client, community)
    assert (done.status_code, done["Location"]) == (302, LIST)
    whole = page(client)
    assert all(resident.phone in whole and resident.name in whole for resident in roster)
    assert "还剩 30 分钟" in whole
    assert WHY in whole
    row = Disclosure.objects.get()
    assert (row.kind, row.model, row.rows, row.reason) == ("read", "people.Resident", 14, WHY)
    assert (row.actor_name, row.door, row.community) == ("worker", "admin", community)
    assert set(keys_of(row)) == {resident.pk for resident in roster}


def test_a_page_is_one_line_in_the_log_and_a_record_another(
    worker: User, community: Community, roster: list[Resident]
) -> None:
    client = caller(worker)
    reveal(client, community)
    page(client)
    page(client, f"{LIST}{roster[3].pk}/change/")
    assert [(row.rows, row.first_pk) for row in Disclosure.objects.order_by("pk")] == [
        (14, roster[0].pk),
        (1, roster[3].pk),
    ]


def test_the_list_takes_the_same_statements_for_more_rows(
    worker: User, community: Community, roster: list[Resident]
) -> None:
    client = caller(worker)
    reveal(client, community)
    taken = []
    for more in (0, 30):
        rows = [Resident(community=community, name=f"秦{n}", phone="") for n in range(more)]
        gate.save_many(rows, by=SYSTEM)
        # The sidebar keeps its numbers until something is written.
        cache.clear()
        with CaptureQueriesContext(connection) as statements:
            page(client)
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_it_closes_by_itself(worker: User, community: Community, roster: list[Resident]) -> None:
    client = caller(worker)
    reveal(client, community)
    RevealTask.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    shown = page(client)
    assert "13900000003" not in shown
    assert "还剩" not in shown
    assert not Disclosure.objects.exists()


def test_it_can_be_closed_sooner(
    worker: User, community: Community, roster: list[Resident]
) -> None:
    client = caller(worker)
    reveal(client, community)
    client.post(CLOSE, {"community": community.pk, "next": LIST})
    assert "13900000003" not in page(client)
    assert RevealTask.objects.get().closed_at is not None


@pytest.mark.parametrize(
    "reason",
    ["", "   ", "看", "……！！", "1234567", "哈哈哈哈", "打13912345678", "查11010519491231002X"],
)
def test_a_reason_that_says_nothing_or_too_much_opens_nothing(
    worker: User, community: Community, roster: list[Resident], reason: str
) -> None:
    client = caller(worker)
    answer = reveal(client, community, reason)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not RevealTask.objects.exists()
    assert "13900000003" not in page(client)


def test_who_may_not_is_offered_nothing_and_refused(
    community: Community, other_worker: User, resident_user: User, admin_user: User
) -> None:
    office = user_with_role("office", "office", subdistrict=community.subdistrict)
    for user in (office, admin_user):
        assert "显示完整信息" not in page(caller(user))
    for user in (office, admin_user, other_worker, resident_user, None):
        assert reveal(caller(user), community).status_code in (302, 403), user
    assert not RevealTask.objects.exists()


def test_a_task_of_another_shows_me_nothing(
    worker: User, secretary: User, community: Community, roster: list[Resident]
) -> None:
    reveal(caller(worker), community)
    assert "13900000003" not in page(caller(secretary))


def test_who_loses_the_role_sees_masks_though_the_task_is_open(
    worker: User, community: Community, roster: list[Resident]
) -> None:
    client = caller(worker)
    reveal(client, community)
    office = CommunityRole(
        user=worker, role="office", subdistrict=community.subdistrict, valid_from=TERM_START
    )
    gate.save(office, by=SYSTEM)
    role = CommunityRole.objects.get(user=worker, role="worker")
    role.valid_to = timezone.localdate() - timedelta(days=1)
    gate.save(role, by=SYSTEM)
    shown = page(client)
    assert "139****0003" in shown
    assert "13900000003" not in shown


def test_a_steward_sees_the_own_estate_in_full_and_masks_elsewhere(
    community: Community, building: Building, roster: list[Resident]
) -> None:
    steward = user_with_role("steward", "steward", community=community, estate=building.estate)
    # Also of the street office, who sees the whole roster masked.
    also = CommunityRole(
        user=steward, role="office", subdistrict=community.subdistrict, valid_from=TERM_START
    )
    gate.save(also, by=SYSTEM)
    client = caller(steward)
    reveal(client, community)
    shown = page(client)
    assert "13900000003" in shown, "lives in the estate"
    assert "13900000004" not in shown, "lives elsewhere"
    assert "139****0004" in shown
    assert Disclosure.objects.get().rows == 7


def sent_back(answer: Any, **typed: str) -> dict[str, Any]:
    """What a browser sends when somebody opens a page, types this and saves; inlines and all."""
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent: dict[str, Any] = {}
    for bound in (bound for form in forms for bound in form):
        value, widget = bound.value(), bound.field.widget
        if isinstance(widget, MultiWidget):
            parts = enumerate(widget.decompress(value))
            sent |= {f"{bound.html_name}_{n}": part or "" for n, part in parts}
        elif value is not False:
            sent[bound.html_name] = "" if value is None else value
    return sent | typed


def test_editing_with_masks_and_in_full_changes_only_what_was_typed(
    worker: User, community: Community, roster: list[Resident]
) -> None:
    client, address = caller(worker), f"{LIST}{roster[3].pk}/change/"
    kept = [name for name in Resident.personal if name != "remark"]
    before = list(Resident.objects.order_by("pk").values("pk", *kept))
    for remark, in_full in (("遮着改", False), ("亮着改", True)):
        if in_full:
            reveal(client, community)
        shown = client.get(address)
        assert (shown.context["adminform"].form.initial["phone"] == roster[3].phone) is in_full
        assert client.post(address, sent_back(shown, remark=remark)).status_code == 302
        assert Resident.objects.get(pk=roster[3].pk).remark == remark
    assert list(Resident.objects.order_by("pk").values("pk", *kept)) == before


def test_an_expired_page_sent_back_in_full_is_still_unchanged(
    worker: User, community: Community, roster: list[Resident]
) -> None:
    client, address = caller(worker), f"{LIST}{roster[3].pk}/change/"
    reveal(client, community)
    sent = sent_back(client.get(address))
    RevealTask.objects.update(expires_at=timezone.now())
    assert client.post(address, sent).status_code == 302
    assert Resident.objects.get(pk=roster[3].pk).phone == roster[3].phone


def test_rows_on_another_records_page_are_masked_too(worker: User, community: Community) -> None:
    body = gate.save(
        Organization(community=community, name="河畔物业", kind="property_company"), by=SYSTEM
    )
    person = Representative(
        community=community,
        organization=body,
        name="欧阳问渠",
        phone="13900000077",
        valid_from=TERM_START,
    )
    gate.save(person, by=SYSTEM)
    client, address = caller(worker), f"/admin/people/organization/{body.pk}/change/"
    shown = page(client, address)
    assert "欧*" in shown
    assert "139****0077" in shown
    assert "欧阳问渠" not in shown
    sent = {
        "name": "河畔物业公司",
        "kind": "property_company",
        "representatives-TOTAL_FORMS": "1",
        "representatives-INITIAL_FORMS": "1",
        "representatives-0-id": person.pk,
        "representatives-0-organization": body.pk,
        "representatives-0-name": "欧*",
        "representatives-0-phone": "139****0077",
        "representatives-0-valid_from": "2025-01-01",
        "representatives-0-valid_to": "2027-01-01",
    }
    assert client.post(address, sent).status_code == 302
    stored = Representative.objects.get()
    assert (stored.name, stored.phone) == ("欧阳问渠", "13900000077")
    assert stored.valid_to is not None

    # Representatives have a task of their own: the roster's does not show them.
    reveal(client, community)
    assert "欧阳问渠" not in page(client, address)
    client.post(
        "/admin/people/representative/reveal/",
        {"community": community.pk, "reason": WHY, "next": address},
    )
    assert "欧阳问渠" in page(client, address)
    assert Disclosure.objects.get().model == "people.Representative"


def test_after_the_task_one_is_sent_to_no_foreign_page(worker: User, community: Community) -> None:
    done = reveal(caller(worker), community, next="https://example.org/")
    assert done["Location"] == LIST
    assert reveal(caller(worker), community, next="//example.org/x")["Location"] == LIST


def test_those_of_the_same_household_are_shown_with_them_and_logged(
    worker: User, community: Community, roster: list[Resident]
) -> None:
    first, second = roster[1], roster[3]
    second.room = first.room
    gate.save(second, by=SYSTEM)
    form_households(community, by=SYSTEM)
    client, address = caller(worker), f"{LIST}{first.pk}/change/"
    assert second.phone not in page(client, address)
    reveal(client, community)
    assert second.phone in page(client, address)
    assert Disclosure.objects.latest("pk").rows == 2
