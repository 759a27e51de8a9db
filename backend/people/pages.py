"""Pages beside a resident's form: leave and come back, compare and merge, take the merge back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.core.admin import actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.personal import mask
from backend.people import actions
from backend.people.choices import Residence
from backend.people.forms import day_from
from backend.people.merging import merge_residents, merged_rows, unmerge_residents
from backend.people.models import Household, Resident
from backend.people.panels import may_merge, page_of, shown
from backend.people.queries import possible_duplicates_of
from backend.people.searching import sought_by

FOUND = 20


@dataclass(frozen=True)
class Step:
    """One verb of a person's life: its button, what it asks, and whom it fits."""

    label: Any
    do: Callable[..., Any]
    fits: tuple[str, ...]
    asks_day: bool = True
    needs_reason: bool = False
    colour: str = "primary"


STEPS = {
    "move-out": Step(_("迁出"), actions.move_out, (Residence.PRESENT,)),
    "move-in": Step(_("迁回"), actions.move_in_again, (Residence.MOVED_OUT,)),
    "death": Step(
        _("登记去世"),
        actions.record_death,
        (Residence.PRESENT, Residence.MOVED_OUT),
        colour="danger",
    ),
    "correct-death": Step(
        _("更正去世登记"),
        actions.correct_death,
        (Residence.DECEASED,),
        asks_day=False,
        needs_reason=True,
    ),
}
_COMPARED = ("name", "gender", "birth_month", "phone", "building", "unit", "room", "address")


