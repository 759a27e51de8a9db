"""The verbs of the main API: what each needs to be allowed, and an input that the rules may judge."""

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.roles import GRANTS
from backend.education.models import LegalEducationEvent, Registration, Venue
from backend.imports.models import ImportBatch
from backend.jobs import actions as jobs
from backend.places.models import Community
from schema.main.schema import schema as main_schema
from tests.access import certificate_verbs as certificates
from tests.access import demand_verbs as demands
from tests.access import desk_verbs as desk
from tests.access import festival_verbs as fairs
from tests.access import file_verbs as files
from tests.access import meeting_verbs as meetings
from tests.access import notice_verbs as notices
from tests.access import own_verbs as own
from tests.access import owner_verbs as owners
from tests.access import partner_verbs as partners
from tests.access import people_verbs as people
from tests.access import register_verbs as registers
from tests.access import selection_verbs as selections
from tests.access import service_verbs as services
from tests.access import setting_up_verbs as setting_up
from tests.access import settings_verbs as settings
from tests.access import slot_rule_verbs as slot_rules
from tests.access import volunteer_verbs as volunteers
from tests.access.world import HOME, NOBODY

REFUSED = {"not_allowed", "not_found"}
SHEET = "姓名,联系电话\n张安然,13900000001\n"


@dataclass(frozen=True)
class Asked:
    """One verb: the action that it needs (None: to be signed in), and an input for it.

    `also` are actions without which the verb's object is not there for the caller.
    """

    action: str | None
    given: Callable[[], dict[str, Any]]
    also: tuple[str, ...] = ()


def may(asked: Asked, role: str) -> bool:
    """What the table says of a cell."""
    if role == NOBODY:
        return False
    wanted = (*asked.also, *([asked.action] if asked.action else []))
    return all(role in GRANTS[action] for action in wanted)


def codes(client: Client, verb: str, given: dict[str, Any]) -> set[str]:
    """The codes of a verb's `errors`; an answer with a GraphQL error fails the test."""
    return {error["code"] for error in answered(client, verb, given, "errors { code }")["errors"]}


def answered(client: Client, verb: str, given: dict[str, Any], wanted: str) -> dict[str, Any]:
    """What a verb answers of the `wanted` fields; a GraphQL error fails the test."""
    mutation: Any = main_schema._schema.mutation_type
    type_ = mutation.fields[verb].args["input"].type
    body = {
        "query": f"mutation ($input: {type_}) {{ {verb}(input: $input) {{ {wanted} }} }}",
        "variables": {"input": given},
    }
    file = given.get("file")
    if file is None:
        answer = client.post("/graphql/", body, content_type="application/json").json()
    else:
        body["variables"] = {"input": given | {"file": None}}
        parts = {
            "operations": json.dumps(body),
            "map": json.dumps({"0": ["variables.input.file"]}),
            "0": file,
        }
        answer = client.post("/graphql/", parts).json()
    assert "errors" not in answer, answer
    return dict(answer["data"][verb])


def _home() -> Community:
    return Community.objects.get(code=HOME)


def _event(**wanted: Any) -> str:
    rows = LegalEducationEvent.objects.filter(community=_home(), **wanted)
    return to_base64("LegalEducationEvent", rows.order_by("-pk")[0].pk)


def _new_event() -> dict[str, Any]:
    now = timezone.now()
    return {
        "community": HOME,
        "title": "民法典进楼栋",
        "venueId": to_base64("Venue", Venue.objects.filter(community=_home())[0].pk),
        "startsAt": now.isoformat(),
        "endsAt": (now + datetime.timedelta(hours=2)).isoformat(),
        "idempotencyKey": "cell",
    }


def _batch() -> dict[str, Any]:
    batch = ImportBatch(community=_home(), register="attendance", file_name="签到表.csv")
    return {"batch": gate.save(batch, by=SYSTEM).code}


