"""纪要: revisions that never change; a save names the revision from which it started."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import Record
from backend.meetings import rules


class MinutesRevision(Record):
    """纪要稿: one text of a meeting's minutes, as somebody saved it.

    Of two who save at once the second one's text is kept beside, not lost: `set_aside`.
    """

    area = "meetings"
    parents = ("meeting",)
    fixed = ("meeting",)

    meeting = models.ForeignKey(
        "meetings.JointMeeting", models.PROTECT, verbose_name=_("会议"), related_name="minutes"
    )
    number = models.PositiveIntegerField(_("稿次"))
    based_on = models.PositiveIntegerField(_("依据的稿次"), default=0)
    text = models.TextField(_("纪要"), max_length=20_000)
    set_aside = models.BooleanField(_("另存的文字"), default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("保存的账号"),
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("纪要稿")
        ordering = ("-meeting", "-number")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="meetings_minutes_number",
                violation_error_code="number_taken",
                violation_error_message="稿次重复了，请再试一次。",
            )
        ]

    def __str__(self) -> str:
        return f"第{self.number}稿"

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also which of them are written already: they stay."""
        facts = super().gather(records)
        known = frozenset(record.id for record in records if record.id is not None)
        found = cls._default_manager.filter(pk__among=known).values_list("pk", "text")
        facts.note_beside(found if known else ())
        return facts

    def invariants(self, facts: Facts) -> None:
        rules.written_once(self.id in facts.beside)
        rules.minutes_are_there(self.text)
        meeting = facts.parent(self, "meeting")
        if meeting is not None:
            rules.minutes_take_changes(meeting.status)

    def before_delete(self, facts: Facts) -> None:
        rules.written_once(True)
