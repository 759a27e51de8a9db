"""What the mask hides stays hidden: from the greedy, the guessing, and those who count."""

import json
import re
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from graphql import GraphQLInputObjectType
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.lookups import OfferedLookups
from backend.core.models import Disclosure, Kept
from backend.core.roles import Role
from backend.imports.models import ImportBatch
from backend.people.models import CommunityRole, Representative, Resident, User
from backend.places.models import Building, Community, Subdistrict
from schema.main.schema import schema as main_schema
from schema.open_data.schema import schema as open_schema
from tests.access.everything import roots
from tests.access.thinning import sampled, thinned
from tests.access.world import (
    CALLERS,
    ELSEWHERE,
    HOME,
    SINCE,
    address,
    client_of,
    register_admins,
    row_of,
    user_with,
)
from tests.admin.exporting import content, send
from tests.schema.asking import OPEN, ask, caller

pytestmark = [
    pytest.mark.once,
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]

MAIN_SCHEMA: Any = main_schema._schema
GREEDY = roots(MAIN_SCHEMA.query_type)
GREEDY_OPEN = roots(open_schema.graphql_schema.query_type)
PERSONAL = {
    (model, name)
    for model in apps.get_models()
    if issubclass(model, Kept)
    for name in model.personal
}
# A made-up query in the address of a list, by the lookups that could spell a value out.
LOOKUPS = ("", "__startswith", "__contains", "__regex", "__gt", "__in")


def secrets() -> dict[str, str]:
    """What nobody may meet unasked: the whole phones and names of everybody on a roster."""
    found = {}
    for name, phone in [
        *Resident.objects.values_list("name", "phone"),
        *Representative.objects.values_list("name", "phone"),
    ]:
        found[name] = "name"
        if phone:
            found[phone] = "phone"
    return found


def leaked(text: str) -> list[str]:
    """The kinds of what a text tells; the names of the roster, whole, and whole phones."""
    words = set(re.findall(r"[\u4e00-\u9fff]{2,4}", text)) | set(re.findall(r"\d{11}", text))
    known = secrets()
    return sorted(kind for word in words if (kind := known.get(word)) is not None)


# --- the greedy ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("root", "role"),
    thinned(product(sorted(GREEDY), CALLERS), 1, lambda root, role: True, of=4),
)
def test_everything_that_can_be_asked_for_comes_masked(root: str, role: str) -> None:
    answer = ask(client_of(role), GREEDY[root])
    assert leaked(json.dumps(answer, ensure_ascii=False)) == []
    # An answer that broke off tells nothing, and would pass: what may be seen hangs together.
    codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
    assert codes in ([], ["not_allowed"])


def test_the_greedy_query_reaches_people() -> None:
    """The control: it does come to rows about people, and a leak in them would be seen."""
    text = json.dumps(ask(client_of(Role.WORKER), GREEDY["attendances"]), ensure_ascii=False)
    assert re.search(r"139\*\*\*\*\d{4}", text)
    row = Resident.objects.exclude(phone="")[0]
    assert leaked(f'"name": "{row.name}", "phone": "{row.phone}"') == ["name", "phone"]


@pytest.mark.parametrize("root", sorted(GREEDY_OPEN))
def test_the_public_meets_nobody_at_all(root: str) -> None:
    answer = ask(caller(), GREEDY_OPEN[root], OPEN)
    text = json.dumps(answer, ensure_ascii=False)
    assert leaked(text) == []
    assert not re.search(r"\d{3}\*{4}\d{4}", text), "not even a masked phone"


@pytest.mark.parametrize(
    "register", sampled(register_admins(), 6), ids=lambda r: r.model._meta.label
)
def test_lists_and_forms_of_the_staff_pages_come_masked(register: Any) -> None:
    client = client_of(Role.WORKER)
    model = register.model
    texts = [client.get(address(model, "")).content.decode()]
    row = row_of(model, "xinhe")
    if row is not None:
        texts.append(client.get(address(model, "change", row.pk)).content.decode())
    assert leaked("".join(texts)) == []


# --- the guessing --------------------------------------------------------------------------------


def node_models() -> dict[str, Any]:
    """The node types of the schema with the models behind them."""
    found = {}
    for name, type_ in MAIN_SCHEMA.type_map.items():
        origin = getattr(main_schema.get_type_by_name(name), "origin", None)
        definition = getattr(origin, "__strawberry_django_definition__", None)
        if definition is not None and not definition.is_input and hasattr(type_, "interfaces"):
            found[name] = definition.model
    return found


