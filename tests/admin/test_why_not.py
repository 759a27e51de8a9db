"""What a button says beforehand is what its verb says when it is pressed: over all the demo's records."""

import pytest
from django.contrib import admin
from django.db import transaction

from backend.core.access import Actor
from backend.core.admin import RegisterAdmin
from backend.core.asking import why_not
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.gate_rights import may_write
from backend.people.models import User

pytestmark = [
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]
# Rows tried of each register and state.
EACH = 2
REGISTERS = [
    register
    for register in admin.site._registry.values()
    if isinstance(register, RegisterAdmin) and register.verbs
]


def done(register: RegisterAdmin, record: object, verb: str, by: Actor) -> RuleViolation | None:
    """What the verb says, carried out and taken back."""
    refused: RuleViolation | None = None
    point = transaction.savepoint()
    try:
        with transaction.atomic():
            register.verbs[verb](record, by=by, reason="试一试")
    except RuleViolation as violation:
        refused = violation
    except ManyViolations as many:
        refused = next(iter(many.by_index.values()))
    finally:
        transaction.savepoint_rollback(point)
    return refused


@pytest.mark.parametrize("register", REGISTERS, ids=lambda one: one.model._meta.label)
def test_what_is_told_beforehand_is_what_the_verb_says(register: RegisterAdmin) -> None:
    model = register.register_model
    machine = model.machine
    assert machine is not None
    by = Actor.of(User.objects.get(username="secretary"), "admin")
    rows = model._default_manager.visible_to(by.user).order_by("pk")
    tried = 0
    for state in {source for move in machine.moves for source in move.sources}:
        for record in rows.filter(**{machine.field: state})[:EACH]:
            for move in machine.available(state):
                if move.name not in register.verbs or not may_write(record, by, move.right):
                    continue
                told = why_not(record, move.name, by)
                refused = done(register, model._default_manager.get(pk=record.pk), move.name, by)
                where = f"{move.name} of {record.pk} in {state}"
                if told is not None:
                    assert refused is not None, f"{where}: told {told}, and done"
                    assert refused.message == told, where
                else:
                    assert refused is None, f"{where}: not told, and refused with {refused}"
                tried += 1
    if not tried:
        pytest.skip("the demo has nothing to try here")
