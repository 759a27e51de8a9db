"""通知模板: every declared kind in one list, and one page to reword it, see it, try it, take it back."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext

from backend.core import gate
from backend.core.access import scope
from backend.core.admin import RegisterAdmin, actor
from backend.core.errors import RuleViolation
from backend.messaging import actions
from backend.messaging.choices import Channel
from backend.messaging.forms import WordsForm
from backend.messaging.models import MessageTemplate
from backend.messaging.queries import KindHere, communities_with_templates, kinds_in
from backend.messaging.templates import TemplateKind
from backend.messaging.wording import Wording, declared_wording, samples
from backend.places.models import Community


@admin.register(MessageTemplate)
class MessageTemplateAdmin(RegisterAdmin):
    """A community's kinds of message; the rows of the table are those that somebody reworded."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """All kinds in one community."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        communities = list(communities_with_templates(request.user))
        asked = request.GET.get("community", "")
        here = next((c for c in communities if c.code == asked), None)
        if here is None and communities:
            here = communities[0]
        context = self.admin_site.each_context(request) | {
            "title": gettext("通知模板"),
            "opts": self.model._meta,
            "communities": communities if len(communities) > 1 else [],
            "here": here,
            "rows": [_row(here, found) for found in kinds_in(here)] if here is not None else [],
        }
        return render(request, "messaging/templates.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        # One does not add a kind: one picks it from the list.
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page of its kind."""
        record = self.get_object(request, object_id) if self._may(request, "see") else None
        if record is None:
            raise PermissionDenied
        return self.words_view(request, record.community.code, record.kind)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.words_view)
        own = path(
            "words/<slug:community_code>/<slug:kind_code>/",
            view,
            name="messaging_messagetemplate_words",
        )
        return [own, *super().get_urls()]

    def words_view(self, request: HttpRequest, community_code: str, kind_code: str) -> HttpResponse:
        """Reword, preview, try out, take back: one form, one button each."""
        community, found = self._asked(request, community_code, kind_code)
        may_edit = scope(request.user, "messaging.edit").covers(community.pk)
        do = request.POST.get("do", "")
        if request.method == "POST" and not may_edit:
            raise PermissionDenied
        if do == "reset":
            return self._reset(request, community, found)
        template = found.own or _as_declared(community, found.kind)
        form = WordsForm(request.POST or None, instance=template, kind=found.kind)
        shown: tuple[str, str] | None = None
        if request.method == "POST" and form.is_valid():
            # The form has written what was typed into the record, which nobody has saved.
            if do == "save":
                return self._saved(request, template)
            if do == "try":
                self._try(request, template)
            words = Wording(template.title, template.body, frozenset())
            shown = words.filled(samples(found.kind))
        elif request.method != "POST":
            words = Wording(template.title, template.body, frozenset())
            shown = words.filled(samples(found.kind))
        context = self.admin_site.each_context(request) | {
            "title": str(found.kind.label or found.kind.code),
            "opts": self.model._meta,
            "kind": found.kind,
            "community": community,
            "form": form,
            "own": found.own,
            "may_edit": may_edit,
            "shown": shown,
            "placeholders": [
                {"name": f"{{{name}}}", "label": label, "needed": name in found.kind.needed}
                for name, label in found.kind.placeholders.items()
            ],
            "back": _list_url(community),
        }
        return render(request, "messaging/words.html", context)

    def _asked(
        self, request: HttpRequest, community_code: str, kind_code: str
    ) -> tuple[Community, KindHere]:
        community = communities_with_templates(request.user).filter(code=community_code).first()
        if community is None:
            raise Http404
        for found in kinds_in(community):
            if found.kind.code == kind_code and not found.kind.secret:
                return community, found
        raise Http404

    def _saved(self, request: HttpRequest, template: MessageTemplate) -> HttpResponse:
        url = words_url(template.community, template.kind)
        try:
            gate.save(template, by=actor(request))
        except RuleViolation as violation:
            messages.error(request, violation.message)
        else:
            messages.success(request, gettext("已保存，以后的通知都按新的文字发出。"))
        return HttpResponseRedirect(url)

    def _try(self, request: HttpRequest, template: MessageTemplate) -> None:
        try:
            went = actions.try_out(template, by=actor(request))
        except RuleViolation as violation:
            messages.error(request, violation.message)
            return
        ways = "、".join(str(Channel(channel).label) for channel in went)
        messages.success(request, gettext("已试发给您自己：%(ways)s。") % {"ways": ways})

    def _reset(self, request: HttpRequest, community: Community, found: KindHere) -> HttpResponse:
        if found.own is not None:
            try:
                actions.reset_wording(found.own, by=actor(request))
            except RuleViolation as violation:
                messages.error(request, violation.message)
            else:
                messages.success(request, gettext("已恢复默认的文字。"))
        return HttpResponseRedirect(words_url(community, found.kind.code))


def words_url(community: Community, kind_code: str) -> str:
    """The address of the page on which a community rewords a kind of message."""
    return reverse("admin:messaging_messagetemplate_words", args=[community.code, kind_code])


def _list_url(community: Community) -> str:
    return f"{reverse('admin:messaging_messagetemplate_changelist')}?community={community.code}"


def _as_declared(community: Community, kind: TemplateKind) -> MessageTemplate:
    return MessageTemplate(community=community, kind=kind.code, title=kind.title, body=kind.body)


def _row(community: Community, found: KindHere) -> dict[str, Any]:
    kind, own = found.kind, found.own
    on = declared_wording(kind).channels
    if own is not None:
        on &= own.channels
    inbox = [Channel.INBOX] if Channel.INBOX in kind.channels else []
    ways = [*inbox, *(c for c in Channel if c in on)]
    return {
        "label": str(kind.label or kind.code),
        "title": own.title if own is not None else kind.title,
        "body": own.body if own is not None else kind.body,
        "ways": [channel.label for channel in ways],
        "changed": own is not None,
        "url": "" if kind.secret else words_url(community, kind.code),
    }
