"""Former versions and deleted records through the main API: what the page of the history does."""

from typing import Any

import pytest
from strawberry.relay import from_base64, to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.admin import RegisterAdmin
from backend.core.edits import has_a_writer
from backend.core.models import ChangeSet
from backend.people.models import CommunityRole, Resident, User
from backend.places.models import Community
from backend.privacy.erasing import erase_resident
from backend.services.models import ServiceCategory
from schema.main.schema import schema as main_schema
from schema.main.versions import _edited
from tests.access.desk_verbs import category, deleted
from tests.access.verbs import answered
from tests.access.world import ELSEWHERE, SINCE, register_admins
from tests.core.residents import PHONE, resident
from tests.schema.asking import caller, carried_out, data, id_of
from tests.schema.test_updates import UPDATES, WRITTEN_BY, Row

pytestmark = [
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]
WANTED = "record { id ... on ServiceCategory { name revision } }"
WHY = "改错了"
# Updates of what no form of the pages holds: their history restores none of it either.
NO_WAY_BACK = {
    "noteAgendaItem": "the chair's own page keeps its texts",
    "updateAttachment": "a file has no page of its own",
}


def worker() -> User:
    return User.objects.get(username="worker")


def secretary() -> User:
    return User.objects.get(username="secretary")


def restored(user: User, row: Any, wanted: str = WANTED, **given: Any) -> dict[str, Any]:
    usual = {"id": id_of(row), "revision": 1, "expectedRevision": 2, "reason": WHY}
    return carried_out(caller(user), "restoreVersion", wanted, **usual | given)


def test_a_former_version_comes_back_as_a_new_edit() -> None:
    row = category()
    told = restored(worker(), row)
    assert told["errors"] == []
    assert told["record"] == {"id": id_of(row), "name": "助新", "revision": 3}
    made = ChangeSet.objects.latest("pk")
    assert (made.verb, made.reason) == ("restore services.ServiceCategory", WHY)
    # Undone by restoring once more.
    again = restored(worker(), row, revision=2, expectedRevision=3)
    assert again["record"]["name"] == "新助"


def test_what_is_refused_writes_nothing() -> None:
    row = category()
    for given, code in (
        ({"reason": " "}, "reason_required"),
        ({"expectedRevision": 1}, "changed_meanwhile"),
        ({"revision": 2}, "version_same"),
        ({"revision": 9}, "version_unknown"),
        ({"revision": 0}, "version_unknown"),
    ):
        assert restored(worker(), row, **given)["errors"] == [code], code
    for user in (User.objects.get(username="dongfang-worker"), None):
        told = carried_out(
            caller(user),
            "restoreVersion",
            "record { id }",
            **{"id": id_of(row), "revision": 1, "expectedRevision": 2, "reason": WHY},
        )
        assert told["errors"][0] in ("not_found", "not_allowed")
    assert carried_out(
        caller(User.objects.get(username="resident")),
        "restoreVersion",
        "record { id }",
        **{"id": id_of(row), "revision": 1, "expectedRevision": 2, "reason": WHY},
    )["errors"] == ["not_allowed"]
    row.refresh_from_db()
    assert (row.name, row.revision) == ("新助", 2)


def test_an_object_without_an_edit_has_no_way_back() -> None:
    made = ChangeSet.objects.latest("pk")
    answer = restored(worker(), made, "record { id }")
    assert answer["errors"] == ["not_found"]


@pytest.mark.slow
def test_what_was_erased_does_not_come_back() -> None:
    home = Community.objects.get(code="xinhe")
    one = gate.save(resident(home, "秦若谷", PHONE), by=SYSTEM)
    one.gender = "female"
    gate.save(one, by=SYSTEM)
    # The control: before, that version was there.
    assert restored(worker(), one, "record { id }")["errors"] == []
    erase_resident(one, by=SYSTEM)
    one.refresh_from_db()
    refused = restored(worker(), one, "record { id }", expectedRevision=one.revision)["errors"]
    assert refused == ["version_forgotten"]
    assert Resident.objects.get(pk=one.pk).phone == ""


