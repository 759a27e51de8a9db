"""What open data says to browsers and caches: anybody may read it, from any page, for a minute."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag

from backend.accounts.rates import where_from
from schema.requests import Refused, rate_kept, told

SECONDS = 60
_METHODS = "GET, HEAD, POST, OPTIONS"


def for_everybody(request: HttpRequest, do: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What `do` answers, open to pages of every origin; the same again is 304.

    Nobody is signed in here and no cookie is read, so `*` gives nothing away.
    """
    try:
        if request.method == "OPTIONS":
            answer: HttpResponseBase = HttpResponse(status=204)
        else:
            rate_kept(where_from(request), settings.OPEN_DATA_REQUESTS_PER_MINUTE)
            answer = _cached(request, do())
    except Refused as refused:
        answer = told(refused)
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Expose-Headers"] = "ETag, Retry-After, Content-Disposition"
    if request.method == "OPTIONS":
        answer["Access-Control-Allow-Methods"] = answer["Allow"] = _METHODS
        answer["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
        answer["Access-Control-Max-Age"] = "86400"
    return answer


def _cached(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    if request.method not in ("GET", "HEAD") or answer.status_code != 200:
        answer["Cache-Control"] = "no-store"
        return answer
    answer["Cache-Control"] = f"public, max-age={SECONDS}"
    if not isinstance(answer, HttpResponse):
        return answer
    # Of the answer's bytes: whatever changes it changes this.
    set_response_etag(answer)
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer
