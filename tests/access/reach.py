"""What each of seven callers gets of each root field and each mutation: measured at the real API.

`as_markdown` is docs/api/who-may.md; tests/access/test_who_may.py holds the page to the API.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.test import Client
from graphql import GraphQLObjectType, get_named_type, is_required_argument
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM, Scope
from backend.core.facets import all_facets
from backend.core.models import Disclosure, Kept
from backend.core.roles import Role
from backend.core.tombstones import Tombstone
from backend.education.tickets import poster_token
from backend.files.models import Attachment
from backend.jobs import actions as jobs
from backend.people.models import CommunityRole, User
from backend.places.models import Community, Estate
from schema.main.schema import schema as main_schema
from tests.access.verbs import ASKED, REFUSED, codes
from tests.access.world import ELSEWHERE, HOME, MISSING, SINCE, row_of, user_with
from tests.schema.asking import ask

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "who-may.md"
SCHEMA: Any = main_schema._schema
CALLERS = ("anonymous", "resident", "steward", "worker", "secretary", "office", "neighbour")
NOTHING, YES, NO_ROWS = "–", "✓", "(none here)"
Line = tuple[str, ...]


def roots() -> list[str]:
    """The root fields."""
    return sorted(SCHEMA.query_type.fields)


def mutations() -> list[str]:
    """The mutations."""
    return sorted(SCHEMA.mutation_type.fields)


def callers() -> dict[str, Client]:
    """Somebody of each kind, signed in: the steward's role is of one estate."""
    found = {name: Client() for name in CALLERS}
    for name in ("resident", "worker", "secretary", "office"):
        user = user_with(name)
        assert user is not None
        found[name].force_login(user)
    steward = User.objects.create_user("cell-steward-of-one", is_staff=True)
    estate = Estate.objects.get(code="wanda")
    held = CommunityRole(
        user=steward,
        role=Role.STEWARD,
        community=estate.community,
        estate=estate,
        valid_from=SINCE,
    )
    gate.save(held, by=SYSTEM)
    found["steward"].force_login(steward)
    neighbour = User.objects.create_user("cell-neighbour", is_staff=True)
    place = Community.objects.get(code=ELSEWHERE)
    held = CommunityRole(user=neighbour, role=Role.SECRETARY, community=place, valid_from=SINCE)
    gate.save(held, by=SYSTEM)
    found["neighbour"].force_login(neighbour)
    return found


def furnish() -> None:
    """A row at home and elsewhere of what the demo has none of."""
    for name in roots():
        model = model_of(_node_type(name) or "")
        if model is not None and model._meta.label in MISSING:
            row_of(model, HOME)
            row_of(model, ELSEWHERE)
    for code in (HOME, ELSEWHERE):
        place = Community.objects.get(code=code)
        line = {"kind": "read", "model": "x", "rows": 1, "door": "x", "actor_name": "worker"}
        gate.keep_notes([Disclosure(community=place, **line)])
        jobs.start("import_plan", community=place, by=SYSTEM, arguments={"batch": "none"})


def _node_type(root: str) -> str | None:
    """The node type of a connection; None for a field that is none."""
    named: Any = get_named_type(SCHEMA.query_type.fields[root].type)
    if not isinstance(named, GraphQLObjectType) or "pageInfo" not in named.fields:
        return None
    edge: Any = get_named_type(named.fields["edges"].type)
    return str(get_named_type(edge.fields["node"].type).name)


def model_of(type_name: str) -> Any:
    """The model behind a type; None for what is no row of ours."""
    origin = getattr(main_schema.get_type_by_name(type_name), "origin", None)
    model = getattr(getattr(origin, "__strawberry_django_definition__", None), "model", None)
    return model


# --- lists ---------------------------------------------------------------------------------------


def _in(code: str) -> Scope:
    return Scope(communities=frozenset([Community.objects.get(code=code).pk]))


def _of_the_estate() -> Scope:
    estate = Estate.objects.get(code="wanda")
    return Scope(
        estates=frozenset([estate.pk]), estate_communities=frozenset([estate.community_id])
    )


def _at(model: Any, caller: str) -> Q:
    """The rows of the caller's community; logs and jobs name theirs themselves."""
    place = ELSEWHERE if caller == "neighbour" else HOME
    if issubclass(model, Kept):
        return model.rows_in(_in(place))
    if model is Tombstone:
        return Q(community_id=Community.objects.get(code=place).pk)
    return Q(community__code=place)


