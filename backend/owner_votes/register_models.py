"""房屋登记: the rooms of an estate, how large each is, and who owns it now."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import Record
from backend.core.personal import mask
from backend.owner_votes import rules
from backend.owner_votes.areas import area_is_credible, area_text
from backend.people.rules import phone_is_normal

AREA_FORM = _("百分之一平方米；89.50 平方米填 8950")


class PropertyOwner(Record):
    """业主: who owns rooms, once, however many they are. A resident, a body, or neither of the two:
    many an owner lives elsewhere.
    """

    area = "owner_register"
    personal: ClassVar[dict[str, str]] = {"name": "name", "phone": "phone"}

    name = models.CharField(_("业主姓名"), max_length=80, help_text=_("单位业主填单位名称"))
    phone = models.CharField(_("联系电话"), max_length=20, blank=True, validators=[phone_is_normal])
    resident = models.ForeignKey(
        "people.Resident",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("居民"),
        related_name="property_owners",
        help_text=_("住在本社区的业主，选花名册里的本人"),
    )
    organization = models.ForeignKey(
        "people.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("单位"),
        related_name="property_owners",
        help_text=_("单位业主，如建设单位"),
    )
    # Since when nobody's room here is theirs; noticed by the daily routine, empty while one is.
    without_rooms_since = models.DateTimeField(
        _("名下没有房屋，自"), null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = _("业主")
        ordering = ("pk",)
        indexes = [
            models.Index(fields=["community", "name"], name="owner_votes_owner_name"),
            models.Index(fields=["community", "phone"], name="owner_votes_owner_phone"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "resident"],
                condition=Q(resident__isnull=False),
                name="owner_votes_owner_resident",
                violation_error_code="owner_taken",
                violation_error_message="这位居民已经登记为业主，请直接选那一位。",
            ),
            models.UniqueConstraint(
                fields=["community", "organization"],
                condition=Q(organization__isnull=False),
                name="owner_votes_owner_body",
                violation_error_code="owner_taken",
                violation_error_message="这个单位已经登记为业主，请直接选那一位。",
            ),
        ]

    def __str__(self) -> str:
        return f"{mask('name', self.name)} {mask('phone', self.phone)}".strip()

    def invariants(self, facts: Facts) -> None:
        rules.owner_is_one(self.resident_id, self.organization_id)


class OwnedRoom(Record):
    """房屋: an exclusive part (专有部分) with its area, in whole hundredths of a square metre."""

    # "area" is the name of the table of rights here, so the size is called something else.
    area = "owner_register"
    estate_path = "building__estate"
    parents = ("building",)

    building = models.ForeignKey(
        "places.Building", models.PROTECT, verbose_name=_("楼栋"), related_name="owned_rooms"
    )
    unit = models.CharField(_("单元"), max_length=10, blank=True)
    room = models.CharField(_("室"), max_length=10)
    size = models.PositiveIntegerField(_("专有面积"), help_text=AREA_FORM)

    class Meta:
        verbose_name = verbose_name_plural = _("房屋登记")
        ordering = ("building", "unit", "room", "pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="owner_votes_room_updated"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["building", "unit", "room"],
                name="owner_votes_room_once",
                violation_error_code="room_taken",
                violation_error_message="这套房屋已经登记过，请直接修改那一条。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.building} {place_text('', self.unit, self.room)}"

    @property
    def size_text(self) -> str:
        """Square metres."""
        return area_text(self.size)

    def invariants(self, facts: Facts) -> None:
        rules.room_is_named(self.room)
        area_is_credible(self.size)


class Ownership(Record):
    """产权: that somebody owns a room now, alone or with others. Who did before, the history tells."""

    area = "owner_register"
    estate_path = "room__building__estate"
    parents = ("room",)
    fixed = ("room",)

    room = models.ForeignKey(
        OwnedRoom, models.PROTECT, verbose_name=_("房屋"), related_name="ownerships"
    )
    owner = models.ForeignKey(
        PropertyOwner, models.PROTECT, verbose_name=_("业主"), related_name="ownerships"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("房屋的业主")
        ordering = ("room", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["room", "owner"],
                name="owner_votes_ownership_once",
                violation_error_code="ownership_taken",
                violation_error_message="这位业主已经登记在这套房屋上。",
            )
        ]

    def __str__(self) -> str:
        return str(self.owner)


def place_text(building: str, unit: str, room: str) -> str:
    """A room as people say it: 3-2-501, without a unit 3-501."""
    return "-".join(part for part in (building, unit, room) if part)


def owners_key(owners: Any) -> str:
    """A set of owners as the basis of a vote keeps it: their keys, in order."""
    return ",".join(str(pk) for pk in sorted(owners))
