"""Red partners in the main API: reads and verbs."""

from typing import Any

import strawberry
import strawberry_django
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.partners import actions, models
from backend.people import models as people
from backend.people.queries import community_of
from schema.main import partner_inputs as inputs
from schema.main.base import Connection, InputError, chosen, one_row, visible
from schema.main.partner_types import (
    CoBuildingAgreement,
    DutyShift,
    IncipientIssue,
    RedPartner,
    VanguardPost,
)
from schema.main.verbs import Verbs


@strawberry.type
class PartnersQuery:
    red_partners: Connection[RedPartner] = strawberry_django.connection(
        description="Red partners; a contact of one sees that one."
    )
    co_building_agreements: Connection[CoBuildingAgreement] = strawberry_django.connection(
        description="Agreements, the latest first unless ordered."
    )
    vanguard_posts: Connection[VanguardPost] = strawberry_django.connection(
        description="Posts, those that are over among them."
    )
    duty_shifts: Connection[DutyShift] = strawberry_django.connection(
        description="The rota of the posts, masked."
    )
    incipient_issues: Connection[IncipientIssue] = strawberry_django.connection(
        description="What might have become disputes, the latest first unless ordered."
    )

    @strawberry_django.field(description="One partner by its code; null if not the caller's.")
    @one_row(is_single=True)
    def red_partner(self, info: Info, code: str) -> RedPartner | None:
        return _one(models.RedPartner, info, code)

    @strawberry_django.field(
        description="One agreement by its code, with what the rules allow; null if not the caller's."
    )
    @one_row(is_single=True)
    def co_building_agreement(self, info: Info, code: str) -> CoBuildingAgreement | None:
        return _one(models.CoBuildingAgreement, info, code)

    @strawberry_django.field(description="One post by its code; null if not the caller's.")
    @one_row(is_single=True)
    def vanguard_post(self, info: Info, code: str) -> VanguardPost | None:
        return _one(models.VanguardPost, info, code)

    @strawberry_django.field(description="One issue by its code; null if not the caller's.")
    @one_row(is_single=True)
    def incipient_issue(self, info: Info, code: str) -> IncipientIssue | None:
        return _one(models.IncipientIssue, info, code)


def _one(model: type[Any], info: Info, code: str) -> Any:
    return visible(model, info).filter(code=code)


@strawberry.type
class RedPartnerAnswer:
    """The partner as it now stands, or what was wrong."""

    errors: list[InputError]
    partner: RedPartner | None = None


@strawberry.type
class CoBuildingAgreementAnswer:
    """The agreement as it now stands, or what was wrong."""

    errors: list[InputError]
    agreement: CoBuildingAgreement | None = None


@strawberry.type
class VanguardPostAnswer:
    """The post as it now stands, or what was wrong."""

    errors: list[InputError]
    post: VanguardPost | None = None


@strawberry.type
class DutyShiftAnswer:
    """The shift, or what was wrong; null once it is off the rota."""

    errors: list[InputError]
    shift: DutyShift | None = None


@strawberry.type
class IncipientIssueAnswer:
    """The issue as it now stands, or what was wrong."""

    errors: list[InputError]
    issue: IncipientIssue | None = None


PARTNERS = Verbs(models.RedPartner, RedPartnerAnswer, "partner")
AGREEMENTS = Verbs(models.CoBuildingAgreement, CoBuildingAgreementAnswer, "agreement")
POSTS = Verbs(models.VanguardPost, VanguardPostAnswer, "post")
SHIFTS = Verbs(models.DutyShift, DutyShiftAnswer, "shift")
ISSUES = Verbs(models.IncipientIssue, IncipientIssueAnswer, "issue")


def _join(given: inputs.CreateRedPartnerInput, info: Info, by: Actor) -> models.RedPartner:
    body = chosen(people.Organization, given.organization_id, info)
    row = models.RedPartner(
        community_id=body.community_id, organization=body, since=given.since, summary=given.summary
    )
    return gate.save(row, by=by)


