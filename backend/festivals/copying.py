"""A plan copied from last month: stalls and supplies, not heads, on the same weekday of the month."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.calendar import is_public_holiday, missing_note
from backend.festivals import rules
from backend.festivals.models import FestivalSupply, NeighborFestival, Stall
from backend.people.models import Organization
from backend.places.queries import day_overrides
from backend.services.choices import ItemStatus


@dataclass
class Copied:
    """The new plan, and what whoever copied it should look at (Chinese, a sentence each)."""

    festival: NeighborFestival
    notes: list[str] = field(default_factory=list)


def copy_festival(
    source: NeighborFestival, *, by: Actor, month: date | None = None, code: str = ""
) -> Copied:
    """A new plan for `month` (the next one, if none is named), copied from another festival.

    A body that has ended by then is left out, and that is noted; so is a public holiday: whether to
    hold it then is for people to say. Raises: copy_goes_back; festival_month_taken; not_allowed.
    """
    require(by, "festivals.edit", source.community_id)
    wanted = rules.month_of(month) if month is not None else rules.next_month(source.day)
    rules.copy_goes_forward(source.day, wanted)
    day = rules.same_weekday_of_month(source.day, wanted)
    with gate.change_set(
        f"copy {NeighborFestival._meta.label}", by=by, community_id=source.community_id
    ) as changes:
        source = gate.hold(source)
        begins = timezone.localtime(source.starts_at)
        starts_at = timezone.make_aware(datetime.combine(day, begins.time()))
        made = gate.save(
            NeighborFestival(
                community_id=source.community_id,
                code=code,
                title=rules.title_of_month(source.title, source.day, day),
                starts_at=starts_at,
                ends_at=starts_at + (source.ends_at - source.starts_at),
                place=source.place,
                summary=source.summary,
                copied_from=source,
            ),
            by=by,
            within=changes,
        )
        copied = Copied(made, day_notes(made))
        gone = _ended(source, day)
        stalls = _stalls(source, made, gone, copied.notes)
        if stalls:
            gate.save_many(stalls, by=by, within=changes)
        supplies = [
            FestivalSupply(
                community_id=made.community_id,
                festival=made,
                name=row.name,
                unit=row.unit,
                planned=row.planned,
                bringer_id=None if row.bringer_id in gone else row.bringer_id,
            )
            for row in FestivalSupply.objects.filter(festival=source).order_by("pk")
        ]
        if supplies:
            gate.save_many(supplies, by=by, within=changes)
        if gone:
            names = "、".join(gone[key] for key in sorted(gone))
            copied.notes.append(f"{names}到那天已撤销，摊位和物资里没有再带上，请另找单位。")
    return copied


def day_notes(festival: NeighborFestival) -> list[str]:
    """What there is to say of the day of a festival: a public holiday, or a year not yet known."""
    notes = []
    day = festival.day
    if is_public_holiday(day, day_overrides(festival.community_id)):
        notes.append(f"{day:%m月%d日}是节假日，请确认是否改期。")
    missing = missing_note(day)
    return [*notes, missing] if missing else notes


def _stalls(
    source: NeighborFestival, made: NeighborFestival, gone: dict[int, str], notes: list[str]
) -> list[Stall]:
    """The stalls that were there, for the new plan; who stayed away is noted."""
    found, paused, away = [], [], []
    rows = Stall.objects.filter(festival=source).select_related("item").order_by("number")
    for row in rows:
        if row.item is not None and row.item.status == ItemStatus.PAUSED:
            paused.append(row.name)
        if row.absent:
            away.append(row.name)
        found.append(
            Stall(
                community_id=made.community_id,
                festival=made,
                number=row.number,
                name=row.name,
                item_id=row.item_id,
                category_id=row.category_id,
                provider_id=None if row.provider_id in gone else row.provider_id,
                planned_helpers=row.planned_helpers,
            )
        )
    if paused:
        notes.append(f"{'、'.join(paused)}的服务项目已暂停预约，请核对是否还设摊。")
    if away:
        notes.append(f"{'、'.join(away)}上次未到场，请先问清楚这次来不来。")
    return found


def _ended(source: NeighborFestival, day: date) -> dict[int, str]:
    """The bodies of a plan that will be no more on a day, by key."""
    lasting = Organization.objects.active_on(day).values("pk")
    stalls = Stall.objects.filter(festival=source).exclude(provider=None).values("provider")
    brings = FestivalSupply.objects.filter(festival=source).exclude(bringer=None).values("bringer")
    rows = Organization.objects.filter(pk__in=stalls) | Organization.objects.filter(pk__in=brings)
    return dict(rows.exclude(pk__in=lasting).values_list("pk", "name"))
