"""A contact reads and enters the own organization's work, at every door, and no other's."""

from typing import Any

import pytest
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.partners import actions
from backend.partners.models import (
    AgreementDuty,
    CoBuildingAgreement,
    DutyShift,
    IncipientIssue,
    RedPartner,
    VanguardPost,
)
from backend.people.models import Representative, User
from tests.partners.conftest import DAY, Partnership, issue_at
from tests.partners.test_shifts_and_issues import shift
from tests.schema.asking import ask, caller

pytestmark = pytest.mark.django_db
MODELS = (RedPartner, CoBuildingAgreement, AgreementDuty, VanguardPost, DutyShift, IncipientIssue)


@pytest.fixture
def both(ours: Partnership, theirs: Partnership) -> tuple[Partnership, Partnership]:
    for one, name in ((ours, "值守甲"), (theirs, "值守乙")):
        gate.save(shift(one, 8, 12, name=name), by=SYSTEM)
        gate.save(issue_at(one.post), by=SYSTEM)
    return ours, theirs


def test_the_own_rows_are_seen_and_no_others(
    both: tuple[Partnership, Partnership], worker: User
) -> None:
    ours, _ = both
    for model in MODELS:
        assert model.objects.visible_to(ours.contact).count() == 1, model
        assert model.objects.visible_to(worker).count() == 2, model
    query = "{ redPartners { totalCount edges { node { name agreements { code } } } } }"
    found = ask(caller(ours.contact), query)["data"]["redPartners"]
    assert (found["totalCount"], found["edges"][0]["node"]["name"]) == (1, "宏远物业")


@pytest.mark.parametrize("what", ["shift", "issue"])
def test_a_contact_enters_at_own_posts_alone(
    both: tuple[Partnership, Partnership], what: str
) -> None:
    ours, theirs = both
    by = Actor.of(ours.contact, "test")

    def new(at: Partnership) -> Any:
        return shift(at, 14, 15, name="值守丙") if what == "shift" else issue_at(at.post)

    made = gate.save(new(ours), by=by)
    count = type(made).objects.count()
    for wrong in (new(theirs), _moved(made, theirs)):
        with pytest.raises(RuleViolation) as said:
            gate.save(wrong, by=by)
        assert said.value.code == "not_allowed"
    assert type(made).objects.count() == count
    made.refresh_from_db()
    assert made.post_id == ours.post.pk
    # Nor is another's row taken over.
    stolen = _moved(type(made).objects.filter(post=theirs.post).first(), ours)
    with pytest.raises(RuleViolation) as said:
        gate.save(stolen, by=by)
    assert said.value.code == "not_allowed"


def _moved(row: Any, to: Partnership) -> Any:
    fresh = type(row).objects.get(pk=row.pk)
    fresh.post = to.post
    return fresh


def test_an_issue_of_no_post_is_nobodys_own(ours: Partnership) -> None:
    row = issue_at(ours.post, place="东门外")
    row.post = None
    with pytest.raises(RuleViolation) as said:
        gate.save(row, by=Actor.of(ours.contact, "test"))
    assert said.value.code == "not_allowed"


def test_a_contact_settles_own_issues_alone(both: tuple[Partnership, Partnership]) -> None:
    ours, theirs = both
    by = Actor.of(ours.contact, "test")
    done = actions.defuse(ours.post.issues.get(), how="轮流使用车位", by=by)
    assert done.status == "defused"
    with pytest.raises(RuleViolation) as said:
        actions.defuse(theirs.post.issues.get(), how="轮流使用车位", by=by)
    assert said.value.code == "not_allowed"
    assert theirs.post.issues.get().status == "found"


def test_agreements_and_posts_are_read_alone(ours: Partnership) -> None:
    by = Actor.of(ours.contact, "test")
    for verb in ("terminate", "expire"):
        with pytest.raises(RuleViolation) as said:
            actions.AGREEMENT_VERBS[verb](ours.agreement, by=by, reason="不做了")
        assert said.value.code == "not_allowed"
    with pytest.raises(RuleViolation) as said:
        actions.close_post(ours.post, on=timezone.localdate(), by=by)
    assert said.value.code == "not_allowed"


