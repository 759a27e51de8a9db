"""使用手册 inside the product: chapters, pictures and a search by words; no network is needed."""

from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from backend.core import guide
from backend.core.guidance import Guidance

_LONGEST = 60


@require_safe
def contents_page(request: HttpRequest) -> HttpResponse:
    """The chapters, or what `?q=` finds in them."""
    asked = request.GET.get("q", "").strip()[:_LONGEST]
    context = admin.site.each_context(request) | {
        "title": gettext("使用手册"),
        "asked": asked,
        "found": guide.search(asked),
        "chapters": guide.chapters(),
    }
    return render(request, "linli/guide.html", context)


@require_safe
def chapter_page(request: HttpRequest, name: str) -> HttpResponse:
    """One chapter."""
    try:
        chapter = guide.chapter_of(name)
    except LookupError:
        raise Http404 from None
    context = admin.site.each_context(request) | {
        "title": chapter.title,
        "chapter": chapter,
        # Our own files, rendered.
        "body": mark_safe(chapter.html),
        "chapters": guide.chapters(),
    }
    return render(request, "linli/guide_chapter.html", context)


@require_safe
def picture_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture of the guide."""
    path = guide.picture(name)
    if path is None:
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/png")
    response["Cache-Control"] = "private, max-age=86400"
    return response


def guide_url(help_: Guidance) -> str:
    """Where the guide tells more of what a page's help says."""
    return f"{reverse('guide_page', args=[help_.page])}#{guide.anchor_of(help_.section)}"