class LifePages:
    """Mixed into the residents' admin."""

    def life_urls(self) -> list[Any]:
        """The addresses of these pages."""

        def at(tail: str, name: str, view: Any) -> Any:
            wrapped = self.admin_site.admin_view(view)  # type: ignore[attr-defined]
            return path(f"<int:object_id>/{tail}", wrapped, name=f"people_resident_{name}")

        return [
            at("life/<str:step>/", "life", self.life_view),
            at("merge/", "merge", self.merge_view),
            at("merge/<int:other_id>/", "compare", self.compare_view),
            at("unmerge/<int:other_id>/", "unmerge", self.unmerge_view),
        ]

    def life_links(self, request: HttpRequest, resident: Resident) -> list[dict[str, str]]:
        """The buttons that fit the person and the user."""
        links: list[dict[str, str]] = []
        if resident.erased:
            return links
        if self._may_on(request, "edit", resident):  # type: ignore[attr-defined]
            links += [
                {"label": str(step.label), "url": page_of(resident, "life", name)}
                for name, step in STEPS.items()
                if resident.residence in step.fits
            ]
        if may_merge(request, resident):
            links.append({"label": gettext("与另一条合并"), "url": page_of(resident, "merge")})
        return links

    def life_view(self, request: HttpRequest, object_id: int, step: str) -> HttpResponse:
        """Asks the day and the reason, then does it."""
        resident = self._resident(request, object_id, "edit")
        wanted = STEPS.get(step)
        if wanted is None:
            raise PermissionDenied
        given: dict[str, Any] = {"reason": request.POST.get("reason", "").strip()[:500]}
        day = request.POST.get("on", "")
        if wanted.asks_day:
            given["on"] = day_from(day)

        def do() -> str:
            wanted.do(resident, by=actor(request), **given)
            return gettext("已登记：%(step)s。") % {"step": wanted.label}

        context = {
            "title": wanted.label,
            "step": wanted,
            "on": day or timezone.localdate().isoformat(),
            "today": timezone.localdate().isoformat(),
            "reason": given["reason"],
        }
        return self._asked(request, resident, "people/life.html", context, do)

    def merge_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Whom to merge with: those who look alike first, then whoever is searched for."""
        resident = self._resident(request, object_id, "merge")
        sought = request.GET.get("q", "").strip()
        rows = possible_duplicates_of(resident, request.user)
        if sought:
            seen = Resident.objects.visible_to(request.user).exclude(pk=resident.pk)
            seen = seen.named().filter(community=resident.community_id)
            seen = seen.select_related("building")
            rows = list(seen.filter(sought_by(request.user, sought)).order_by("pk")[:FOUND])
        people = [shown(row) | {"url": page_of(resident, "compare", row.pk)} for row in rows]
        context = {
            "title": _("与另一条合并"),
            "q": sought,
            "people": people,
            "first": shown(resident),
        }
        return self._shown(request, resident, "people/merge.html", context)

    def compare_view(self, request: HttpRequest, object_id: int, other_id: int) -> HttpResponse:
        """The two side by side, masked; which of them stays, and why."""
        resident = self._resident(request, object_id, "merge")
        other = self._resident(request, other_id, "merge")
        reason = request.POST.get("reason", "").strip()[:500]
        keep, drop = resident, other
        if request.POST.get("keep") == str(other.pk):
            keep, drop = other, resident

        def do() -> str:
            merge_residents(keep, drop, by=actor(request), reason=reason)
            return gettext("已合并；合错了可以在本页撤销。")

        context = {
            "title": _("合并两条记录"),
            "pair": (resident, other),
            "kept": keep.pk,
            "rows": [_compared(name, resident, other) for name in _COMPARED],
            "counts": [_hanging(row) for row in (resident, other)],
            "reason": reason,
        }
        return self._asked(request, keep, "people/compare.html", context, do)

    def unmerge_view(self, request: HttpRequest, object_id: int, other_id: int) -> HttpResponse:
        """Takes a merge back."""
        resident = self._resident(request, object_id, "merge")
        drop = next((row for row in merged_rows(resident) if row.pk == other_id), None)
        if drop is None:
            raise PermissionDenied
        reason = request.POST.get("reason", "").strip()[:500]

        def do() -> str:
            done = unmerge_residents(drop, by=actor(request), reason=reason)
            if done.left:
                return gettext(
                    "已恢复成两条；有 %(count)s 条记录在合并后又改过，仍留在原来这一条名下，请逐条核对。"
                ) % {"count": len(done.left)}
            return gettext("已恢复成两条。")

        context = {"title": _("撤销合并"), "other": shown(drop), "reason": reason}
        return self._asked(request, resident, "people/unmerge.html", context, do)

    # --- the steps ------------------------------------------------------------------------------

    def _resident(self, request: HttpRequest, pk: int, verb: str) -> Resident:
        rows = Resident.objects.visible_to(request.user).select_related("building", "community")
        resident: Resident | None = rows.filter(pk=pk).first()
        if resident is None or not self._may_on(request, verb, resident):  # type: ignore[attr-defined]
            raise PermissionDenied
        return resident

    def _asked(
        self,
        request: HttpRequest,
        resident: Resident,
        template: str,
        context: dict[str, Any],
        do: Callable[[], str],
    ) -> HttpResponse:
        error = ""
        if request.method == "POST":
            try:
                messages.success(request, do())
                return HttpResponseRedirect(page_of(resident))
            except RuleViolation as violation:
                error = violation.message
            except ManyViolations as refused:
                error = "；".join(sorted({v.message for v in refused.by_index.values()}))
        return self._shown(request, resident, template, context | {"error": error})

    def _shown(
        self, request: HttpRequest, resident: Resident, template: str, context: dict[str, Any]
    ) -> HttpResponse:
        site = self.admin_site.each_context(request)  # type: ignore[attr-defined]
        own = {"opts": Resident._meta, "record": resident, "back": page_of(resident)}
        return render(request, template, site | own | context)


def _compared(name: str, first: Resident, second: Resident) -> dict[str, Any]:
    field = Resident._meta.get_field(name)
    kind = Resident.personal.get(name)
    values = []
    for row in (first, second):
        value = getattr(row, f"get_{name}_display")() if field.choices else getattr(row, name)
        values.append(mask(kind, value) if kind else value or "")
    same = getattr(first, field.attname) == getattr(second, field.attname)
    blank = not any(getattr(row, field.attname) for row in (first, second))
    # Whether they are the same is told, what they are is not: that is what the two are compared for.
    return {
        "label": field.verbose_name,
        "values": values,
        "same": same and not blank,
        "blank": blank,
    }


def _hanging(resident: Resident) -> dict[str, Any]:
    return {
        "phones": resident.phones.count(),
        "residence": resident.residence.label,
        "since": resident.created_at,
        "household": Household.objects.filter(members=resident).exists(),
    }
