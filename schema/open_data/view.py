"""The open-data API's door: nobody signs in here, and nothing can be changed."""

from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from graphene.validation import depth_limit_validator
from graphene_django.views import GraphQLView, HttpError
from graphql import GraphQLError, ValidationContext, ValidationRule, specified_rules

from schema.documents import MAX_SPREADS, Unmeasurable, measured
from schema.journeys import examples
from schema.open_data.caching import for_everybody
from schema.open_data.schema import schema
from schema.requests import (
    INTERNAL,
    bad_request,
    document_fits,
    guarded,
    media_type,
    one_operation,
    read_json,
    size_kept,
    too_large,
    trouble_of,
)

MAX_DEPTH = 8
MAX_ALIASES = 15
MAX_QUERY_LENGTH = 8_000
MAX_FIELDS = 500
# The schema about itself is as much work as many lists.
MAX_SCHEMAS = 1
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Fits(ValidationRule):
    """A list under many names costs as much as many lists."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        try:
            found = measured(context.document)
        except Unmeasurable as reason:
            raise bad_request(str(reason)) from None
        if found.spreads > MAX_SPREADS:
            raise too_large("片段引用（...）的个数", MAX_SPREADS)
        if found.fields > MAX_FIELDS:
            raise too_large("字段的个数", MAX_FIELDS)
        if found.aliases > MAX_ALIASES:
            raise bad_request(f"别名有 {found.aliases} 个，上限是 {MAX_ALIASES} 个。")
        if found.schemas > MAX_SCHEMAS:
            raise bad_request(f"__schema 在一次查询里最多 {MAX_SCHEMAS} 个。")


FIRST_QUERY = """# 已公布的普法活动 / events that are published
query {
  legalEducationEvents(first: 5) {
    totalCount
    edges { node { code title startsAt placesLeft venue { name } } }
  }
}
"""


class OpenDataView(GraphQLView):
    """Without sessions: staff see here what everybody sees."""

    graphiql_template = "graphiql/main.html"
    # Added to the standard rules: the argument replaces them.
    validation_rules = [
        *specified_rules,
        Fits,
        depth_limit_validator(max_depth=MAX_DEPTH),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Not the library's: it gives everybody a CSRF cookie, and what bears one is not cached."""
        data = self.parse_body(request)
        if request.method == "GET" and self.can_display_graphiql(request, data):
            page: HttpResponse = self.render_graphiql(
                request, default_query=FIRST_QUERY, examples=examples(open_data=True)
            )
            return page
        try:
            result, status = self.get_response(request, data)
        except HttpError:  # by GET, and no query
            raise bad_request("这里只能查询，不能写入，也没有订阅。", 405) from None
        return HttpResponse(result, status=status, content_type=media_type(request))

    def parse_body(self, request: HttpRequest) -> Any:
        """What a request asks for. Raises Refused."""
        if request.method == "GET":
            return _of_form(request.GET)
        if request.content_type == "application/json":
            return one_operation(read_json(request.body))
        if request.content_type == "application/graphql":
            try:
                return {"query": request.body.decode()}
            except UnicodeDecodeError:
                raise bad_request("请求的内容不是 UTF-8 编码。") from None
        if request.content_type in _FORMS:
            return _of_form(request.POST)
        raise bad_request("请用 Content-Type: application/json。", 415)

    def get_graphql_params(self, request: HttpRequest, data: Any) -> tuple[Any, Any, Any, None]:
        query = data.get("query")
        if not query:
            raise bad_request("请求里没有 query。")
        document_fits(query, MAX_QUERY_LENGTH)
        return query, data.get("variables"), data.get("operationName") or None, None

    def json_encode(self, request: HttpRequest, d: Any, pretty: bool = False) -> bytes:
        indent = orjson.OPT_INDENT_2 if pretty or request.GET.get("pretty") else 0
        return orjson.dumps(d, default=str, option=indent)

    @staticmethod
    def format_error(error: Any) -> dict[str, Any]:
        """A GraphQL error as it is; of any other nothing but a code."""
        cause = getattr(error, "original_error", None)
        if isinstance(error, GraphQLError) and (cause is None or isinstance(cause, GraphQLError)):
            code = (error.extensions or {}).get("code", "bad_request")
            shown = dict(error.formatted)
            return {**shown, "extensions": {"code": code}}
        found = trouble_of(cause or error, getattr(error, "path", None))
        return {
            "message": INTERNAL.format(id=found),
            "extensions": {"code": "internal", "id": found},
        }

    def get_context(self, request: HttpRequest) -> Any:
        return None


def _of_form(given: Any) -> dict[str, Any]:
    """An operation in parameters: its variables are JSON."""
    found: dict[str, Any] = {
        name: given.get(name)
        for name in ("query", "operationName", "variables", "extensions")
        if given.get(name)
    }
    for name in ("variables", "extensions"):
        if name in found:
            found[name] = read_json(found[name])
    return one_operation(found)


_api = OpenDataView.as_view(schema=schema, graphiql=True)


@csrf_exempt
def open_data_api(request: HttpRequest) -> HttpResponseBase:
    """GraphQL by GET or POST, for whoever asks, from whatever page."""
    return for_everybody(request, lambda: guarded(request, lambda: _answered(request)))


def _answered(request: HttpRequest) -> HttpResponseBase:
    if request.method not in ("GET", "POST"):
        raise bad_request("这个地址只接受 GET 和 POST。", 405)
    size_kept(request, settings.GRAPHQL_MAX_BODY_BYTES)
    answer: HttpResponseBase = _api(request)
    return answer
