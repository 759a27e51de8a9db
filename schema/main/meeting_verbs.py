"""Verbs of joint meetings in the main API."""

from collections.abc import Callable
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.core import gate
from backend.education.queries import community_by_code
from backend.meetings import actions, models
from backend.meetings.choices import Outcome, VoteMethod, VoteStatus
from backend.people.models import Organization
from schema.main import meeting_inputs as given
from schema.main.action_item_verbs import ActionItemAnswer
from schema.main.base import InputError, Seen, actor, answer, chosen, input_error, reread
from schema.main.idempotency import once
from schema.main.meetings import AgendaItem, JointMeeting, Resolution


@strawberry_django.type(models.Vote, description="表决: one motion, its rule frozen when called.")
class Vote(Seen, relay.Node):
    id: relay.NodeID[int]
    motion: str
    method: VoteMethod
    majority: str
    denominator: str
    seats_present: int
    seats_all: int
    votes_for: int
    votes_against: int
    votes_abstain: int
    status: VoteStatus
    outcome: str = strawberry_django.field(description=f"{', '.join(Outcome.values)}, or empty.")


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


def _moved(info: Info, input: given.MoveJointMeetingInput, verb: str) -> JointMeetingAnswer:
    return _on_meeting(
        info,
        input.meeting_id,
        lambda meeting, by: actions.MEETING_VERBS[verb](meeting, by=by, reason=input.reason),
    )


def _on_meeting(info: Info, key: relay.GlobalID, do: Callable[..., Any]) -> JointMeetingAnswer:
    def carry_out() -> dict[str, object]:
        meeting = chosen(models.JointMeeting, key, info)
        do(meeting, actor(info))
        return {"meeting": reread(meeting, info, "meeting")}

    return answer(JointMeetingAnswer, carry_out)


def _on_item(info: Info, key: relay.GlobalID, do: Callable[..., Any]) -> AgendaItemAnswer:
    def carry_out() -> dict[str, object]:
        item = chosen(models.AgendaItem, key, info)
        do(item, actor(info))
        return {"item": reread(item, info, "item")}

    return answer(AgendaItemAnswer, carry_out)


def _vote_answer(info: Info, do: Callable[[], models.Vote]) -> VoteAnswer:
    return answer(VoteAnswer, lambda: {"vote": reread(do(), info, "vote")})


