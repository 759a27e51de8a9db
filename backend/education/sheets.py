"""签到表: the sign-in sheet of an event. A row is a resident and an attendance."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from backend.core.access import scope
from backend.education import rules
from backend.education.attendance_planner import RESIDENT, AttendancePlanner
from backend.education.facets import EVENT
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.columns import Column
from backend.imports.facet_sheet import NUMBER_OF_RECORD, facet_sheet
from backend.imports.sheet import Sheet, UnknownTarget, register
from backend.imports.widgets import (
    AgeWidget,
    CodeWidget,
    MomentWidget,
    NumberWidget,
    SignatureWidget,
)
from backend.people.models import Resident, ResidentPhone
from backend.people.sheet_columns import (
    ADDRESS,
    GENDER,
    NAME,
    NUMBER,
    PHONE,
    REMARK,
    building_options,
    places_of,
)

SIGNED = Column(
    "signed",
    "签名",
    SignatureWidget(),
    synonyms=("签字", "本人签名", "签到", "签到人", "本人签字", "是否签到"),
    ditto=False,
    personal="hidden",
)
COMPANIONS = Column(
    "companions",
    "同来人数",
    NumberWidget(),
    synonyms=("陪同人数", "随行人数"),
    ditto=False,
    exact=True,
)
CODE = Column("event_code", "活动编号", CodeWidget(), synonyms=("活动代码",))


def event_in_words(event: Any) -> list[tuple[str, str]]:
    """What stands above the headings of an event's sheet, as the importer reads it back."""
    starts, ends = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    until = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{ends:%Y-%m-%d %H:%M}"
    place = " ".join(part for part in (event.venue.name, event.venue.place) if part)
    return [
        ("活动名称", " ".join(event.title.split())),
        ("时间", f"{starts:%Y-%m-%d %H:%M}–{until}"),
        ("地点", " ".join(place.split())),
    ]


class AttendanceSheet(Sheet):
    """活动签到表."""

    register = "attendance"
    title = "签到表"
    columns = (
        NUMBER,
        NAME,
        GENDER,
        Column("age", "年龄", AgeWidget(), synonyms=("岁数", "周岁")),
        PHONE,
        ADDRESS,
        Column(
            "signed_in_at",
            "签到时间",
            MomentWidget(),
            synonyms=("签到日期", "到场时间", "时间"),
            late=True,
        ),
        SIGNED,
        REMARK,
        CODE,
        COMPANIONS,
        NUMBER_OF_RECORD,
    )
    models = (Resident, Attendance, ResidentPhone)
    about = Attendance
    references = {"resident_id": RESIDENT}
    planner = AttendancePlanner
    action = "attendance.edit"
    in_titles = ("签到", "参会", "参加人员", "到会")
    target_name = "活动"
    told_by_target = frozenset({"event_code"})

    def rests_on(self, community: Any, target: Any) -> list[Any]:
        events = LegalEducationEvent.objects.filter(community=community)
        signed = Attendance.objects.filter(community=community)
        if target is not None:
            events, signed = events.filter(pk=target.pk), signed.filter(event=target)
        people = [m.objects.filter(community=community) for m in (Resident, ResidentPhone)]
        return [events, signed, *people, *places_of(community)]

    def find_target(self, code: str) -> LegalEducationEvent:
        try:
            return LegalEducationEvent.objects.select_related("community").get(code=code)
        except LegalEducationEvent.DoesNotExist:
            raise UnknownTarget(code) from None

    def target_label(self, target: Any) -> str:
        # Events of a series share their title.
        return f"{target.title}（{timezone.localtime(target.starts_at):%Y-%m-%d}，{target.code}）"

    def targets(self, user: Any) -> Any:
        return (
            LegalEducationEvent.objects.visible_to(user)
            .filter(status__in=rules.RECORDABLE)
            .filter(scope(user, self.action).rows())
            .select_related("community")
        )

    def title_rows(self, target: Any) -> Sequence[tuple[str, str]]:
        return event_in_words(target)

    def options(self, column: Column, community: Any, user: Any) -> Sequence[str]:
        if column is ADDRESS:
            return building_options(community)
        if column.attribute == "event_code":
            return list(
                self.targets(user).filter(community=community).values_list("code", flat=True)
            )
        return ()

    def only_repeats(self, values: dict[str, Any]) -> bool:
        # Two rows of one name alone may be two people.
        return bool(values.get("phone") or values.get("address"))


SHEET = register(AttendanceSheet())
register(facet_sheet(EVENT, "legal_education_events", "普法活动"))
