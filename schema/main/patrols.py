"""Patrols and the evening's digests in the main API: roots and verbs."""

from datetime import date

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.core.access import Actor, scope
from backend.core.errors import RuleViolation
from backend.demands.choices import Urgency
from backend.patrols import digesting, models, patrolling
from backend.patrols.digesting import DIGEST_VERBS
from backend.patrols.patrolling import PATROL_VERBS
from backend.patrols.queries import coverage
from backend.places.models import Community, Estate, Grid, ResidentGroup
from schema.main.base import Connection, InputError, chosen, one_row, viewer, visible
from schema.main.changes import put
from schema.main.patrol_inputs import (
    AnswerPatrolPointInput,
    CorrectDailyDigestInput,
    DailyDigestInput,
    DraftDailyDigestInput,
    PassOnPatrolPointInput,
    PatrolInput,
    PostDailyDigestInput,
    StartPatrolInput,
    UpdateDailyDigestInput,
)
from schema.main.patrol_types import DailyDigest, Patrol, PatrolPoint
from schema.main.verbs import Verbs

MOST_GROUPS = 100


@strawberry.type
class DigestCoverage:
    """覆盖率: occupied households linked to a group that got a digest, of all occupied ones."""

    reached: int
    occupied: int
    rate: float | None = strawberry.field(description="A fraction; null without households.")


@strawberry.type
class PatrolsQuery:
    patrols: Connection[Patrol] = strawberry_django.connection(
        description="Rounds of the grids, the latest first unless ordered."
    )
    patrol_points: Connection[PatrolPoint] = strawberry_django.connection(
        description="What was seen on all rounds, point by point."
    )
    daily_digests: Connection[DailyDigest] = strawberry_django.connection(
        description="The evening's digests, the latest first unless ordered."
    )

    @strawberry_django.field(description="One round by its code; null if not the caller's.")
    @one_row(is_single=True)
    def patrol(self, info: Info, code: str) -> Patrol | None:
        return visible(models.Patrol, info).filter(code=code)  # type: ignore[return-value]

    @strawberry_django.field(description="One answer by its code; null if not the caller's.")
    @one_row()
    def patrol_point(self, info: Info, code: str) -> PatrolPoint | None:
        return visible(models.PatrolPoint, info).filter(code=code)  # type: ignore[return-value]

    @strawberry_django.field(description="One digest by its code; null if not the caller's.")
    @one_row(is_single=True)
    def daily_digest(self, info: Info, code: str) -> DailyDigest | None:
        return visible(models.DailyDigest, info).filter(code=code)  # type: ignore[return-value]

    @strawberry.field(
        description="Whom the digests of a stretch of days reached in the community with this code; "
        "null for who may not see the whole community's."
    )
    def digest_coverage(
        self, info: Info, community: str, since: date | None = None, as_of: date | None = None
    ) -> DigestCoverage | None:
        place = visible(Community, info).filter(code=community).first()
        if place is None or not scope(viewer(info), "digests.see").covers(place.pk):
            return None
        found = coverage(place.pk, since=since, as_of=as_of)
        return DigestCoverage(reached=found.reached, occupied=found.occupied, rate=found.rate)


@strawberry.type
class PatrolAnswer:
    """The round as it now stands, or what was wrong."""

    errors: list[InputError]
    patrol: Patrol | None = None


@strawberry.type
class PatrolPointAnswer:
    """The answer as it now stands, or what was wrong."""

    errors: list[InputError]
    point: PatrolPoint | None = None


@strawberry.type
class DailyDigestAnswer:
    """The digest as it now stands, or what was wrong."""

    errors: list[InputError]
    digest: DailyDigest | None = None


PATROLS = Verbs(models.Patrol, PatrolAnswer, "patrol")
POINTS = Verbs(models.PatrolPoint, PatrolPointAnswer, "point")
DIGESTS = Verbs(models.DailyDigest, DailyDigestAnswer, "digest")


