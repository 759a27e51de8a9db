"""Two people at one record: the later save is refused, and shows both versions to choose from.

Every form carries the revision that it was opened with. Nothing of either is lost: what was sent is
kept on the page that asks, and what is stored stays until somebody has said which holds.
"""

from typing import Any

from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from backend.core import conflicts, record_history, versions
from backend.core.conflicts import REVISION, SEEN, TAKE
from backend.core.errors import RuleViolation
from backend.core.models import Kept
from backend.core.numbers import whole_number
from backend.core.returning import on_the_way

_MARKS = (REVISION, SEEN)


class EditPages:
    """The part of a register that keeps two editors from overwriting each other."""

    change_form_template: Any = "linli/change_form.html"
    model: Any
    admin_site: Any

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The form, with the revision that it shows; one that comes back keeps what it brought."""
        record = kwargs.get("obj")
        if record is not None and record.pk is not None:
            brought = request.method == "POST" and REVISION in request.POST
            context["edit_marks"] = (
                _marks_of(request) if brought else [(REVISION, str(record.revision))]
            )
        found: HttpResponse = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
        return found

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if object_id is not None and request.method == "POST":
            opened = whole_number(request.POST.get(REVISION, ""))
            record = self.get_object(request, unquote(object_id)) if opened is not None else None  # type: ignore[attr-defined]
            if (
                opened is not None
                and record is not None
                and record.revision != opened
                and self.has_change_permission(request, record)  # type: ignore[attr-defined]
            ):
                page = self._conflict_page(request, record, opened)
                if page is not None:
                    return page
        found: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        return found

    def _conflict_page(
        self, request: HttpRequest, record: Kept, opened: int
    ) -> HttpResponse | None:
        """Both versions side by side; None once its reader has seen this one and chosen."""
        made = self.get_form(request, record, change=True)  # type: ignore[attr-defined]
        given = _without_marks(request)
        stored = made(given, request.FILES, instance=record)
        # Asked for what was understood of it; what it refuses is told when it is saved.
        stored.is_valid()
        fresh = self.get_object(request, str(record.pk))  # type: ignore[attr-defined]
        before = self._as_opened(record=fresh, opened=opened)
        stored.instance, stored.initial = fresh, made(instance=fresh).initial
        known = made(given, request.FILES, instance=before) if before is not None else None
        seen = whole_number(request.POST.get(SEEN, "")) == fresh.revision
        answers = conflicts.answers_in(request.POST) if seen else {}
        found = conflicts.clashes(known, stored, answers)
        if seen and all(one.take for one in found):
            return None
        opts = self.model._meta
        newest = next(iter(record_history.recent_of(fresh, request.user)), None)
        context = self.admin_site.each_context(request) | {
            "title": gettext("有人先保存了"),
            "opts": opts,
            "record": fresh,
            "newest": newest,
            "clashes": found,
            "asks_again": seen,
            "kept": [
                (key, value)
                for key, values in given.lists()
                if key != "csrfmiddlewaretoken"
                for value in values
            ],
            "marks": [(REVISION, str(opened)), (SEEN, str(fresh.revision))],
            "prefix": TAKE,
            "action": request.get_full_path(),
            "back": on_the_way(
                request,
                reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk]),
            ),
        }
        return render(request, "linli/conflict.html", context)

    def _as_opened(self, record: Kept, opened: int) -> Kept | None:
        """The record as it was when the form was opened; None if its history does not tell."""
        try:
            values = versions.as_of_revision(record, opened)
        except RuleViolation:
            return None
        before = type(record)()
        before.__dict__.update(values)
        before._state.adding = False
        return before


def _without_marks(request: HttpRequest) -> Any:
    given = request.POST.copy()
    for key in list(given):
        if key in _MARKS or key.startswith(TAKE):
            del given[key]
    return given


def _marks_of(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (key, str(request.POST[key]))
        for key in request.POST
        if key in _MARKS or key.startswith(TAKE)
    ]
