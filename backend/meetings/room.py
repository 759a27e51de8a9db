"""The chair's working page: the roll by seat, the quorum in words, the items, votes and outcomes.

Plain forms: it works on a tablet and a phone without a line of script. What each button does is in
the table at the end.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext

from backend.core.access import Actor, may
from backend.core.admin import actor
from backend.core.errors import ManyViolations, RuleViolation, not_found
from backend.core.numbers import whole_number
from backend.meetings import actions
from backend.meetings.actions import RollCall
from backend.meetings.choices import (
    IN_PERSON,
    Capacity,
    Choice,
    Denominator,
    MajorityRule,
    MeetingStatus,
    PresenceKind,
    ResolutionKind,
    VoteMethod,
)
from backend.meetings.models import AgendaItem, JointMeeting, Resolution, Vote
from backend.meetings.presence import room_of
from backend.meetings.queries import board_of
from backend.meetings.resolving import due_after
from backend.meetings.terms import settings_of
from backend.people.models import Organization


def room_page(request: HttpRequest, meeting: JointMeeting, context: dict[str, Any]) -> HttpResponse:
    """The page, and what a button on it did."""
    by = actor(request)
    if not may(by, "meetings.move", meeting.community_id):
        raise PermissionDenied
    if request.GET.get("part") == "quorum":
        shown = whole_number(request.GET.get("roll", ""))
        older = shown != written_so_far(meeting)
        quorum = room_of(meeting).quorum
        return render(request, "meetings/quorum.html", {"quorum": quorum, "roll_is_older": older})
    if request.method == "POST":
        anchor = request.POST.get("at", "")
        try:
            said = _DO.get(request.POST.get("do", ""), _unknown)(meeting, request.POST, by)
        except RuleViolation as violation:
            messages.error(request, violation.message)
        except ManyViolations as refused:
            messages.error(request, "；".join({v.message for v in refused.by_index.values()}))
        else:
            messages.success(request, said)
        return HttpResponseRedirect(
            f"{request.path}#{anchor}" if anchor.isalnum() else request.path
        )
    board = board_of(meeting)
    settings = settings_of(meeting.community_id)
    today = timezone.localdate()
    return render(
        request,
        "meetings/room.html",
        context
        | {
            "title": gettext("会议工作台"),
            "meeting": meeting,
            "board": board,
            "settings": settings,
            "sitting": meeting.status == MeetingStatus.IN_SESSION,
            "writing": meeting.status in (MeetingStatus.IN_SESSION, MeetingStatus.MINUTES_DRAFT),
            "may_open": meeting.status == MeetingStatus.NOTICED and meeting.held_on <= today,
            "holders": [seat for seat in board.seats if seat.in_person],
            "methods": VoteMethod.choices,
            "majorities": MajorityRule.choices,
            "denominators": Denominator.choices,
            "choices": Choice.choices,
            "kinds": ResolutionKind.choices,
            "bodies": Organization.objects.filter(community=meeting.community_id).active_on(today),
            "usual_due": due_after(meeting) if board.items else today,
            "written_so_far": written_so_far(meeting),
            "minutes_gone": _minutes_since(meeting.opened_at),
            "now": timezone.now(),
        },
    )


def written_so_far(meeting: JointMeeting) -> int:
    """The last line of the roll: a colleague may be calling it on another tablet."""
    return meeting.attendances.order_by("-pk").values_list("pk", flat=True).first() or 0


def _minutes_since(moment: Any) -> int:
    return int((timezone.now() - moment).total_seconds() // 60) if moment is not None else 0


# --- what the buttons do -------------------------------------------------------------------------

Given = QueryDict
Does = Callable[[JointMeeting, Given, Actor], str]


def _item(meeting: JointMeeting, given: Given) -> AgendaItem:
    found = meeting.items.filter(pk=whole_number(given.get("item", "")) or 0).first()
    if found is None:
        raise not_found("议题")
    return found


def _vote(meeting: JointMeeting, given: Given) -> Vote:
    rows = Vote.objects.filter(item__meeting=meeting, pk=whole_number(given.get("vote", "")) or 0)
    found = rows.select_related("item__meeting").first()
    if found is None:
        raise not_found("表决")
    return found


def _open(meeting: JointMeeting, given: Given, by: Actor) -> str:
    actions.open_meeting(meeting, by=by)
    return gettext("会议开始，请点名。")


def _roll(meeting: JointMeeting, given: Given, by: Actor) -> str:
    seat = whole_number(given.get("seat", "")) or 0
    kind = given.get("kind", "")
    if kind not in PresenceKind.values:
        raise RuleViolation("invalid_choice", "请选择到会、迟到、请假、缺席、离会或委托。")
    attendee = given.get("attendee", "").strip()
    call = RollCall(
        kind,
        seat=seat,
        proxy=whole_number(given.get("proxy", "")),
        # A name that was written is somebody else.
        representative=None if attendee else whole_number(given.get("representative", "")),
        attendee=attendee,
        online=bool(given.get("online")),
    )
    was = room_of(meeting).states.get(seat)
    # Who it is, said of somebody who is there already: they did not come a second time.
    since = was.at if was is not None and was.kind == kind and kind in IN_PERSON else None
    actions.call_roll(meeting, [call], by=by, occurred_at=since)
    return gettext("已记下。")


def _everybody(meeting: JointMeeting, given: Given, by: Actor) -> str:
    """Those of whom the roll says nothing yet are there."""
    silent = [seat for seat in board_of(meeting).seats if not seat.state]
    calls = [RollCall(PresenceKind.PRESENT, seat=seat.row.seat_id) for seat in silent]
    actions.call_roll(meeting, calls, by=by)
    return gettext("其余席位已记为到会。")


def _observer(meeting: JointMeeting, given: Given, by: Actor) -> str:
    body = _body(meeting, given) if given.get("organization") else None
    call = RollCall(
        PresenceKind.PRESENT,
        organization=body.pk if body is not None else None,
        attendee=given.get("attendee", "").strip(),
        capacity=Capacity.OBSERVER,
    )
    actions.call_roll(meeting, [call], by=by)
    return gettext("已记下。")


def _body(meeting: JointMeeting, given: Given) -> Organization:
    rows = Organization.objects.filter(community=meeting.community_id)
    found: Organization | None = rows.filter(
        pk=whole_number(given.get("organization", "")) or 0
    ).first()
    if found is None:
        raise not_found("单位")
    return found


def _start(meeting: JointMeeting, given: Given, by: Actor) -> str:
    return gettext("开始审议：") + actions.start_item(_item(meeting, given), by=by).title


def _finish(meeting: JointMeeting, given: Given, by: Actor) -> str:
    item = actions.finish_item(_item(meeting, given), by=by, note=given.get("note"))
    return gettext("审议完毕：") + item.title


def _defer(meeting: JointMeeting, given: Given, by: Actor) -> str:
    item = actions.defer_item(_item(meeting, given), by=by, note=given.get("note"))
    return gettext("转下次会议：") + item.title


def _note(meeting: JointMeeting, given: Given, by: Actor) -> str:
    actions.note_item(_item(meeting, given), given.get("note", ""), by=by)
    return gettext("已保存讨论情况。")


def _call_vote(meeting: JointMeeting, given: Given, by: Actor) -> str:
    item = _item(meeting, given)
    note = given.get("note", item.note)
    if note != item.note:
        # What was being written down when the motion came.
        item = actions.note_item(item, note, by=by)
    actions.call_vote(
        item,
        given.get("motion", "").strip() or item.title,
        by=by,
        method=given.get("method", ""),
        majority=given.get("majority", ""),
        denominator=given.get("denominator", ""),
    )
    return gettext("已提请表决，请登记票数。")


def _count(meeting: JointMeeting, given: Given, by: Actor) -> str:
    vote = _vote(meeting, given)
    if vote.method == VoteMethod.OPEN:
        ballots = list(vote.ballots.select_related("seat__organization"))
        rest = Choice.FOR if given.get("do") == "count_rest" else ""
        said = {one.seat_id: given.get(f"seat-{one.seat_id}", rest) for one in ballots}
        actions.cast(vote, said, by=by)
        silent = [str(one.seat) for one in ballots if not said[one.seat_id]]
        if silent:
            # Those who were ticked are kept.
            raise RuleViolation(
                "seats_are_silent",
                f"还有 {len(silent)} 席没有登记：{'、'.join(silent)}。没有表态的选“弃权”，再计票。",
            )
        return actions.count(vote, by=by).tally_words
    said_for, against, abstain = (
        whole_number(given.get(name, "").strip() or "0")
        for name in ("votes_for", "votes_against", "votes_abstain")
    )
    counted = actions.count(
        vote, by=by, votes_for=said_for, votes_against=against, votes_abstain=abstain
    )
    return counted.tally_words


def _void(meeting: JointMeeting, given: Given, by: Actor) -> str:
    actions.void_vote(_vote(meeting, given), by=by, reason=given.get("reason", ""))
    return gettext("表决已作废，可以重新提请。")


def _resolve(meeting: JointMeeting, given: Given, by: Actor) -> str:
    vote = _vote(meeting, given) if given.get("vote") else None
    made = actions.resolve(
        _item(meeting, given),
        given.get("text", ""),
        by=by,
        vote=vote,
        kind=given.get("kind", ""),
    )
    return gettext("已形成决议：") + made.numbered


def _act(meeting: JointMeeting, given: Given, by: Actor) -> str:
    rows = Resolution.objects.filter(meeting=meeting)
    resolution = rows.filter(pk=whole_number(given.get("resolution", "")) or 0).first()
    if resolution is None:
        raise not_found("决议")
    days = given.get("working_days", "").strip()
    made = actions.add_action(
        resolution,
        _body(meeting, given),
        given.get("title", ""),
        # The day stands there from the beginning: what somebody wrote beside it holds.
        None if days else _day(given.get("due_on", "")),
        working_days=(whole_number(days) or 0) if days else None,
        by=by,
    )
    due = gettext("完成时限 %(day)s") % {"day": f"{made.due_on:%Y-%m-%d}"}
    return gettext("已登记落实事项：") + f"{made.title}，{due}"


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        raise RuleViolation("invalid_value", "日期不对，请核对。", field="due_on") from None


def _inquorate(meeting: JointMeeting, given: Given, by: Actor) -> str:
    return actions.declare_inquorate(meeting, by=by).quorum_words


def _close(meeting: JointMeeting, given: Given, by: Actor) -> str:
    actions.close(meeting, by=by)
    return gettext("已散会，纪要草稿已生成。")


def _unknown(meeting: JointMeeting, given: Given, by: Actor) -> str:
    raise RuleViolation("unknown_action", "不认识这个操作，请刷新页面后再试。")


_DO: Mapping[str, Does] = {
    "open": _open,
    "roll": _roll,
    "everybody": _everybody,
    "observer": _observer,
    "start": _start,
    "finish": _finish,
    "defer": _defer,
    "note": _note,
    "call_vote": _call_vote,
    "count": _count,
    "count_rest": _count,
    "void": _void,
    "resolve": _resolve,
    "act": _act,
    "inquorate": _inquorate,
    "close": _close,
}