@pytest.mark.parametrize("name", sampled(sorted(node_models()), 3))
def test_a_guessed_id_of_the_neighbours_is_no_id(name: str) -> None:
    model = node_models()[name]
    # One street office is over both communities: its row is nobody's neighbour's.
    own = issubclass(model, Kept) and model is not Subdistrict
    foreign = row_of(model, ELSEWHERE) if own else None
    client = client_of(Role.WORKER)
    query = "query ($id: ID!) { node(id: $id) { id } }"
    absent = ask(client, query, id=to_base64(name, 987654321))
    assert absent["data"] == {"node": None}
    assert "errors" not in absent
    if foreign is not None:
        assert ask(client, query, id=to_base64(name, foreign.pk)) == absent


# --- filters, orders, searches -------------------------------------------------------------------


def test_no_filter_and_no_order_of_the_api_is_personal() -> None:
    personal = {name for _, name in PERSONAL}
    camel = {re.sub(r"_(\w)", lambda m: m[1].upper(), name) for name in personal}
    seen = 0
    for name, type_ in MAIN_SCHEMA.type_map.items():
        if isinstance(type_, GraphQLInputObjectType) and name.endswith(("Filter", "Order")):
            seen += 1
            model = node_models().get(name.removesuffix("Filter").removesuffix("Order"))
            of_model = set(getattr(model, "personal", {})) & camel
            assert not of_model & set(type_.fields), name
    assert seen > 4


@pytest.mark.parametrize(
    ("model", "name"),
    sampled(sorted(PERSONAL, key=str), 3),
    ids=lambda x: getattr(x, "__name__", x),
)
def test_a_lookup_in_the_address_of_a_list_spells_nothing_out(model: Any, name: str) -> None:
    if model not in {register.model for register in register_admins()}:
        pytest.skip("this table has no list of its own")
    client = client_of(Role.WORKER)
    value = next(iter(model.objects.exclude(**{name: ""}).values_list(name, flat=True)), "1")
    for lookup in LOOKUPS:
        page = client.get(address(model, ""), {f"{name}{lookup}": value})
        # Refused, or sent back to the whole list: never a list that the value has chosen.
        assert page.status_code in (302, 400), f"{name}{lookup}"


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.STEWARD])
def test_a_filter_offers_nothing_of_the_neighbours(role: str) -> None:
    """A list is narrowed down to records of other tables: of one's own community's alone."""
    request = RequestFactory().get("/admin/")
    user = user_with(role)
    assert user is not None
    request.user = user
    offered: dict[str, set[Any]] = {}
    for register in register_admins():
        if not register.has_view_permission(request):
            continue
        for one in register.get_changelist_instance(request).filter_specs:
            if isinstance(one, admin.RelatedFieldListFilter):
                keys = [pk for pk, _name in one.lookup_choices]
                rows = one.field.related_model._default_manager.filter(pk__in=keys)
                name = f"{register.model._meta.label}.{one.field_path}"
                offered[name] = {row.scope_community_id for row in rows}
    home = Community.objects.get(code=HOME).pk
    assert len(offered) > 10
    # Two of the kinds that had been offered whole.
    assert {"demands.Demand.assigned_to", "demands.Demand.category"} <= set(offered)
    assert {name: of for name, of in offered.items() if not of <= {home, None}} == {}


@pytest.mark.parametrize("register", register_admins(), ids=lambda r: r.model._meta.label)
def test_a_masked_column_orders_and_filters_nothing(register: Any) -> None:
    personal = set(register.register_model.personal)
    paths = [f[0] if isinstance(f, tuple) else str(f) for f in register.list_filter]
    assert not personal & {path.split("__")[0] for path in paths}
    for column in register.list_display:
        if callable(column) and column.__name__.startswith("masked_"):
            assert getattr(column, "admin_order_field", None) is None
    # A search for a part of a name would tell which masked row has it.
    assert not {name for name in register.search_fields if name in personal}


# --- those who read errors, and those who count --------------------------------------------------


def test_an_error_never_repeats_what_it_was_given() -> None:
    client = client_of(Role.WORKER)
    person = Resident.objects.filter(community__code="xinhe").exclude(phone="")[0]
    given = {
        "eventId": to_base64("LegalEducationEvent", 987654321),
        "name": person.name,
        "remark": person.phone,
        "idempotencyKey": "k",
    }
    query = """mutation ($input: RecordAttendanceInput!) { recordAttendance(input: $input) {
      errors { code message } } }"""
    answer = ask(client, query, input=given)
    assert answer["data"]["recordAttendance"]["errors"], answer
    assert leaked(json.dumps(answer, ensure_ascii=False)) == []


