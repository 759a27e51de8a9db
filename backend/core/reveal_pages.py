"""Personal data on the admin's pages: masked, or in full while a task is open; each look is logged."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db.models import BooleanField, Case, Model, QuerySet, Value, When
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from unfold.decorators import display

from backend.core.disclosures import Reading, reading_of
from backend.core.door import DOOR, actor
from backend.core.errors import RuleViolation
from backend.core.models import Kept
from backend.core.numbers import whole_number
from backend.core.personal import mask
from backend.core.reveals import close_reveals, open_reveal, reveal_scope

MINUTE = timedelta(minutes=1)
_METHODS = ("GET", "HEAD", "POST")


def masked_column(model: type[Kept], name: str) -> Callable[[Any], str | None]:
    """A list's column of personal values; nothing can be ordered by it."""
    field: Any = model._meta.get_field(name)

    @display(description=field.verbose_name, ordering=None)
    def column(record: Any) -> str | None:
        # None is shown as a dash: whichever column is the first is a link, and a link has a text.
        return getattr(record, f"shown_{name}") or None

    column.__name__ = f"masked_{name}"
    return column


def names_personal_field(model: type[Model], lookup: str) -> bool:
    """Whether a filter in an address would ask for personal values, by whatever path."""
    at: Any = model
    for part in lookup.split(LOOKUP_SEP):
        try:
            field = at._meta.get_field(part)
        except FieldDoesNotExist:
            return False
        if part in getattr(at, "personal", {}):
            return True
        if not field.is_relation or field.related_model is None:
            return False
        at = field.related_model
    return False


def mask_record(record: Kept) -> None:
    """Puts masks in place of a record's personal values, before a form shows them."""
    for name, kind in record.personal.items():
        setattr(record, name, mask(kind, getattr(record, name)))


def with_shown(rows: QuerySet[Any], reading: Reading) -> QuerySet[Any]:
    """Adds `is_in_full`: whether a task shows the row's personal values."""
    whole = reading.rows(rows.model)
    if whole is None:
        return rows.annotate(is_in_full=Value(False, output_field=BooleanField()))
    return rows.annotate(
        is_in_full=Case(When(whole, then=True), default=False, output_field=BooleanField())
    )