def _draft(
    given: inputs.CreateCoBuildingAgreementInput, info: Info, by: Actor
) -> models.CoBuildingAgreement:
    partner = chosen(models.RedPartner, given.partner_id, info)
    renews = chosen(models.CoBuildingAgreement, given.renews_id, info) if given.renews_id else None
    draft = models.CoBuildingAgreement(
        community_id=partner.community_id,
        partner=partner,
        title=given.title,
        signed_on=given.signed_on,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        remind_days=given.remind_days,
        renews=renews,
        remark=given.remark,
    )
    duties = [(duty.side, duty.text) for duty in given.duties]
    return actions.make_agreement(draft, duties, by=by)


def _post(given: inputs.OpenVanguardPostInput, info: Info, by: Actor) -> models.VanguardPost:
    agreement = chosen(models.CoBuildingAgreement, given.agreement_id, info)
    row = models.VanguardPost(
        community_id=agreement.community_id,
        agreement=agreement,
        name=given.name,
        place=given.place,
        since=given.since,
    )
    return gate.save(row, by=by)


def _shift(given: inputs.PlanDutyShiftInput, info: Info, by: Actor) -> models.DutyShift:
    post = chosen(models.VanguardPost, given.post_id, info)
    who: dict[str, Any] = {}
    if given.representative_id:
        who["representative"] = chosen(people.Representative, given.representative_id, info)
    if given.resident_id:
        who["resident"] = chosen(people.Resident, given.resident_id, info)
    row = models.DutyShift(
        community_id=post.community_id,
        post=post,
        day=given.day,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        name=given.name,
        **who,
    )
    return gate.save(row, by=by)


def _issue(given: inputs.ReportIncipientIssueInput, info: Info, by: Actor) -> models.IncipientIssue:
    post = chosen(models.VanguardPost, given.post_id, info) if given.post_id else None
    if post is None and not given.community:
        raise RuleViolation(
            "issue_place_missing", "请选择先锋岗；别处发现的，请给出社区和地点。", field="post_id"
        )
    where = post.community_id if post else community_of(by.user, given.community).pk
    row = models.IncipientIssue(
        community_id=where,
        post=post,
        place=given.place,
        kind=given.kind,
        description=given.description,
        found_on=given.found_on,
        found_by=given.found_by,
    )
    return gate.save(row, by=by)


def _move(
    info: Info, given: inputs.MoveCoBuildingAgreementInput, verb: str
) -> CoBuildingAgreementAnswer:
    return AGREEMENTS.move(info, given.agreement_id, actions.AGREEMENT_VERBS[verb], given.reason)


