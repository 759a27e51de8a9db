"""Files of an import without GraphQL, for `wx.uploadFile` and `wx.downloadFile`.

A spreadsheet comes by a plain form, one file and its register. The form is put to the schema as the mutation `uploadSheet`: same rules, limits, and answer.
"""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from strawberry.http import GraphQLRequestData

from backend.core.access import Actor
from backend.core.errors import RuleViolation, not_found
from backend.imports.downloads import corrected_file
from backend.imports.models import ImportBatch
from schema.main.base import DOOR
from schema.main.schema import schema
from schema.main.view import MainView, door_of
from schema.requests import Refused, bad_request, caller_kept, guarded

# What the answer holds; more of the import is asked for at /graphql/, by its code.
DOCUMENT = """mutation UploadSheet($input: UploadSheetInput!) {
  uploadSheet(input: $input) {
    errors { field code message }
    report {
      batch {
        id code register target sheet status statusLabel
        rows { read create update unchanged skip reject }
        availableActions { name label allowed reason }
      }
      correctedWorkbook
      problems(first: 100) { row column code level message }
      questions { code title column total answered choices { value label } }
    }
    job { id state }
  }
}
"""
# The form's fields beside the file; the second kind says yes or no.
_TEXTS = ("register", "event", "community", "sheet", "idempotencyKey")
_SWITCHES = ("despiteTemplate",)
_YES, _NO = {"true", "1"}, {"false", "0", ""}


class PlainUpload(MainView):
    """A form with one file, read as the mutation that it stands for."""

    def parse_http_body(self, request: Any) -> Any:
        """The one operation. Raises Refused for what is no such form."""
        asked: HttpRequest = request.request
        if asked.content_type != "multipart/form-data":
            raise bad_request("请用 multipart/form-data 上传一个文件。", 415)
        if len(asked.FILES) != 1:
            raise bad_request("请上传一个文件，不多也不少。")
        unknown = set(asked.POST) - {*_TEXTS, *_SWITCHES}
        if unknown:
            raise bad_request(f"表单里只认这些字段：{'、'.join((*_TEXTS, *_SWITCHES))}。")
        given: dict[str, Any] = {n: asked.POST[n] for n in _TEXTS if asked.POST.get(n)}
        given["register"] = asked.POST.get("register", "")
        for name in _SWITCHES:
            said = asked.POST.get(name, "").lower()
            if said not in _YES | _NO:
                raise bad_request(f"{name} 应为 true 或 false。")
            given[name] = said in _YES
        (given["file"],) = asked.FILES.values()
        return GraphQLRequestData(
            query=DOCUMENT, variables={"input": given}, operation_name=None, extensions=None
        )


_upload = PlainUpload.as_view(
    schema=schema, graphql_ide=None, allow_queries_via_get=False, multipart_uploads_enabled=True
)


@csrf_exempt
def plain_upload(request: HttpRequest) -> HttpResponseBase:
    """A sheet by POST. A request that brings no session cookie needs no CSRF token."""
    return guarded(request, lambda: door_of(request, _upload))


# What a broken rule is as HTTP, at an address that answers a file.
_STATUS = {"not_allowed": 403, "not_found": 404, "file_too_large": 413}


def corrected(request: HttpRequest, code: str) -> HttpResponseBase:
    """The corrected workbook of an import, by GET; who has it is written down.

    HTTP 404 for what is not there and for what the caller may not see alike, 403 for lack of rights.
    """
    return guarded(request, lambda: _corrected(request, code))


def _corrected(request: HttpRequest, code: str) -> HttpResponseBase:
    if request.method != "GET":
        raise bad_request("这个地址只接受 GET。", 405)
    caller_kept(request)
    try:
        by = Actor.of(request.user, DOOR)
        batch = ImportBatch.objects.visible_to(request.user).filter(code=code).first()
        if batch is None:
            raise not_found("这个导入批次")
        return corrected_file(batch, by=by)
    except RuleViolation as violation:
        status = _STATUS.get(violation.code, 400)
        raise Refused(status, violation.code, violation.message) from None