class RevealPages:
    """Masks a register's lists and forms, and offers to see them in full with a reason."""

    list_before_template = "linli/list_bar.html"
    register_model: type[Kept]

    # --- what is seen ---------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request).visible_to(request.user)  # type: ignore[misc]
        model = self.register_model
        if not model.personal:
            return rows  # type: ignore[no-any-return]
        reading = reading_of(request, DOOR)
        return with_shown(rows, reading).annotate(
            **{
                f"shown_{name}": reading.shown(model, name)
                for name in self.facets.listed  # type: ignore[attr-defined]
                if name in model.personal
            }
        )

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        # Django lets every own field be asked for: ?phone__startswith=138 would find whom it hides.
        if names_personal_field(self.register_model, lookup):
            return False
        return super().lookup_allowed(lookup, value, request)  # type: ignore[misc, no-any-return]

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        record = super().get_object(request, object_id, from_field)  # type: ignore[misc]
        match = request.resolver_match
        on_form = match is not None and str(match.url_name).endswith("_change")
        # A form that comes in is compared with what is stored; whatever else asks is shown something.
        if record is not None and record.personal and request.method != "POST" and on_form:
            if getattr(record, "is_in_full", False):
                reading_of(request, DOOR).note(record)
            else:
                mask_record(record)
        return record

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {**(extra_context or {}), **self.reveal_context(request)}
        response = super().changelist_view(request, context)  # type: ignore[misc]
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown and self.register_model.personal and shown["cl"].shows_people:
            reading = reading_of(request, DOOR)
            for record in shown["cl"].result_list:
                if getattr(record, "is_in_full", False):
                    reading.note(record)
        return _logged(request, response)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in _METHODS:
            return HttpResponseNotAllowed(_METHODS)
        return _logged(request, super().changeform_view(request, *args, **kwargs))  # type: ignore[misc]

    # --- the task -------------------------------------------------------------------------------

    def reveal_context(self, request: HttpRequest, record: Kept | None = None) -> dict[str, Any]:
        """What the bar above a list or a form shows: the open tasks, and who may open one."""
        model = self.register_model
        if not model.personal or (record is not None and record.emptied):
            return {}
        where = reveal_scope(request.user, model.area)
        wanted = None if where.everywhere else where.communities | where.estate_communities
        if wanted is not None and not wanted:
            return {}
        communities: Any = apps.get_model("places", "Community")._default_manager.order_by("name")
        if wanted is not None:
            communities = communities.filter(pk__in=wanted)
        if record is not None:
            communities = communities.filter(pk=record.scope_community_id)
        names = dict(communities.values_list("pk", "name"))
        tasks = reading_of(request, DOOR).tasks(model.area)
        now = timezone.now()
        return {
            "reveal_tasks": [
                {
                    "community": pk,
                    "community_name": names[pk],
                    "reason": task.reason,
                    # Rounded up: the last minute is one, not none.
                    "minutes": -((now - task.expires_at) // MINUTE),
                }
                for pk, task in tasks.items()
                if pk in names
            ],
            "reveal_communities": [(pk, name) for pk, name in names.items() if pk not in tasks],
            "reveal_url": self._reveal_url("reveal"),
            "reveal_close_url": self._reveal_url("reveal_close"),
            "reveal_next": request.get_full_path(),
            "reveal_minutes": settings.REVEAL_MINUTES,
        }

    def _reveal_url(self, name: str) -> str:
        opts = self.register_model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}")

    def get_urls(self) -> list[Any]:
        opts = self.register_model._meta
        view = self.admin_site.admin_view  # type: ignore[attr-defined]
        prefix = f"{opts.app_label}_{opts.model_name}"
        own = [
            path("reveal/", view(self.reveal_view), name=f"{prefix}_reveal"),
            path("reveal/close/", view(self.reveal_close_view), name=f"{prefix}_reveal_close"),
        ]
        found: list[Any] = super().get_urls()  # type: ignore[misc]
        return own + found if self.register_model.personal else found

    def _next(self, request: HttpRequest) -> str:
        wanted = request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
            return wanted
        return self._reveal_url("changelist")

    def reveal_view(self, request: HttpRequest) -> HttpResponse:
        """Asks for the reason, and opens the task."""
        context = self.reveal_context(request)
        if not context:
            raise PermissionDenied
        names = dict(context["reveal_communities"]) | {
            task["community"]: task["community_name"] for task in context["reveal_tasks"]
        }
        given = whole_number(request.POST.get("community", ""))
        error, reason = "", request.POST.get("reason", "")
        if request.method == "POST":
            if given is None or given not in names:
                raise PermissionDenied
            try:
                open_reveal(
                    self.register_model.area,
                    community_id=given,
                    reason=reason,
                    by=actor(request),
                )
            except RuleViolation as violation:
                error = violation.message
            else:
                return HttpResponseRedirect(self._next(request))
        page = self.admin_site.each_context(request) | {  # type: ignore[attr-defined]
            "title": gettext("显示完整信息"),
            "opts": self.register_model._meta,
            "communities": list(names.items()),
            "chosen": given,
            "reason": reason,
            "error": error,
            "next": self._next(request),
            "reveal_minutes": settings.REVEAL_MINUTES,
        }
        return render(request, "linli/reveal.html", page)

    def reveal_close_view(self, request: HttpRequest) -> HttpResponse:
        """Ends the task at once."""
        given = whole_number(request.POST.get("community", ""))
        if request.method != "POST" or given is None:
            raise PermissionDenied
        close_reveals(self.register_model.area, community_id=given, by=actor(request))
        return HttpResponseRedirect(self._next(request))


def _logged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response, leaving only after what it shows is written down."""
    reading = reading_of(request, DOOR)
    if isinstance(response, TemplateResponse) and not response.is_rendered:
        # Forms and inlines are filled while the page is rendered.
        response.add_post_render_callback(lambda rendered: reading.log())
    else:
        reading.log()
    return response