def test_a_taken_name_is_refused_alike_here_and_there() -> None:
    """Who is on the neighbours' roster cannot be told from what is refused."""
    there = Resident.objects.filter(community__code=ELSEWHERE).exclude(phone="")[0]
    client = client_of(Role.WORKER)
    page = client.post(
        address(Resident, "add"),
        {"name": there.name, "phone": there.phone, "address": "", "_save": ""},
    )
    assert page.status_code == 302, page.context["adminform"].form.errors


def test_counts_tell_nothing_of_the_neighbours() -> None:
    dongfang = Client()
    dongfang.force_login(User.objects.get(username="dongfang-worker"))
    query = '{ legalEducationEvents(filters: {community: "%s"}) { totalCount } }'
    told = ask(client_of(Role.WORKER), query % ELSEWHERE)
    assert told["data"] == {"legalEducationEvents": {"totalCount": 0}}
    counted = ask(dongfang, query % ELSEWHERE)["data"]["legalEducationEvents"]["totalCount"]
    assert counted > 0, "the control counts its own"


PAGES = list(admin.site._registry.values())


@pytest.mark.parametrize("page", sampled(PAGES, 16), ids=lambda page: page.model._meta.label)
def test_the_address_of_a_list_asks_for_what_the_list_offers_and_nothing_else(page: Any) -> None:
    assert isinstance(page, OfferedLookups)
    client = client_of(Role.INSTALLATION)
    offered = page._offered()
    asked = [f for f in page.model._meta.concrete_fields if f.name not in offered]
    assert asked
    for field in asked:
        for lookup in ("", "__startswith", "__isnull"):
            given = {f"{field.name}{lookup}": "1"}
            status = client.get(address(page.model, ""), given).status_code
            # A page that is no list (a page of its own, or nobody's) has nothing to filter.
            assert status in (302, 400, 403) or not _filters(client, page, given), field.name


def _filters(client: Client, page: Any, given: dict[str, str]) -> bool:
    """Whether the address chose among the rows."""
    shown = client.get(address(page.model, ""), given).context or {}
    return "cl" in shown and bool(shown["cl"].get_filters_params() & given.keys())


@pytest.mark.parametrize("method", ["options", "put", "patch", "delete"])
def test_a_form_answers_to_get_and_post_alone(method: str) -> None:
    person = Resident.objects.filter(community__code="xinhe").exclude(phone="")[0]
    done = getattr(client_of(Role.OFFICE), method)(address(Resident, "change", person.pk))
    assert done.status_code == 405
    assert leaked(done.content.decode()) == []


def test_what_one_may_only_look_at_does_not_leave() -> None:
    """Worker here, steward of an estate there: the right to export is no right to export there."""
    client = client_of(Role.WORKER)
    user = User.objects.get(username="cell-worker")
    there = Building.objects.filter(community__code=ELSEWHERE)[0]
    held = CommunityRole(
        user=user,
        role=Role.STEWARD,
        community=there.community,
        estate=there.estate,
        valid_from=SINCE,
    )
    gate.save(held, by=SYSTEM)
    assert Resident.objects.visible_to(user).filter(community=there.community).exists()
    given = {"whole": "on", "reason": "核对花名册", "columns": ["name", "phone"]}
    done = send(client, f"{address(Resident, 'export')}?residence=all", **given)
    text = content(done).decode()
    phones = Resident.objects.exclude(phone="").values_list("phone", flat=True)
    here = set(phones.filter(community__code="xinhe"))
    assert {p for p in phones if p in text} == here


def test_an_uploaded_sheet_comes_back_whole_to_those_who_may_and_is_logged() -> None:
    clerk = client_of(Role.WORKER)
    sheet = SimpleUploadedFile("花名册.csv", "姓名,联系电话\n钱若水,13712345\n".encode())
    page = clerk.post(address(Resident, "import"), {"import_file": sheet, "community": ""})
    assert page.status_code == 302, page.context["form"].errors
    batch = ImportBatch.objects.latest("pk")
    corrected = address(ImportBatch, "corrected", batch.pk)
    assert client_of(Role.INSTALLATION).get(corrected).status_code == 403
    before = Disclosure.objects.count()
    assert clerk.get(corrected).status_code == 200
    line = Disclosure.objects.latest("pk")
    assert Disclosure.objects.count() == before + 1
    assert (line.kind, line.actor_name) == ("export", "cell-worker")
    assert batch.code in line.reason
