"""恢复到此版本: on a line of a record's history, for whoever may edit the record."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext

from backend.core import record_history
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.models import ChangeSet
from backend.core.numbers import whole_number
from backend.core.restoring import Restoration, restoration, restore
from backend.core.telling import door_in_words, who


@dataclass(frozen=True)
class _Changed:
    """What a register's way of saving asks of a form."""

    changed_data: list[str]


class RestorePages:
    """A register's page that brings a former version back."""

    model: Any
    admin_site: Any
    _url: Any

    def get_urls(self) -> list[Any]:
        opts = self.model._meta
        name = f"{opts.app_label}_{opts.model_name}_restore"
        view = self.admin_site.admin_view(self.restore_view)
        found: list[Any] = super().get_urls()  # type: ignore[misc]
        return [path("<path:object_id>/restore/<int:change_set>/", view, name=name), *found]

    def restore_view(self, request: HttpRequest, object_id: str, change_set: int) -> HttpResponse:
        """Shows field by field what would change, asks why, and saves it as an edit."""
        record = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if record is None or not self.has_change_permission(request, record):  # type: ignore[attr-defined]
            raise PermissionDenied
        found, error = Restoration(), ""
        reason = request.POST.get("reason", "")
        form = self.get_form(request, record, change=True)  # type: ignore[attr-defined]
        revision = record.revision
        try:
            found = restoration(record, change_set, request.user, among=form.base_fields)
            if request.method == "POST":
                restore(
                    record,
                    found,
                    revision=whole_number(request.POST.get("_revision", "")) or 0,
                    reason=reason,
                    save=lambda row: self._save_restored(request, row, found),
                )
                messages.success(request, gettext("已恢复，并记入历史。"))
                return HttpResponseRedirect(self._url("change", record.pk))
        except RuleViolation as violation:
            error = violation.message
        except ManyViolations as refused:
            error = "；".join({v.message for v in refused.by_index.values()})
        made = ChangeSet.objects.filter(pk=change_set).select_related("actor").first()
        context = self.admin_site.each_context(request) | {
            "title": gettext("恢复到此版本"),
            "opts": self.model._meta,
            "record": record,
            "made": made if found.values or found.stays or not error else None,
            "who": who(made.actor, made.actor_name) if made is not None else "",
            "door": door_in_words(made.door) if made is not None else "",
            "found": found,
            "reason": reason,
            "error": error,
            "revision": revision,
            "rows_below": bool(self.get_inlines(request, record)),  # type: ignore[attr-defined]
            "back": self._url("history", record.pk),
        }
        return render(request, "linli/restore.html", context)

    def _save_restored(self, request: HttpRequest, record: Any, found: Restoration) -> None:
        names = {one.attname: one.name for one in record._meta.concrete_fields}
        changed: Any = _Changed([names[name] for name in found.values])
        self.save_model(request, record, changed, True)  # type: ignore[attr-defined]

    def restorable_lines(
        self, request: HttpRequest, record: Any, page: record_history.Page, newest: bool
    ) -> frozenset[int]:
        """The change sets of a page of history to which this user may go back: not what is now."""
        if not self.has_change_permission(request, record):  # type: ignore[attr-defined]
            return frozenset()
        lines = page.lines[1:] if newest else page.lines
        return frozenset(line.change_set for line in lines)
