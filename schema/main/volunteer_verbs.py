"""Volunteers in the main API: what is done."""

from typing import Any

import strawberry
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.core.errors import not_found
from backend.education.models import LegalEducationEvent
from backend.festivals.models import Stall
from backend.people.models import Resident
from backend.places.models import Community
from backend.services.models import ServiceItem, Slot
from backend.volunteers import actions, models
from schema.main import volunteer_inputs as inputs
from schema.main.base import InputError, chosen, viewer
from schema.main.changes import put
from schema.main.verb_shapes import changed
from schema.main.verbs import Verbs
from schema.main.volunteer_types import Assignment, Volunteer, VolunteerTeam


@strawberry.type
class VolunteerAnswer:
    """The volunteer as it now stands, or what was wrong."""

    errors: list[InputError]
    volunteer: Volunteer | None = None


@strawberry.type
class VolunteerTeamAnswer:
    """The team as it now stands, or what was wrong."""

    errors: list[InputError]
    team: VolunteerTeam | None = None


@strawberry.type
class AssignmentAnswer:
    """The assignment as it now stands, or what was wrong."""

    errors: list[InputError]
    assignment: Assignment | None = None


_CARRIED = ("carried_minutes", "carried_as_of", "carried_source")
_OF_VOLUNTEER = ("standing", "skills", "remark", *_CARRIED)
VOLUNTEERS = Verbs(models.Volunteer, VolunteerAnswer, "volunteer")
TEAMS = Verbs(models.VolunteerTeam, VolunteerTeamAnswer, "team")
ASSIGNMENTS = Verbs(models.Assignment, AssignmentAnswer, "assignment")


@strawberry.type
class VolunteersMutation:
    @strawberry.mutation(description="The caller applies to be a volunteer.")
    def apply_as_volunteer(
        self, info: Info, input: inputs.ApplyAsVolunteerInput
    ) -> VolunteerAnswer:
        def make(by: Actor) -> Any:
            community = community_of(input.community, info)
            return actions.apply_as_volunteer(
                community.pk, by=by, free=_free(input.free_times), **_told(input)
            )

        return VOLUNTEERS.made(info, input, "applyAsVolunteer", make)

    @strawberry.mutation(description="Staff enter an application for a resident.")
    def register_volunteer(
        self, info: Info, input: inputs.RegisterVolunteerInput
    ) -> VolunteerAnswer:
        def make(by: Actor) -> Any:
            person = chosen(Resident, input.resident_id, info)
            values = _told(input)
            if input.applied_on is not None:
                values["applied_on"] = input.applied_on
            return actions.register_volunteer(person, by=by, free=_free(input.free_times), **values)

        return VOLUNTEERS.made(info, input, "registerVolunteer", make)

    @strawberry.mutation(description="Changes what is known of a volunteer.")
    def update_volunteer(self, info: Info, input: inputs.UpdateVolunteerInput) -> VolunteerAnswer:
        return changed(VOLUNTEERS, info, input.volunteer_id, input, _OF_VOLUNTEER)

    @strawberry.mutation(description="When a volunteer is usually free: by oneself, or by staff.")
    def set_volunteer_free_times(self, info: Info, input: inputs.FreeTimesInput) -> VolunteerAnswer:
        free = _free(input.free_times)
        return VOLUNTEERS.on(
            info,
            input.volunteer_id,
            lambda row, by: actions.set_own_availability(row, free, by=by),
        )

    @strawberry.mutation(description="Takes on somebody who has applied; they are told.")
    def approve_volunteer(self, info: Info, input: inputs.VolunteerInput) -> VolunteerAnswer:
        return _move_volunteer(info, input, "approve")

    @strawberry.mutation(description="Declines an application; needs a reason.")
    def decline_volunteer(self, info: Info, input: inputs.VolunteerInput) -> VolunteerAnswer:
        return _move_volunteer(info, input, "decline")

    @strawberry.mutation(description="Nothing new is asked of a volunteer; needs a reason.")
    def pause_volunteer(self, info: Info, input: inputs.VolunteerInput) -> VolunteerAnswer:
        return _move_volunteer(info, input, "pause")

    @strawberry.mutation(description="A volunteer is active again.")
    def resume_volunteer(self, info: Info, input: inputs.VolunteerInput) -> VolunteerAnswer:
        return _move_volunteer(info, input, "resume")

    @strawberry.mutation(
        description="Leaves: by one's own wish, or by staff with a reason. Refuses with "
        "has_assignments while somebody waits for them."
    )
    def leave_volunteers(self, info: Info, input: inputs.VolunteerInput) -> VolunteerAnswer:
        return _move_volunteer(info, input, "leave")

    @strawberry.mutation(description="A new team.")
    def create_volunteer_team(
        self, info: Info, input: inputs.CreateVolunteerTeamInput
    ) -> VolunteerTeamAnswer:
        def make(by: Actor) -> Any:
            community = community_of(input.community, info)
            team = models.VolunteerTeam(community=community, name=input.name, work=input.work)
            return gate.save(team, by=by)

        return TEAMS.made(info, input, "createVolunteerTeam", make)

    @strawberry.mutation(description="Changes a team: its name, its work, who leads it.")
    def update_volunteer_team(
        self, info: Info, input: inputs.UpdateVolunteerTeamInput
    ) -> VolunteerTeamAnswer:
        def change(row: Any, by: Actor) -> None:
            put(row, input, ("name", "work", "active"), {"leader_id": models.Volunteer}, info)
            gate.save(row, by=by)

        return TEAMS.on(info, input.team_id, change)

    @strawberry.mutation(description="A volunteer comes into a team.")
    def join_volunteer_team(self, info: Info, input: inputs.TeamMemberInput) -> VolunteerTeamAnswer:
        def join(team: Any, by: Actor) -> None:
            volunteer = chosen(models.Volunteer, input.volunteer_id, info)
            member = models.TeamMember(
                community_id=team.community_id, team=team, volunteer=volunteer
            )
            gate.save(member, by=by)

        return TEAMS.on(info, input.team_id, join)

    @strawberry.mutation(description="A volunteer goes out of a team.")
    def leave_volunteer_team(
        self, info: Info, input: inputs.TeamMemberInput
    ) -> VolunteerTeamAnswer:
        def leave(team: Any, by: Actor) -> None:
            volunteer = chosen(models.Volunteer, input.volunteer_id, info)
            rows = models.TeamMember.objects.filter(team=team, volunteer=volunteer)
            member = rows.visible_to(by.user).first()
            if member is None:
                raise not_found("服务队成员")
            gate.delete_many([member], by=by, action="edit")

        return TEAMS.on(info, input.team_id, leave)

    @strawberry.mutation(
        description="Asks a volunteer to help; they are told. Refuses with assignment_overlaps."
    )
    def assign_volunteer(self, info: Info, input: inputs.AssignVolunteerInput) -> AssignmentAnswer:
        def make(by: Actor) -> Any:
            return assigned(info, input, by)

        return ASSIGNMENTS.made(info, input, "assignVolunteer", make)

    @strawberry.mutation(description="Changes an assignment; the volunteer is told of its time.")
    def update_assignment(
        self, info: Info, input: inputs.UpdateAssignmentInput
    ) -> AssignmentAnswer:
        def change(row: Any, by: Actor) -> None:
            put(row, input, ("task", "starts_at", "ends_at"))
            actions.save_assignment(row, by=by)

        return ASSIGNMENTS.on(info, input.assignment_id, change)

    @strawberry.mutation(description="Says yes: the volunteer, or staff who have rung them.")
    def accept_assignment(self, info: Info, input: inputs.AssignmentInput) -> AssignmentAnswer:
        return _move_assignment(info, input, "accept")

    @strawberry.mutation(description="Says no: the volunteer, or staff with a reason.")
    def decline_assignment(self, info: Info, input: inputs.AssignmentInput) -> AssignmentAnswer:
        return _move_assignment(info, input, "decline")

    @strawberry.mutation(description="Calls an assignment off; needs a reason, and tells it.")
    def cancel_assignment(self, info: Info, input: inputs.AssignmentInput) -> AssignmentAnswer:
        return _move_assignment(info, input, "cancel")

    @strawberry.mutation(
        description="Marks an assignment as done; its hours are drafted if nobody has told them."
    )
    def complete_assignment(self, info: Info, input: inputs.AssignmentInput) -> AssignmentAnswer:
        return _move_assignment(info, input, "complete")

    @strawberry.mutation(description="Marks that nobody came, once it has begun.")
    def miss_assignment(self, info: Info, input: inputs.AssignmentInput) -> AssignmentAnswer:
        return _move_assignment(info, input, "miss")

    @strawberry.mutation(description="The volunteer has come: by oneself, or by staff.")
    def check_in_assignment(self, info: Info, input: inputs.DoorInput) -> AssignmentAnswer:
        return ASSIGNMENTS.on(
            info, input.assignment_id, lambda row, by: actions.check_in(row, by=by, at=input.at)
        )

    @strawberry.mutation(
        description="The volunteer goes: the assignment is done, and its hours wait for a verdict."
    )
    def check_out_assignment(self, info: Info, input: inputs.DoorInput) -> AssignmentAnswer:
        return ASSIGNMENTS.on(
            info, input.assignment_id, lambda row, by: actions.check_out(row, by=by, at=input.at)
        )


