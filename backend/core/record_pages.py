"""A record's page: where it stands, what this user may do next and why not, who did what before."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from backend.core import record_history
from backend.core.asking import why_not
from backend.core.door import actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.models import ChangeSet, Kept
from backend.core.panels import panels_of
from backend.core.returning import came_from, list_came_from, on_the_way
from backend.core.standing import Standing, standing
from backend.core.workflow import Move


class RecordPages:
    """The parts of a register that show one record and carry out its verbs."""

    # The machine's verbs by name: called with the record, by= and reason=.
    verbs: ClassVar[Mapping[str, Callable[..., Any]]] = {}
    register_model: type[Kept]
    model: Any
    admin_site: Any

    def _url(self, name: str, *args: Any) -> str:
        opts = self.model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=args)

    def get_urls(self) -> list[Any]:
        opts = self.model._meta
        name = f"{opts.app_label}_{opts.model_name}_move"
        view = self.admin_site.admin_view(self.move_view)
        found: list[Any] = super().get_urls()  # type: ignore[misc]
        return [path("<path:object_id>/move/<str:verb>/", view, name=name), *found]

    # --- what the page shows --------------------------------------------------------------------

    def record_state(self, record: Any) -> str:
        """What the record's page says of its state; "" for a register without one."""
        machine = self.register_model.machine
        return str(getattr(record, f"get_{machine.field}_display")()) if machine is not None else ""

    def may_move(self, request: HttpRequest, record: Any, verb: str) -> bool:
        """Whether a button for this move is offered; the verb itself asks its own rules again."""
        return True

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        """Further buttons on a record's page: label and url."""
        return []

    def record_moves(self, request: HttpRequest, record: Any) -> list[dict[str, Any]]:
        """The moves that the diagram and the user's rights allow; `why` says what the rules have
        against one now: it is shown, and cannot be pressed.
        """
        machine = self.register_model.machine
        if machine is None:
            return []
        by = actor(request)
        return [
            {
                "name": move.name,
                "label": gettext(move.label),
                "url": on_the_way(request, self._url("move", record.pk, move.name)),
                "to": move.colour,
                "why": why_not(record, move.name, by),
            }
            for move in machine.available(getattr(record, machine.field))
            if self._offers(request, record, move)
        ]

    def _offers(self, request: HttpRequest, record: Any, move: Move) -> bool:
        may: bool = move.name in self.verbs and self._may_on(request, move.right, record)  # type: ignore[attr-defined]
        return may and self.may_move(request, record, move.name)

    def _put_first(self, record: Any, links: Any, moves: Any) -> None:
        """Marks one button as what is usually done next: the diagram's first way on that needs no
        reason, if it can be pressed. Where a page's link is marked already, that is it.
        """
        machine = self.register_model.machine
        if machine is None or any(link.get("primary") for link in links):
            return
        for move in machine.available(getattr(record, machine.field)):
            label = gettext(move.label)
            if move.colour == "danger" or move.needs_reason:
                continue
            for button in (*moves, *links):
                if button["label"] == label and not button.get("why"):
                    button["primary"] = "1"
                    return

    def record_standing(self, record: Any, reader: Any) -> Standing | None:
        """The record in its diagram; None for a register without states."""
        machine = self.register_model.machine
        if machine is None:
            return None
        field: Any = self.register_model._meta.get_field(machine.field)
        made = record_history.moves_of(record, reader)
        return standing(
            machine,
            {str(value): str(label) for value, label in field.flatchoices},
            str(field.get_default()),
            str(getattr(record, machine.field)),
            made[-record_history.STEPS :],
            record.created_at,
            earlier=len(made) > record_history.STEPS,
            say=gettext,
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        record = self.get_object(request, object_id)  # type: ignore[attr-defined]
        context = dict(extra_context or {})
        if record is not None:
            context |= self.reveal_context(request, record)  # type: ignore[attr-defined]
            stands = self.record_standing(record, request.user)
            links, moves = self.record_links(request, record), self.record_moves(request, record)
            self._put_first(record, links, moves)
            context |= {
                "record_links": links,
                "record_panels": panels_of(request, record),
                "record_state": self.record_state(record),
                "record_moves": moves,
                "record_standing": stands,
                "record_recent": record_history.recent_of(record, request.user),
                "record_history_url": self._url("history", record.pk),
            }
            if stands is not None and not stands.follow and stands.now.at is not None:
                # Nothing more comes of it: when it ended, and why, is what one wants to know.
                context["record_ending"] = stands.now
        found: HttpResponse = super().change_view(request, object_id, form_url, context)  # type: ignore[misc]
        return found

    # --- moving through states ------------------------------------------------------------------

    def move_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Asks once, then moves the record."""
        record = self.get_object(request, object_id)  # type: ignore[attr-defined]
        machine = self.register_model.machine
        if record is None or machine is None or verb not in self.verbs:
            raise PermissionDenied
        step = machine.move(verb)
        by = actor(request)
        if not self._may_on(request, step.right, record):  # type: ignore[attr-defined]
            raise PermissionDenied
        error, reason = "", request.POST.get("reason", "")
        if request.method == "POST":
            try:
                made = self.make_move(request, record, verb, reason)
            except RuleViolation as violation:
                error = violation.message
            except ManyViolations as refused:
                error = "；".join({v.message for v in refused.by_index.values()})
            else:
                return self._moved(request, record, step, made)
            if error and request.POST.get("at") == "board" and came_from(request):
                # The card stays, and the board says why.
                messages.error(request, f"{record}：{error}")
                return HttpResponseRedirect(came_from(request))
        elif getattr(record, machine.field) in step.sources:
            error = why_not(record, verb, by) or ""
        context = self.admin_site.each_context(request) | {
            "title": gettext(step.label),
            "opts": self.model._meta,
            "record": record,
            "step": step,
            "asks": gettext(step.asks),
            "reason": reason,
            "error": error,
            "back": on_the_way(request, self._url("change", record.pk)),
        }
        return render(request, "linli/move.html", context)

    def make_move(
        self, request: HttpRequest, record: Any, verb: str, reason: str
    ) -> ChangeSet | None:
        """Moves the record; answers the act where it can be taken back at once.

        Raises: what the verb raises.
        """
        self.verbs[verb](record, by=actor(request), reason=reason)
        return None

    def way_back(self, request: HttpRequest, made: ChangeSet) -> str:
        """What is said beside a step that can be taken back."""
        return ""

    def _moved(
        self, request: HttpRequest, record: Any, step: Move, made: ChangeSet | None
    ) -> HttpResponse:
        """Back to where the user came from, which is told what was done to which record."""
        own, told = self._url("change", record.pk), f"已{step.label}。"
        place = came_from(request) or list_came_from(request, self._url("changelist"))
        if place:
            shown = type(record)._default_manager.filter(pk=record.pk).first() or record
            told = format_html('<a class="ll-link" href="{}">{}</a>：{}', own, shown, told)
        if made is not None:
            told = format_html("{}{}", told, self.way_back(request, made))
        messages.success(request, told)
        return HttpResponseRedirect(place or own)

    # --- after saving ---------------------------------------------------------------------------

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        place = came_from(request)
        if place:
            return HttpResponseRedirect(place)
        found: HttpResponse = super().response_post_save_change(request, obj)  # type: ignore[misc]
        return found

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        response: HttpResponse = super().response_delete(request, obj_display, obj_id)  # type: ignore[misc]
        return HttpResponseRedirect(came_from(request) or response["Location"])
