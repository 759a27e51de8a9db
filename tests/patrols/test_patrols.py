"""Rounds: who walks, what each step refuses, and what the pages show."""

import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.origins import origin_called
from backend.demands.actions import DEMAND_VERBS
from backend.demands.models import Demand
from backend.files.models import Attachment
from backend.patrols import patrolling
from backend.patrols.choices import PointKind
from backend.patrols.models import Patrol, PatrolPoint
from backend.patrols.queries import grids_not_walked
from backend.people.models import User
from backend.places.models import Community, Estate, Grid
from tests.conftest import user_with_role
from tests.patrols.rounds import new_grid, walked

pytestmark = pytest.mark.django_db


@pytest.fixture
def grid(estate: Estate) -> Grid:
    return new_grid(estate)


@pytest.fixture
def steward(estate: Estate) -> User:
    return user_with_role("steward", "steward", community=estate.community, estate=estate)


def acting(user: User) -> Actor:
    return Actor.of(user, "test")


def refused(code: str, do: object) -> None:
    with pytest.raises(RuleViolation) as caught:
        do()  # type: ignore[operator]
    assert caught.value.code == code


def test_a_steward_walks_the_own_estate_and_no_other(
    community: Community, grid: Grid, steward: User, worker: User, resident_user: User
) -> None:
    elsewhere = gate.save(Estate(community=community, code="huayuan", name="新河花园"), by=SYSTEM)
    other = new_grid(elsewhere, "wg-two")
    by = acting(steward)
    refused("not_allowed", lambda: patrolling.start_patrol(other, shift="morning", by=by))
    refused(
        "not_allowed",
        lambda: patrolling.start_patrol(grid, shift="morning", by=acting(resident_user)),
    )
    assert not Patrol.objects.exists()
    patrol = patrolling.start_patrol(grid, shift="morning", by=by)
    assert (patrol.patroller_id, patrol.estate_id) == (steward.pk, grid.estate_id)
    theirs = patrolling.start_patrol(other, shift="morning", by=acting(worker))
    refused("not_allowed", lambda: patrolling.answer(theirs, "safety", "ok", by=by))
    refused("not_allowed", lambda: patrolling.finish(theirs, by=by))
    assert list(Patrol.objects.visible_to(steward)) == [patrol]
    assert Patrol.objects.visible_to(worker).count() == 2
    assert not PatrolPoint.objects.exists()


def test_one_round_a_grid_day_and_shift_and_another_after_it_was_cancelled(
    grid: Grid, steward: User
) -> None:
    by = acting(steward)
    patrol = patrolling.start_patrol(grid, shift="evening", by=by)
    refused("patrol_taken", lambda: patrolling.start_patrol(grid, shift="evening", by=by))
    refused("reason_required", lambda: patrolling.cancel(patrol, by=by, reason=""))
    patrolling.cancel(patrol, by=by, reason="选错了")
    patrolling.start_patrol(grid, shift="evening", by=by)
    assert Patrol.objects.count() == 2


def test_a_round_is_finished_once_all_is_answered_and_handled(grid: Grid, steward: User) -> None:
    by = acting(steward)
    patrol = patrolling.start_patrol(grid, shift="morning", by=by)
    refused("points_missing", lambda: patrolling.finish(patrol, by=by))
    for kind in PointKind.values:
        patrolling.answer(patrol, kind, "ok", by=by)
    point = patrolling.answer(patrol, "safety", "issue", by=by, note="楼道堆物")
    assert (point.handling, PatrolPoint.objects.count()) == ("waiting", 5)
    refused("issue_unhandled", lambda: patrolling.finish(patrol, by=by))
    patrolling.answer(patrol, "safety", "issue", by=by, note="楼道堆物", fixed_how="当场清走")
    done = patrolling.finish(patrol, by=by)
    assert done.finished_at is not None
    refused("patrol_closed", lambda: patrolling.answer(patrol, "safety", "ok", by=by))
    # Nor by any other way: the rule is the model's.
    point.refresh_from_db()
    point.note = "别的话"
    refused("patrol_closed", lambda: gate.save(point, by=SYSTEM))
    again = patrolling.reopen(done, by=by, reason="漏看一处")
    assert (again.status, again.finished_at) == ("open", None)


