"""A register's steps for many: chosen in the list, counted beforehand, done, and taken back."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext

from backend.core import bulk, gate, history
from backend.core.access import Actor, scope
from backend.core.bulk import DELETE, Outcome
from backend.core.bulk_rest import Rest, first_of, rest_from, rest_in
from backend.core.door import actor
from backend.core.errors import RuleViolation
from backend.core.many import MOST_AT_ONCE, Policy
from backend.core.models import ChangeSet, Kept
from backend.core.numbers import whole_number
from backend.core.returning import came_from, going_back_to
from backend.core.telling import in_words, who
from backend.core.undone_words import why_left
from backend.core.workflow import Move

# Records named one by one for a reason, and of what was done.
MOST_NAMED = 20
_KEPT = "bulk"
_NAME = "bulk_{verb}"


class BulkPages:
    """Adds to a register's list the machine's moves, and deleting, for the rows chosen."""

    # The moves offered for many at once; the others are looked at one by one.
    bulk_moves: ClassVar[tuple[str, ...]] = ()
    verbs: ClassVar[Mapping[str, Any]]
    register_model: type[Kept]
    admin_site: Any

    # --- what the list offers -------------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> Any:
        """The list's actions: those of others, the moves that somebody may make, and deleting."""
        found = super().get_actions(request)  # type: ignore[misc]
        deleting = found.pop("delete_selected", None)
        for verb in self.bulk_moves:
            if self._may_step(request, verb):
                label = gettext(self._move(verb).label)
                words = gettext("%(step)s所选记录") % {"step": label}
                found[_NAME.format(verb=verb)] = (_chosen(verb), _NAME.format(verb=verb), words)
        if deleting is not None:
            found["delete_selected"] = (_chosen(DELETE), "delete_selected", gettext("删除所选记录"))
        return found

    def _move(self, verb: str) -> Move:
        machine = self.register_model.machine
        if machine is None or verb not in self.bulk_moves:
            raise PermissionDenied
        return machine.move(verb)

    def bulk_fitting(self, verb: str) -> Q | None:
        """The rows from whose state a step can start; None where it asks for no state."""
        machine = self.register_model.machine
        if verb == DELETE or machine is None:
            return None
        return Q(**{f"{machine.field}__in": sorted(self._move(verb).sources)})

    def _may_step(self, request: HttpRequest, verb: str) -> bool:
        may: bool = self._may(  # type: ignore[attr-defined]
            request, DELETE if verb == DELETE else self._move(verb).right
        )
        return may

    def _step(self, request: HttpRequest, verb: str) -> tuple[str, bool, bool, bulk.Verb]:
        """What a step is called, whether it needs a reason, whether it can be taken back, its verb."""
        if verb == DELETE:
            if not self.has_delete_permission(request):  # type: ignore[attr-defined]
                raise PermissionDenied
            return gettext("删除"), False, True, self.delete_one
        move = self._move(verb)
        if not self._may_step(request, verb):
            raise PermissionDenied
        return gettext(move.label), move.needs_reason, move.undoable, self.verbs[verb]

    def delete_one(self, record: Any, *, by: Actor, reason: str) -> None:
        """Deleting as a step for many. Raises: what the gate raises."""
        gate.delete(record, by=by, reason=reason)

    # --- the pages ------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        opts, view = self.register_model._meta, self.admin_site.admin_view
        name = f"{opts.app_label}_{opts.model_name}"
        own = [
            path("bulk/<slug:verb>/", view(self.bulk_view), name=f"{name}_bulk"),
            path("bulk/done/<slug:sets>/", view(self.bulk_done_view), name=f"{name}_bulk_done"),
        ]
        return own + super().get_urls()  # type: ignore[misc, no-any-return]

    def bulk_view(self, request: HttpRequest, verb: str, back: str = "") -> HttpResponse:
        """Says how many would move and why others would not; confirmed, does it."""
        label, needs_reason, undoable, do = self._step(request, verb)
        back = back or came_from(request) or self._url("changelist")  # type: ignore[attr-defined]
        if request.method != "POST":
            return HttpResponseRedirect(back)
        rows, by = self._chosen_rows(request), actor(request)
        reason, error = request.POST.get("reason", "").strip()[:500], ""
        rest = rest_in(request.POST)
        asks = "原因" if verb == DELETE else self._move(verb).asks
        aside = whole_number(request.POST.get("aside", "")) or 0
        whole = request.POST.get("policy") == Policy.ALL_OR_NOTHING.value
        try:
            if request.POST.get("sure") == "1" and needs_reason and not reason:
                error = f"{label}需要写明{asks}。"
            elif request.POST.get("sure") == "1":
                policy = Policy.ALL_OR_NOTHING if whole else Policy.GOOD_ONES
                outcome = bulk.carry(rows, verb, do, by=by, reason=reason, policy=policy)
                if outcome.change_sets:
                    return self._told(request, outcome, back, rest, verb)
                error = "一条也没有办，原因见下。" if outcome.stayed else "没有选中记录。"
            seen = bulk.foresee(rows, verb, do, by=by)
        except RuleViolation as violation:
            messages.error(request, violation.message)
            return HttpResponseRedirect(back)
        context = self.admin_site.each_context(request) | {
            "title": gettext("%(step)s所选记录") % {"step": label},
            "opts": self.register_model._meta,
            "label": label,
            "rows": rows,
            "rest": rest,
            "chosen": len(rows) + rest.left + aside,
            "aside": aside,
            "go_on": self._list_action(verb),
            "good": len(seen.done),
            "stayed": seen.stayed,
            "refused": [
                {
                    "why": group.violation.message,
                    "count": len(group.records),
                    "records": group.records[:MOST_NAMED],
                    "more": max(len(group.records) - MOST_NAMED, 0),
                }
                for group in seen.refused
            ],
            "needs_reason": needs_reason,
            "asks": gettext(asks),
            "takes_reason": needs_reason or verb == DELETE,
            "danger": verb == DELETE or self._move(verb).colour == "danger",
            "undoable": undoable,
            "reason": reason,
            "whole": whole,
            "error": error,
            "back": back,
            "action": going_back_to(reverse(self._bulk_name(), args=[verb]), back),
        }
        return render(request, "linli/bulk.html", context)

    def _bulk_name(self, done: bool = False) -> str:
        opts = self.register_model._meta
        return f"admin:{opts.app_label}_{opts.model_name}_bulk{'_done' if done else ''}"

    def _chosen_rows(self, request: HttpRequest) -> list[Any]:
        """Those of the chosen rows that somebody sees. Never more than can be done at once."""
        asked = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)[: MOST_AT_ONCE + 1]
        keys = [pk for text in asked if (pk := whole_number(text)) is not None]
        rows: QuerySet[Any] = self.get_queryset(request)  # type: ignore[attr-defined]
        return list(rows.filter(pk__in=keys).order_by("pk"))

    def _list_action(self, verb: str) -> str:
        return "delete_selected" if verb == DELETE else _NAME.format(verb=verb)

    def _told(
        self, request: HttpRequest, outcome: Outcome, back: str, rest: Rest, verb: str
    ) -> HttpResponse:
        sets = "-".join(str(made.pk) for made in outcome.change_sets)
        # For the page that follows, and no longer: which rows stayed is nobody's record.
        request.session[_KEPT] = {
            "sets": sets,
            "rest": rest.kept(),
            "go_on": self._list_action(verb),
            "refused": [
                [group.violation.message, [row.pk for row in group.records]]
                for group in outcome.refused
            ],
        }
        return HttpResponseRedirect(
            going_back_to(reverse(self._bulk_name(done=True), args=[sets]), back)
        )

    def bulk_done_view(self, request: HttpRequest, sets: str) -> HttpResponse:
        """What was done, what was not; and the button that takes it back."""
        made = self._change_sets(request, sets)
        model, by = self.register_model, actor(request)
        back = came_from(request) or self._url("changelist")  # type: ignore[attr-defined]
        if request.method == "POST":
            try:
                undone = bulk.take_back(made, by=by)
            except RuleViolation as violation:
                messages.error(request, violation.message)
            else:
                self._tell_undone(request, undone)
            return HttpResponseRedirect(request.get_full_path())
        kept = request.session.get(_KEPT) or {}
        kept = kept if kept.get("sets") == sets else {}
        refused = kept.get("refused", [])
        taken = ChangeSet.objects.filter(undo_of__in=made).select_related("actor").first()
        touched = _touched(made, model)
        context = self.admin_site.each_context(request) | {
            "title": gettext("办理结果"),
            "opts": model._meta,
            "made": made[0],
            "act": in_words(made[0].verb),
            "who": who(made[0].actor, made[0].actor_name),
            "count": len(touched),
            "records": self._named(request, touched[:MOST_NAMED]),
            "more": max(len(touched) - MOST_NAMED, 0),
            "refused": [
                {
                    "why": why,
                    "count": len(keys),
                    "records": self._named(request, keys[:MOST_NAMED]),
                    "more": max(len(keys) - MOST_NAMED, 0),
                }
                for why, keys in refused
            ],
            "stayed": sum(len(keys) for _why, keys in refused),
            "rest": rest_from(kept.get("rest")),
            "go_on": kept.get("go_on", ""),
            "may_undo": all(bulk.may_undo(one, by) for one in made),
            "undone": taken,
            "undone_by": who(taken.actor, taken.actor_name) if taken is not None else "",
            "back": back,
        }
        return render(request, "linli/bulk_done.html", context)

    def _change_sets(self, request: HttpRequest, sets: str) -> list[ChangeSet]:
        """The change sets of a step on this register: one's own, or in sight of who reads history."""
        keys = [pk for text in sets.split("-") if (pk := whole_number(text)) is not None]
        label = self.register_model._meta.label
        found = list(
            ChangeSet.objects.filter(pk__in=keys, parts__model=label)
            .select_related("actor")
            .distinct()
            .order_by("pk")
        )
        seen = scope(request.user, "history.see")
        if not found or len(found) != len(set(keys)):
            raise PermissionDenied
        for made in found:
            if made.actor_id != request.user.pk and not seen.covers(made.community_id):
                raise PermissionDenied
        return found

    def _tell_undone(self, request: HttpRequest, undone: Sequence[Any]) -> None:
        label = self.register_model._meta.label
        left: dict[tuple[str, int], str] = {}
        for one in undone:
            for table, pk, why in one.left:
                left.setdefault((table, pk), why)
        keys = {pk for one in undone for pk in _of_set(one.change_set, label)}
        if keys:
            words = gettext("已撤销，%(count)s 条恢复到原来的样子。") % {"count": len(keys)}
            messages.success(request, words)
        reasons: dict[str, int] = {}
        for why in left.values():
            reasons[why_left(why)] = reasons.get(why_left(why), 0) + 1
        for words, count in reasons.items():
            messages.warning(
                request,
                gettext("%(count)s 条没有恢复：%(why)s。") % {"count": count, "why": words},
            )

    def _named(self, request: HttpRequest, keys: Sequence[int]) -> list[dict[str, str]]:
        """Records by name, with their address, where they still are and are seen."""
        rows: QuerySet[Any] = self.get_queryset(request).filter(pk__in=keys)  # type: ignore[attr-defined]
        return [
            {"name": str(row), "url": self._url("change", row.pk)}  # type: ignore[attr-defined]
            for row in rows.order_by("pk")
        ]


def _chosen(verb: str) -> Any:
    """An action of the list: the page that asks, for the rows chosen."""

    @admin.action
    def ask(register: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        keys, rest, aside = first_of(
            queryset, request.POST, MOST_AT_ONCE, register.bulk_fitting(verb)
        )
        given = request.POST.copy()
        rest.put_into(given)
        given["aside"] = str(aside)
        given.setlist(helpers.ACTION_CHECKBOX_NAME, [str(pk) for pk in keys])
        given.pop("sure", None)
        request.POST = given  # type: ignore[assignment]
        asked: HttpResponse = register.bulk_view(request, verb, back=request.get_full_path())
        return asked

    return ask


def _touched(made: Sequence[ChangeSet], model: type[Kept]) -> list[int]:
    return sorted({pk for one in made for pk in _of_set(one, model._meta.label)})


def _of_set(made: ChangeSet, label: str) -> set[int]:
    """The keys of a table's rows that a change set touched."""
    return {change.pk for part in made.parts.filter(model=label) for change in history.unpack(part)}
