"""选票汇总表: one buyer, one ballot; what contradicts is asked, what is in no register is refused."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.exporting.orders import ExportOrder, Form, write_export
from backend.imports import actions as imports
from backend.imports.planning import plan_file
from backend.imports.sheet import sheet_of
from backend.owner_votes import actions
from backend.owner_votes.models import OwnerBallot, OwnerVote
from backend.people.models import User
from backend.places.models import Estate
from tests.owner_votes.conftest import Block, build, new_vote
from tests.owner_votes.sheets import carried_out, planned, rows_of, said
from tests.owner_votes.test_votes import over, refused

pytestmark = pytest.mark.django_db
HEAD = "房号,意见,选票编号,收到日期"


def plan(tmp_path: Path, vote: OwnerVote, *rows: str, **more: Any) -> Any:
    lines = (HEAD, *rows)
    return planned(tmp_path, "owner_ballots", vote.community, *lines, target=vote, **more)


def carry(vote: OwnerVote, *rows: str, **more: Any) -> Any:
    lines = (HEAD, *rows)
    return carried_out("owner_ballots", vote.community, *lines, target=vote, **more)


def test_ballots_come_in_as_staff_write_them(running: OwnerVote) -> None:
    batch = carry(
        running,
        "1-1-101,同意,0001,",
        "1号楼1单元102,不同意,0002,",
        "万达华府1-2-101,弃权,,",
        "2-101,赞成,,",
        "2-1-102,未收回,,",
    )
    assert (batch.create, batch.skip) == (4, 1)
    found = actions.count_now(running)
    assert dict(found.areas) == {"for": 24975, "against": 8950, "abstain": 12000}
    assert dict(found.heads) == {"for": 2, "against": 1, "abstain": 1}


def test_the_rooms_of_one_buyer_are_one_ballot(tmp_path: Path, running: OwnerVote) -> None:
    found = plan(tmp_path, running, "1-1-101,同意,,", "1-2-102,同意,,")
    assert (found.counts["create"], found.counts["skip"]) == (1, 1)
    assert [p.code for p in rows_of(found)[1].problems] == ["buyer_counted"]


@pytest.mark.parametrize(("answer", "opinion"), [("first", "for"), ("last", "against")])
def test_a_buyer_who_contradicts_himself_is_asked_about(
    tmp_path: Path, running: OwnerVote, answer: str, opinion: str
) -> None:
    rows = ("1-1-101,同意,,", "1-2-102,反对,,")
    assert said(plan(tmp_path, running, *rows)) == [(3, "ballot_twice")]
    carry(running, *rows, answers={"ballot_twice": answer})
    assert OwnerBallot.objects.get().opinion == opinion


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1-1-199,同意,,", "room_unknown"),
        ("8-1-101,同意,,", "room_unknown"),
        ("别处小区1-1-101,同意,,", "room_unknown"),
        ("1-101,同意,,", "room_ambiguous"),
        ("门卫室,同意,,", "room_unknown"),
        (",同意,,", "required"),
        ("1-1-101,随便,,", "opinion_unknown"),
        ("1-1-101,同意,,2020-01-01", "ballot_outside_period"),
    ],
)
def test_a_row_that_cannot_be_a_ballot_is_refused(
    tmp_path: Path, running: OwnerVote, row: str, code: str
) -> None:
    found = plan(tmp_path, running, row, "2-1-101,同意,,")
    assert said(found) == [(2, code)]
    assert (found.counts["create"], found.counts["reject"]) == (1, 1)


def test_a_paper_number_stands_once(tmp_path: Path, running: OwnerVote) -> None:
    actions.cast(running, "2-1-101", "for", by=SYSTEM, paper_number="7")
    found = plan(tmp_path, running, "1-1-101,同意,7,", "1-1-102,同意,8,", "2-1-102,同意,8,")
    assert said(found) == [(2, "paper_number_taken"), (4, "paper_number_taken")]


def test_the_same_sheet_again_changes_nothing_another_word_is_asked(
    tmp_path: Path, running: OwnerVote
) -> None:
    carry(running, "1-1-101,同意,,", "1-1-102,反对,,")
    found = plan(tmp_path, running, "1-1-101,同意,,", "1-1-102,反对,,")
    assert found.counts["unchanged"] == 2
    assert said(plan(tmp_path, running, "1-1-101,反对,,")) == [(2, "ballot_differs")]
    carry(running, "1-1-101,反对,,", answers={"ballot_differs": "take"})
    assert OwnerBallot.objects.get(head__place="1-1-101").opinion == "against"
    kept = plan(tmp_path, running, "1-1-102,同意,,", answers={"ballot_differs": "keep"})
    assert kept.counts["skip"] == 1


def test_an_import_is_taken_back_while_the_vote_is_open_and_stays_after(running: OwnerVote) -> None:
    batch = carry(running, "1-1-101,同意,,")
    imports.undo_import(batch, by=SYSTEM)
    assert not OwnerBallot.objects.exists()
    late = carry(running, "1-1-101,同意,,")
    actions.count(over(running), by=SYSTEM)
    assert refused(lambda: imports.undo_import(late, by=SYSTEM)) == "owner_vote_not_open"
    assert OwnerBallot.objects.count() == 1


def test_a_sheet_of_no_vote_or_of_one_that_is_over_is_refused(
    tmp_path: Path, running: OwnerVote
) -> None:
    lines = (HEAD, "1-1-101,同意,,")
    found = planned(tmp_path, "owner_ballots", running.community, *lines)
    assert (found.refused, said(found)) == (True, [(None, "vote_missing")])
    counted = actions.count(over(running), by=SYSTEM)
    assert said(plan(tmp_path, counted, "1-1-101,同意,,")) == [(None, "owner_vote_not_open")]


def test_a_sheet_may_say_of_each_row_which_vote_it_is(
    tmp_path: Path, running: OwnerVote, block: Block
) -> None:
    other = actions.open_vote(new_vote(block, code="yz-other"), by=SYSTEM)
    lines = (
        "房号,意见,投票编号",
        f"1-1-101,同意,{running.code}",
        "1-1-101,反对,yz-other",
        "1-1-102,同意,yz-none",
        "2-1-101,同意,",
    )
    found = planned(tmp_path, "owner_ballots", running.community, *lines)
    assert said(found) == [(4, "vote_unknown"), (5, "vote_missing")]
    carried_out("owner_ballots", running.community, *lines[:3])
    by_vote = OwnerBallot.objects.values_list("vote", "opinion")
    assert set(by_vote) == {(running.pk, "for"), (other.pk, "against")}
    into = planned(tmp_path, "owner_ballots", running.community, *lines[:3], target=running)
    assert said(into) == [(3, "vote_differs")]


def test_a_room_registered_after_the_opening_is_none_of_this_vote(
    tmp_path: Path, running: OwnerVote, block: Block
) -> None:
    carried_out(
        "owned_rooms",
        block.community,
        "楼栋,单元,室,面积,业主姓名,电话",
        "2,1,103,80,新业主,13900000099",
    )
    assert said(plan(tmp_path, running, "2-1-103,同意,,")) == [(2, "room_unknown")]


@pytest.mark.parametrize("form", list(Form))
def test_ballots_that_went_out_come_back_unchanged(
    tmp_path: Path, running: OwnerVote, worker: User, form: Form
) -> None:
    carry(running, "1-1-101,同意,0001,", "2-1-101,弃权,,", "1-2-101,反对,,")
    order = ExportOrder(
        form=form, whole=False, reason="核对选票登记", maker="王工作", columns=(), details="test"
    )
    path = tmp_path / f"out.{form.extension}"
    with path.open("wb") as target:
        write_export(OwnerBallot.objects.all(), order, by=Actor.of(worker, "test"), target=target)
    back = plan_file(path, sheet_of("owner_ballots"), community=running.community, target=running)
    assert (back.counts["unchanged"], said(back)) == (3, [])


# --- the count agrees with one made by hand --------------------------------------------------------

PEOPLE = "甲乙丙丁戊己"
AREAS = st.one_of(st.sampled_from(["60", "90", "120"]), st.integers(1, 50_000).map(
    lambda n: f"{n // 100}.{n % 100:02}"
))  # fmt: skip


@st.composite
def _estates(draw: st.DrawFn) -> tuple[list[tuple[str, str, str]], dict[str, str], str]:
    """Rooms (place, area, owners), what each buyer says, and the matter."""
    buyers = st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=3).map(
        lambda found: "".join(sorted(found))
    )
    owned = draw(st.lists(st.tuples(AREAS, buyers), min_size=1, max_size=9))
    rooms = [(f"1-1-{101 + n}", area, who) for n, (area, who) in enumerate(owned)]
    chosen = st.one_of(st.none(), st.sampled_from(["同意", "同意", "同意", "反对", "弃权"]))
    said_by = {who: draw(chosen) for who in sorted({who for _, _, who in rooms})}
    matter = draw(st.sampled_from(["company", "fund_raise", "common_use"]))
    return rooms, {who: word for who, word in said_by.items() if word}, matter


def _by_hand(
    rooms: list[tuple[str, str, str]], said_by: dict[str, str], matter: str
) -> tuple[Decimal, int, Decimal, int, bool]:
    """Square metres as decimals, buyers as they stand in the list: nothing of the code is used."""
    everybody = {who for _, _, who in rooms}
    metres = {who: sum(Decimal(a) for _, a, w in rooms if w == who) for who in everybody}
    taking, agreeing = set(said_by), {who for who, word in said_by.items() if word == "同意"}

    def share(some: set[str], of: set[str]) -> tuple[Fraction, Fraction]:
        area = Fraction(sum(metres[w] for w in some)) / Fraction(sum(metres[w] for w in of))
        return area, Fraction(len(some), len(of))

    carried = False
    if min(share(taking, everybody)) >= Fraction(2, 3):
        least = min(share(agreeing, taking))
        carried = least > Fraction(1, 2) if matter == "company" else least >= Fraction(3, 4)
    total = sum((metres[w] for w in taking), Decimal(0))
    agreed = sum((metres[w] for w in agreeing), Decimal(0))
    return total, len(taking), agreed, len(agreeing), carried


@given(_estates())
@pytest.mark.slow
def test_the_count_of_imported_registers_and_ballots_agrees_with_one_by_hand(
    estate: Estate, made: tuple[list[tuple[str, str, str]], dict[str, str], str]
) -> None:
    rooms, said_by, matter = made
    with transaction.atomic():
        block = build(estate, {"1-1-99": ("1", "甲")})
        first = block.rooms["1-1-99"]
        actions.enter_room(first, [], by=SYSTEM)
        gate.delete(first, by=SYSTEM)
        lines = [
            f"1,1,{place.split('-')[2]},{area},业主{one},1390000{PEOPLE.index(one):04}"
            for place, area, who in rooms
            for one in who
        ]
        carried_out("owned_rooms", estate.community, "楼栋,单元,室,面积,业主姓名,电话", *lines)
        vote = actions.open_vote(new_vote(block, matter=matter), by=SYSTEM)
        ballots = [f"{place},{said_by[who]},," for place, _, who in rooms if who in said_by]
        if ballots:
            carry(vote, *ballots)
        vote = actions.count(over(vote), by=SYSTEM)
        found = (
            Decimal(vote.area_taking) / 100,
            vote.heads_taking,
            Decimal(vote.area_for) / 100,
            vote.heads_for,
            vote.outcome == "carried",
        )
        assert found == _by_hand(rooms, said_by, matter)
        assert vote.heads_all == len({who for _, _, who in rooms})
        transaction.set_rollback(True)
