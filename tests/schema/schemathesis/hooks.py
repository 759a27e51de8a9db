"""What Schemathesis is told of our APIs: ids that there are, and what no answer may hold.

It runs in an environment of its own (requirements.lock), beside none of our code: what it must know
of the rows stands in the file that LINLI_FUZZ_WORLD names, as `marking.py` wrote it; what was asked
and answered goes to LINLI_FUZZ_LOG, a line a request.
"""

import base64
import json
import os
import re
from pathlib import Path
from typing import Any

import graphql
import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

WORLD: dict[str, Any] = json.loads(Path(os.environ["LINLI_FUZZ_WORLD"]).read_text())
LOG = Path(os.environ["LINLI_FUZZ_LOG"])
OWN: dict[str, list[str]] = WORLD["own"]
OTHER: dict[str, list[str]] = WORLD["other"]
FORBIDDEN_IDS = {
    base64.b64encode(f"{kind}:{key}".encode()).decode()
    for kind, keys in WORLD["forbidden"].items()
    for key in keys
}
# Arguments whose name is not that of their type.
CALLED = {"event": "LegalEducationEvent", "booking": "ServiceBooking", "item": "ServiceItem"}
_GLOBAL_ID = re.compile(r'"([A-Za-z0-9+/]{8,80}={0,2})"')

# Numbers, of which `_fitted` makes ids by the name of the argument.
schemathesis.graphql.scalar("ID", st.integers(0, 10**6).map(str).map(nodes.String))
schemathesis.graphql.scalar("Upload", st.just(nodes.String("no file")))
_days = st.one_of(st.dates(min_value=__import__("datetime").date(2024, 1, 1),
                           max_value=__import__("datetime").date(2028, 1, 1)), st.dates())
_moments = st.tuples(_days, st.times()).map(lambda pair: f"{pair[0]}T{pair[1].isoformat('seconds')}+08:00")
schemathesis.graphql.scalar("DateTime", _moments.map(nodes.String))
schemathesis.graphql.scalar("LocalDateTime", _moments.map(nodes.String))
schemathesis.graphql.scalar("Date", _days.map(str).map(nodes.String))


def _id_for(argument: str, number: int) -> str:
    """An id for an argument: of the caller's own rows oftenest, of the others', or of none."""
    name = re.sub(r"Ids?$", "", argument)
    wanted = CALLED.get(name, name[:1].upper() + name[1:])
    kinds = [k for k in OWN if k.lower() == wanted.lower()]
    kinds = kinds or sorted(k for k in OWN if wanted and k.lower().endswith(wanted.lower()))
    kinds = kinds or sorted(OWN)
    kind = kinds[number % len(kinds)]
    whose = OWN if number % 10 < 6 else OTHER
    keys = whose.get(kind) or OWN[kind]
    if number % 10 == 9:
        return str(number)
    return base64.b64encode(f"{kind}:{keys[number % len(keys)]}".encode()).decode()


class _Fitted(graphql.Visitor):
    """Puts ids, codes and communities that there are in the places of made-up ones."""

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, graphql.ListValueNode):
            return graphql.ListValueNode(values=tuple(self._value(name, v) for v in value.values))
        if not isinstance(value, graphql.StringValueNode):
            return value
        text = value.value
        if re.fullmatch(r"\d{1,7}", text) and re.search(r"(^id|Ids?|^ids)$", name):
            return graphql.StringValueNode(value=_id_for(name, int(text)))
        seed = sum(text.encode("utf-8", "replace"))
        if name == "community":
            return graphql.StringValueNode(value=WORLD["communities"][seed % 3 // 2])
        if name in ("code", "codes", "event", "slot", "register", "batch") and seed % 4:
            return graphql.StringValueNode(value=WORLD["codes"][seed % len(WORLD["codes"])])
        return value

    def enter_argument(self, node: Any, *_: Any) -> Any:
        return graphql.ArgumentNode(name=node.name, value=self._value(node.name.value, node.value))

    def enter_object_field(self, node: Any, *_: Any) -> Any:
        value = self._value(node.name.value, node.value)
        return graphql.ObjectFieldNode(name=node.name, value=value)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    if isinstance(case.body, str):
        try:
            document = graphql.parse(case.body)
        except graphql.GraphQLError:
            return
        case.body = graphql.print_ast(graphql.visit(document, _Fitted()))


def _answer(response: Any) -> Any:
    try:
        return json.loads(response.content)
    except ValueError:
        return None


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    answer = _answer(response)
    found = answer if isinstance(answer, dict) else {}
    codes = [(e.get("extensions") or {}).get("code") for e in found.get("errors") or ()]
    data = found.get("data")
    told = isinstance(data, dict) and any(value is not None for value in data.values())
    broken = re.findall(r'"code": ?"(\w+)"', json.dumps(data)) if told else []
    line = {"of": case.operation.label, "status": response.status_code, "codes": codes,
            "told": told, "refused": broken}  # fmt: skip
    with LOG.open("a") as log:
        log.write(json.dumps(line) + "\n")


@schemathesis.check
def linli_no_server_error(context: Any, response: Any, case: Any) -> None:
    """An answer below 500, that is JSON."""
    assert response.status_code < 500, f"status {response.status_code}"
    assert isinstance(_answer(response), dict), "no JSON object"


@schemathesis.check
def linli_no_unexpected_exception(context: Any, response: Any, case: Any) -> None:
    """No error that nobody foresaw: those have the code `internal`, or no code of ours at all."""
    answer = _answer(response)
    for error in (answer.get("errors") or ()) if isinstance(answer, dict) else ():
        code = (error.get("extensions") or {}).get("code")
        assert code not in (None, "internal"), f"{code} at {error.get('path')}"


@schemathesis.check
def linli_no_row_of_others(context: Any, response: Any, case: Any) -> None:
    """Neither a word that stands in the others' rows alone, nor the id of one of those rows."""
    text = response.content.decode("utf-8", "replace")
    if "\\u" in text:
        text = json.dumps(_answer(response), ensure_ascii=False)
    found = sorted(word for word in WORLD["words"] if word in text)
    answer = _answer(response)
    data = json.dumps(answer.get("data") if isinstance(answer, dict) else None)
    ids = sorted(set(_GLOBAL_ID.findall(data)) & FORBIDDEN_IDS)
    shown = [base64.b64decode(one).decode() for one in ids]
    # Which, and not whose: nobody's name goes into a log.
    assert not found and not ids, f"{len(found)} words, ids {shown}"