def _job(*, cancelled: bool) -> Callable[[], dict[str, Any]]:
    def given() -> dict[str, Any]:
        job = jobs.start("import_plan", community=_home(), by=SYSTEM, arguments={"batch": "none"})
        if cancelled:
            jobs.cancel(job, by=SYSTEM)
        return {"jobId": to_base64("Job", job.pk)}

    return given


def _sheet() -> dict[str, Any]:
    return {
        "register": "attendance",
        "event": "pf-open",
        "file": SimpleUploadedFile("签到表.csv", SHEET.encode()),
    }


def _move(**wanted: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"eventId": _event(**wanted), "reason": "核对后办理"}


def _registration() -> dict[str, Any]:
    row = Registration.objects.filter(event__code="pf-small", status="waitlisted")[0]
    return {"registrationId": to_base64("Registration", row.pk), "reason": "来电说明"}


def _changed_registration() -> dict[str, Any]:
    return {"registrationId": _registration()["registrationId"], "note": "带孩子来"}


def _register() -> dict[str, Any]:
    return {"eventId": _event(code="pf-open"), "idempotencyKey": "cell"}


def _scan() -> dict[str, Any]:
    entry = {"idempotencyKey": "cell", "name": "钱若水"}
    return {"eventId": _event(code="pf-open"), "device": "门口", "entry": entry}


def _reveal() -> dict[str, Any]:
    return {"area": "attendance", "community": HOME}


