"""What the core can do has a mutation, or stands here with the reason why it has none."""

import ast
from functools import cache
from typing import Any

import pytest
from django.contrib import admin
from graphql import get_named_type

from backend.core.admin import RegisterAdmin
from backend.people.models import CommunityRole
from schema.errors.catalogue import source, verbs
from schema.errors.reaching import Place
from schema.main.schema import schema

# Reads the whole source, and needs no database. Never a slow one: who adds a page would learn of it
# after the merge.
pytestmark = pytest.mark.once

REGISTRY = "reached by a registry, not by name: a sheet, a job, a hook or a routine calls it"
FILES = "answers a file, or a page to print: an address of its own, no mutation"
PAPER = "a page on paper with names on it, which is written down: printed at the desk"
ERASED = "cannot be undone: the secretary reads on a page what goes and what stays, and ticks it off there"
PAGE = (
    "a person's own way of looking at a page of the staff's: no work, and nothing of it elsewhere"
)
WORKBOOK = "a new community from one workbook, looked at and ticked off on its pages"
TOLD = "what happened before, told as a whole: the demo's; no sheet of it is read yet"
MANY = "the pages' own way of many at once: the verbs that end in Many are the API's"
# Verbs of the core -> why no mutation.
WITHOUT: dict[str, str] = {
    "backend.demands.actions.register_many": REGISTRY,
    "backend.demands.replaying.carry_through": REGISTRY,
    "backend.demands.replaying.replay_many": REGISTRY,
    "backend.demands.taking_back.take_back": REGISTRY,
    "backend.patrols.digesting.record_published": TOLD,
    "backend.patrols.patrolling.record_walked": TOLD,
    "backend.core.bulk.carry": MANY,
    "backend.core.bulk.foresee": MANY,
    "backend.core.bulk.take_back": MANY,
    "backend.core.disclosures.log_export": FILES,
    "backend.core.exporting.orders.write_export": FILES,
    "backend.education.door_taps.take_taps": "the door's tablet sends them; checkIn takes each",
    "backend.education.sign_in_sheet.names_leave": PAPER,
    "backend.exports.actions.fetch": FILES,
    "backend.files.actions.attach": "attachFile calls it through the type of its record",
    "backend.files.actions.erase_attachments": REGISTRY,
    "backend.files.actions.erase_rows": REGISTRY,
    "backend.founding.actions.confirm": WORKBOOK,
    "backend.founding.actions.discard": WORKBOOK,
    "backend.founding.actions.first_sign_ins": "slips are printed, of a new community; createAccount answers one link, once",
    "backend.founding.actions.look_at": WORKBOOK,
    "backend.founding.actions.take_back": WORKBOOK,
    "backend.founding.planning.make": WORKBOOK,
    "backend.founding.planning.preview": WORKBOOK,
    "backend.imports.actions.store_committed": REGISTRY,
    "backend.imports.downloads.corrected_file": FILES,
    "backend.imports.downloads.note_download": FILES,
    "backend.imports.forgetting.forget_in_imports": REGISTRY,
    "backend.imports.readdressing.take_again": "uploadSheet with despiteTemplate does the same",
    "backend.imports.tasks.plan_soon": REGISTRY,
    "backend.imports.templates_out.making.template_place": FILES,
    "backend.imports.templates_out.making.template_for": FILES,
    "backend.meetings.replaying.replay": REGISTRY,
    "backend.meetings.replaying.take_back": REGISTRY,
    "backend.privacy.actions.print_held": PAPER,
    "backend.privacy.actions.carry_out_erasure": ERASED,
    "backend.privacy.erasing.erase_resident": ERASED,
    "backend.privacy.identity.record_identity_number": "identity numbers never pass the API",
    "backend.privacy.identity.reveal_identity_number": "identity numbers never pass the API",
    "backend.saved_views.actions.bring_back": PAGE,
    "backend.saved_views.actions.delete_view": PAGE,
    "backend.saved_views.actions.keep_columns": PAGE,
    "backend.saved_views.actions.keep_view": PAGE,
    "backend.saved_views.actions.open_with": PAGE,
    "backend.saved_views.actions.rename_view": PAGE,
    "backend.saved_views.actions.replace_view": PAGE,
    "backend.saved_views.actions.share_view": PAGE,
    "backend.services.booking.take_back_offer": REGISTRY,
    "backend.services.ledger.replay": REGISTRY,
    "backend.services.serving.names_leave": PAPER,
    "backend.services.taking_back.take_back": REGISTRY,
    "backend.stations.ledger.enter_as_told": REGISTRY,
    "backend.volunteers.certificate_files.paper": FILES,
    "backend.volunteers.recording.verify_all": "verifyServiceRecordMany, through its table",
    "backend.volunteers.roster_replay.replay_all": REGISTRY,
    "backend.volunteers.roster_undo.take_back": REGISTRY,
}
# Records that staff pages make -> why no mutation makes one.
NOT_MADE: dict[str, str] = {
    "owner_votes.PropertyOwner": "enterOwnedRoom makes the owners of a room with the room",
}
# Records that staff pages change -> why no mutation answers with one.
NOT_CHANGED: dict[str, str] = {
    "owner_votes.PropertyOwner": "an owner comes and goes with the own rooms: enterOwnedRoom",
}
_DJANGO = "__strawberry_django_definition__"


