"""Verbs of joint meetings in the main API."""

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.education.queries import community_by_code
from backend.meetings import actions, models
from backend.meetings.choices import Capacity, PresenceKind
from backend.people.models import Organization, Representative
from schema.main import meeting_inputs as given
from schema.main.action_item_verbs import ITEMS as ACTION_ITEMS
from schema.main.action_item_verbs import ActionItemAnswer
from schema.main.base import InputError, actor, answer, chosen, input_error, reread, viewer
from schema.main.changes import put
from schema.main.meetings import AgendaItem, JointMeeting, Resolution
from schema.main.verbs import Verbs
from schema.main.votes import Vote


@strawberry.type
class JointMeetingAnswer:
    """The meeting as it now stands, or what was wrong."""

    errors: list[InputError]
    meeting: JointMeeting | None = None


@strawberry.type
class AgendaItemAnswer:
    """The item as it now stands, or what was wrong."""

    errors: list[InputError]
    item: AgendaItem | None = None


@strawberry.type
class VoteAnswer:
    """The vote as it now stands, or what was wrong."""

    errors: list[InputError]
    vote: Vote | None = None


@strawberry.type
class ResolutionAnswer:
    """The resolution, or what was wrong."""

    errors: list[InputError]
    resolution: Resolution | None = None


@strawberry.type
class MinutesAnswer:
    """The meeting with its minutes. Where somebody else came first, `errors` says minutes_conflict,
    `current` is theirs, and yours is kept beside it under `keptAs`.
    """

    errors: list[InputError]
    meeting: JointMeeting | None = None
    current: str | None = None
    current_number: int | None = None
    kept_as: int | None = None


MEETINGS = Verbs(models.JointMeeting, JointMeetingAnswer, "meeting")
ITEMS = Verbs(models.AgendaItem, AgendaItemAnswer, "item")
VOTES = Verbs(models.Vote, VoteAnswer, "vote")
RESOLUTIONS = Verbs(models.Resolution, ResolutionAnswer, "resolution")


def _moved(info: Info, input: given.MoveJointMeetingInput, verb: str) -> JointMeetingAnswer:
    return MEETINGS.move(info, input.meeting_id, actions.MEETING_VERBS[verb], input.reason)


def _minutes(info: Info, do: Callable[[], dict[str, object]]) -> MinutesAnswer:
    """What came of a save of minutes, with what the other one wrote where it came first."""

    def made(errors: list[InputError], meeting: Any = None, saved: Any = None) -> MinutesAnswer:
        if saved is None:
            return MinutesAnswer(errors=errors)
        if saved.conflict is not None:
            return MinutesAnswer(
                errors=[input_error(saved.conflict)],
                current=saved.current.text,
                current_number=saved.current.number,
                kept_as=saved.revision.number,
            )
        return MinutesAnswer(errors=[], meeting=reread(meeting, info, "meeting"))

    return answer(made, do)


