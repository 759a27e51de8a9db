"""选聘: the highest are chosen, a tie is for people, and nobody's name is published."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.partners import selecting, selection_rules
from backend.partners.models import StewardCandidate, StewardSelection
from backend.people.models import User
from tests.conftest import user_with_role
from tests.partners.conftest import Partnership
from tests.schema.asking import OPEN, ask, caller, carried_out, id_of

pytestmark = pytest.mark.django_db


def said(do: Any) -> str:
    with pytest.raises(RuleViolation) as refused:
        do()
    return refused.value.code


@given(st.lists(st.one_of(st.none(), st.integers(0, 6)), max_size=7), st.integers(1, 4))
def test_those_are_chosen_whom_fewer_than_the_places_beat(
    counts: list[int | None], places: int
) -> None:
    try:
        chosen = set(selection_rules.winners(counts, places))
    except RuleViolation as refused:
        if refused.code == "result_incomplete":
            assert None in counts
            return
        assert refused.code == "selection_tied"
        # Somebody is neither clearly in nor clearly out.
        assert any(
            sum((o or 0) > (c or 0) for o in counts) < places
            and sum((o or 0) >= (c or 0) for o in counts) > places
            for c in counts
        )
        return
    assert None not in counts
    clear = {
        at
        for at, count in enumerate(counts)
        if sum((other or 0) > (count or 0) for other in counts) < places
    }
    assert chosen == clear


@pytest.fixture
def selection(ours: Partnership) -> StewardSelection:
    body = ours.partner.organization
    made = gate.save(
        StewardSelection(
            community_id=body.community_id,
            code="xp-1",
            title="上半年优秀管家",
            places=1,
            criteria="居民满意",
            opens_on=date(2025, 7, 1),
            closes_on=date(2025, 7, 15),
            announcement="评出 1 名，来自宏远物业",
        ),
        by=SYSTEM,
    )
    rows = [
        StewardCandidate(
            community_id=body.community_id, selection=made, name=name, organization=body
        )
        for name in ("欧阳若谷", "司马问天")
    ]
    gate.save_many(rows, by=SYSTEM)
    return made


def scored(selection: StewardSelection, *scores: int | None) -> None:
    for row, score in zip(selection.candidates.order_by("pk"), scores, strict=True):
        row.score = score
        gate.save(row, by=SYSTEM)


def test_a_round_from_its_begin_to_its_announcement(
    selection: StewardSelection, worker: User
) -> None:
    opened = selecting.open_round(selection, by=SYSTEM)
    scored(opened, 9000, None)
    assert said(lambda: selecting.decide(opened, by=SYSTEM)) == "result_incomplete"
    scored(opened, 9000, 9000)
    assert said(lambda: selecting.decide(opened, by=SYSTEM)) == "selection_tied"
    opened.refresh_from_db()
    assert (opened.status, opened.candidates.filter(chosen=True).count()) == ("open", 0)
    scored(opened, 9000, 9001)
    decided = selecting.decide(opened, by=SYSTEM)
    assert decided.candidates.get(chosen=True).name == "司马问天"
    first = decided.candidates.order_by("pk")[0]
    first.score = 9999
    assert said(lambda: gate.save(first, by=SYSTEM)) == "selection_closed"
    again = selecting.recount(decided, by=SYSTEM, reason="算错了")
    assert not again.candidates.filter(chosen=True).exists()
    announced = selecting.announce(selecting.decide(again, by=SYSTEM), by=SYSTEM)
    query = "{ stewardSelections { edges { node { title announcement } } } }"
    shown = ask(caller(), query, OPEN)["data"]["stewardSelections"]["edges"]
    assert [edge["node"]["title"] for edge in shown] == [announced.title]
    masked = "{ stewardSelections { edges { node { candidates { name chosen } } } } }"
    [round_] = ask(caller(worker), masked)["data"]["stewardSelections"]["edges"]
    assert {c["name"] for c in round_["node"]["candidates"]} == {"欧*", "司*"}


def test_a_round_that_is_not_announced_is_not_public(selection: StewardSelection) -> None:
    query = "{ stewardSelections { totalCount } }"
    assert ask(caller(), query, OPEN)["data"]["stewardSelections"]["totalCount"] == 0


def test_nobodys_name_is_announced(selection: StewardSelection) -> None:
    selection.announcement = "祝贺司马问天当选"
    assert said(lambda: gate.save(selection, by=SYSTEM)) == "text_has_personal_data"


def test_a_round_wants_criteria_and_a_choice(selection: StewardSelection) -> None:
    selection.places = 2
    selection = gate.save(selection, by=SYSTEM)
    assert said(lambda: selecting.open_round(selection, by=SYSTEM)) == "too_few_candidates"
    selection.places, selection.criteria = 1, ""
    selection = gate.save(selection, by=SYSTEM)
    assert said(lambda: selecting.open_round(selection, by=SYSTEM)) == "criteria_missing"
    selection.criteria = "居民满意"
    opened = selecting.open_round(gate.save(selection, by=SYSTEM), by=SYSTEM)
    opened.places = 2
    assert said(lambda: gate.save(opened, by=SYSTEM)) == "selection_begun"


def test_points_and_votes_are_not_mixed(selection: StewardSelection) -> None:
    row = selection.candidates.first()
    assert row is not None
    row.votes = 3
    assert said(lambda: gate.save(row, by=SYSTEM)) == "count_of_other_method"


def test_a_round_is_drafted_with_its_candidates_by_the_api(ours: Partnership, worker: User) -> None:
    client, body = caller(worker), ours.partner.organization
    wanted = "selection { id revision status criteria candidates { id name revision } }"
    given = {
        "community": body.community.code,
        "title": "下半年优秀管家",
        "places": 1,
        "opensOn": "2025-07-01",
        "closesOn": "2025-07-15",
        "criteria": "居民满意",
        "idempotencyKey": "k",
    }
    one = {"name": "欧阳若谷", "organizationId": id_of(body)}
    twice = carried_out(client, "createStewardSelection", wanted, **given, candidates=[one, one])
    assert (twice["errors"], twice["selection"]) == (["candidate_taken"], None)
    assert not StewardSelection.objects.exists(), "all or nothing"
    made = carried_out(client, "createStewardSelection", wanted, **given, candidates=[one])
    assert made["selection"]["candidates"][0]["name"] == "欧*"
    again = carried_out(client, "createStewardSelection", wanted, **given)
    assert again["selection"] == made["selection"], "the same key: the first result"
    key = {"selectionId": made["selection"]["id"]}
    added = carried_out(
        client,
        "addStewardCandidate",
        "candidate { id name score }",
        **key,
        candidate=one | {"name": "司马问天", "score": 9100},
        idempotencyKey="c",
    )
    mixed = carried_out(
        client,
        "updateStewardCandidate",
        "candidate { id }",
        candidateId=added["candidate"]["id"],
        votes=3,
        score=None,
    )
    assert mixed["errors"] == ["count_of_other_method"]
    emptied = carried_out(
        client,
        "updateStewardCandidate",
        "candidate { name score }",
        candidateId=added["candidate"]["id"],
        name="司*",
        score=None,
    )
    assert emptied["candidate"] == {"name": "司*", "score": None}
    assert StewardCandidate.objects.get(score=None, pk__gt=1, name="司马问天")
    late = carried_out(
        client, "updateStewardSelection", wanted, **key, criteria="x", expectedRevision=99
    )
    assert (late["errors"], late["selection"]["criteria"]) == (["changed_meanwhile"], "居民满意")
    selecting.open_round(StewardSelection.objects.get(), by=SYSTEM)
    fixed = carried_out(client, "updateStewardSelection", wanted, **key, places=2)
    assert fixed["errors"] == ["selection_begun"]
    refused = carried_out(
        client,
        "removeStewardCandidate",
        "candidate { id }",
        candidateId=added["candidate"]["id"],
    )
    assert refused["errors"] == ["not_allowed"]
    head = caller(user_with_role("head", "secretary", community=body.community))
    gone = carried_out(
        head, "removeStewardCandidate", "candidate { id }", candidateId=added["candidate"]["id"]
    )
    assert gone == {"errors": [], "candidate": None}
    assert StewardCandidate.objects.count() == 1


def candidates_form(selection: StewardSelection, *names: str, scores: list[int]) -> dict[str, Any]:
    """What the page sends: the names as they are shown, masked."""
    rows = list(selection.candidates.order_by("pk"))
    sent: dict[str, Any] = {
        "code": selection.code,
        "title": selection.title,
        "method": selection.method,
        "places": selection.places,
        "criteria": selection.criteria,
        "opens_on": selection.opens_on.isoformat(),
        "closes_on": selection.closes_on.isoformat(),
        "announcement": selection.announcement,
        "candidates-TOTAL_FORMS": len(names),
        "candidates-INITIAL_FORMS": len(rows),
    }
    for at, (name, score) in enumerate(zip(names, scores, strict=True)):
        sent |= {
            f"candidates-{at}-id": rows[at].pk if at < len(rows) else "",
            f"candidates-{at}-selection": selection.pk,
            f"candidates-{at}-name": name,
            f"candidates-{at}-organization": rows[0].organization_id,
            f"candidates-{at}-score": score,
        }
    return sent


def test_two_candidates_whose_masks_are_the_same_are_scored_on_the_page(
    selection: StewardSelection, worker: User
) -> None:
    for row, name in zip(selection.candidates.order_by("pk"), ("王若谷", "王同舟"), strict=False):
        row.name = name
        gate.save(row, by=SYSTEM)
    others = selection.candidates.count() - 2
    masks = ["王*", "王*", *(["管*"] * others)]
    page = f"/admin/partners/stewardselection/{selection.pk}/change/"
    scores = list(range(9000, 9000 + len(masks)))
    answer = caller(worker).post(page, candidates_form(selection, *masks, scores=scores))
    assert answer.status_code == 302
    kept = selection.candidates.order_by("pk").values_list("name", "score")
    assert list(kept)[:2] == [("王若谷", 9000), ("王同舟", 9001)]

    # Two rows that do say the same are refused, in the words of the columns.
    twice = candidates_form(selection, *masks, "赵自牧", "赵自牧", scores=[*scores, 9100, 9100])
    refused = caller(worker).post(page, twice)
    assert refused.status_code == 200
    assert "有两行的姓名、单位相同" in refused.content.decode()
    assert selection.candidates.count() == len(masks)