@pytest.mark.slow
@pytest.mark.parametrize("verb", UPDATES)
def test_every_update_can_be_taken_back(verb: str) -> None:
    """By the columns that it wrote; what a rule derives from them follows."""
    row = Row(verb)
    before = row.stored()
    changed = answered(row.client, verb, row.given, "errors { field code }")
    assert changed["errors"] == []
    after = row.stored()
    assert after != before, "the control: the update wrote something"
    kind = main_schema._schema.mutation_type.fields[verb].type  # type: ignore[union-attr]
    type_name = kind.of_type.fields[row.name].type.name  # type: ignore[union-attr]
    told = carried_out(
        row.client,
        "restoreVersion",
        "record { id }",
        id=to_base64(type_name, row.pk),
        revision=before["revision"],
        expectedRevision=after["revision"],
        reason=WHY,
    )
    if verb in NO_WAY_BACK:
        assert told["errors"] == ["version_same"]
        return
    assert told["errors"] == []
    assert from_base64(told["record"]["id"]) == (type_name, str(row.pk))
    told_columns = {name for name in before if after[name] != before[name]}
    back = row.stored()
    moving = {"revision", "updated_at"} | WRITTEN_BY.get(verb, set())
    assert {n for n in told_columns - moving if back[n] != before[n]} == set()


def test_a_register_that_edits_by_a_verb_of_its_own_says_so() -> None:
    """A page that saves otherwise than by the gate alone: restoring does as it does."""
    edited = _edited(main_schema)
    own = {
        page.model
        for page in register_admins()
        if type(page).save_model is not RegisterAdmin.save_model and page.model in edited
    }
    assert len(own) > 8
    assert {model._meta.label for model in own if not has_a_writer(model)} == set()


def test_what_was_deleted_comes_back_as_it_was() -> None:
    key = deleted()
    given = {"id": key, "reason": "删错了"}
    wanted = f"restored left {{ code }} {WANTED}"
    assert carried_out(caller(worker()), "bringBack", wanted, **given)["errors"] == ["not_found"]
    told = carried_out(caller(secretary()), "bringBack", wanted, **given)
    assert told["errors"] == []
    assert (told["restored"], told["left"]) == (1, [])
    assert told["record"]["name"] == "新助"
    assert told["record"]["id"] == key
    again = carried_out(caller(secretary()), "bringBack", wanted, **given)
    assert again["errors"] == ["not_deleted"]


def test_neither_strangers_nor_a_missing_reason_bring_anything_back() -> None:
    key = deleted()
    pk = int(from_base64(key)[1])
    given = {"id": key, "reason": "删错了"}
    told = carried_out(caller(secretary()), "bringBack", "restored", id=key, reason="")
    assert told["errors"] == ["reason_required"]
    elsewhere = User.objects.create_user("other-secretary", is_staff=True)
    place = Community.objects.get(code=ELSEWHERE)
    held = CommunityRole(user=elsewhere, role="secretary", community=place, valid_from=SINCE)
    gate.save(held, by=SYSTEM)
    assert carried_out(caller(elsewhere), "bringBack", "restored", **given)["errors"] == [
        "not_found"
    ]
    assert not ServiceCategory.objects.filter(pk=pk).exists()


def test_what_went_with_another_act_is_taken_back_there() -> None:
    row = category()
    key = id_of(row)
    with gate.change_set("undo import", by=SYSTEM, community_id=row.community_id) as changes:
        gate.delete_many([row], by=SYSTEM, within=changes)
    told = carried_out(caller(secretary()), "bringBack", "restored", id=key, reason="删错了")
    assert told["errors"] == ["deleted_with_others"]


def test_tombstones_name_what_can_be_brought_back() -> None:
    deleted()
    asked = '{ tombstones(last: 1, filters: {types: ["ServiceCategory"]}) { edges { node { objectId } } } }'
    found = data(caller(secretary()), asked)["tombstones"]["edges"]
    told = carried_out(
        caller(secretary()),
        "bringBack",
        "restored",
        id=found[0]["node"]["objectId"],
        reason="删错了",
    )
    assert told["restored"] == 1