@pytest.fixture(scope="module")
def reached() -> set[Place]:
    """Everything that some mutation can come to."""
    return set().union(*(source().reached(place) for place in verbs().values()))


def actions() -> set[Place]:
    """The verbs of the core: functions that name who acts."""
    return {
        (name, piece)
        for name, module in source().modules.items()
        if name.startswith("backend.")
        for piece, node in module.pieces.items()
        if isinstance(node, ast.FunctionDef)
        and any(one.arg == "by" for one in node.args.kwonlyargs)
        and not piece.startswith("_")
        and "." not in piece
    }


def test_every_verb_of_the_core_has_a_mutation_or_a_reason(reached: set[Place]) -> None:
    assert len(actions()) > 150
    missing = {f"{module}.{name}" for module, name in actions() - reached}
    assert missing == set(WITHOUT)


@pytest.fixture(scope="module")
def made() -> dict[str, set[Place]]:
    """The records that each mutation can come to making."""
    return {
        verb: set().union(*(source().calls[at] for at in source().reached(place)))
        for verb, place in verbs().items()
    }


def answered_with(verb: str) -> set[Any]:
    """The models of the objects that a mutation's answer holds."""
    mutation: Any = schema._schema.mutation_type
    payload: Any = get_named_type(mutation.fields[verb].type)
    kinds = [
        schema.get_type_by_name(get_named_type(one.type).name) for one in payload.fields.values()
    ]
    told = [getattr(getattr(kind, "origin", None), _DJANGO, None) for kind in kinds]
    return {one.model for one in told if one is not None}


def is_made(model: Any, answers: set[Any], made: dict[str, set[Place]]) -> bool:
    """Whether some mutation is there to make a record: makes one, and answers with it, or with the
    record on whose page it is a line. One that is made on the way to something else is no excuse.
    """
    at = (model.__module__, model.__name__)
    return any(at in made[verb] and answers & answered_with(verb) for verb in made)


def test_what_a_page_makes_a_mutation_makes_or_there_is_a_reason(
    made: dict[str, set[Place]],
) -> None:
    wanted: dict[Any, set[Any]] = {}
    for model, pages in admin.site._registry.items():
        if isinstance(pages, RegisterAdmin) and (
            type(pages).has_add_permission is RegisterAdmin.has_add_permission
        ):
            wanted.setdefault(model, set()).add(model)
            for inline in pages.inlines:
                wanted.setdefault(inline.model, set()).update((model, inline.model))
    assert len(wanted) > 40
    missing = {
        model._meta.label for model, answers in wanted.items() if not is_made(model, answers, made)
    }
    assert missing == set(NOT_MADE)


def test_what_is_made_on_the_way_is_no_verb_that_makes_it(made: dict[str, set[Place]]) -> None:
    """The control: who claims their entry in the roster becomes a resident; that appoints nobody."""
    at = (CommunityRole.__module__, CommunityRole.__name__)
    assert at in made["claimResident"]
    others = {verb: places for verb, places in made.items() if verb != "appointRole"}
    assert is_made(CommunityRole, {CommunityRole}, made)
    assert not is_made(CommunityRole, {CommunityRole}, others)


def test_what_a_page_changes_a_mutation_answers_or_there_is_a_reason() -> None:
    """Also what is made where it is only read: `settings_of` makes the usual ones, unsaved."""
    answered: set[Any] = set()
    for field in schema._schema.mutation_type.fields.values():  # type: ignore[union-attr]
        payload: Any = get_named_type(field.type)
        for one in getattr(payload, "fields", {}).values():
            node: Any = schema.get_type_by_name(get_named_type(one.type).name)
            about = getattr(getattr(node, "origin", None), _DJANGO, None)
            answered.add(getattr(about, "model", None))
    wanted = {
        model
        for model, pages in admin.site._registry.items()
        if isinstance(pages, RegisterAdmin)
        and type(pages).has_change_permission is RegisterAdmin.has_change_permission
    }
    assert len(wanted) > 40
    assert {model._meta.label for model in wanted - answered} == set(NOT_CHANGED)


def test_making_is_told_from_reading() -> None:
    """The control: a door that reads communities and makes none."""
    community: Place = ("backend.places.models", "Community")
    calls = source().calls
    assert community not in calls["backend.people.queries", "community_of"]
    assert community in calls["schema.main.place_verbs", "PlacesMutation.create_community"]


def test_every_move_of_a_page_is_a_mutation() -> None:
    """By the machine's name for it, on the model that the answer holds."""
    for model, pages in admin.site._registry.items():
        if not isinstance(pages, RegisterAdmin):
            continue
        app = model._meta.app_label
        for name in pages.verbs:
            known = {verb for verb, (module, _f) in verbs().items() if _about(module, app)}
            stem = name.split("_")[0]
            words = {stem, *_SAME.get(stem, ())}
            assert any(word in verb.lower() for verb in known for word in words), (
                f"{model._meta.label}: {name}"
            )


# Moves of a record that are mutations by another word.
_SAME = {"serve": ("served",), "miss": ("noshow", "miss"), "declare": ("inquorate",)}


@cache
def _about(module: str, app: str) -> bool:
    tree = source().modules[module].tree
    return any(
        isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"backend.{app}")
        for node in ast.walk(tree)
    )
