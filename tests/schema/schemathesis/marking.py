"""Marks the demo's other community so that a row of it cannot be taken for one of the caller's.

`python -m tests.schema.schemathesis.marking FILE` writes FILE: what hooks.py must know of the rows.
In a process of its own, in the environment of the server that is asked: tests/schema/test_schemathesis.py.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
django.setup()

from django.apps import apps  # noqa: E402  they need the apps
from django.db import models  # noqa: E402
from django.db.models import F, Value  # noqa: E402
from django.db.models.functions import Concat  # noqa: E402

from backend.core.access import Scope  # noqa: E402
from backend.core.facets import all_facets  # noqa: E402
from backend.core.models import Kept  # noqa: E402
from backend.people.models import Resident, User  # noqa: E402
from backend.places.models import Community  # noqa: E402
from schema.main.schema import schema as main_schema  # noqa: E402

HOME, ELSEWHERE = "xinhe", "dongfang"
# Of rows that everybody may see, and of those that are the community's alone.
SHOWN, KEPT = "外街所有", "外街所藏"
EACH = 6


def node_types() -> Iterator[tuple[str, Any]]:
    """The names of the main API's node types, each with its model."""
    for name in main_schema._schema.type_map:
        origin = getattr(main_schema.get_type_by_name(name), "origin", None)
        definition = getattr(origin, "__strawberry_django_definition__", None)
        if (
            definition is not None
            and not definition.is_input
            and issubclass(definition.model, Kept)
        ):
            yield name, definition.model


def rows_of(model: Any, community: str) -> Any:
    here = Scope(communities=frozenset([Community.objects.get(code=community).pk]))
    return model._base_manager.filter(model.rows_in(here))


def words_of(model: Any) -> list[str]:
    """The columns of free text that nobody's rules look at."""
    left_alone = {*model.personal, *model.derived, "phone", "digest", "prefix", "fingerprint"}
    return [
        field.name
        for field in model._meta.concrete_fields
        if type(field) in (models.CharField, models.TextField)
        and not field.choices
        and field.name not in left_alone
        and (field.name == "code" or not field.unique)
    ]


def mark() -> int:
    """How many rows were marked: past the gate, in a database that is thrown away."""
    public = {facets.model: facets for facets in all_facets() if facets.public}
    count = 0
    for model in apps.get_models():
        if not issubclass(model, Kept) or model in (User, Community):
            continue
        rows = rows_of(model, ELSEWHERE)
        shown = set()
        if model in public:
            shown = set(public[model].rows_for_everybody().values_list("pk", flat=True))
        theirs = set(rows.values_list("pk", flat=True))
        for word, keys in ((SHOWN, theirs & shown), (KEPT, theirs - shown)):
            for name in words_of(model):
                some = model._base_manager.filter(pk__in=keys).exclude(**{name: ""})
                count += some.update(**{name: Concat(Value(word), F(name))})
    return count


def world() -> dict[str, Any]:
    """What the callers may be asked with, and must not be told."""
    found: dict[str, Any] = {"own": {}, "other": {}, "forbidden": {}}
    found["codes"] = {"own": {}, "other": {}}
    for name, model in node_types():
        own = list(rows_of(model, HOME).values_list("pk", flat=True))
        other = list(rows_of(model, ELSEWHERE).values_list("pk", flat=True))
        found["own"][name] = own[-EACH:] or [1]
        found["other"][name] = other[-EACH:]
        found["forbidden"][name] = sorted(set(other) - set(own))
        if any(field.name == "code" for field in model._meta.concrete_fields):
            for whose, place in (("own", HOME), ("other", ELSEWHERE)):
                codes = rows_of(model, place).values_list("code", flat=True)
                found["codes"][whose][name] = [str(code) for code in codes[:EACH]]
    people = Resident.objects.exclude(phone="").values_list("name", "phone", "community__code")
    elsewhere = [(name, phone) for name, phone, code in people if code == ELSEWHERE]
    # Two-character names are words of other texts, too; phones are nobody else's.
    found["phones"] = [phone for _name, phone in elsewhere]
    found["all_phones"] = [phone for _name, phone, _code in people]
    found["words"] = [SHOWN, KEPT, *found["phones"]]
    found["open_words"] = [KEPT, *found["all_phones"]]
    found["communities"] = [HOME, ELSEWHERE]
    return found


if __name__ == "__main__":
    marked = mark()
    assert marked > 100, marked
    Path(sys.argv[1]).write_text(json.dumps(world(), ensure_ascii=False))