def _list(root: str, caller: str, client: Client) -> str:
    """In words: how much of the list the caller counts. Raises AssertionError for a foreign row."""
    answer = ask(client, f"{{ {root}(first: 100) {{ totalCount edges {{ node {{ id }} }} }} }}")
    if "errors" in answer:
        return f"`{answer['errors'][0]['extensions']['code']}`"
    listed = answer["data"][root]
    type_name = _node_type(root)
    model = model_of(type_name or "")
    if root.startswith("my"):
        return NOTHING if caller == "anonymous" and not listed["totalCount"] else "own"
    rows = model._base_manager
    here = set(rows.filter(_at(model, caller)).values_list("pk", flat=True))
    everywhere = set(rows.values_list("pk", flat=True))
    total = listed["totalCount"]
    if caller != "office":
        ids = {to_base64(type_name or "", key) for key in here}
        foreign = {edge["node"]["id"] for edge in listed["edges"]} - ids
        assert not foreign, f"{caller} meets rows of others in {root}"
    if not everywhere:
        return NO_ROWS
    if total == 0:
        return NOTHING if here else NO_ROWS
    if caller == "office":
        return "all" if total == len(everywhere) else "some"
    if total == len(here):
        return "all"
    if caller == "steward" and total == rows.filter(model.rows_in(_of_the_estate())).count():
        return "estate"
    public = {facets.model: facets for facets in all_facets() if facets.public}
    if model in public:
        shown = set(public[model].rows_for_everybody().values_list("pk", flat=True))
        if total == len(shown & here):
            return "published"
    return "some"


# --- what is no list -----------------------------------------------------------------------------


def _row(model: Any) -> Any:
    found = row_of(model, HOME)
    assert found is not None, f"no {model.__name__} at home to ask for"
    return found


def _id_of(type_name: str) -> dict[str, Any]:
    return {"id": to_base64(type_name, _row(model_of(type_name)).pk)}


def _first(type_name: str, **wanted: Any) -> Any:
    model = model_of(type_name)
    return model._base_manager.filter(model.rows_in(_in(HOME)), **wanted).order_by("pk")[0]


def _with_attachment(verb: str = "removeAttachment") -> dict[str, Any]:
    """The record of the attachment that is made for this verb."""
    ASKED[verb].given()
    record = Attachment.objects.order_by("-pk")[0].record()
    return {"recordId": to_base64(type(record).__name__, record.pk)}


# Root -> the arguments to ask it with, where they are not the code of a row at home.
ARGUMENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "node": lambda: _id_of("Resident"),
    "nodes": lambda: {"ids": [_id_of("Resident")["id"]]},
    "history": lambda: _id_of("Resident"),
    "outOfSight": lambda: {"ids": [_id_of("Resident")["id"]]},
    "job": lambda: {"id": ASKED["cancelJob"].given()["jobId"]},
    "currentNotice": lambda: {"community": HOME},
    "agendaCandidates": lambda: {"meetingId": to_base64("JointMeeting", _first("JointMeeting").pk)},
    "ownerVoteStanding": lambda: {"code": _first("OwnerVote", status="published").code},
    "importReport": lambda: {"code": _row(model_of("ImportBatch")).code},
    "certificate": lambda: {"number": _first("Certificate").number},
    "attachments": lambda: _with_attachment(),
    "removedAttachments": lambda: _with_attachment("restoreAttachment"),
    "eventOfPoster": lambda: {"token": poster_token(_first("LegalEducationEvent", code="pf-open"))},
}
# Of arguments with these names, where ARGUMENTS says nothing.
USUAL: dict[str, Any] = {"community": HOME, "year": 2025}


def _given(root: str) -> dict[str, Any]:
    if root in ARGUMENTS:
        return ARGUMENTS[root]()
    field = SCHEMA.query_type.fields[root]
    found: dict[str, Any] = {}
    for name, argument in field.args.items():
        if not is_required_argument(argument):
            continue
        if name == "by":
            # Groups, of which there are none where there are no rows.
            found[name] = [next(iter(get_named_type(argument.type).values))]
        elif name == "code":
            found[name] = _row(model_of(get_named_type(field.type).name)).code
        else:
            assert name in USUAL, f"say in ARGUMENTS what {root}({name}:) is asked with"
            found[name] = USUAL[name]
    return found


