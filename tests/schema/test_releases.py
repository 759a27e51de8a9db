"""Nothing that was released goes or changes its type without having been deprecated before."""

import re

import pytest

from schema.main.schema import schema as main_schema
from schema.management.commands.release_schemas import RELEASED
from schema.open_data.sdl import sdl as open_data_sdl
from schema.releases import broken, worth_a_look

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("name", "now"), [("main", str(main_schema)), ("open_data", open_data_sdl())]
)
def test_the_present_schema_breaks_nothing_that_was_released(name: str, now: str) -> None:
    released = (RELEASED / f"{name}.graphql").read_text(encoding="utf-8")
    assert broken(released, now) == [], (
        "others build on these: deprecate them, and remove them after the next release "
        "(manage.py release_schemas)"
    )


@pytest.mark.slow
def test_a_field_taken_out_of_the_released_schema_is_noticed() -> None:
    """The control, on the real one."""
    released = (RELEASED / "main.graphql").read_text(encoding="utf-8")
    without = re.sub(r"^(type Me \{\n)  username: .*\n", r"\1", released, flags=re.MULTILINE)
    assert without != released
    assert broken(released, without) == ["Me.username was removed."]
    assert broken(released, released) == []


OLD = """
type Query { event(code: String!, year: Int): Event, gone: Old @deprecated(reason: "use event"), other: Kept }
type Event { code: String!, title: String, status: Status! }
type Old { code: String }
type Kept { code: String }
enum Status { OPEN, HELD, LOST @deprecated(reason: "never used") }
input Filter { community: String, old: String @deprecated(reason: "use community") }
"""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("title: String,", "", "Event.title was removed."),
        ("title: String,", "title: Int,", "Event.title changed type from String to Int."),
        ("code: String!, title", "code: String, title", "Event.code changed type from String! to String."),
        (", year: Int", "", "Query.event arg year was removed."),
        (", year: Int", ", year: Int!", "Query.event arg year has changed type from Int to Int!."),
        (", year: Int", ", year: Int, where: String!", "A required arg where on Query.event was added."),
        ("HELD, ", "", "HELD was removed from enum type Status."),
        ("community: String, ", "", "Filter.community was removed."),
        (", other: Kept", "", "Query.other was removed."),
        ("type Kept { code: String }", "", "Kept was removed."),
    ],
)  # fmt: skip
def test_a_removal_or_another_type_fails(before: str, after: str, told: str) -> None:
    assert before in OLD
    new = OLD.replace(before, after)
    if told == "Kept was removed.":
        new = new.replace("other: Kept", "other: Event")
    assert told in broken(OLD, new)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: String,", "title: String, place: String,"),
        ("title: String,", "title: String!,"),
        ("title: String,", 'title: String @deprecated(reason: "use name"), name: String,'),
        (", year: Int", ", year: Int, where: String"),
        ("OPEN,", "OPEN, PLANNED,"),
        ("type Kept", "type New { code: String } type Kept"),
        (', gone: Old @deprecated(reason: "use event")', ""),
        (', LOST @deprecated(reason: "never used")', ""),
        (', old: String @deprecated(reason: "use community")', ""),
    ],
)
def test_an_addition_or_the_end_of_what_was_deprecated_passes(before: str, after: str) -> None:
    assert before in OLD
    new = OLD.replace(before, after)
    assert new != OLD
    if before.startswith(", gone"):
        new = new.replace("type Old { code: String }", "")
    assert broken(OLD, new) == []


def test_what_is_worth_a_look_is_told() -> None:
    assert worth_a_look(OLD, OLD.replace("OPEN,", "OPEN, PLANNED,")) == [
        "PLANNED was added to enum type Status."
    ]