def test_a_line_that_names_somebody_is_stopped(grid: Grid, steward: User) -> None:
    patrol = patrolling.start_patrol(grid, shift="morning", by=SYSTEM)
    refused(
        "text_has_personal_data",
        lambda: patrolling.answer(
            patrol, "requests", "issue", by=acting(steward), note="3号楼2单元501室漏水"
        ),
    )
    assert not PatrolPoint.objects.exists()


def test_what_is_not_walked_is_seen_by_who_may_walk_it(
    grid: Grid, steward: User, secretary: User, resident_user: User, other_worker: User
) -> None:
    assert list(grids_not_walked(secretary)) == list(grids_not_walked(steward)) == [grid]
    assert not grids_not_walked(resident_user).exists()
    assert not grids_not_walked(other_worker).exists()
    patrolling.start_patrol(grid, shift="morning", by=SYSTEM)
    assert not grids_not_walked(secretary).exists()


def test_a_set_of_answers_is_judged_as_one_by_one(grid: Grid) -> None:
    patrol = patrolling.start_patrol(grid, shift="morning", by=SYSTEM)
    rows = [
        PatrolPoint(community=grid.community, patrol=patrol, kind="safety", result="ok"),
        PatrolPoint(community=grid.community, patrol=patrol, kind="safety", result="ok"),
        PatrolPoint(community=grid.community, patrol=patrol, kind="requests", result="issue"),
    ]
    with pytest.raises(ManyViolations) as caught:
        gate.save_many(rows, by=SYSTEM)
    codes = {index: one.code for index, one in caught.value.by_index.items()}
    assert codes == {1: "point_taken", 2: "issue_note_missing"}


def test_what_waits_or_comes_again_may_be_put_before_a_meeting(
    grid: Grid, worker: User, other_worker: User
) -> None:
    origin = origin_called("patrol_point")
    assert origin is not None
    where = grid.community_id
    for shift in ("morning", "afternoon"):
        walked(grid, shift=shift, safety="当场清走", civility="当面劝说")
    assert not origin.candidates(worker, where)
    patrol = patrolling.start_patrol(grid, shift="evening", by=SYSTEM)
    waits = patrolling.answer(patrol, "facilities", "issue", by=SYSTEM, note="路灯不亮")
    last = patrolling.answer(
        patrol, "safety", "issue", by=SYSTEM, note="又堆了", fixed_how="当场清走"
    )
    # The third of a month is told once, by its last; the other by its waiting.
    assert list(origin.candidates(worker, where)) == [last, waits]
    assert [p.times for p in origin.candidates(None, where)] == [3, 1]
    assert "3 次" in origin.text(origin.candidates(worker, where)[0])
    assert origin.title(waits) == f"巡查发现：设施维护（{grid.name}）"
    assert not origin.candidates(other_worker, where)
    patrolling.cancel(patrol, by=SYSTEM, reason="选错了")
    assert not origin.candidates(worker, where)


def test_what_cannot_be_mended_becomes_one_demand(
    grid: Grid, steward: User, worker: User, other_worker: User
) -> None:
    by = acting(steward)
    patrol = patrolling.start_patrol(grid, shift="morning", by=by)
    for kind in PointKind.values:
        patrolling.answer(patrol, kind, "ok", by=by)
    fine = PatrolPoint.objects.get(kind="requests")
    refused("no_issue_to_pass_on", lambda: patrolling.pass_on(fine, by=by))
    found = patrolling.answer(patrol, "facilities", "issue", by=by, note="2号楼旁路灯不亮")
    refused("not_allowed", lambda: patrolling.pass_on(found, by=acting(other_worker)))
    assert not Demand.objects.exists()
    point = patrolling.pass_on(found, by=by)
    assert point.handling == "passed_on"
    refused("point_passed_on", lambda: patrolling.pass_on(found, by=by))
    demand = Demand.objects.get()
    assert (demand.channel, demand.estate_id, demand.grid_id) == (
        "patrol",
        grid.estate_id,
        grid.pk,
    )
    assert "2号楼旁路灯不亮" in demand.content
    refused("answer_contradicts", lambda: patrolling.answer(patrol, "facilities", "ok", by=by))
    refused("patrol_has_demands", lambda: patrolling.cancel(patrol, by=by, reason="选错了"))
    patrolling.finish(patrol, by=by)
    origin = origin_called("patrol_point")
    assert origin is not None
    assert list(origin.candidates(worker, grid.community_id)) == [point]
    resolve = DEMAND_VERBS["resolve_on_the_spot"]
    resolve(demand, by=acting(worker), reason="已修好")
    assert not origin.candidates(worker, grid.community_id)


