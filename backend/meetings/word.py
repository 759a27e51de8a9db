"""会议纪要 as Word: a template that staff can replace, filled by docxtpl."""

from pathlib import Path
from typing import Any, Final

from django.utils import timezone

from backend.core.word_forms import WordForm
from backend.meetings.choices import PresenceKind
from backend.meetings.minuting import current_text
from backend.meetings.models import ActionItem, JointMeeting
from backend.meetings.presence import room_of
from backend.meetings.template_model import MinutesTemplate

LISTS: Final = frozenset({"paragraphs", "actions", "resolutions"})
VALUES: Final = frozenset(
    {"community", "number", "meeting", "time", "place", "chair", "present", "absent", "signed"}
)
FORM: Final = WordForm(
    Path(__file__).parent / "word_template" / "minutes.docx",
    VALUES,
    {
        **dict.fromkeys(VALUES, "示例"),
        "paragraphs": ["示例"],
        "resolutions": [{"number": "示例", "text": "示例"}],
        "actions": [dict.fromkeys(("resolution", "title", "organization", "due"), "示例")],
    },
    LISTS,
)
DEFAULT: Final = FORM.default


def minutes_as_word(meeting: JointMeeting) -> bytes:
    """The minutes as they now stand, by the community's template or the default one.

    Raises: as `WordForm.is_harmless`, should a stored template not pass any more.
    """
    own = MinutesTemplate.objects.filter(community=meeting.community_id).first()
    content = bytes(own.content) if own is not None else DEFAULT.read_bytes()
    return FORM.filled(content, _values(meeting))


def _values(meeting: JointMeeting) -> dict[str, Any]:
    room = room_of(meeting)
    present = [row.name for row in room.roll if row.seat_id in room.here]
    left = {seat for seat, entry in room.states.items() if entry.kind == PresenceKind.LEFT}
    present += [f"{row.name}（提前离会）" for row in room.roll if row.seat_id in left]
    absent = [row.name for row in room.roll if row.seat_id not in room.here | left]
    actions = ActionItem.objects.filter(meeting=meeting).select_related(
        "organization", "resolution"
    )
    day = timezone.localtime(meeting.opened_at or meeting.starts_at)
    return {
        "community": meeting.community.name,
        "number": meeting.numbered,
        "meeting": meeting.title,
        "time": f"{day.year} 年 {day.month} 月 {day.day} 日 {day:%H:%M}",
        "place": meeting.place,
        "chair": meeting.chair,
        "present": "、".join(present),
        "absent": "、".join(absent) or "无",
        "paragraphs": [line for line in current_text(meeting).splitlines() if line.strip()],
        "resolutions": [
            {"number": one.numbered, "text": one.text}
            for one in meeting.resolutions.order_by("number")
        ],
        "actions": [
            {
                "resolution": one.resolution.numbered if one.resolution is not None else "",
                "title": one.title,
                "organization": one.organization.name,
                "due": f"{one.due_on:%Y-%m-%d}",
            }
            for one in actions.order_by("due_on", "pk")
        ],
        "signed": f"{meeting.community.name}联席会议",
    }
