"""Open data for people: the dictionary as a page, and each list as a CSV file."""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from schema.open_data.caching import SECONDS, for_everybody
from schema.open_data.lists import OpenList, list_called, open_lists
from schema.requests import Refused, bad_request, guarded

# So that spreadsheet programs take the file for UTF-8.
_MARK = "\ufeff"
_CHUNK = 500


@csrf_exempt
def dictionary(request: HttpRequest) -> HttpResponseBase:
    """What there is, and what every field means."""

    def page() -> HttpResponseBase:
        _only_read(request)
        context = {"lists": list(open_lists()), "seconds": SECONDS}
        return render(request, "open_data/dictionary.html", context)

    return for_everybody(request, lambda: guarded(request, page))


@csrf_exempt
def as_csv(request: HttpRequest, name: str) -> HttpResponseBase:
    """A list from its first row to its last: UTF-8, a heading, ISO dates, codes of what it points at.

    `?community=CODE` narrows it, `?lang=zh` has headings and states in Chinese.
    """

    def file() -> HttpResponseBase:
        _only_read(request)
        found = list_called(name)
        if found is None:
            raise Refused(404, "not_found", "没有这份开放数据，请看 /open-data/ 的目录。")
        community = request.GET.get("community")
        if community is not None and (
            "community" not in found.filters or "\x00" in community or len(community) > 100
        ):
            raise bad_request("community 应为社区编号；这份数据也可能不按社区分。")
        # Whole, and not as it comes: its ETag is of its bytes, and a 304 must be known before the first.
        answer = HttpResponse(
            "".join(_lines(found, community, in_words=request.GET.get("lang") == "zh")),
            content_type="text/csv; charset=utf-8",
        )
        answer["Content-Disposition"] = f'attachment; filename="{found.name}.csv"'
        return answer

    return for_everybody(request, lambda: guarded(request, file))


def _only_read(request: HttpRequest) -> None:
    if request.method not in ("GET", "HEAD"):
        raise bad_request("这个地址只能读取。", 405)


class _Line:
    """A file that hands back what is written to it: the csv module wants one."""

    def write(self, text: str) -> str:
        return text


def _lines(found: OpenList, community: str | None, in_words: bool) -> Iterator[str]:
    columns = found.columns
    writer: Any = csv.writer(_Line())
    heading = [column.label if in_words else column.name for column in columns]
    yield _MARK + writer.writerow(heading)
    rows = found.rows()
    if community is not None:
        rows = rows.filter(community__code=community)
    for row in rows.iterator(chunk_size=_CHUNK):
        yield writer.writerow([column.text(row, in_words) for column in columns])