# --- on a phone ----------------------------------------------------------------------------------


def phone(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def picture() -> SimpleUploadedFile:
    body = BytesIO()
    Image.new("RGB", (8, 8), "red").save(body, "JPEG")
    return SimpleUploadedFile("楼道.jpg", body.getvalue(), "image/jpeg")


def test_a_round_on_a_phone_from_the_first_tap_to_the_last(grid: Grid, steward: User) -> None:
    client = phone(steward)
    assert "今天还没巡查的网格" in client.get("/admin/").content.decode()
    start = {"grid": grid.code, "shift": "morning"}
    first = client.post(f"/patrols/grid/{grid.code}/", start)
    # Tapped twice, it is one round.
    assert client.post("/patrols/", start)["Location"] == first["Location"]
    page = first["Location"]
    ok = {f"{kind}-result": "ok" for kind in PointKind.values}
    wrong = ok | {"safety-result": "issue", "safety-note": "", "do": "finish"}
    shown = client.post(page, wrong).content.decode()
    assert "请用一句话写明" in shown
    assert PatrolPoint.objects.count() == 4
    told = wrong | {"safety-note": "楼道堆物", "safety-photo": picture()}
    assert "还没有处理" in client.post(page, told, follow=True).content.decode()
    assert Attachment.objects.get().target_model == "patrols.PatrolPoint"
    fixed = wrong | {"safety-note": "楼道堆物", "safety-fixed": "当场清走"}
    assert "巡查完成" in client.post(page, fixed, follow=True).content.decode()
    patrol = Patrol.objects.get()
    assert patrol.status == "finished"
    admin = client.get(f"/admin/patrols/patrol/{patrol.pk}/change/").content.decode()
    assert "当场清走" in admin
    client.post(page, {"do": "reopen", "reason": "漏看一处"})
    lamp = {"facilities-result": "issue", "facilities-note": "路灯不亮", "facilities-demand": "on"}
    for _ in range(2):
        client.post(page, fixed | lamp | {"do": "save"})
    assert Demand.objects.get().code in client.get(page).content.decode()
    client.post(page, fixed | lamp)
    patrol.refresh_from_db()
    assert patrol.status == "finished"


def test_others_look_and_change_nothing(
    grid: Grid, steward: User, resident_user: User, other_worker: User
) -> None:
    patrol = patrolling.start_patrol(grid, shift="morning", by=SYSTEM)
    page = f"/patrols/{patrol.code}/"
    office = user_with_role("office", "office", subdistrict=grid.community.subdistrict)
    assert "<form" not in phone(office).get(page).content.decode()
    phone(office).post(page, {"safety-result": "ok"})
    assert not PatrolPoint.objects.exists()
    for user in (resident_user, other_worker):
        assert phone(user).get(page).status_code == 404
        assert phone(user).get(f"/patrols/grid/{grid.code}/").status_code == 404
    assert Client().get(page).status_code == 302


def test_yesterdays_round_is_ended_but_not_opened_again(grid: Grid) -> None:
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    patrol = patrolling.start_patrol(grid, shift="evening", by=SYSTEM, day=yesterday)
    for kind in PointKind.values:
        patrolling.answer(patrol, kind, "ok", by=SYSTEM)
    done = patrolling.finish(patrol, by=SYSTEM)
    refused("patrol_day_over", lambda: patrolling.reopen(done, by=SYSTEM, reason="漏看"))
