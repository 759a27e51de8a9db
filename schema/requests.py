"""What both APIs ask of a request before any GraphQL: its size, its shape, how often its caller comes.

Whatever is refused here has a code, costs no statement, and is told in the shape of a GraphQL answer.
"""

import logging
import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase

from backend.accounts.rates import COUNTER, who_calls
from schema.documents import TOO_DEEP, shape_of

log = logging.getLogger("linli.graphql")

JSON, GRAPHQL = "application/json", "application/graphql-response+json"
# Of a document before it is parsed: some levels of fields, and what stands in their arguments.
MAX_NESTING = 60
MAX_DOCUMENT = 50_000
# Python refuses to read a number of some thousands of digits, by an exception.
MAX_DIGITS = 40
# Of variables: filters in filters, an input's lists. Values are all leaves together.
MAX_VARIABLE_DEPTH = 20
MAX_VALUES = 20_000
INTERNAL = "服务器出错，请稍后再试；一直这样请联系管理员，并报上编号 {id}。"
_NUL = re.compile(r"\x00|\\u0000|\\u\{0+\}")
# No digits: in the log a long number is starred out, for it may be a phone.
_LETTERS = "bcdfghjkmnpqrstvwxz"


class Refused(Exception):
    """A request that no GraphQL is asked about: an HTTP status, a code, a sentence."""

    def __init__(self, status: int, code: str, message: str, **told: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.told = status, code, message, told


def bad_request(message: str, status: int = 400) -> Refused:
    """The caller's mistake, of no further kind."""
    return Refused(status, "bad_request", message)


def too_large(what: str, limit: int) -> Refused:
    """Something is larger than any sensible request has it."""
    return Refused(413, "too_large", f"{what}超过上限 {limit}，请拆成几次。")


def media_type(request: HttpRequest) -> str:
    """In which of the two types an answer goes out: the newer one to those who name it."""
    wanted = request.get_preferred_type([JSON, GRAPHQL])
    return GRAPHQL if wanted == GRAPHQL and GRAPHQL in request.headers.get("Accept", "") else JSON


def told(refused: Refused, kind: str = "application/json") -> HttpResponse:
    """The refusal as an answer."""
    extensions = {"code": refused.code, **refused.told}
    response = JsonResponse(
        {"errors": [{"message": refused.message, "extensions": extensions}]},
        status=refused.status,
        content_type=kind,
        json_dumps_params={"ensure_ascii": False},
    )
    if "retryAfter" in refused.told:
        response["Retry-After"] = str(refused.told["retryAfter"])
    if refused.status == 405:
        response["Allow"] = "GET, POST"
    return response


def trouble_of(error: BaseException, where: Any = "") -> str:
    """Writes down an exception that nobody expected, and answers the id under which it stands."""
    found = "".join(secrets.choice(_LETTERS) for _ in range(12))
    place = "?"
    trace = error.__traceback__
    while trace is not None:
        place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
        trace = trace.tb_next
    # Type and place alone: an exception's text may hold somebody's name or phone.
    log.error("unexpected %s in %s at %s, id %s", type(error).__name__, place, where, found)
    return found


def guarded(request: HttpRequest, do: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What `do` answers, or why not; never an exception's text, never a page."""
    try:
        return do()
    except Refused as reason:
        refused = reason
    except RequestDataTooBig:
        refused = Refused(413, "too_large", "请求太大，请拆成几次。")
    except RecursionError:
        refused = bad_request(TOO_DEEP)
    except (BadRequest, SuspiciousOperation, MultiPartParserError):
        refused = bad_request("请求读不出来，请检查格式。")
    except Exception as error:
        found = trouble_of(error, request.method)
        refused = Refused(500, "internal", INTERNAL.format(id=found), id=found)
    return told(refused, media_type(request))


def rate_kept(caller: str, limit: int) -> None:
    """Raises Refused with too_many_requests, HTTP 429, and the seconds to wait."""
    wait = COUNTER.take(caller, limit)
    if wait is not None:
        message = f"请求太频繁：每分钟最多 {limit} 次，请 {wait} 秒后再试。"
        raise Refused(429, "too_many_requests", message, retryAfter=wait)


def caller_kept(request: HttpRequest) -> None:
    """Counts a request to the main API. Raises Refused with too_many_requests."""
    caller, known = who_calls(request)
    rate_kept(
        caller,
        settings.GRAPHQL_REQUESTS_PER_MINUTE
        if known
        else settings.GRAPHQL_ANONYMOUS_REQUESTS_PER_MINUTE,
    )


def size_kept(request: HttpRequest, limit: int) -> None:
    """Raises Refused with too_large, before the body is read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
        raise too_large("请求的字节数", limit)


def read_json(raw: bytes | str) -> Any:
    """The JSON of a body. Raises Refused: no JSON, not UTF-8, nested a thousand times."""
    try:
        return orjson.loads(raw)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        raise bad_request("请求的内容不是 UTF-8 编码的 JSON。") from None


def one_operation(data: Any) -> dict[str, Any]:
    """The operation that a JSON object asks for. Raises Refused for what is of another shape."""
    if not isinstance(data, dict):
        raise bad_request("请求应为一个 JSON 对象：{query, variables, operationName}。")
    for name, kind, words in (
        ("query", str, "文本"),
        ("operationName", str, "文本"),
        ("variables", dict, "对象"),
        ("extensions", dict, "对象"),
        ("documentId", str, "文本"),
    ):
        if not isinstance(data.get(name), (kind, type(None))):
            raise bad_request(f"{name} 应为{words}，或不写。")
    variables_fit(data.get("variables") or {})
    return data


def document_fits(text: str, longest: int = MAX_DOCUMENT) -> None:
    """Raises Refused for a document that would not be parsed within reason."""
    if len(text) > longest:
        raise too_large("查询的字符数", longest)
    if _NUL.search(text):
        raise bad_request("内容里不能有空字符（U+0000）。")
    nesting, digits = shape_of(text)
    if nesting > MAX_NESTING:
        raise bad_request(TOO_DEEP)
    if digits > MAX_DIGITS:
        raise bad_request("数字太长。")


def variables_fit(variables: dict[str, Any]) -> None:
    """Raises Refused for variables that are too many, too deep, or hold what no database keeps."""
    for count, (depth, value) in enumerate(_leaves(variables)):
        if depth > MAX_VARIABLE_DEPTH:
            raise bad_request(f"variables 嵌套太深，上限是 {MAX_VARIABLE_DEPTH} 层。")
        if count > MAX_VALUES:
            raise too_large("variables 里值的个数", MAX_VALUES)
        if isinstance(value, str) and "\x00" in value:
            raise bad_request("内容里不能有空字符（U+0000）。")


def _leaves(variables: Any) -> Iterator[tuple[int, Any]]:
    """Every value and key with its depth; a container counts, too."""
    waiting: list[tuple[int, Any]] = [(0, variables)]
    while waiting:
        depth, value = waiting.pop()
        yield depth, value
        if isinstance(value, dict):
            waiting += ((depth + 1, one) for pair in value.items() for one in pair)
        elif isinstance(value, list):
            waiting += ((depth + 1, one) for one in value)