@strawberry.type
class PatrolsMutation:
    @strawberry.mutation(description="Begins a round; patrol_taken where that shift has one.")
    def start_patrol(self, info: Info, input: StartPatrolInput) -> PatrolAnswer:
        def make(by: Actor) -> models.Patrol:
            grid = chosen(Grid, input.grid_id, info)
            return patrolling.start_patrol(grid, shift=input.shift, by=by, day=input.day)

        return PATROLS.made(info, input, "startPatrol", make)

    @strawberry.mutation(description="What was seen at one of the five points.")
    def answer_patrol_point(self, info: Info, input: AnswerPatrolPointInput) -> PatrolPointAnswer:
        def make(by: Actor) -> models.PatrolPoint:
            patrol = chosen(models.Patrol, input.patrol_id, info)
            return patrolling.answer(
                patrol,
                input.kind,
                input.result,
                by=by,
                note=input.note,
                fixed_how=input.fixed_how,
            )

        return POINTS.done(info, make)

    @strawberry.mutation(description="Makes a demand of what was found; once a point.")
    def pass_on_patrol_point(self, info: Info, input: PassOnPatrolPointInput) -> PatrolPointAnswer:
        urgency = Urgency.URGENT if input.urgent else Urgency.ORDINARY

        def make(by: Actor) -> models.PatrolPoint:
            point = chosen(models.PatrolPoint, input.point_id, info)
            return patrolling.pass_on(point, by=by, urgency=urgency)

        return POINTS.made(info, input, "passOnPatrolPoint", make)

    @strawberry.mutation(description="All five are answered, and nothing waits.")
    def finish_patrol(self, info: Info, input: PatrolInput) -> PatrolAnswer:
        return _walk(info, input, "finish")

    @strawberry.mutation(description="Open again on its day; needs a reason.")
    def reopen_patrol(self, info: Info, input: PatrolInput) -> PatrolAnswer:
        return _walk(info, input, "reopen")

    @strawberry.mutation(description="Begun by mistake; needs a reason.")
    def cancel_patrol(self, info: Info, input: PatrolInput) -> PatrolAnswer:
        return _walk(info, input, "cancel")

    @strawberry.mutation(description="Drafts a digest from the finished rounds of a day.")
    def draft_daily_digest(self, info: Info, input: DraftDailyDigestInput) -> DailyDigestAnswer:
        def make(by: Actor) -> models.DailyDigest:
            estate = chosen(Estate, input.estate_id, info)
            return digesting.draft_digest(estate, input.day, by=by)

        return DIGESTS.made(info, input, "draftDailyDigest", make)

    @strawberry.mutation(description="Another text for a draft; its author does not review it.")
    def update_daily_digest(self, info: Info, input: UpdateDailyDigestInput) -> DailyDigestAnswer:
        def change(row: models.DailyDigest, by: Actor) -> None:
            digesting.write_digest(put(row, input, ("text",)), by=by)

        return DIGESTS.on(info, input.digest_id, change)

    @strawberry.mutation(description="Drafts it anew; what was written by hand goes.")
    def redraft_daily_digest(self, info: Info, input: DailyDigestInput) -> DailyDigestAnswer:
        return DIGESTS.on(
            info, input.digest_id, lambda row, by: digesting.redraft_digest(row, by=by)
        )

    @strawberry.mutation(description="Looked at by somebody who has not written it.")
    def review_daily_digest(self, info: Info, input: DailyDigestInput) -> DailyDigestAnswer:
        return DIGESTS.move(info, input.digest_id, DIGEST_VERBS["review"])

    @strawberry.mutation(description="A draft again; needs a reason.")
    def send_back_daily_digest(self, info: Info, input: DailyDigestInput) -> DailyDigestAnswer:
        return DIGESTS.move(info, input.digest_id, DIGEST_VERBS["send_back"], input.reason)

    @strawberry.mutation(description="Published, and posted in these groups.")
    def publish_daily_digest(self, info: Info, input: PostDailyDigestInput) -> DailyDigestAnswer:
        return DIGESTS.on(
            info,
            input.digest_id,
            lambda row, by: digesting.publish(row, by=by, groups=_groups(info, input)),
        )

    @strawberry.mutation(description="Posted in further groups, as it now reads.")
    def post_daily_digest(self, info: Info, input: PostDailyDigestInput) -> DailyDigestAnswer:
        return DIGESTS.on(
            info,
            input.digest_id,
            lambda row, by: digesting.post_to_groups(row, _groups(info, input), by=by),
        )

    @strawberry.mutation(description="A new edition of what was published; needs a reason.")
    def correct_daily_digest(self, info: Info, input: CorrectDailyDigestInput) -> DailyDigestAnswer:
        return DIGESTS.on(
            info,
            input.digest_id,
            lambda row, by: digesting.correct(row, input.text, by=by, reason=input.reason),
        )


def _walk(info: Info, given: PatrolInput, verb: str) -> PatrolAnswer:
    return PATROLS.move(info, given.patrol_id, PATROL_VERBS[verb], given.reason)


def _groups(info: Info, given: PostDailyDigestInput) -> list[ResidentGroup]:
    keys: list[relay.GlobalID] = given.group_ids
    if len(keys) > MOST_GROUPS:
        raise RuleViolation(
            "too_many_groups", f"一次最多登记 {MOST_GROUPS} 个群，请分几次登记。", field="group_ids"
        )
    return [chosen(ResidentGroup, key, info) for key in keys]
