"""Residents for life: the roster, further phones, households."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope
from backend.core.facts import Facts
from backend.core.masking import ANONYMOUS
from backend.core.models import KeptQuerySet, Record
from backend.core.personal import mask
from backend.people import rules
from backend.people.choices import Gender, PhoneKind, Residence
from backend.people.pinyin import initials

TAIL = 4
# How the numbers begin that stand where phones were, once a person is erased: no area has this code.
NO_PHONE = "000-"
# Not a second row of somebody: those stay, merged into the first, and are met nowhere.
_OWN_ROW = models.Q(merged_into__isnull=True)
# Erased at their own wish: the row stays for the counts alone.
_ERASED = models.Q(name__startswith=ANONYMOUS)


class ResidentQuerySet(KeptQuerySet):
    """People of the roster."""

    def present(self) -> Self:
        """Those who live here: whom new things are about."""
        return self.named().filter(_OWN_ROW, moved_out_on__isnull=True, died_on__isnull=True)

    def named(self) -> Self:
        """Those who have not been erased."""
        return self.exclude(_ERASED)

    def whose_residence_is(self, residence: str) -> Self:
        """Those who live here, have moved out, or have died."""
        rows = self.named()
        if residence == Residence.PRESENT:
            return rows.filter(moved_out_on__isnull=True, died_on__isnull=True)
        if residence == Residence.MOVED_OUT:
            return rows.filter(moved_out_on__isnull=False, died_on__isnull=True)
        return rows.filter(died_on__isnull=False)


def phone_tail(phone: Any) -> str:
    """The last four digits of a phone, by which people name it at the desk."""
    if phone.__class__ is not str or phone.startswith(NO_PHONE):
        return ""
    tail = phone[-TAIL:]
    return tail if tail.isdigit() else ""


class Resident(Record):
    """居民: a person of the community's roster; the same when name and phone agree."""

    area = "people"
    merged_path = "merged_into"
    estate_path = "building__estate"
    parents = ("community",)
    derived = ("initials", "phone_tail")
    following = ("household",)
    personal = {"name": "name", "phone": "phone", "unit": "hidden", "room": "hidden"} | {
        "address": "hidden",
        "birth_month": "hidden",
        # Whatever somebody wrote there: an illness, a daughter's number.
        "remark": "hidden",
    }

    name = models.CharField(_("姓名"), max_length=30)
    gender = models.CharField(_("性别"), max_length=6, choices=Gender.choices, blank=True)
    birth_month = models.CharField(
        _("出生年月"),
        max_length=7,
        blank=True,
        help_text=_("年-月，如 1958-03"),
        validators=[rules.birth_month_is_real],
    )
    phone = models.CharField(
        _("联系电话"),
        max_length=20,
        blank=True,
        help_text=_("11 位手机号，或带区号的座机"),
        validators=[rules.phone_is_normal],
    )
    building = models.ForeignKey(
        "places.Building",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("楼栋"),
        related_name="residents",
    )
    unit = models.CharField(_("单元"), max_length=10, blank=True)
    room = models.CharField(_("室"), max_length=10, blank=True)
    address = models.CharField(
        _("住址（原文）"), max_length=100, blank=True, help_text=_("对不上楼栋时保留的原文")
    )
    remark = models.CharField(_("备注"), max_length=200, blank=True)
    household = models.ForeignKey(
        "people.Household",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("住户"),
        related_name="members",
        editable=False,
    )
    # By their verbs alone: each is a date, and history tells the rest.
    moved_out_on = models.DateField(_("迁出日期"), null=True, blank=True, editable=False)
    died_on = models.DateField(_("去世日期"), null=True, blank=True, editable=False)
    # Another row of the same person: this one stays so that the merge can be taken back.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("已并入"),
        related_name="merged",
        editable=False,
    )
    initials = models.CharField(_("姓名首字母"), max_length=30, blank=True, editable=False)
    phone_tail = models.CharField(_("电话尾号"), max_length=4, blank=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("账号"),
        related_name="resident",
    )

    objects: ClassVar[Any] = ResidentQuerySet.as_manager()
    # Set before the rules are asked: what the row is in the table, whatever it would now say.
    stored_erased = False

    class Meta:
        verbose_name = verbose_name_plural = _("居民")
        ordering = ("pk",)
        indexes = [
            models.Index(fields=["community", "phone"], name="people_resident_phone"),
            models.Index(fields=["community", "name"], name="people_resident_name"),
            models.Index(fields=["community", "updated_at"], name="people_resident_updated"),
            # The sought thing first: the installation's administrator asks of no community.
            models.Index(fields=["initials", "community"], name="people_resident_initials"),
            models.Index(
                fields=["phone_tail", "community", "initials"], name="people_resident_tail"
            ),
            models.Index(fields=["building", "room", "unit"], name="people_resident_place"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name", "phone"],
                condition=~models.Q(phone="") & _OWN_ROW,
                name="people_resident_person",
                violation_error_code="resident_taken",
                violation_error_message="花名册里已有同名同电话的居民，请直接使用那一条。",
            ),
            # Without a phone, name and door say who somebody is: nobody is brought in twice.
            models.UniqueConstraint(
                fields=["community", "name", "building", "unit", "room"],
                condition=models.Q(phone="", building__isnull=False) & _OWN_ROW,
                name="people_resident_door",
                violation_error_code="resident_taken",
                violation_error_message="花名册里已有同名同住址的居民，请直接使用那一条。",
            ),
            models.UniqueConstraint(
                fields=["community", "name", "address"],
                condition=models.Q(phone="", building__isnull=True)
                & ~models.Q(address="")
                & _OWN_ROW,
                name="people_resident_address",
                violation_error_code="resident_taken",
                violation_error_message="花名册里已有同名同住址的居民，请直接使用那一条。",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(p for p in (mask("name", self.name), mask("phone", self.phone)) if p)

    @property
    def erased(self) -> bool:
        """Whether the row names nobody any more."""
        return self.name.startswith(ANONYMOUS)

    @property
    def emptied(self) -> bool:
        return self.erased

    @property
    def residence(self) -> Residence:
        """Whether they live here."""
        if self.died_on is not None:
            return Residence.DECEASED
        return Residence.PRESENT if self.moved_out_on is None else Residence.MOVED_OUT

    @property
    def door(self) -> tuple[Any, ...]:
        """Building, unit and room."""
        return (self.building_id, self.unit, self.room)

    @classmethod
    def visible(cls, user: Any) -> models.Q:
        return super().visible(user) & _OWN_ROW

    @classmethod
    def choosable(cls) -> models.Q:
        """Nothing new hangs on a row that has been merged into another."""
        return _OWN_ROW

    def derive(self, before: Any) -> None:
        self.stored_erased = before is not None and before.erased
        # Asked before the fields are checked: what is no text has no letters.
        named = self.name.__class__ is str and not self.name.startswith(ANONYMOUS)
        self.initials = initials(self.name) if named else ""
        self.phone_tail = phone_tail(self.phone)
        if (
            before is not None
            and self.household_id is not None
            and self.household_id == before.household_id
            and self.door != before.door
        ):
            # Who goes to another door leaves the household behind the old one.
            self.household_id = None

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also the further phones of each."""
        facts = super().gather(records)
        known = frozenset(record.id for record in records if record.id is not None)
        if known:
            facts.note_beside(
                ResidentPhone.objects.filter(resident_id__among=known)
                .order_by()
                .values_list("resident_id", "phone")
            )
        return facts

    def invariants(self, facts: Facts) -> None:
        rules.is_not_erased(self.stored_erased)
        rules.born_by_now(self.birth_month, timezone.localdate())
        rules.phone_is_new(self.phone, facts.beside.get(self.id, ()))

    def before_delete(self, facts: Facts) -> None:
        rules.is_not_erased(self.erased)


class ResidentPhone(Record):
    """其他电话: a further telephone under which a resident is reached; the first is on their row."""

    area = "people"
    estate_path = "resident__building__estate"
    parents = ("resident",)
    fixed = ("resident",)
    derived = ("phone_tail",)
    personal = {"phone": "phone", "remark": "hidden"}

    resident = models.ForeignKey(
        Resident, models.PROTECT, verbose_name=_("居民"), related_name="phones"
    )
    phone = models.CharField(
        _("电话"),
        max_length=20,
        help_text=_("11 位手机号，或带区号的座机"),
        validators=[rules.phone_is_normal],
    )
    kind = models.CharField(
        _("谁的电话"), max_length=10, choices=PhoneKind.choices, default=PhoneKind.OWN
    )
    remark = models.CharField(
        _("备注"), max_length=60, blank=True, help_text=_("如 女儿，白天能接")
    )
    phone_tail = models.CharField(_("电话尾号"), max_length=4, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("其他电话")
        ordering = ("resident", "pk")
        indexes = [
            models.Index(fields=["community", "phone"], name="people_phone_number"),
            models.Index(fields=["phone_tail", "community"], name="people_phone_tail"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "phone"],
                name="people_phone_once",
                violation_error_code="phone_twice",
                violation_error_message="这位居民已登记了这个电话，不用重复填写。",
            )
        ]

    def __str__(self) -> str:
        return mask("phone", self.phone)

    @classmethod
    def rows_in(cls, where: Scope) -> models.Q:
        return where.rows("community", cls.estate_path)

    def derive(self, before: Any) -> None:
        self.phone_tail = phone_tail(self.phone)

    def invariants(self, facts: Facts) -> None:
        resident = facts.parent(self, "resident")
        if resident is not None:
            rules.is_not_erased(resident.erased)
            rules.phone_is_new(self.phone, (resident.phone,))


class Household(Record):
    """住户: one door of a community and those who live behind it; counted by doors.

    Occupied ones are what a rate of coverage is measured against.
    """

    area = "people"
    estate_path = "building__estate"
    parents = ("community",)
    personal = {"unit": "hidden", "room": "hidden", "remark": "hidden"}

    building = models.ForeignKey(
        "places.Building", models.PROTECT, verbose_name=_("楼栋"), related_name="households"
    )
    unit = models.CharField(_("单元"), max_length=10, blank=True)
    room = models.CharField(_("室"), max_length=10)
    head = models.ForeignKey(
        Resident,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("户主"),
        related_name="heads",
    )
    occupied = models.BooleanField(
        _("有人居住"), default=True, help_text=_("空关房请去掉勾选；覆盖率只按有人居住的户计算")
    )
    remark = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("住户")
        ordering = ("building", "pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="people_household_updated")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["building", "unit", "room"],
                name="people_household_door",
                violation_error_code="household_taken",
                violation_error_message="这一户已经登记过了，请直接使用那一条。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.building} · {mask('hidden', self.room)}"

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also who lives in each."""
        facts = super().gather(records)
        known = frozenset(record.id for record in records if record.id is not None)
        if known:
            facts.note_beside(
                Resident.objects.filter(household_id__among=known)
                .order_by()
                .values_list("household_id", "pk")
            )
        return facts

    def invariants(self, facts: Facts) -> None:
        rules.household_has_its_door(self.room)
        rules.head_is_a_member(self.head_id, facts.beside.get(self.id, ()))
