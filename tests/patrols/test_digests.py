"""Digests: drafted, reviewed by another, published to groups, corrected; and whom they reach."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.patrols import digesting, patrolling, tasks
from backend.patrols.models import DailyDigest, GroupPost
from backend.patrols.queries import coverage, digests_published, groups_for
from backend.people.models import Household, User
from backend.places.models import Building, Community, Estate
from tests.conftest import user_with_role
from tests.patrols.rounds import new_grid, new_group, walked

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def digest(estate: Estate, worker: User) -> DailyDigest:
    walked(new_grid(estate), safety="当场清走")
    return digesting.draft_digest(estate, timezone.localdate(), by=acting(worker))


def acting(user: User) -> Actor:
    return Actor.of(user, "test")


def refused(code: str, do: object) -> None:
    with pytest.raises((RuleViolation, ManyViolations)) as caught:
        do()  # type: ignore[operator]
    found = caught.value
    codes = {one.code for one in found.by_index.values()} if hasattr(found, "by_index") else None
    assert (codes or {found.code}) == {code}  # type: ignore[union-attr]


def test_a_draft_is_made_of_the_days_finished_rounds(
    digest: DailyDigest, estate: Estate, worker: User
) -> None:
    assert (digest.patrols, digest.points, digest.issues, digest.fixed_on_spot) == (1, 5, 1, 1)
    assert "安全隐患：safety有问题；当场清走。" in digest.text
    refused("digest_taken", lambda: digesting.draft_digest(estate, digest.day, by=SYSTEM))
    walked(new_grid(estate, "wg-two"))
    again = digesting.redraft_digest(digest, by=acting(worker))
    assert (again.patrols, again.points) == (2, 10)


def test_two_people_see_it_before_neighbours_do(
    digest: DailyDigest, worker: User, secretary: User, estate: Estate
) -> None:
    group = new_group(estate)
    refused("reviewed_by_drafter", lambda: digesting.review(digest, by=acting(worker)))
    refused("wrong_state", lambda: digesting.publish(digest, by=acting(secretary)))
    reviewed = digesting.review(digest, by=acting(secretary))
    assert reviewed.reviewed_by_id == secretary.pk
    reviewed.text = "别的话"
    refused("digest_reviewed", lambda: digesting.write_digest(reviewed, by=acting(worker)))
    reviewed.refresh_from_db()
    out = digesting.publish(reviewed, by=acting(worker), groups=[group])
    assert out.published_at is not None
    assert GroupPost.objects.get().group_id == group.pk
    refused("digest_reviewed", lambda: gate.delete(out, by=SYSTEM))


def test_the_reviewer_who_changes_the_words_becomes_their_author(
    digest: DailyDigest, worker: User, secretary: User
) -> None:
    digest.text += "\n请大家关好门窗。"
    written = digesting.write_digest(digest, by=acting(secretary))
    refused("reviewed_by_drafter", lambda: digesting.review(written, by=acting(secretary)))
    assert digesting.review(written, by=acting(worker)).status == "reviewed"


def test_personal_data_stops_it_at_every_step(
    digest: DailyDigest, worker: User, secretary: User
) -> None:
    digest.text = "请联系13900012345"
    written = digesting.write_digest(digest, by=acting(worker))
    refused("text_has_personal_data", lambda: digesting.review(written, by=acting(secretary)))
    assert DailyDigest.objects.get().status == "draft"
    written.text = "一切正常"
    written = digesting.write_digest(written, by=acting(worker))
    out = digesting.publish(digesting.review(written, by=SYSTEM), by=SYSTEM)
    refused(
        "text_has_personal_data",
        lambda: digesting.correct(out, "3号楼2单元501室", by=SYSTEM, reason="写错"),
    )


def test_a_correction_is_a_new_edition_that_groups_get_anew(
    digest: DailyDigest, estate: Estate
) -> None:
    group = new_group(estate)
    out = digesting.publish(digesting.review(digest, by=SYSTEM), by=SYSTEM, groups=[group])
    refused("correction_same", lambda: digesting.correct(out, out.text, by=SYSTEM, reason="错"))
    refused("reason_required", lambda: digesting.correct(out, "改", by=SYSTEM, reason=""))
    made = digesting.correct(out, "更正：巡查2次。", by=SYSTEM, reason="次数写错")
    assert (made.status, made.edition, made.text) == ("corrected", 2, "更正：巡查2次。")
    digesting.post_to_groups(made, [group], by=SYSTEM)
    digesting.post_to_groups(made, [group], by=SYSTEM)
    assert sorted(GroupPost.objects.values_list("edition", flat=True)) == [1, 2]
    made.text = "悄悄改掉"
    refused("digest_reviewed", lambda: digesting.write_digest(made, by=SYSTEM))


def test_groups_of_other_estates_and_past_ones_do_not_get_it(
    digest: DailyDigest, community: Community, estate: Estate
) -> None:
    other = gate.save(Estate(community=community, code="huayuan", name="新河花园"), by=SYSTEM)
    away = new_group(other, "别处")
    past = new_group(estate, "旧群", ended_on=digest.day - DAY)
    own, everybody = new_group(estate), new_group(estate, "大群", of_all=True)
    assert list(groups_for(digest)) == sorted([own, everybody], key=lambda g: g.name)
    reviewed = digesting.review(digest, by=SYSTEM)
    refused("digest_not_out", lambda: digesting.post_to_groups(reviewed, [own], by=SYSTEM))
    for code, group in (("group_elsewhere", away), ("group_not_active", past)):
        refused(code, lambda g=group: digesting.publish(reviewed, by=SYSTEM, groups=[g]))
    assert DailyDigest.objects.get().status == "reviewed"
    assert not GroupPost.objects.exists()


def test_stewards_and_the_street_office_read_and_write_nothing(
    digest: DailyDigest, estate: Estate
) -> None:
    steward = user_with_role("steward", "steward", community=estate.community, estate=estate)
    office = user_with_role("office", "office", subdistrict=estate.community.subdistrict)
    for user in (steward, office):
        assert DailyDigest.objects.visible_to(user).exists()
        refused("not_allowed", lambda u=user: digesting.review(digest, by=acting(u)))
        refused("not_allowed", lambda u=user: digesting.write_digest(digest, by=acting(u)))
        refused(
            "not_allowed",
            lambda u=user: digesting.draft_digest(estate, timezone.localdate() - DAY, by=acting(u)),
        )


def test_coverage_is_of_occupied_households_whose_groups_got_one(
    digest: DailyDigest, community: Community, building: Building
) -> None:
    estate = building.estate
    other = gate.save(Estate(community=community, code="huayuan", name="新河花园"), by=SYSTEM)
    away = gate.save(Building(community=community, estate=other, name="1"), by=SYSTEM)
    gate.save_many(
        [
            Household(community=community, building=where, room=room, occupied=occupied)
            for where, room, occupied in (
                (building, "101", True),
                (building, "102", True),
                (building, "103", False),
                (away, "101", True),
            )
        ],
        by=SYSTEM,
    )
    assert coverage(community.pk) == (0, 3)
    out = digesting.publish(
        digesting.review(digest, by=SYSTEM), by=SYSTEM, groups=[new_group(estate)]
    )
    assert coverage(community.pk) == (2, 3)
    assert coverage(community.pk, as_of=out.day - DAY) == (0, 3)
    assert list(digests_published(community.pk)) == [out]
    assert not digests_published(community.pk, as_of=out.day - DAY).exists()
    digesting.post_to_groups(out, [new_group(estate, "大群", of_all=True)], by=SYSTEM)
    assert coverage(community.pk).rate == 1


def test_the_worker_drafts_what_nobody_has_drafted(estate: Estate) -> None:
    grid = new_grid(estate)
    walked(grid)
    evening = timezone.localtime().replace(hour=19)
    assert tasks.draft_due(evening.replace(hour=12)) == 0
    still = patrolling.start_patrol(grid, shift="evening", by=SYSTEM)
    assert tasks.draft_due(evening) == 0
    # The next day it is told without the round that nobody ended.
    assert tasks.draft_due(evening + DAY) == 1
    assert tasks.draft_due(evening + DAY) == 0
    made = DailyDigest.objects.get()
    assert (made.day, made.patrols, made.drafted_by) == (still.day, 1, None)


def test_from_the_draft_to_the_groups_on_the_staff_pages(
    digest: DailyDigest, estate: Estate, worker: User, secretary: User
) -> None:
    group = new_group(estate)
    page = f"/admin/patrols/dailydigest/{digest.pk}/"
    drafter, reviewer = Client(), Client()
    drafter.force_login(worker)
    reviewer.force_login(secretary)
    assert "不能自己写自己审" in drafter.get(f"{page}change/").content.decode()
    drafter.post(f"{page}redraft/")
    reviewer.post(f"{page}move/review/")
    shown = reviewer.get(f"{page}publish/").content.decode()
    assert group.name in shown
    reviewer.post(f"{page}publish/", {"group": group.pk})
    changed = reviewer.get(f"{page}change/").content.decode()
    assert "发到了哪些群" in changed
    assert "已发布，登记了 1 个群。" in changed
    drafter.post(f"{page}correct/", {"text": "更正的话", "reason": "写错"})
    drafter.post(f"{page}publish/", {"group": group.pk})
    digest.refresh_from_db()
    assert (digest.status, digest.edition) == ("corrected", 2)
    assert GroupPost.objects.count() == 2
