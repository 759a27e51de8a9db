"""A digest's own pages: publishing to groups, correcting, drafting anew."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext

from backend.core.admin import actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.numbers import whole_number
from backend.patrols import digesting
from backend.patrols.choices import OUT, DigestStatus
from backend.patrols.models import DailyDigest, GroupPost
from backend.patrols.queries import groups_for
from backend.places.models import ResidentGroup


def _as_counted(group: ResidentGroup) -> list[Any]:
    """By which people look for a group: 2号楼 before 10号楼."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", group.name)]


class DigestPages:
    """Adds these pages to the digest's admin."""

    admin_site: Any

    def get_urls(self) -> list[Any]:
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"patrols_dailydigest_{name}",
            )
            for name, view in (
                ("publish", self.publish_view),
                ("correct", self.correct_view),
                ("redraft", self.redraft_view),
            )
        ]
        return [*own, *super().get_urls()]  # type: ignore[misc]

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        """The buttons to them, where they have a use."""
        wanted: list[tuple[str, str]] = []
        if self._may_on(request, "move", record):  # type: ignore[attr-defined]
            if record.status == DigestStatus.REVIEWED:
                wanted.append(("publish", gettext("发布")))
            if record.status in OUT:
                wanted += [("publish", gettext("发到居民群")), ("correct", gettext("发更正"))]
        if record.status == DigestStatus.DRAFT and self._may_on(request, "edit", record):  # type: ignore[attr-defined]
            wanted.append(("redraft", gettext("按巡查重新起草")))
        return [{"label": label, "url": _address(name, record)} for name, label in wanted]

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The text to copy, and the groups to tick: publishes, or notes further groups."""
        digest = self._digest(request, pk, "move")
        posts = GroupPost.objects.filter(digest=digest, edition=digest.edition)
        had = set(posts.values_list("group", flat=True))
        error = ""
        if request.method == "POST":
            chosen = _chosen(digest, request.POST.getlist("group"))
            first = digest.status == DigestStatus.REVIEWED

            def do() -> None:
                if first:
                    digesting.publish(digest, by=actor(request), groups=chosen)
                else:
                    digesting.post_to_groups(digest, chosen, by=actor(request))

            error = _tried(do)
            if not error:
                messages.success(request, _told(first, len(chosen)))
                return HttpResponseRedirect(_address("change", digest))
        context = {
            "title": gettext("发布") if digest.status not in OUT else gettext("发到居民群"),
            "groups": [
                (group, group.pk in had) for group in sorted(groups_for(digest), key=_as_counted)
            ],
            "out": digest.status in OUT,
            "error": error or self._in_the_way(request, digest),
        }
        return self._page(request, digest, "patrols/publish.html", context)

    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for the new text and for what was wrong."""
        digest = self._digest(request, pk, "move")
        text = request.POST.get("text", digest.text).replace("\r\n", "\n")
        reason = request.POST.get("reason", "")
        error = ""
        if request.method == "POST":
            error = _tried(
                lambda: digesting.correct(digest, text, by=actor(request), reason=reason)
            )
            if not error:
                messages.success(request, gettext("已更正，请重新发到群里并勾选。"))
                return HttpResponseRedirect(_address("publish", digest))
        context = {
            "title": gettext("发更正"),
            "text": text,
            "reason": reason,
            "error": error,
        }
        return self._page(request, digest, "patrols/correct.html", context)

    def redraft_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks once: what was written by hand goes."""
        digest = self._digest(request, pk, "edit")
        error = ""
        if request.method == "POST":
            error = _tried(lambda: digesting.redraft_digest(digest, by=actor(request)))
            if not error:
                messages.success(request, gettext("已按当天的巡查重新起草。"))
                return HttpResponseRedirect(_address("change", digest))
        context = {"title": gettext("按巡查重新起草"), "error": error}
        return self._page(request, digest, "patrols/redraft.html", context)

    def _digest(self, request: HttpRequest, pk: int, verb: str) -> DailyDigest:
        rows = DailyDigest.objects.visible_to(request.user).select_related("estate")
        digest = rows.filter(pk=pk).first()
        if digest is None or not self._may_on(request, verb, digest):  # type: ignore[attr-defined]
            raise PermissionDenied
        return digest

    def _in_the_way(self, request: HttpRequest, digest: DailyDigest) -> str:
        if digest.status != DigestStatus.REVIEWED:
            return ""
        return digesting.why_digest_cannot(digest, "publish", actor(request)) or ""

    def _page(
        self, request: HttpRequest, digest: DailyDigest, template: str, context: dict[str, Any]
    ) -> HttpResponse:
        whole = self.admin_site.each_context(request) | {
            "opts": DailyDigest._meta,
            "record": digest,
            "back": _address("change", digest),
        }
        return render(request, template, whole | context)


def _address(name: str, digest: DailyDigest) -> str:
    return reverse(f"admin:patrols_dailydigest_{name}", args=[digest.pk])


def _told(published: bool, groups: int) -> str:
    """What was done, and what is still to do."""
    if published and groups:
        return gettext("已发布，登记了 %(count)s 个群。") % {"count": groups}
    if published:
        return gettext("已发布。还没有登记发到哪些群：发到群里以后，点“发到居民群”勾选。")
    return gettext("已登记 %(count)s 个群。") % {"count": groups}


def _chosen(digest: DailyDigest, given: list[str]) -> list[ResidentGroup]:
    wanted = {whole_number(one) or 0 for one in given}
    return list(groups_for(digest).filter(pk__in=wanted))


def _tried(do: Callable[[], object]) -> str:
    """Why it was refused; "" where it was done."""
    try:
        do()
    except RuleViolation as refused:
        return refused.message
    except ManyViolations as refused:
        return "；".join({one.message for one in refused.by_index.values()})
    return ""