def _single(root: str, caller: str, client: Client) -> str:
    given = _given(root)
    field = SCHEMA.query_type.fields[root]
    declared = ", ".join(f"${name}: {field.args[name].type}" for name in given)
    passed = ", ".join(f"{name}: ${name}" for name in given)
    named: Any = get_named_type(field.type)
    inner = "{ __typename }" if hasattr(named, "fields") else ""
    query = f"query{f'({declared})' if given else ''} {{ {root}{f'({passed})' if given else ''} {inner} }}"
    answer = ask(client, query, **given)
    if "errors" in answer:
        return f"`{answer['errors'][0]['extensions']['code']}`"
    if root.startswith("my") or root in ("me", "reveals"):
        nothing = answer["data"][root] in (None, []) and caller == "anonymous"
        return NOTHING if nothing or answer["data"][root] is None else "own"
    got = answer["data"][root]
    return NOTHING if not got or got == [None] else YES


def of_root(root: str, clients: dict[str, Client]) -> Line:
    """What each caller gets of a root field."""
    if _node_type(root) is not None:
        return tuple(_list(root, name, clients[name]) for name in CALLERS)
    return tuple(_undone(lambda name=name: _single(root, name, clients[name])) for name in CALLERS)


def of_mutation(verb: str, clients: dict[str, Client]) -> Line:
    """Whether each caller may: the rules may still refuse what is asked for here."""

    def cell(name: str) -> str:
        asked = ASKED[verb].given()
        refused = codes(clients[name], verb, asked) & REFUSED
        return f"`{min(refused)}`" if refused else YES

    return tuple(_undone(lambda name=name: cell(name)) for name in CALLERS)


def _undone(do: Callable[[], str]) -> str:
    with transaction.atomic():
        said = do()
        transaction.set_rollback(True)
    return said


# --- the page ------------------------------------------------------------------------------------

HEAD = """# 谁能得到什么 / Who gets what

Made from the API itself by `LINLI_WHO_MAY=1 .venv/bin/python -m pytest -n 0 -m "slow or not slow" tests/access/test_who_may.py`; do not edit by hand. Each cell is asked in a test.

Seven callers, of the demo's 新河: nobody signed in, a resident (居民) who is tied to nobody on the roster, a 网格员 of one estate, a 社区工作者, the 社区书记, the 街道, and the 社区书记 of another community (东方). Everything is asked about a row of 新河, but lists: those are whole. What a role may do besides, on rows of its own, stands at each field and in [docs/roles.md](../roles.md).

"""
OF_ROOTS = """## Root fields

`all`: every row of the caller's community, for the 街道 of its communities; `estate`: those of the steward's estate; `published`: those that everybody may see; `some`: other than all, as the field says; `own`: the caller's own, if there are any; ✓: it is there; –: nothing, as if there were none; a code: refused with it. (none here): nothing to be seen in the demo.

"""
OF_MUTATIONS = """## Mutations

✓: the caller may (the rules may still refuse what is asked for); a code: refused with it, and nothing is written.

"""


def _table(lines: dict[str, Line]) -> str:
    head = f"| | {' | '.join(CALLERS)} |\n|---|{':-:|' * len(CALLERS)}\n"
    return head + "".join(f"| `{name}` | {' | '.join(line)} |\n" for name, line in lines.items())


def as_markdown(of_roots: dict[str, Line], of_mutations: dict[str, Line]) -> str:
    """The page."""
    parts = (HEAD, OF_ROOTS, _table(of_roots), "\n", OF_MUTATIONS, _table(of_mutations))
    return "".join(parts)


def told() -> tuple[dict[str, Line], dict[str, Line]]:
    """What the page says: of root fields, and of mutations."""
    found: tuple[dict[str, Line], dict[str, Line]] = ({}, {})
    at = -1
    for line in PAGE.read_text(encoding="utf-8").splitlines() if PAGE.exists() else ():
        at += line.startswith("## ")
        if at >= 0 and line.startswith("| `"):
            name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            found[at][name.strip("`")] = tuple(cells)
    return found
