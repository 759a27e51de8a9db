"""后台任务: what runs, how far it is, cancel and retry; the rows refresh by themselves."""

from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django_tasks_db.models import DBTaskResult
from unfold.admin import ModelAdmin

from backend.core.admin import actor, allowed
from backend.core.errors import RuleViolation
from backend.core.lookups import OfferedLookups
from backend.core.telling import who
from backend.jobs import actions
from backend.jobs.choices import OPEN, RETRIABLE, JobState
from backend.jobs.models import Job
from backend.jobs.queries import jobs_seen_by, names_of, progress_of

PAGE = 30
# How many of what is shown are still open: the page looks again sooner, or no more.
OPEN_HEADER = "X-Open-Jobs"

# The queue's own page shows tracebacks, and everybody's; ours shows jobs.
admin.site.unregister(DBTaskResult)


@admin.register(Job)
class JobAdmin(OfferedLookups, ModelAdmin):
    """Jobs are made by the work that wants them; here they are watched, cancelled and retried."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Everybody may see what they have asked for themselves.
        return allowed(request, "jobs.see") or jobs_seen_by(request.user).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        def at(name: str, view: Any) -> Any:
            return path(
                f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"jobs_job_{name}"
            )

        return [
            at("cancel", self.cancel_view),
            at("retry", self.retry_view),
            at("box", self.box_view),
        ] + super().get_urls()

    # --- pages ----------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; with ?part=rows its rows alone, for the page that refreshes itself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        wanted = request.GET.get("state", "")
        wanted = wanted if wanted in JobState.values else ""
        rows = jobs_seen_by(request.user)
        if wanted:
            rows = rows.filter(state=wanted)
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        jobs = list(page.object_list)
        here = f"{reverse('admin:jobs_job_changelist')}?state={wanted}&page={page.number}"
        context = {
            "jobs": shown(request, jobs),
            "here": here,
            "wanted": wanted,
            "page": page,
            "several": len({job.community_id for job in jobs}) > 1,
        }
        is_part = request.GET.get("part") == "rows"
        if not is_part:
            context |= self.admin_site.each_context(request) | {
                "title": self.opts.verbose_name_plural,
                "opts": self.opts,
                "states": [{"name": str(s), "label": s.label} for s in JobState],
                "refresh": f"{here}&part=rows",
                "waiting": any(job.is_open for job in jobs),
            }
        response = render(request, "jobs/rows.html" if is_part else "jobs/list.html", context)
        response.headers[OPEN_HEADER] = str(sum(job.is_open for job in jobs))
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """One job's page."""
        job = self._job(request, object_id)
        context = self.admin_site.each_context(request) | {
            "title": gettext(job.title),
            "opts": self.opts,
            "item": shown(request, [job])[0],
            "here": reverse("admin:jobs_job_change", args=[job.pk]),
            "list": reverse("admin:jobs_job_changelist"),
            "waiting": job.is_open,
        }
        return render(request, "jobs/job.html", context)

    def box_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One job's progress alone, for a page that refreshes itself."""
        job = self._job(request, str(pk))
        context = {"item": shown(request, [job])[0], "here": _back(request)}
        response = render(request, "jobs/box.html", context)
        response.headers[OPEN_HEADER] = str(int(job.is_open))
        return response

    # --- verbs ----------------------------------------------------------------------------------

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancels a job."""
        return self._do(request, pk, actions.cancel, gettext("已请求取消，未完成的内容不会写入。"))

    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Queues a job anew."""
        return self._do(request, pk, actions.retry, gettext("已重新排队。"))

    def _do(self, request: HttpRequest, pk: int, verb: Any, said: str) -> HttpResponse:
        job = self._job(request, str(pk))
        if request.method != "POST":
            raise PermissionDenied
        try:
            verb(job, by=actor(request))
        except RuleViolation as violation:
            messages.error(request, violation.message)
        else:
            messages.success(request, said)
        return HttpResponseRedirect(_back(request))

    def _job(self, request: HttpRequest, pk: str) -> Job:
        job = jobs_seen_by(request.user).filter(pk=pk).first() if pk.isdecimal() else None
        if job is None:
            # Another community's job and none at all are one thing.
            raise PermissionDenied
        return job


def shown(request: HttpRequest, jobs: list[Job]) -> list[dict[str, Any]]:
    """What the pages show of jobs: with progress, the page of what it is about, and the buttons."""
    by = actor(request)
    progress, names = progress_of(jobs), names_of(jobs, request.user)
    return [
        {
            "job": job,
            "title": gettext(job.title),
            "named": names.get(job.pk, ""),
            "who": who(job.started_by, job.actor_name),
            "progress": progress[job.pk],
            "about": job.link or about_url(job),
            "can_cancel": job.state in OPEN and job.cancellable and actions.may_move(job, by),
            "can_retry": job.state in RETRIABLE and actions.may_move(job, by),
        }
        for job in jobs
    ]


def about_url(job: Job) -> str:
    """The page of the record that a job is about; "" if it has none."""
    if not job.about_model:
        return ""
    opts = apps.get_model(job.about_model)._meta
    try:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[job.about_id])
    except NoReverseMatch:
        return ""


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("back") or request.GET.get("back") or ""
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return asked if safe else reverse("admin:jobs_job_changelist")
