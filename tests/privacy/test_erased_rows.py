"""Who has been erased is met nowhere as a neighbour: the row counts, and nothing else."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.education.models import LegalEducationEvent, Registration
from backend.education.registering import register
from backend.files.permissions import may_attach
from backend.people import actions
from backend.people.merging import merge_residents
from backend.people.models import Consent, PrivacyNotice, Resident, User
from backend.places.models import Community
from backend.privacy.erasing import erase_resident
from tests.schema.asking import caller, data

pytestmark = pytest.mark.django_db
LIST = reverse("admin:people_resident_changelist")


@pytest.fixture
def gone(community: Community, secretary: User) -> Resident:
    person = gate.save(
        Resident(community=community, name="端木清和", phone="13812340987"), by=SYSTEM
    )
    erase_resident(person, by=Actor.of(secretary, "test"))
    return Resident.objects.get(pk=person.pk)


@pytest.fixture
def neighbour(community: Community) -> Resident:
    return gate.save(Resident(community=community, name="张安然", phone="13900000001"), by=SYSTEM)


def refusal(verb: Any) -> str:
    with pytest.raises(RuleViolation) as refused:
        verb()
    return refused.value.code


def pages(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_erased_do_not_live_here_any_more(gone: Resident, neighbour: Resident) -> None:
    assert list(Resident.objects.present()) == [neighbour]
    for residence in ("present", "moved_out", "deceased"):
        assert gone not in Resident.objects.whose_residence_is(residence)


def test_lists_searches_and_choosers_leave_them_out(
    gone: Resident, neighbour: Resident, secretary: User
) -> None:
    desk = pages(secretary)
    link = reverse("admin:people_resident_change", args=[gone.pk])
    assert link not in desk.get(LIST).content.decode()
    sought = {"q": gone.name, "residence": "all"}
    assert link not in desk.get(LIST, sought).content.decode()
    everybody = desk.get(LIST, {"residence": "all"}).content.decode()
    assert link in everybody
    assert "已匿名" in everybody
    assert "已*" not in everybody
    chosen = {"app_label": "people", "model_name": "consent", "field_name": "resident"}
    found = desk.get(reverse("admin:autocomplete"), chosen | {"term": ""}).json()["results"]
    assert [int(row["id"]) for row in found] == [neighbour.pk]


def test_the_api_counts_them_under_no_residence(gone: Resident, secretary: User) -> None:
    asked = "{ residents(first: 9, filters: { residence: [PRESENT] }) { totalCount } }"
    assert data(caller(secretary), asked)["residents"]["totalCount"] == 0


def test_their_page_is_read_only_and_says_why(gone: Resident, secretary: User) -> None:
    page = pages(secretary).get(reverse("admin:people_resident_change", args=[gone.pk]))
    text = page.content.decode()
    assert "个人信息已应本人要求删除；这一条只为统计保留" in text
    assert "Door" not in text
    buttons = (
        "迁出",
        "登记去世",
        "与另一条合并",
        'name="_save"',
        "/delete/",
        "/add/people.resident/",
        "/reveal/",
    )
    for button in buttons:
        assert button not in text, button


def test_their_neighbours_page_offers_what_theirs_does_not(
    neighbour: Resident, secretary: User
) -> None:
    page = pages(secretary).get(reverse("admin:people_resident_change", args=[neighbour.pk]))
    for button in ('name="_save"', "/add/people.resident/", "/reveal/"):
        assert button in page.content.decode(), button


def test_no_file_is_put_on_them(gone: Resident, neighbour: Resident, secretary: User) -> None:
    by = Actor.of(secretary, "test")
    assert may_attach(by, neighbour)
    assert not may_attach(by, gone)


def test_nobody_registers_them_for_an_event(
    gone: Resident, event_open: LegalEducationEvent
) -> None:
    assert refusal(lambda: register(event_open, by=SYSTEM, resident=gone)) == "person_erased"
    assert not Registration.objects.exists()


def test_the_gate_refuses_every_change_to_them(
    gone: Resident, neighbour: Resident, community: Community, secretary: User
) -> None:
    by = Actor.of(secretary, "test")
    today = datetime.date.today()
    notice = gate.save(
        PrivacyNotice(community=community, version="1", text="告知", published_on=today), by=SYSTEM
    )

    def rename() -> None:
        row = Resident.objects.get(pk=gone.pk)
        row.name = "王五"
        gate.save(row, by=SYSTEM)

    def fresh() -> Resident:
        return Resident.objects.get(pk=gone.pk)

    refused = {
        refusal(rename),
        refusal(lambda: actions.move_out(fresh(), on=today, by=by)),
        refusal(lambda: actions.record_death(fresh(), on=today, by=by)),
        refusal(lambda: actions.add_phone(fresh(), phone="13812345678", kind="own", by=by)),
        refusal(lambda: actions.give_consent(fresh(), notice, purpose="roster", by=by)),
        refusal(lambda: merge_residents(neighbour, fresh(), by=by, reason="同一人")),
        refusal(lambda: merge_residents(fresh(), neighbour, by=by, reason="同一人")),
        refusal(lambda: gate.delete(fresh(), by=by)),
    }
    assert refused == {"person_erased"}
    assert fresh().revision == gone.revision
    assert not Consent.objects.exists()
    # The control: the neighbour's row takes the same.
    assert actions.move_out(neighbour, on=today, by=by).moved_out_on == today