@strawberry.type
class MeetingsMutation:
    @strawberry.mutation(description="Prepares a joint meeting.")
    def create_joint_meeting(
        self, info: Info, input: given.CreateJointMeetingInput
    ) -> JointMeetingAnswer:
        def make(by: Actor) -> models.JointMeeting:
            meeting = models.JointMeeting(
                community=community_by_code(input.community, viewer(info)),
                title=input.title,
                starts_at=input.starts_at,
                place=input.place,
                chair=input.chair,
            )
            return gate.save(meeting, by=by)

        return MEETINGS.made(info, input, "createJointMeeting", make)

    @strawberry.mutation(description="Puts an item on the agenda, behind the others.")
    def add_agenda_item(self, info: Info, input: given.AddAgendaItemInput) -> AgendaItemAnswer:
        def make(by: Actor) -> models.AgendaItem:
            return actions.add_item(
                chosen(models.JointMeeting, input.meeting_id, info),
                input.title,
                by=by,
                kind=input.kind,
                presenter=input.presenter,
                owner_matter=input.owner_matter,
                origin_label=input.origin_label,
                origin_code=input.origin_code,
                origin_count=input.origin_count,
                background=input.background,
            )

        return ITEMS.made(info, input, "addAgendaItem", make)

    @strawberry.mutation(description="Puts a record of a register on the agenda.")
    def add_agenda_item_from(
        self, info: Info, input: given.AddAgendaItemFromInput
    ) -> AgendaItemAnswer:
        def make(by: Actor) -> models.AgendaItem:
            meeting = chosen(models.JointMeeting, input.meeting_id, info)
            wanted = [(input.origin_kind, input.origin_code)]
            return actions.add_items_from(meeting, wanted, by=by, kind=input.kind)[0]

        return ITEMS.made(info, input, "addAgendaItemFrom", make)

    @strawberry.mutation(description="Carries over what earlier meetings left undone.")
    def carry_over(self, info: Info, input: given.MoveJointMeetingInput) -> JointMeetingAnswer:
        return MEETINGS.on(
            info, input.meeting_id, lambda meeting, by: actions.carry_over(meeting, by=by)
        )

    @strawberry.mutation(description="Convenes a meeting; only the party committee does.")
    def notice_joint_meeting(
        self, info: Info, input: given.MoveJointMeetingInput
    ) -> JointMeetingAnswer:
        return _moved(info, input, "notice")

    @strawberry.mutation(description="Convenes a meeting anew; only the party committee does.")
    def reconvene_joint_meeting(
        self, info: Info, input: given.ReconveneJointMeetingInput
    ) -> JointMeetingAnswer:
        return MEETINGS.on(
            info,
            input.meeting_id,
            lambda meeting, by: actions.reconvene(
                meeting, by=by, starts_at=input.starts_at, place=input.place
            ),
        )

    @strawberry.mutation(description="Puts a meeting off; needs a reason.")
    def postpone_joint_meeting(
        self, info: Info, input: given.MoveJointMeetingInput
    ) -> JointMeetingAnswer:
        return _moved(info, input, "postpone")

    @strawberry.mutation(description="Calls a meeting off; needs a reason.")
    def cancel_joint_meeting(
        self, info: Info, input: given.MoveJointMeetingInput
    ) -> JointMeetingAnswer:
        return _moved(info, input, "cancel")

    @strawberry.mutation(description="Opens a meeting: from here on the roll is called.")
    def open_joint_meeting(
        self, info: Info, input: given.MoveJointMeetingInput
    ) -> JointMeetingAnswer:
        return _moved(info, input, "open")

    @strawberry.mutation(description="New lines of the roll.")
    def call_roll(self, info: Info, input: given.CallRollInput) -> JointMeetingAnswer:
        def do(meeting: Any, by: Any) -> None:
            calls = [
                actions.RollCall(
                    line.kind,
                    seat=chosen(models.Seat, line.seat_id, info).pk,
                    proxy=chosen(models.Seat, line.proxy_seat_id, info).pk
                    if line.proxy_seat_id
                    else None,
                    capacity=line.capacity,
                    online=line.online,
                    representative=chosen(Representative, line.representative_id, info).pk
                    if line.representative_id
                    else None,
                    attendee=line.attendee.strip(),
                )
                for line in input.lines
            ]
            calls += [
                actions.RollCall(
                    PresenceKind.PRESENT,
                    organization=chosen(Organization, one.organization_id, info).pk
                    if one.organization_id
                    else None,
                    attendee=one.attendee.strip(),
                    capacity=Capacity.OBSERVER,
                    online=one.online,
                )
                for one in input.observers
            ]
            actions.call_roll(meeting, calls, by=by, occurred_at=input.occurred_at)

        return MEETINGS.on(info, input.meeting_id, do)

    @strawberry.mutation(description="Breaks a meeting off that has no quorum.")
    def declare_inquorate(
        self, info: Info, input: given.MoveJointMeetingInput
    ) -> JointMeetingAnswer:
        return _moved(info, input, "declare_inquorate")

    @strawberry.mutation(description="Begins an item.")
    def start_agenda_item(self, info: Info, input: given.AgendaItemInput) -> AgendaItemAnswer:
        return ITEMS.on(info, input.item_id, lambda item, by: actions.start_item(item, by=by))

    @strawberry.mutation(description="Ends an item that is dealt with.")
    def finish_agenda_item(self, info: Info, input: given.AgendaItemInput) -> AgendaItemAnswer:
        return ITEMS.on(
            info, input.item_id, lambda item, by: actions.finish_item(item, by=by, note=input.note)
        )

    @strawberry.mutation(description="Leaves an item to the next meeting.")
    def defer_agenda_item(self, info: Info, input: given.AgendaItemInput) -> AgendaItemAnswer:
        return ITEMS.on(
            info, input.item_id, lambda item, by: actions.defer_item(item, by=by, note=input.note)
        )

    @strawberry.mutation(
        description="Writes down what was said about an item, also once the meeting is over, "
        "until its minutes are confirmed."
    )
    def note_agenda_item(self, info: Info, input: given.NoteAgendaItemInput) -> AgendaItemAnswer:
        def change(item: models.AgendaItem, by: Actor) -> None:
            put(item, input, ("note",))
            actions.note_item(item, item.note, by=by, seen=input.expected_revision)

        return ITEMS.on(info, input.item_id, change)

    @strawberry.mutation(description="Puts a motion to the vote.")
    def call_vote(self, info: Info, input: given.CallVoteInput) -> VoteAnswer:
        def do(by: Actor) -> models.Vote:
            return actions.call_vote(
                chosen(models.AgendaItem, input.item_id, info),
                input.motion,
                by=by,
                method=input.method or "",
                majority=input.majority or "",
                denominator=input.denominator or "",
            )

        # It was released without a key, and goes without one still.
        return (
            VOTES.done(info, do)
            if input.idempotency_key is None
            else VOTES.made(info, input, "callVote", do)
        )

    @strawberry.mutation(description="Counts a vote.")
    def count_vote(self, info: Info, input: given.CountVoteInput) -> VoteAnswer:
        def do(vote: models.Vote, by: Actor) -> None:
            if input.votes:
                said = {chosen(models.Seat, v.seat_id, info).pk: v.choice for v in input.votes}
                actions.cast(vote, said, by=by)
            actions.count(
                vote,
                by=by,
                votes_for=input.votes_for,
                votes_against=input.votes_against,
                votes_abstain=input.votes_abstain,
            )

        return VOTES.on(info, input.vote_id, do)

    @strawberry.mutation(description="Declares a vote void; needs a reason.")
    def void_vote(self, info: Info, input: given.VoidVoteInput) -> VoteAnswer:
        return VOTES.move(info, input.vote_id, actions.void_vote, input.reason)

    @strawberry.mutation(description="Writes a resolution, numbered.")
    def resolve_agenda_item(self, info: Info, input: given.ResolveInput) -> ResolutionAnswer:
        def make(by: Actor) -> models.Resolution:
            item = chosen(models.AgendaItem, input.item_id, info)
            return actions.resolve(item, input.text, by=by, kind=input.kind or "")

        return RESOLUTIONS.made(info, input, "resolveAgendaItem", make)

    @strawberry.mutation(description="Says which body does what by when.")
    def add_action_item(self, info: Info, input: given.AddActionItemInput) -> ActionItemAnswer:
        def make(by: Actor) -> models.ActionItem:
            return actions.add_action(
                chosen(models.Resolution, input.resolution_id, info),
                chosen(Organization, input.organization_id, info),
                input.title,
                input.due_on,
                by=by,
                working_days=input.working_days,
                details=input.details,
            )

        return ACTION_ITEMS.made(info, input, "addActionItem", make)

    @strawberry.mutation(description="Closes a meeting; its minutes are drafted.")
    def close_joint_meeting(
        self, info: Info, input: given.MoveJointMeetingInput
    ) -> JointMeetingAnswer:
        return _moved(info, input, "close")

    @strawberry.mutation(description="Saves the minutes as a new revision; overwrites nobody's.")
    def revise_minutes(self, info: Info, input: given.ReviseMinutesInput) -> MinutesAnswer:
        def do() -> dict[str, object]:
            meeting = chosen(models.JointMeeting, input.meeting_id, info)
            saved = actions.revise_minutes(meeting, input.text, input.based_on, by=actor(info))
            return {"meeting": meeting, "saved": saved}

        return _minutes(info, do)

    @strawberry.mutation(
        description="Drafts the minutes anew from what happened, as a new revision; overwrites "
        "nobody's."
    )
    def redraft_minutes(self, info: Info, input: given.RedraftMinutesInput) -> MinutesAnswer:
        def do() -> dict[str, object]:
            meeting = chosen(models.JointMeeting, input.meeting_id, info)
            saved = actions.redraft_minutes(meeting, input.based_on, by=actor(info))
            return {"meeting": meeting, "saved": saved}

        return _minutes(info, do)

    @strawberry.mutation(description="Confirms the minutes: they stand, and each body is told.")
    def confirm_minutes(self, info: Info, input: given.MoveJointMeetingInput) -> JointMeetingAnswer:
        return _moved(info, input, "confirm")

    @strawberry.mutation(description="Takes confirmed minutes back to the draft; needs a reason.")
    def reopen_minutes(self, info: Info, input: given.MoveJointMeetingInput) -> JointMeetingAnswer:
        return _moved(info, input, "reopen_minutes")

    @strawberry.mutation(description="Publishes the minutes as open data.")
    def publish_minutes(self, info: Info, input: given.MoveJointMeetingInput) -> JointMeetingAnswer:
        return _moved(info, input, "publish")

    @strawberry.mutation(description="Takes published minutes down; needs a reason.")
    def withdraw_minutes(
        self, info: Info, input: given.MoveJointMeetingInput
    ) -> JointMeetingAnswer:
        return _moved(info, input, "withdraw")
