"""Verbs of digests: drafted from the day's rounds, reviewed by somebody else, told to the groups."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.asking import asked_by, refusal
from backend.core.edits import edited_by
from backend.core.gate_rights import require_rows
from backend.core.models import ChangeSet
from backend.patrols import digest_rules as rules
from backend.patrols.choices import PatrolStatus
from backend.patrols.models import DailyDigest, GroupPost, Patrol, PatrolPoint
from backend.people.queries import names_in
from backend.places.models import Estate, ResidentGroup


def draft_digest(estate: Estate, day: date, *, by: Actor) -> DailyDigest:
    """A draft made of the estate's finished rounds of a day.

    Raises: digest_taken; day_in_future; not_allowed.
    """
    digest = DailyDigest(community_id=estate.community_id, estate=estate, day=day)
    digest.drafted_by = by.user
    retell(digest)
    return gate.save(digest, by=by)


def redraft_digest(digest: DailyDigest, *, by: Actor) -> DailyDigest:
    """The draft, made anew of the rounds as they now are; what was written by hand goes.

    Raises: digest_reviewed; not_allowed; changed_meanwhile.
    """
    retell(digest)
    digest.drafted_by = by.user
    return gate.save(digest, by=by)


def retell(digest: DailyDigest) -> None:
    """Sets the figures and the text of a digest from the finished rounds of its day."""
    counts, found = _count(digest)
    digest.text = rules.drafted(digest.estate.name, digest.day, counts, found)


def _count(digest: DailyDigest) -> tuple[rules.Counts, list[rules.Found]]:
    rounds = Patrol.objects.filter(
        estate=digest.estate_id, day=digest.day, status=PatrolStatus.FINISHED
    )
    rows = PatrolPoint.objects.filter(patrol__in=rounds).order_by("patrol__started_at", "pk")
    found = [rules.Found(*row) for row in rows.values_list("kind", "handling", "note", "fixed_how")]
    counts = rules.counted(rounds.count(), found)
    digest.patrols, digest.points = counts.patrols, counts.points
    digest.issues, digest.fixed_on_spot = counts.issues, counts.fixed
    digest.passed_on = counts.passed_on
    return counts, found


def write_digest(digest: DailyDigest, *, by: Actor) -> DailyDigest:
    """The digest with the text that it now bears; who wrote it does not review it.

    Raises: digest_reviewed; digest_empty; digest_taken; changed_meanwhile; not_allowed.
    """
    if digest.pk is None:
        # Written by hand, it still says how many rounds there were.
        _count(digest)
    stored = DailyDigest.objects.filter(pk=digest.pk).values_list("text", flat=True).first()
    if stored != digest.text:
        digest.drafted_by = by.user
    return gate.save(digest, by=by)


edited_by(DailyDigest, write_digest)


def review(digest: DailyDigest, *, by: Actor, at: datetime | None = None) -> DailyDigest:
    """The digest, looked at by somebody who has not written it.

    Raises: reviewed_by_drafter; text_has_personal_data; wrong_state; not_allowed.
    """

    def guard(fresh: DailyDigest) -> None:
        rules.reviewed_by_another(fresh.drafted_by_id, by.user.pk if by.user else None)
        _may_go_out(fresh)

    with _changes("review", digest, by) as changes:
        moved = gate.move(digest, "review", by=by, guard=guard, occurred_at=at, within=changes)
        moved.reviewed_by = by.user
        return gate.save(moved, by=by.vouched_for(), within=changes)


def send_back(digest: DailyDigest, *, by: Actor, reason: str) -> DailyDigest:
    """The digest, a draft again. Raises: reason_required; wrong_state; not_allowed."""
    return gate.move(digest, "send_back", by=by, reason=reason)


def publish(
    digest: DailyDigest,
    *,
    by: Actor,
    groups: Sequence[ResidentGroup] = (),
    at: datetime | None = None,
) -> DailyDigest:
    """The digest, published; `groups` are those in which it was posted.

    Raises: text_has_personal_data; group_elsewhere; group_not_active; wrong_state; not_allowed.
    """
    with _changes("publish", digest, by) as changes:
        moved = gate.move(
            digest, "publish", by=by, guard=_may_go_out, occurred_at=at, within=changes
        )
        moved.published_at = at or timezone.now()
        saved = gate.save(moved, by=by.vouched_for(), within=changes)
        _post(saved, groups, by, changes, at)
        return saved


def record_published(
    told: Sequence[tuple[DailyDigest, datetime, Sequence[ResidentGroup]]], *, by: Actor
) -> list[DailyDigest]:
    """Digests of one community that went out before, each with when and to which groups: all or none.

    Who drafted and who reviewed each stands on it. Raises: ManyViolations, with what `review` and
    `publish` raise; not_allowed.
    """
    if not told:
        return []
    digests = [digest for digest, _at, _groups in told]
    community_id = digests[0].community_id
    reviewers = [digest.reviewed_by_id for digest in digests]
    names = names_in(community_id, [digest.text for digest in digests])
    name = f"record {DailyDigest._meta.label}"
    with gate.change_set(name, by=by, community_id=community_id) as changes:
        gate.save_many(digests, by=by, within=changes)
        at = {digest.pk: moment for digest, moment, _groups in told}
        reviewer = dict(zip((digest.pk for digest in digests), reviewers, strict=True))

        def guard(fresh: DailyDigest) -> None:
            rules.reviewed_by_another(fresh.drafted_by_id, reviewer[fresh.pk])
            rules.digest_is_publishable(fresh.text, names)

        rows = digests
        for verb in ("review", "publish"):
            rows = gate.move_many(
                rows,
                verb,
                by=by,
                guard=guard,
                occurred_at=lambda row: at[row.pk],
                within=changes,
            )
        for row in rows:
            row.published_at = at[row.pk]
        gate.save_many(rows, by=by.vouched_for(), within=changes)
        posts = [
            GroupPost(
                community_id=community_id,
                digest=row,
                group=group,
                posted_at=moment,
                posted_by=by.user,
            )
            for row, (_digest, moment, groups) in zip(rows, told, strict=True)
            for group in groups
        ]
        gate.save_many(posts, by=by, within=changes)
    return rows


def post_to_groups(
    digest: DailyDigest, groups: Sequence[ResidentGroup], *, by: Actor
) -> list[GroupPost]:
    """Notes that further groups got the digest as it now reads; those that had it stay as they are.

    Raises: digest_not_out; group_elsewhere; group_not_active; not_allowed.
    """
    with _changes("post", digest, by) as changes:
        fresh = gate.hold(digest)
        # Asked here too: where every group had it already, nothing is written that would ask.
        require_rows(DailyDigest, [fresh], by, "edit")
        rules.digest_is_out(fresh.status)
        return _post(fresh, groups, by, changes, None)


def correct(digest: DailyDigest, text: str, *, by: Actor, reason: str) -> DailyDigest:
    """The digest in a new edition; which groups got that one is noted anew.

    Raises: correction_same; text_has_personal_data; reason_required; wrong_state; not_allowed.
    """

    def guard(fresh: DailyDigest) -> None:
        rules.correction_changes(fresh.text, text)
        rules.digest_is_publishable(text, names_in(fresh.community_id, [text]))

    with _changes("correct", digest, by, reason) as changes:
        moved = gate.move(digest, "correct", by=by, reason=reason, guard=guard, within=changes)
        moved.text, moved.edition = text.strip(), moved.edition + 1
        return gate.save(moved, by=by.vouched_for(), within=changes)


def _may_go_out(digest: DailyDigest) -> None:
    rules.digest_is_publishable(digest.text, names_in(digest.community_id, [digest.text]))


def _post(
    digest: DailyDigest,
    groups: Sequence[ResidentGroup],
    by: Actor,
    changes: ChangeSet,
    at: datetime | None,
) -> list[GroupPost]:
    known = GroupPost.objects.filter(digest=digest, edition=digest.edition)
    had = set(known.values_list("group", flat=True))
    rows = [
        GroupPost(
            community_id=digest.community_id,
            digest=digest,
            group=group,
            edition=digest.edition,
            posted_at=at or timezone.now(),
            posted_by=by.user,
        )
        for group in groups
        if group.pk not in had
    ]
    gate.save_many(rows, by=by, within=changes)
    return rows


def _changes(verb: str, digest: DailyDigest, by: Actor, reason: str = "") -> Any:
    name = f"{verb} {DailyDigest._meta.label}"
    return gate.change_set(name, by=by, community_id=digest.community_id, reason=reason)


def why_digest_cannot(digest: DailyDigest, verb: str, by: Actor) -> str | None:
    """What a rule has against a move that the diagram allows; None for nothing."""

    def ask() -> None:
        if verb == "review":
            rules.reviewed_by_another(digest.drafted_by_id, by.user.pk if by.user else None)
        if verb in ("review", "publish"):
            _may_go_out(digest)

    return refusal(ask)


asked_by(DailyDigest, why_digest_cannot)
# Publishing and correcting have pages of their own: they ask for groups, and for the new text.
DIGEST_VERBS = {
    "review": lambda row, *, by, reason: review(row, by=by),
    "send_back": lambda row, *, by, reason: send_back(row, by=by, reason=reason),
}