ASKED: dict[str, Asked] = {
    **{
        verb: Asked(*asked)
        for group in (setting_up, registers, settings, slot_rules, desk, own)
        for verb, asked in group.VERBS.items()
    },
    "createLegalEducationEvent": Asked("education.edit", _new_event, ("education.see",)),
    "updateLegalEducationEvent": Asked(
        "education.edit", lambda: {"eventId": _event(), "summary": "带好身份证件"}
    ),
    "openLegalEducationEvent": Asked("education.move", _move(status="planned")),
    "holdLegalEducationEvent": Asked("education.move", _move(status="open")),
    "archiveLegalEducationEvent": Asked("education.move", _move(status="held")),
    "reopenLegalEducationEvent": Asked("education.move", _move(status="archived")),
    "cancelLegalEducationEvent": Asked("education.move", _move(status="planned")),
    "renewEventPoster": Asked(
        "education.edit",
        lambda: {"eventId": _event(status="open"), "idempotencyKey": "cell"},
        ("education.see",),
    ),
    "recordAttendance": Asked(
        "attendance.edit",
        lambda: {"eventId": _event(status="open"), "name": "钱若水", "idempotencyKey": "cell"},
    ),
    "bookService": Asked("bookings.book", services.free, ("services.see",)),
    "joinSlotWaitlist": Asked("bookings.book", services.full, ("services.see",)),
    # Of others; everybody cancels, accepts and rates the own: tests/services/test_booking.py.
    "cancelBooking": Asked("bookings.move", services.confirmed, ("bookings.see",)),
    "acceptBookingOffer": Asked("bookings.move", services.waiting, ("bookings.see",)),
    "confirmBooking": Asked("bookings.move", services.confirmed, ("bookings.see",)),
    "declineBooking": Asked("bookings.move", services.waiting, ("bookings.see",)),
    "promoteBooking": Asked("bookings.move", services.waiting, ("bookings.see",)),
    "markBookingServed": Asked("bookings.move", services.begun, ("bookings.see",)),
    "markBookingNoShow": Asked("bookings.move", services.begun, ("bookings.see",)),
    "markRestServed": Asked("bookings.serve", services.slot_begun, ("bookings.see",)),
    "updateServiceBooking": Asked("bookings.edit", services.details, ("bookings.see",)),
    "rateService": Asked("bookings.move", services.rating, ("bookings.see",)),
    "createSlot": Asked("services.edit", services.new_slot, ("services.see",)),
    "updateSlot": Asked("services.edit", services.larger, ("services.see",)),
    "cancelSlot": Asked("services.move", services.slot, ("services.see",)),
    "reopenSlot": Asked("services.move", services.slot_off, ("services.see",)),
    "pauseService": Asked("services.move", services.item, ("services.see",)),
    "resumeService": Asked("services.move", services.item_paused, ("services.see",)),
    **{verb: Asked(*asked) for verb, asked in volunteers.VERBS.items()},
    "createNeighborFestival": Asked("festivals.edit", fairs.new, ("festivals.see",)),
    "updateNeighborFestival": Asked(
        "festivals.edit", fairs.festival(place="社区礼堂"), ("festivals.see",)
    ),
    "copyNeighborFestival": Asked(
        "festivals.edit", fairs.festival(**fairs.KEY), ("festivals.see",)
    ),
    "announceNeighborFestival": Asked("festivals.move", fairs.festival(), ("festivals.see",)),
    "holdNeighborFestival": Asked("festivals.move", fairs.announced),
    "closeNeighborFestival": Asked("festivals.move", fairs.held),
    "reopenNeighborFestival": Asked(
        "festivals.move", fairs.festival(fairs.CLOSED, reason=fairs.WHY)
    ),
    "cancelNeighborFestival": Asked(
        "festivals.move", fairs.festival(reason=fairs.WHY), ("festivals.see",)
    ),
    "addStall": Asked("stalls.edit", fairs.new_stall, ("festivals.see", "services.see")),
    "updateStall": Asked("stalls.edit", fairs.stall(plannedHelpers=5), ("stalls.see",)),
    "dropStall": Asked("stalls.delete", fairs.stall(), ("stalls.see",)),
    "addFestivalSupply": Asked("stalls.edit", fairs.new_supply, ("festivals.see",)),
    "updateFestivalSupply": Asked("stalls.edit", fairs.supply, ("stalls.see",)),
    "recordFestivalHeads": Asked("stalls.edit", fairs.counted),
    "correctFestivalHeads": Asked("stalls.edit", fairs.heads, ("stalls.see",)),
    "pauseCoolStation": Asked("stations.move", fairs.station(), ("stations.see",)),
    "resumeCoolStation": Asked("stations.move", fairs.station("pause"), ("stations.see",)),
    "closeCoolStation": Asked("stations.move", fairs.station(), ("stations.see",)),
    "reopenCoolStation": Asked("stations.move", fairs.station("close"), ("stations.see",)),
    # The running body's contacts for their own stations: tests/stations/test_ledger.py.
    "recordSupply": Asked("supplies.edit", fairs.given_out, ("stations.see",)),
    "countStock": Asked("supplies.edit", fairs.stock_taking, ("stations.see",)),
    "correctSupplyEntry": Asked("supplies.edit", fairs.entry, ("supplies.see",)),
    "assignRefill": Asked("refills.edit", fairs.assigned, ("refills.see",)),
    "dropRefill": Asked("refills.move", fairs.refill, ("refills.see",)),
    "createResident": Asked("people.edit", people.new_person, ("people.see",)),
    "updateResident": Asked("people.edit", people.changed_person, ("people.see",)),
    "moveOut": Asked("people.edit", people.gone, ("people.see",)),
    "moveInAgain": Asked("people.edit", people.back_again, ("people.see",)),
    "recordDeath": Asked("people.edit", people.gone, ("people.see",)),
    "correctDeath": Asked("people.edit", people.alive, ("people.see",)),
    "mergeResidents": Asked("people.merge", people.two, ("people.see",)),
    "unmergeResidents": Asked("people.merge", people.merged, ("people.see",)),
    "addPhone": Asked("people.edit", people.new_phone, ("people.see",)),
    "removePhone": Asked("people.edit", people.old_phone, ("people.see",)),
    "createHousehold": Asked("people.edit", people.new_house, ("places.see",)),
    "moveOutHousehold": Asked("people.edit", people.household_gone, ("people.see",)),
    "formHouseholds": Asked("people.edit", lambda: {"community": HOME}, ("places.see",)),
    "setHouseholdOccupied": Asked("people.edit", people.house, ("people.see",)),
    # For others; everybody may speak for themselves.
    "giveConsent": Asked("people.edit", people.consent, ("people.see",)),
    "withdrawConsent": Asked("people.edit", people.consent_given, ("people.see",)),
    "createRedPartner": Asked("partners.edit", partners.joining, ("organizations.see",)),
    "endRedPartner": Asked("partners.edit", partners.leaving, ("partners.see",)),
    "createCoBuildingAgreement": Asked("partners.edit", partners.drafting, ("partners.see",)),
    **{
        f"{verb}CoBuildingAgreement": Asked("partners.move", partners.agreement, ("partners.see",))
        for verb in ("sign", "revise", "activate", "expire", "terminate")
    },
    "openVanguardPost": Asked("partners.edit", partners.posting, ("partners.see",)),
    "closeVanguardPost": Asked("partners.edit", partners.leaving_post, ("partners.see",)),
    # For others' posts; contacts for their own: tests/partners/test_own.py.
    "planDutyShift": Asked("duties.edit", partners.planning, ("partners.see",)),
    "cancelDutyShift": Asked("duties.edit", partners.shift, ("duties.see",)),
    "reportIncipientIssue": Asked("incipient.edit", partners.finding),
    "defuseIncipientIssue": Asked("incipient.move", partners.defusing, ("incipient.see",)),
    "escalateIncipientIssue": Asked("incipient.move", partners.escalating, ("incipient.see",)),
    "reopenIncipientIssue": Asked("incipient.move", partners.reopening, ("incipient.see",)),
    # Contacts report for their own company: tests/partners/test_reports.py.
    "createProgressReport": Asked("progress.edit", partners.reporting, ("organizations.see",)),
    "updateProgressReport": Asked("progress.edit", partners.report_changed, ("progress.see",)),
    "submitProgressReport": Asked("progress.submit", partners.report, ("progress.see",)),
    "withdrawProgressReport": Asked("progress.move", partners.report, ("progress.see",)),
    "hearProgressReport": Asked("progress.move", partners.heard, ("progress.see",)),
    **{verb: Asked(*asked) for verb, asked in (selections.VERBS | demands.VERBS).items()},
    "createJointMeeting": Asked("meetings.edit", meetings.new_meeting, ("meetings.see",)),
    "addAgendaItem": Asked("meetings.edit", meetings.meeting(title="议题", **meetings.KEY)),
    "addAgendaItemFrom": Asked("meetings.edit", meetings.from_record),
    **{
        verb: Asked("meetings.convene", meetings.meeting(reason="有事"))
        for verb in ("noticeJointMeeting", "postponeJointMeeting", "cancelJointMeeting")
    },
    "reconveneJointMeeting": Asked("meetings.convene", meetings.meeting()),
    **{
        verb: Asked("meetings.move", meetings.meeting(reason="核对后办理"))
        for verb in (
            *("carryOver", "openJointMeeting", "declareInquorate", "closeJointMeeting"),
            *("confirmMinutes", "reopenMinutes", "publishMinutes", "withdrawMinutes"),
        )
    },
    "callRoll": Asked("meetings.move", meetings.roll),
    **{
        f"{verb}AgendaItem": Asked("meetings.move", meetings.item())
        for verb in ("start", "finish", "defer")
    },
    "callVote": Asked("meetings.move", meetings.item(motion="同意")),
    "countVote": Asked("meetings.move", meetings.vote()),
    "voidVote": Asked("meetings.move", meetings.vote(reason="重来")),
    "resolveAgendaItem": Asked("meetings.edit", meetings.item(text="照办", **meetings.KEY)),
    "addActionItem": Asked("action_items.edit", meetings.new_action),
    "reviseMinutes": Asked("meetings.edit", meetings.meeting(text="纪要", basedOn=0)),
    "redraftMinutes": Asked("meetings.edit", meetings.meeting(basedOn=0)),
    "noteAgendaItem": Asked("meetings.edit", meetings.noted),
    # For staff; a body's contact has the own ones: tests/meetings/test_meeting.py.
    **{
        f"{verb}ActionItem": Asked("action_items.move", meetings.action(reason="核对"))
        for verb in ("start", "finish", "verify", "reopen")
    },
    "reportActionItem": Asked("action_items.move", meetings.action(text="办了", **meetings.KEY)),
    "enterOwnedRoom": Asked("owner_register.edit", owners.room, ("places.see",)),
    "createOwnerVote": Asked("owner_votes.edit", owners.new_vote, ("places.see",)),
    "updateOwnerVote": Asked("owner_votes.edit", owners.vote("draft", title="换道闸")),
    # For staff; the organizer's contact moves the own ones: tests/owner_votes/test_votes.py.
    **{
        f"{verb}OwnerVote": Asked("owner_votes.move", owners.vote("draft", reason="核对后办理"))
        for verb in ("open", "count", "recount", "cancel")
    },
    **{
        f"{verb}OwnerVote": Asked("owner_votes.publish", owners.vote("published", reason="核对"))
        for verb in ("publish", "withdraw")
    },
    "castOwnerBallot": Asked("owner_ballots.edit", owners.casting),
    "correctOwnerBallot": Asked(
        "owner_ballots.edit",
        owners.ballot(opinion="AGAINST", reason="录错了"),
        ("owner_ballots.see",),
    ),
    "takeOutOwnerBallot": Asked(
        "owner_ballots.edit", owners.ballot(reason="录错了"), ("owner_ballots.see",)
    ),
    "issueCertificate": Asked("certificates.edit", certificates.serving, ("volunteers.see",)),
    "issueCertificates": Asked("certificates.edit", certificates.several, ("volunteers.see",)),
    "voidCertificate": Asked("certificates.move", certificates.issued, ("certificates.see",)),
    "grantHonour": Asked("honours.edit", certificates.due, ("volunteers.see", "honour_levels.see")),
    "revokeHonour": Asked("honours.move", certificates.granted, ("honours.see",)),
    "registerForEvent": Asked("registrations.register", _register),
    "joinEventWaitlist": Asked("registrations.register", _register),
    **{
        f"{verb}Registration": Asked("registrations.move", _registration, ("registrations.see",))
        for verb in ("withdraw", "confirm", "reject", "promote")
    },
    "updateRegistration": Asked(
        "registrations.edit", _changed_registration, ("registrations.see",)
    ),
    # For others; everybody may arrive themselves.
    "checkIn": Asked("checkins.edit", _scan),
    **{verb: Asked(*asked) for verb, asked in (files.VERBS | notices.VERBS).items()},
    "uploadSheet": Asked("attendance.edit", _sheet, ("imports.edit",)),
    "directImport": Asked("attendance.edit", _batch, ("imports.move",)),
    "confirmImport": Asked("attendance.edit", _batch, ("imports.move",)),
    "undoImport": Asked("attendance.edit", _batch, ("imports.move",)),
    "discardImport": Asked("imports.move", _batch),
    "cancelJob": Asked("jobs.move", _job(cancelled=False), ("jobs.see",)),
    "retryJob": Asked("jobs.move", _job(cancelled=True), ("jobs.see",)),
    "markMessagesRead": Asked(None, lambda: {"all": True}),
    "setNotificationPreference": Asked(None, lambda: {"channel": "SMS", "wanted": False}),
    "openReveal": Asked("attendance.reveal", lambda: _reveal() | {"reason": "电话通知活动改期"}),
    "closeReveal": Asked(None, _reveal),
    # Of one's own data, whatever one's role: who is no resident of the roster has none.
    **{
        verb: Asked("requests.delete", lambda: {"details": "核对", "idempotencyKey": "cell"})
        for verb in ("requestCorrection", "requestErasure")
    },
    "requestMyData": Asked("requests.delete", lambda: {"idempotencyKey": "cell"}),
}


def _many(one: Asked) -> Asked:
    """The verb for many, with one item: for the same people."""
    return Asked(one.action, lambda: {"items": [one.given()], "idempotencyKey": "many"}, one.also)


ASKED |= {
    name: _many(ASKED[name.removesuffix("Many")])
    for name in getattr(main_schema._schema.mutation_type, "fields", ())
    if name.endswith("Many") and name.removesuffix("Many") in ASKED
}