@strawberry.type
class MeetingsMutation:
    @strawberry.mutation(description="Prepares a joint meeting.")
    def create_joint_meeting(
        self, info: Info, input: given.CreateJointMeetingInput
    ) -> JointMeetingAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            community = community_by_code(input.community, info.context.request.user)
            meeting = once(
                "createJointMeeting",
                input.idempotency_key,
                by,
                models.JointMeeting,
                lambda: gate.save(
                    models.JointMeeting(
                        community=community,
                        title=input.title,
                        starts_at=input.starts_at,
                        place=input.place,
                        chair=input.chair,
                    ),
                    by=by,
                ),
            )
            return {"meeting": reread(meeting, info, "meeting")}

        return answer(JointMeetingAnswer, do)

    @strawberry.mutation(description="Puts an item on the agenda, behind the others.")
    def add_agenda_item(self, info: Info, input: given.AddAgendaItemInput) -> AgendaItemAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            meeting = chosen(models.JointMeeting, input.meeting_id, info)
            item = once(
                "addAgendaItem",
                input.idempotency_key,
                by,
                models.AgendaItem,
                lambda: actions.add_item(
                    meeting,
                    input.title,
                    by=by,
                    kind=input.kind,
                    presenter=input.presenter,
                    owner_matter=input.owner_matter,
                    origin_label=input.origin_label,
                    origin_code=input.origin_code,
                    origin_count=input.origin_count,
                    background=input.background,
                ),
            )
            return {"item": reread(item, info, "item")}

        return answer(AgendaItemAnswer, do)

    @strawberry.mutation(description="Puts a record of a register on the agenda.")
    def add_agenda_item_from(
        self, info: Info, input: given.AddAgendaItemFromInput
    ) -> AgendaItemAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            meeting = chosen(models.JointMeeting, input.meeting_id, info)
            wanted = [(input.origin_kind, input.origin_code)]
            item = once(
                "addAgendaItemFrom",
                input.idempotency_key,
                by,
                models.AgendaItem,
                lambda: actions.add_items_from(meeting, wanted, by=by, kind=input.kind)[0],
            )
            return {"item": reread(item, info, "item")}

        return answer(AgendaItemAnswer, do)

    @strawberry.mutation(description="Carries over what earlier meetings left undone.")
    def carry_over(self, info: Info, input: given.MoveJointMeetingInput) -> JointMeetingAnswer:
        return _on_meeting(
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
        return _on_meeting(
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
                )
                for line in input.lines
            ]
            actions.call_roll(meeting, calls, by=by, occurred_at=input.occurred_at)

        return _on_meeting(info, input.meeting_id, do)

    @strawberry.mutation(description="Breaks a meeting off that has no quorum.")
    def declare_inquorate(
        self, info: Info, input: given.MoveJointMeetingInput
    ) -> JointMeetingAnswer:
        return _moved(info, input, "declare_inquorate")

    @strawberry.mutation(description="Begins an item.")
    def start_agenda_item(self, info: Info, input: given.AgendaItemInput) -> AgendaItemAnswer:
        return _on_item(info, input.item_id, lambda item, by: actions.start_item(item, by=by))

    @strawberry.mutation(description="Ends an item that is dealt with.")
    def finish_agenda_item(self, info: Info, input: given.AgendaItemInput) -> AgendaItemAnswer:
        return _on_item(
            info, input.item_id, lambda item, by: actions.finish_item(item, by=by, note=input.note)
        )

    @strawberry.mutation(description="Leaves an item to the next meeting.")
    def defer_agenda_item(self, info: Info, input: given.AgendaItemInput) -> AgendaItemAnswer:
        return _on_item(
            info, input.item_id, lambda item, by: actions.defer_item(item, by=by, note=input.note)
        )

    @strawberry.mutation(description="Puts a motion to the vote.")
    def call_vote(self, info: Info, input: given.CallVoteInput) -> VoteAnswer:
        def do() -> models.Vote:
            return actions.call_vote(
                chosen(models.AgendaItem, input.item_id, info),
                input.motion,
                by=actor(info),
                method=input.method or "",
                majority=input.majority or "",
                denominator=input.denominator or "",
            )

        return _vote_answer(info, do)

    @strawberry.mutation(description="Counts a vote.")
    def count_vote(self, info: Info, input: given.CountVoteInput) -> VoteAnswer:
        def do() -> models.Vote:
            vote, by = chosen(models.Vote, input.vote_id, info), actor(info)
            if input.votes:
                said = {chosen(models.Seat, v.seat_id, info).pk: v.choice for v in input.votes}
                actions.cast(vote, said, by=by)
            return actions.count(
                vote,
                by=by,
                votes_for=input.votes_for,
                votes_against=input.votes_against,
                votes_abstain=input.votes_abstain,
            )

        return _vote_answer(info, do)

    @strawberry.mutation(description="Declares a vote void; needs a reason.")
    def void_vote(self, info: Info, input: given.VoidVoteInput) -> VoteAnswer:
        def do() -> models.Vote:
            vote = chosen(models.Vote, input.vote_id, info)
            return actions.void_vote(vote, by=actor(info), reason=input.reason)

        return _vote_answer(info, do)

    @strawberry.mutation(description="Writes a resolution, numbered.")
    def resolve_agenda_item(self, info: Info, input: given.ResolveInput) -> ResolutionAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            item = chosen(models.AgendaItem, input.item_id, info)
            made = once(
                "resolveAgendaItem",
                input.idempotency_key,
                by,
                models.Resolution,
                lambda: actions.resolve(item, input.text, by=by, kind=input.kind or ""),
            )
            return {"resolution": reread(made, info, "resolution")}

        return answer(ResolutionAnswer, do)

    @strawberry.mutation(description="Says which body does what by when.")
    def add_action_item(self, info: Info, input: given.AddActionItemInput) -> ActionItemAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            resolution = chosen(models.Resolution, input.resolution_id, info)
            body = chosen(Organization, input.organization_id, info)
            made = once(
                "addActionItem",
                input.idempotency_key,
                by,
                models.ActionItem,
                lambda: actions.add_action(
                    resolution,
                    body,
                    input.title,
                    input.due_on,
                    by=by,
                    working_days=input.working_days,
                    details=input.details,
                ),
            )
            return {"action_item": reread(made, info, "actionItem")}

        return answer(ActionItemAnswer, do)

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
