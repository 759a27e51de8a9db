"""Every table with personal data, at every door: masked, in full while a task is open, masked again.

Made from the models, the admin's registry and the schema: a new table is asked without a new test.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import Field
from django.urls import reverse
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core.access import Actor
from backend.core.facets import all_facets, facets_of
from backend.core.models import Disclosure, Kept, RevealTask
from backend.core.reveals import can_reveal, open_reveal
from backend.people.models import CommunityRole, Resident, User
from backend.places.models import Community
from schema.main.schema import schema as main_schema
from tests.access.thinning import sampled
from tests.conftest import TERM_START, user_with_role
from tests.core.personal_world import make, personal_models, secret, secrets
from tests.schema.asking import ask, caller

MODELS = personal_models()


def _page(name: str, model: type[Kept], *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def _list(user: User, records: list[Any]) -> str:
    return caller(user).get(_page("changelist", type(records[0]))).content.decode()


def _form(user: User, records: list[Any]) -> str:
    client = caller(user)
    pages = [client.get(_page("change", type(record), record.pk)) for record in records]
    assert {page.status_code for page in pages} == {200}
    return "".join(page.content.decode() for page in pages)


def _whole_fields(model: type[Kept]) -> dict[str, list[str]]:
    """Types of the main API that show this model's personal fields in full, and those fields."""
    found: dict[str, list[str]] = {}
    for name, kind in main_schema._schema.type_map.items():
        origin = getattr(main_schema.get_type_by_name(name), "origin", None)
        definition = getattr(origin, "__strawberry_django_definition__", None)
        if definition is not None and definition.model is model:
            fields = [f for f in getattr(kind, "fields", {}) if f.endswith("InFull")]
            if fields:
                found[name] = fields
    return found


def _api(user: User, records: list[Any]) -> str:
    answers = []
    for name, fields in _whole_fields(type(records[0])).items():
        query = f"query ($id: ID!) {{ node(id: $id) {{ ... on {name} {{ {' '.join(fields)} }} }} }}"
        answers += [ask(caller(user), query, id=to_base64(name, r.pk)) for r in records]
    assert all("errors" not in answer for answer in answers), answers
    return str(answers)


def _shown_in_api(model: type[Kept]) -> set[str]:
    fields = [field for found in _whole_fields(model).values() for field in found]
    plain = {"".join("_" + c.lower() if c.isupper() else c for c in f) for f in fields}
    return {name.removesuffix("_in_full") for name in plain}


def _cells() -> list[tuple[str, type[Kept]]]:
    cells = []
    for model in MODELS:
        registered = model in admin.site._registry
        if registered and secrets(model, facets_of(model).listed):
            cells.append(("list", model))
        if registered and secrets(model, facets_of(model).form):
            cells.append(("form", model))
        if _shown_in_api(model):
            cells.append(("api", model))
    return cells


DOORS: dict[str, tuple[Callable[..., str], Callable[[type[Kept]], Any]]] = {
    "list": (_list, lambda model: facets_of(model).listed),
    "form": (_form, lambda model: facets_of(model).form),
    "api": (_api, _shown_in_api),
}


@pytest.fixture
def both(community: Community, other_community: Community) -> User:
    """A worker of two communities: what is open in one is not open in the other."""
    user = user_with_role("both", "worker", community=community)
    CommunityRole(user=user, role="worker", community=other_community, valid_from=TERM_START).save()
    return user


def test_there_is_something_to_ask() -> None:
    asked = {(door, model._meta.label) for door, model in _cells()}
    assert {("list", "people.Resident"), ("form", "people.Resident")} <= asked
    assert {("api", "people.Resident"), ("api", "education.Attendance")} <= asked


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_whatever_is_personal_can_be_seen_by_somebody_with_a_reason(model: type[Kept]) -> None:
    assert can_reveal(model.area)


@pytest.mark.parametrize(
    ("door", "model"),
    sampled(_cells(), 3, pytest.mark.slow),
    ids=lambda cell: getattr(cell, "__name__", cell),
)
def test_masked_then_in_full_then_masked_again(
    door: str, model: type[Kept], both: User, community: Community, other_community: Community
) -> None:
    look, names = DOORS[door]
    rows = [make(model, community), make(model, other_community, 1)]
    own, others = (secrets(model, names(model), which) for which in (0, 1))

    page = look(both, rows)
    assert _seen(own | others, page) == set(), "without a task"
    assert not Disclosure.objects.exists()

    open_reveal(model.area, community_id=community.pk, reason="电话通知活动改期", by=_by(both))
    page = look(both, rows)
    assert _seen(own, page) == own, "within one"
    assert _seen(others, page) == set(), "another community's"
    row = Disclosure.objects.get(model=model._meta.label)
    assert (row.rows, row.first_pk, row.community_id) == (1, rows[0].pk, community.pk)
    assert (row.reason, row.user_id, row.task is None) == ("电话通知活动改期", both.pk, False)

    logged = Disclosure.objects.count()
    RevealTask.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = look(both, rows)
    assert _seen(own | others, page) == set(), "after it"
    assert Disclosure.objects.count() == logged


def _seen(values: set[str], page: str) -> set[str]:
    return {value for value in values if value in page}


def _by(user: User) -> Actor:
    return Actor.of(user, "test")


@pytest.mark.parametrize(
    "model", sampled(MODELS, 3, pytest.mark.slow), ids=lambda model: model._meta.label
)
def test_no_address_of_a_list_asks_for_what_is_masked(
    model: type[Kept], both: User, community: Community
) -> None:
    """A filter on a masked field would find whom it hides."""
    make(model, community)
    for other in [m for m in MODELS if m in admin.site._registry]:
        path = _path(other, model)
        if path is None:
            continue
        for name in model.personal:
            value = secret(model, name)
            for lookup in ("", "__startswith", "__regex", "__gt", "__in"):
                asked = {f"{path}{name}{lookup}": value[:2]}
                answer = caller(both).get(_page("changelist", other), asked)
                assert answer.status_code == 400 or answer["Location"].endswith("?e=1"), asked
    residents = admin.site._registry[Resident]
    assert ModelAdmin.lookup_allowed(residents, "phone__startswith", "13"), "the control: Django's"


def _path(start: type[Kept], target: type[Kept]) -> str | None:
    """The lookup from one table to another one: "" for itself, None if it does not point there."""
    if start is target:
        return ""
    for field in start._meta.concrete_fields:
        if isinstance(field, Field) and field.is_relation and field.related_model is target:
            return f"{field.name}__"
    return None


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_list_is_ordered_by_what_is_masked(model: type[Kept]) -> None:
    if model not in admin.site._registry:
        assert not any(f.model is model and f.filtered for f in all_facets())
        return
    shown: Any = admin.site._registry[model].list_display
    masked = [c for c in shown if getattr(c, "__name__", "").startswith("masked_")]
    assert len(masked) == len([n for n in facets_of(model).listed if n in model.personal])
    assert [column for column in masked if getattr(column, "admin_order_field", None)] == []
    assert set(facets_of(model).filtered) & set(model.personal) == set()
    loose = {n for n in facets_of(model).searched if not n.startswith("=")}
    assert loose & set(model.personal) == set(), "a search that finds parts tells the parts"


def test_the_main_api_neither_filters_nor_orders_by_what_is_masked() -> None:
    personal = {name for model in MODELS for name in model.personal} - {"name"}
    names = {model.__name__ for model in MODELS}
    for name, kind in main_schema._schema.type_map.items():
        if name.removesuffix("Filter").removesuffix("Order") in names and name not in names:
            assert set(getattr(kind, "fields", {})) & (personal | {"name"}) == set(), name
