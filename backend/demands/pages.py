"""The pages of steps that ask for more than a reason, and the buttons that lead to them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext

from backend.core.admin import actor
from backend.core.asking import why_not
from backend.core.errors import RuleViolation
from backend.core.returning import came_from, on_the_way
from backend.demands.choices import OPEN
from backend.demands.from_issues import issue_of
from backend.demands.models import Demand
from backend.demands.rights import may_as_staff, may_move
from backend.demands.states import DEMAND_MACHINE
from backend.demands.step_forms import STEP_FORMS

# Of the pages, those that are moves of the machine: a board leads to them.
MOVES = ("assign", "confirm", "mark_duplicate")


class StepPages:
    """Adds the pages to the demand's admin."""

    admin_site: Any

    def get_urls(self) -> list[Any]:
        own = [
            path(
                f"<int:pk>/{verb}/",
                self.admin_site.admin_view(self.step_view),
                {"verb": verb},
                name=f"demands_demand_{verb}",
            )
            for verb in STEP_FORMS
        ]
        return [*own, *super().get_urls()]  # type: ignore[misc]

    def may_move(self, request: HttpRequest, record: Any, verb: str) -> bool:
        """Those with a page of their own are no plain buttons."""
        return verb not in MOVES

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        """The buttons to the pages that fit the demand's state and the user's rights, and to the issue
        that became it.
        """
        issue = issue_of(record, request.user)
        back = [
            {
                "label": gettext("来自苗头性问题"),
                "url": reverse("admin:partners_incipientissue_change", args=[issue.pk]),
            }
            for issue in ([issue] if issue is not None else [])
        ]
        return back + [
            {
                "label": gettext(str(STEP_FORMS[verb].title)),
                "url": on_the_way(
                    request, reverse(f"admin:demands_demand_{verb}", args=[record.pk])
                ),
            }
            for verb in STEP_FORMS
            if self._fits(request, record, verb) and not self._barred(request, record, verb)
        ]

    def record_moves(self, request: HttpRequest, record: Any) -> list[dict[str, Any]]:
        """Also the pages' moves that a rule is against: shown with the reason, and not to be pressed."""
        moves: list[dict[str, Any]] = super().record_moves(request, record)  # type: ignore[misc]
        barred = ((verb, self._barred(request, record, verb)) for verb in MOVES)
        return moves + [
            {"name": verb, "label": gettext(str(STEP_FORMS[verb].title)), "to": "", "why": why}
            for verb, why in barred
            if why and self._fits(request, record, verb)
        ]

    def _barred(self, request: HttpRequest, record: Demand, verb: str) -> str | None:
        return why_not(record, verb, actor(request)) if verb in MOVES else None

    def _fits(self, request: HttpRequest, record: Demand, verb: str) -> bool:
        by = actor(request)
        if verb in MOVES:
            steps = [move.name for move in DEMAND_MACHINE.available(record.status)]
            return verb in steps and may_move(record, by, verb)
        if record.status not in OPEN:
            return False
        if verb == "respond":
            return record.first_response_at is None and may_move(record, by, "resolve")
        return not record.extended_days and may_as_staff(record, by, "move")

    def step_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Asks, then carries the step out."""
        rows: Any = Demand.objects
        demand = rows.visible_to(request.user).filter(pk=pk).first()
        if demand is None:
            raise PermissionDenied
        home = reverse("admin:demands_demand_change", args=[demand.pk])
        if not self._fits(request, demand, verb):
            messages.error(request, gettext("这一步现在不能办，请看诉求的当前状态。"))
            return HttpResponseRedirect(came_from(request) or home)
        form = STEP_FORMS[verb](demand, request.POST or None)
        error = ""
        if request.method == "POST" and form.is_valid():
            try:
                form.act(actor(request))
            except RuleViolation as refused:
                if refused.field in form.fields:
                    form.add_error(refused.field, refused)
                else:
                    error = refused.message
            else:
                messages.success(request, gettext(str(form.done)))
                return HttpResponseRedirect(came_from(request) or home)
        context = self.admin_site.each_context(request) | {
            "title": gettext(str(form.title)),
            "opts": Demand._meta,
            "record": demand,
            "form": form,
            "error": error,
            "back": came_from(request) or home,
        }
        return render(request, "demands/step.html", context)
