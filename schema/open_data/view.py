"""The open-data API's door: nobody signs in here, and nothing can be changed."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from graphene.validation import depth_limit_validator
from graphene_django.views import GraphQLView, HttpError
from graphql import GraphQLError, ValidationContext, ValidationRule, specified_rules

from schema.documents import MAX_SPREADS, aliases_in, spreads_in
from schema.open_data.schema import schema

log = logging.getLogger("linli.open_data")

MAX_DEPTH = 8
MAX_ALIASES = 15
MAX_QUERY_BYTES = 8_000
INTERNAL = "服务器出错，请稍后再试。"


class NamesAreFew(ValidationRule):
    """A list under many names costs as much as many lists."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        if spreads_in(context.document) > MAX_SPREADS:
            raise GraphQLTooLarge
        found = aliases_in(context.document)
        if found > MAX_ALIASES:
            context.report_error(GraphQLError(f"{found} aliases found. Allowed: {MAX_ALIASES}"))


class OpenDataView(GraphQLView):
    """Without sessions: staff see here what everybody sees."""

    graphiql_template = "graphiql/main.html"
    # Added to the standard rules: the argument replaces them.
    validation_rules = [
        *specified_rules,
        NamesAreFew,
        depth_limit_validator(max_depth=MAX_DEPTH),
    ]

    @staticmethod
    def format_error(error: Any) -> dict[str, Any]:
        """A GraphQL error as it is; of any other nothing but a code."""
        cause = getattr(error, "original_error", None)
        if isinstance(error, GraphQLError) and (cause is None or isinstance(cause, GraphQLError)):
            code = (error.extensions or {}).get("code", "bad_request")
            shown = dict(error.formatted)
            return {**shown, "extensions": {"code": code}}
        if isinstance(error, HttpError):
            return {"message": error.message, "extensions": {"code": "bad_request"}}
        # The type alone: an exception's text may hold what nobody may see.
        log.error("unexpected %s", type(cause or error).__name__)
        return {"message": INTERNAL, "extensions": {"code": "internal"}}

    def execute_graphql_request(self, request: Any, data: Any, query: Any, *args: Any) -> Any:
        if query and len(query) > MAX_QUERY_BYTES:
            raise GraphQLTooLarge
        return super().execute_graphql_request(request, data, query, *args)

    def get_context(self, request: HttpRequest) -> Any:
        return None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except GraphQLTooLarge:
            return JsonResponse(
                {
                    "errors": [
                        {"message": "查询太长，请拆成几次。", "extensions": {"code": "too_large"}}
                    ]
                },
                status=400,
            )
        if request.method == "GET" and response.status_code == 200:
            response["Cache-Control"] = "public, max-age=60"
        return response


class GraphQLTooLarge(Exception):
    """The document is longer than any sensible query."""


open_data_api = csrf_exempt(OpenDataView.as_view(schema=schema, graphiql=True))
