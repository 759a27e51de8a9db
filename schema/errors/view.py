"""The catalogue for programs, at a stable address."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from schema.errors.files import CATALOGUE


def _version(request: HttpRequest) -> str:
    return f'"{CATALOGUE.stat().st_mtime_ns:x}"'


@require_safe
@condition(etag_func=_version)
def error_codes(request: HttpRequest) -> HttpResponse:
    """Every code; no secret, so nobody needs to be signed in, and every page may read it."""
    answer = HttpResponse(CATALOGUE.read_bytes(), content_type="application/json")
    answer["Cache-Control"] = "public, max-age=3600"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