def test_what_one_may_do_is_told_of_the_own_rows_in_lists(
    both: tuple[Partnership, Partnership], worker: User
) -> None:
    ours, _ = both
    query = """{ incipientIssues { edges { node { availableActions { name allowed } } } }
      coBuildingAgreements { edges { node { availableActions { name } } } } }"""
    own = ask(caller(ours.contact), query)["data"]
    [issue] = own["incipientIssues"]["edges"]
    assert {a["name"] for a in issue["node"]["availableActions"]} == {"defuse", "escalate"}
    assert own["coBuildingAgreements"]["edges"][0]["node"]["availableActions"] == []
    office = ask(caller(worker), query)["data"]
    [agreement, _] = office["coBuildingAgreements"]["edges"]
    assert {a["name"] for a in agreement["node"]["availableActions"]} == {"expire", "terminate"}


def test_the_api_enters_and_settles_for_a_contact(both: tuple[Partnership, Partnership]) -> None:
    ours, theirs = both
    query = """mutation ($input: ReportIncipientIssueInput!) { reportIncipientIssue(input: $input) {
      issue { code status availableActions { name } post { code } } errors { code } } }"""

    def report(at: Partnership, key: str) -> Any:
        given = {
            "postId": to_base64("VanguardPost", at.post.pk),
            "kind": "NOISE",
            "description": "装修噪声",
            "foundOn": timezone.localdate().isoformat(),
            "idempotencyKey": key,
        }
        return ask(caller(ours.contact), query, input=given)["data"]["reportIncipientIssue"]

    first = report(ours, "k")
    assert first["errors"] == []
    assert first["issue"]["status"] == "FOUND"
    assert report(ours, "k")["issue"]["code"] == first["issue"]["code"]
    assert report(theirs, "k2")["errors"] == [{"code": "not_found"}]
    assert IncipientIssue.objects.count() == 3


def test_when_the_term_is_over_so_is_everything(both: tuple[Partnership, Partnership]) -> None:
    ours, _ = both
    Representative.objects.filter(user=ours.contact).update(valid_to=timezone.localdate() - DAY)
    user = User.objects.get(pk=ours.contact.pk)
    assert not RedPartner.objects.visible_to(user).exists()
    with pytest.raises(RuleViolation) as said:
        gate.save(issue_at(ours.post), by=Actor.of(user, "test"))
    assert said.value.code == "not_allowed"


def test_on_the_staff_pages_a_contact_works_on_the_own_rows(
    both: tuple[Partnership, Partnership],
) -> None:
    ours, theirs = both
    User.objects.filter(pk=ours.contact.pk).update(is_staff=True)
    client = caller(User.objects.get(pk=ours.contact.pk))
    page = client.get(f"/admin/partners/redpartner/{ours.partner.pk}/change/").content.decode()
    assert "宏远物业服务台" in page
    assert client.get(f"/admin/partners/redpartner/{theirs.partner.pk}/change/").status_code == 302
    assert client.get(f"/admin/partners/redpartner/{theirs.partner.pk}/rota/").status_code == 404
    sent = {
        "post": ours.post.pk,
        "kind": "pets",
        "description": "遛狗不牵绳",
        "found_on": timezone.localdate().isoformat(),
        "code": "",
        "place": "",
        "found_by": "",
    }
    assert client.post("/admin/partners/incipientissue/add/", sent).status_code == 302
    made = IncipientIssue.objects.get(kind="pets")
    address = f"/admin/partners/incipientissue/{made.pk}/move/defuse/"
    assert client.post(address, {"reason": "劝导牵绳"}).status_code == 302
    made.refresh_from_db()
    assert (made.status, made.how_defused) == ("defused", "劝导牵绳")
    foreign = client.post("/admin/partners/incipientissue/add/", sent | {"post": theirs.post.pk})
    assert foreign.status_code == 200, "the choice is not offered"
    assert IncipientIssue.objects.count() == 3