# --- the steps -----------------------------------------------------------------------------------


def community_of(code: str, info: Info) -> Community:
    found = Community.objects.visible_to(viewer(info)).filter(code=code).first()
    if found is None:
        raise not_found("社区")
    return found


def _free(given: list[inputs.FreeTimeInput]) -> list[tuple[int, str]]:
    return [(one.weekday.value, one.part) for one in given]


def _told(given: Any) -> dict[str, Any]:
    return {
        "standing": given.standing or "",
        "skills": given.skills,
        "political_status": given.political_status or "",
        "guardian_name": given.guardian_name,
        "guardian_phone": given.guardian_phone,
        "remark": given.remark,
    }


def _move_volunteer(info: Info, given: inputs.VolunteerInput, verb: str) -> VolunteerAnswer:
    return VOLUNTEERS.move(info, given.volunteer_id, actions.VOLUNTEER_VERBS[verb], given.reason)


def _move_assignment(info: Info, given: inputs.AssignmentInput, verb: str) -> AssignmentAnswer:
    return ASSIGNMENTS.move(info, given.assignment_id, actions.ASSIGNMENT_VERBS[verb], given.reason)


def assigned(info: Info, input: inputs.AssignVolunteerInput, by: Actor) -> Any:
    """A volunteer, asked to help at what the input names."""
    volunteer = chosen(models.Volunteer, input.volunteer_id, info)
    targets: dict[str, Any] = {
        "event": (LegalEducationEvent, input.event_id),
        "item": (ServiceItem, input.item_id),
        "slot": (Slot, input.slot_id),
        "stall": (Stall, input.stall_id),
    }
    named = {
        name: chosen(model, key, info) for name, (model, key) in targets.items() if key is not None
    }
    # Left out, they are those of what it is to.
    when: dict[str, Any] = {"starts_at": input.starts_at, "ends_at": input.ends_at}
    row = models.Assignment(
        community_id=volunteer.community_id,
        volunteer=volunteer,
        task=input.task,
        **when,
        **named,
    )
    return actions.save_assignment(row, by=by)