@strawberry.type
class PartnersMutation:
    @strawberry.mutation(description="A body joins as a red partner.")
    def create_red_partner(
        self, info: Info, input: inputs.CreateRedPartnerInput
    ) -> RedPartnerAnswer:
        return PARTNERS.made(info, input, "createRedPartner", lambda by: _join(input, info, by))

    @strawberry.mutation(description="A partner leaves.")
    def end_red_partner(self, info: Info, input: inputs.EndRedPartnerInput) -> RedPartnerAnswer:
        def leave(row: models.RedPartner, by: Actor) -> None:
            row.until = input.on
            gate.save(row, by=by, reason=input.reason)

        return PARTNERS.on(info, input.partner_id, leave)

    @strawberry.mutation(description="Drafts an agreement with its duties.")
    def create_co_building_agreement(
        self, info: Info, input: inputs.CreateCoBuildingAgreementInput
    ) -> CoBuildingAgreementAnswer:
        return AGREEMENTS.made(
            info, input, "createCoBuildingAgreement", lambda by: _draft(input, info, by)
        )

    @strawberry.mutation(description="Says that an agreement is signed.")
    def sign_co_building_agreement(
        self, info: Info, input: inputs.MoveCoBuildingAgreementInput
    ) -> CoBuildingAgreementAnswer:
        return _move(info, input, "sign")

    @strawberry.mutation(description="Makes a signed agreement a draft again; needs a reason.")
    def revise_co_building_agreement(
        self, info: Info, input: inputs.MoveCoBuildingAgreementInput
    ) -> CoBuildingAgreementAnswer:
        return _move(info, input, "revise")

    @strawberry.mutation(description="An agreement comes into force, from its first day on.")
    def activate_co_building_agreement(
        self, info: Info, input: inputs.MoveCoBuildingAgreementInput
    ) -> CoBuildingAgreementAnswer:
        return _move(info, input, "activate")

    @strawberry.mutation(description="An agreement has come to its end; its posts with it.")
    def expire_co_building_agreement(
        self, info: Info, input: inputs.MoveCoBuildingAgreementInput
    ) -> CoBuildingAgreementAnswer:
        return _move(info, input, "expire")

    @strawberry.mutation(description="Ends an agreement before its time; needs a reason.")
    def terminate_co_building_agreement(
        self, info: Info, input: inputs.MoveCoBuildingAgreementInput
    ) -> CoBuildingAgreementAnswer:
        return _move(info, input, "terminate")

    @strawberry.mutation(description="Sets up a vanguard post.")
    def open_vanguard_post(
        self, info: Info, input: inputs.OpenVanguardPostInput
    ) -> VanguardPostAnswer:
        return POSTS.made(info, input, "openVanguardPost", lambda by: _post(input, info, by))

    @strawberry.mutation(description="Ends a vanguard post.")
    def close_vanguard_post(
        self, info: Info, input: inputs.CloseVanguardPostInput
    ) -> VanguardPostAnswer:
        return POSTS.on(
            info,
            input.post_id,
            lambda row, by: actions.close_post(row, on=input.on, by=by, reason=input.reason),
        )

    @strawberry.mutation(description="Puts somebody on the rota.")
    def plan_duty_shift(self, info: Info, input: inputs.PlanDutyShiftInput) -> DutyShiftAnswer:
        return SHIFTS.made(info, input, "planDutyShift", lambda by: _shift(input, info, by))

    @strawberry.mutation(description="Takes a shift off the rota.")
    def cancel_duty_shift(self, info: Info, input: inputs.CancelDutyShiftInput) -> DutyShiftAnswer:
        return SHIFTS.on(info, input.shift_id, lambda row, by: actions.cancel_shift(row, by=by))

    @strawberry.mutation(description="Takes down an incipient issue.")
    def report_incipient_issue(
        self, info: Info, input: inputs.ReportIncipientIssueInput
    ) -> IncipientIssueAnswer:
        return ISSUES.made(info, input, "reportIncipientIssue", lambda by: _issue(input, info, by))

    @strawberry.mutation(description="An issue was settled on the spot.")
    def defuse_incipient_issue(
        self, info: Info, input: inputs.DefuseIncipientIssueInput
    ) -> IncipientIssueAnswer:
        return ISSUES.on(
            info,
            input.issue_id,
            lambda row, by: actions.defuse(row, how=input.how, on=input.on, by=by),
        )

    @strawberry.mutation(description="An issue goes on as a demand or a mediation case.")
    def escalate_incipient_issue(
        self, info: Info, input: inputs.EscalateIncipientIssueInput
    ) -> IncipientIssueAnswer:
        return ISSUES.on(
            info,
            input.issue_id,
            lambda row, by: actions.escalate(
                row, register=input.register.value, code=input.code, on=input.on, by=by
            ),
        )

    @strawberry.mutation(description="An issue was not settled after all; needs a reason.")
    def reopen_incipient_issue(
        self, info: Info, input: inputs.ReopenIncipientIssueInput
    ) -> IncipientIssueAnswer:
        return ISSUES.move(info, input.issue_id, actions.ISSUE_VERBS["reopen"], input.reason)
