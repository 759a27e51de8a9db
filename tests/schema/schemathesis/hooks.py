"""What Schemathesis is told of our APIs: ids that there are, and what no answer may hold.

It runs in an environment of its own (requirements.lock), beside none of our code: what it must know
of the rows stands in the file that LINLI_FUZZ_WORLD names, as `marking.py` wrote it; what was asked
and answered goes to LINLI_FUZZ_LOG, a line a request.
"""

import base64
import datetime
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
OWN: dict[str, list[int]] = WORLD["own"]


def _global(kind: str, key: Any) -> str:
    return base64.b64encode(f"{kind}:{key}".encode()).decode()


FORBIDDEN_IDS = {_global(kind, key) for kind, keys in WORLD["forbidden"].items() for key in keys}
# Arguments whose name is not that of their type.
CALLED = {"event": "LegalEducationEvent", "booking": "ServiceBooking", "item": "ServiceItem"}
_GLOBAL_ID = re.compile(r'"([A-Za-z0-9+/]{8,80}={0,2})"')

# Numbers, of which `_fitted` makes ids by the name of the argument.
schemathesis.graphql.scalar("ID", st.integers(0, 10**6).map(str).map(nodes.String))
schemathesis.graphql.scalar("Upload", st.just(nodes.String("no file")))
_near = st.dates(min_value=datetime.date(2024, 1, 1), max_value=datetime.date(2028, 1, 1))
_days = st.one_of(_near, _near, _near, st.dates())
_moments = st.tuples(_days, st.times()).map(
    lambda pair: f"{pair[0]}T{pair[1].isoformat('seconds')}+08:00"
)
_hours = st.times().map(lambda time: time.isoformat("seconds"))
schemathesis.graphql.scalar("DateTime", _moments.map(nodes.String))
schemathesis.graphql.scalar("LocalDateTime", _moments.map(nodes.String))
schemathesis.graphql.scalar("Time", st.one_of(_hours, _hours.map("%sZ".__mod__)).map(nodes.String))
schemathesis.graphql.scalar("Date", _days.map(str).map(nodes.String))


def _kinds_for(name: str) -> list[str]:
    """The node types that an argument or a field of this name may mean."""
    wanted = CALLED.get(name, name).lower()
    exactly = [kind for kind in OWN if kind.lower() == wanted]
    ending = [kind for kind in sorted(OWN) if wanted and kind.lower().endswith(wanted)]
    return exactly or ending or sorted(OWN)


def _whose(number: int) -> str:
    """Of the caller's own rows oftenest, else of the others'."""
    return "own" if number % 10 < 6 else "other"


def _id_for(name: str, number: int) -> str:
    kinds = _kinds_for(name)
    kind = kinds[number % len(kinds)]
    keys = WORLD[_whose(number)].get(kind) or OWN[kind]
    # Some are of nobody: a number, which is no id.
    no_id = number % 10 == 9
    return str(number) if no_id else _global(kind, keys[number % len(keys)])


def _code_for(name: str, number: int) -> str:
    kinds = [kind for kind in _kinds_for(name) if WORLD["codes"]["own"].get(kind)]
    kind = (kinds or ["LegalEducationEvent"])[0]
    codes = WORLD["codes"][_whose(number)].get(kind) or WORLD["codes"]["own"][kind]
    return codes[number % len(codes)]


def _one_key(order: Any) -> Any:
    """An order names one field; a null is no field."""
    if not isinstance(order, graphql.ObjectValueNode):
        return order
    named = [field for field in order.fields if not isinstance(field.value, graphql.NullValueNode)]
    return graphql.ObjectValueNode(fields=tuple(named[:1]))


class _Fitted(graphql.Visitor):
    """Puts ids, codes and communities that there are in the places of made-up ones."""

    def _value(self, name: str, of: str, value: Any) -> Any:
        if isinstance(value, graphql.ListValueNode):
            fitted = tuple(self._value(name, of, one) for one in value.values)
            return graphql.ListValueNode(values=fitted)
        if not isinstance(value, graphql.StringValueNode):
            return value
        text = value.value
        seed = sum(text.encode("utf-8", "replace"))
        if name in ("id", "ids"):
            return graphql.StringValueNode(value=_id_for(of, seed))
        if name.endswith(("Id", "Ids")):
            return graphql.StringValueNode(value=_id_for(re.sub(r"Ids?$", "", name), seed))
        if name == "community":
            return graphql.StringValueNode(value=WORLD["communities"][seed % 3 // 2])
        if name in ("code", "codes") and seed % 5:
            return graphql.StringValueNode(value=_code_for(of, seed))
        if name in ("event", "slot", "batch", "vote", "station", "category") and seed % 5:
            return graphql.StringValueNode(value=_code_for(name, seed))
        # Control characters are refused as a whole; some are left for that.
        plain = re.sub(r"[\x00-\x1f\x7f-\x9f]", "", text) or "字"
        return value if seed % 8 == 0 else graphql.StringValueNode(value=plain)

    def enter_argument(
        self, node: Any, _key: Any, _parent: Any, _path: Any, ancestors: list[Any]
    ) -> Any:
        name, value = node.name.value, node.value
        if name in ("after", "before"):
            # One that is none of ours is refused: that is seen soon enough.
            keep = isinstance(value, graphql.StringValueNode) and value.value.endswith("0")
            return node if keep else graphql.REMOVE
        if name in ("first", "last") and isinstance(value, graphql.IntValueNode):
            value = graphql.IntValueNode(value=str(abs(int(value.value)) % 102))
        if name == "order" and isinstance(value, graphql.ListValueNode):
            items = [one for one in map(_one_key, value.values) if getattr(one, "fields", True)]
            value = graphql.ListValueNode(values=tuple(items))
        of = ancestors[-1]
        of = re.sub(r"s$", "", of.name.value) if isinstance(of, graphql.FieldNode) else ""
        return graphql.ArgumentNode(name=node.name, value=self._value(name, of, value))

    def enter_object_field(self, node: Any, *_: Any) -> Any:
        value = self._value(node.name.value, "", node.value)
        return graphql.ObjectFieldNode(name=node.name, value=value)


_ERRORS = "\n    errors { code }\n  }\n}"


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    if isinstance(case.body, str):
        try:
            document = graphql.parse(case.body)
        except graphql.GraphQLError:
            return
        fitted = graphql.print_ast(graphql.visit(document, _Fitted()))
        # A mutation says why not, whatever else was asked of its answer.
        mutation = fitted.lstrip().startswith("mutation")
        case.body = re.sub(r"\n  }\n}\s*$", _ERRORS, fitted) if mutation else fitted


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
    told = answer.get("data") if isinstance(answer, dict) else None
    if isinstance(told, dict):
        # It says back what it was asked, the ids of nothing among them.
        told = {name: value for name, value in told.items() if name != "outOfSight"}
    data = json.dumps(told)
    ids = sorted(set(_GLOBAL_ID.findall(data)) & FORBIDDEN_IDS)
    shown = [base64.b64decode(one).decode() for one in ids]
    # Which, and not whose: nobody's name goes into a log.
    assert not [*found, *ids], f"{len(found)} words, ids {shown}"
