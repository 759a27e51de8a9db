"""A draft of the minutes, made from what happened: roll, items, votes, resolutions, tasks."""

from collections.abc import Iterator

from django.utils import timezone

from backend.core.personal import mask
from backend.meetings.choices import (
    ItemKind,
    ItemStatus,
    PresenceKind,
    ResolutionKind,
    VoteMethod,
    VoteStatus,
)
from backend.meetings.models import AgendaItem, JointMeeting, MeetingAttendance, Resolution, Vote
from backend.meetings.quorum import states_at


def drafted_minutes(meeting: JointMeeting) -> str:
    """The text, in the order in which a committee writes it. Persons who hold seats stand masked."""
    lines = [*_head(meeting), "", "一、参会情况", *_attendance(meeting), "", "二、议题"]
    for item in meeting.items.order_by("position", "pk"):
        lines += ["", *_item(item)]
    resolutions = list(
        meeting.resolutions.order_by("year", "number").prefetch_related(
            "action_items__organization"
        )
    )
    if resolutions:
        lines += ["", "三、议定事项"]
        for resolution in resolutions:
            lines += _resolution(resolution)
    return "\n".join(lines).strip()


def _head(meeting: JointMeeting) -> Iterator[str]:
    starts_at = timezone.localtime(meeting.opened_at or meeting.starts_at)
    until = f" 至 {timezone.localtime(meeting.closed_at):%H:%M}" if meeting.closed_at else ""
    day = f"{starts_at.year} 年 {starts_at.month} 月 {starts_at.day} 日 {starts_at:%H:%M}"
    yield f"{day}{until}，{meeting}，在{meeting.place or '社区'}召开。"
    if meeting.quorum_words:
        yield f"{meeting.quorum_words}。"


def _attendance(meeting: JointMeeting) -> Iterator[str]:
    rows = MeetingAttendance.objects.filter(meeting=meeting)
    if meeting.noticed_at is not None:
        rows = rows.filter(occurred_at__gte=meeting.noticed_at)
    lines = list(rows.select_related("organization"))
    at = meeting.closed_at or timezone.now()
    seats = {row.seat_id: row.name for row in meeting.roll.order_by("pk")}
    entries = [line.entry() for line in lines if line.seat_id is not None]
    last = states_at(entries, at)
    # Who left before the end was there.
    came = {entry.seat for entry in entries if entry.kind in (PresenceKind.PRESENT, "late")}
    groups: dict[str, list[str]] = {}
    for seat, name in seats.items():
        entry = last.get(seat)
        kind = entry.kind if entry is not None else PresenceKind.ABSENT
        if kind == PresenceKind.PROXY and entry is not None:
            groups.setdefault("委托", []).append(f"{name}（委托{seats.get(entry.proxy or 0, '')}）")
        elif kind == PresenceKind.LEFT and seat in came:
            groups.setdefault("到会", []).append(f"{name}（提前离会）")
        elif kind == PresenceKind.LATE:
            groups.setdefault("到会", []).append(f"{name}（迟到）")
        else:
            groups.setdefault(str(PresenceKind(kind).label), []).append(name)
    sat_in = {str(line.organization) for line in lines if line.organization is not None}
    # Persons without a seat stand masked, as those with one.
    sat_in |= {
        mask("name", line.attendee)
        for line in lines
        if line.seat_id is None and line.organization_id is None and line.attendee
    }
    if sat_in:
        groups["列席"] = sorted(sat_in)
    for label in ("到会", "委托", "列席", "请假", "缺席"):
        if groups.get(label):
            yield f"{label}：{'、'.join(groups[label])}。"


def _item(item: AgendaItem) -> Iterator[str]:
    kind = ItemKind(item.kind).label
    presenter = f"，{item.presenter}汇报" if item.presenter else ""
    origin = f"，来源：{item.origin}" if item.origin else ""
    yield f"（{item.position}）{item.title}（{kind}{presenter}{origin}）"
    if item.note.strip():
        yield item.note.strip()
    for vote in item.votes.filter(status=VoteStatus.COUNTED).order_by("pk"):
        yield _vote(vote)
    if item.status == ItemStatus.DEFERRED:
        yield "本项没有议完，转下次会议。"


def _vote(vote: Vote) -> str:
    method = VoteMethod(vote.method).label
    return f"表决“{vote.motion}”（{method}）：{vote.tally_words}。"


def _resolution(resolution: Resolution) -> Iterator[str]:
    kind = ResolutionKind(resolution.kind).label
    yield f"{resolution.numbered}{kind}：{resolution.text}"
    if resolution.owner_matter:
        matter = resolution.get_owner_matter_display()
        yield f"（“{matter}”由业主共同决定，本会只提出建议。）"
    for action in resolution.action_items.all():
        yield f"落实：{action.organization}，{action.due_on:%Y-%m-%d} 前，{action.title}。"
