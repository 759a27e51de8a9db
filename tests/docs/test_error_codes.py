"""The catalogue of error codes is that of the source: no code without words, none that nothing answers."""

import ast
import json
import re
from typing import Any

import pytest
from django.test import Client

from schema.errors import catalogue as made
from schema.errors.files import CATALOGUE, PAGE, ROOT
from schema.errors.speaking import codes_in, spoken_in
from schema.main.schema import schema as main_schema

API_PAGES = [ROOT / "docs" / "api.md", *sorted((ROOT / "docs" / "api").glob("*.md"))]


def stored() -> dict[str, Any]:
    """The file for programs, by code."""
    return {one["code"]: one for one in json.loads(CATALOGUE.read_text("utf-8"))["codes"]}


@pytest.mark.once
def test_every_code_of_the_product_has_words() -> None:
    missing = set(made.spoken()) - set(made.words())
    assert missing == set(), "say in schema/errors/words.json what they mean, then export_errors"


@pytest.mark.once
def test_every_code_with_words_stands_in_the_source() -> None:
    texts = {
        node.value
        for module in made.source().modules.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    # The unique code of every coded record is put together: "code" + "_taken".
    invented = set(made.words()) - texts - {"code_taken"}
    assert invented == set(), "schema/errors/words.json names codes that nothing answers"


def test_words_are_whole() -> None:
    found = stored()
    assert set(found) == set(made.words()), "manage.py export_errors"
    mutation: Any = main_schema._schema.mutation_type
    for code, one in found.items():
        assert re.search("[\u4e00-\u9fff]", one["zh"]), code
        assert len(one["en"]) > 3, code
        assert one["do"] in made.DOING, code
        assert one["kind"] in made.KINDS, code
        assert (one["level"] is not None) or one["kind"] != "sheet", code
        assert set(one["mutations"]) <= {"*", *mutation.fields}, code
    page = PAGE.read_text("utf-8")
    assert all(f"| `{code}` |" in page for code in found)


def test_the_catalogue_tells_who_answers() -> None:
    found = stored()
    assert "bookService" in found["slot_full"]["mutations"]
    assert "createJointMeeting" not in found["slot_full"]["mutations"]
    assert found["slot_full"]["registers"] == ["services"]
    assert found["not_allowed"]["mutations"] == ["*"]
    assert found["too_many_requests"]["http"] == 429


@pytest.mark.slow
@pytest.mark.once
def test_the_catalogue_is_fresh() -> None:
    entries = made.catalogue()
    assert made.as_json(entries) == CATALOGUE.read_text("utf-8"), "manage.py export_errors"
    assert made.as_markdown(entries) == PAGE.read_text("utf-8"), "manage.py export_errors"


def test_programs_read_it_without_signing_in() -> None:
    answer = Client().get("/graphql/errors.json")
    assert answer.status_code == 200
    assert {one["code"] for one in answer.json()["codes"]} == set(stored())
    assert answer["Access-Control-Allow-Origin"] == "*"
    again = Client().get("/graphql/errors.json", HTTP_IF_NONE_MATCH=answer["ETag"])
    assert again.status_code == 304


def test_the_pages_name_no_code_that_there_is_not() -> None:
    """In tables whose head says so; elsewhere backquotes hold names of fields."""
    known = set(stored())
    for page in API_PAGES:
        for table in re.findall(
            r"^\| code .*\n\|[-|]+\n((?:\|.*\n)+)", page.read_text("utf-8"), re.M
        ):
            first = re.findall(r"^\|([^|]*)\|", table, re.M)
            shown = {code for cell in first for code in re.findall(r"`([a-z_]+)`", cell)}
            assert shown - known == set(), page.name


def test_a_code_that_the_words_forgot_is_noticed() -> None:
    module = ast.parse('raise RuleViolation("slot_fuller", "这个时段已约满，请换一个。")')
    assert codes_in(module) == {"slot_fuller"}
    assert spoken_in(module) == {("slot_fuller", "这个时段已约满，请换一个。")}
    assert "slot_fuller" not in made.words()


def test_a_constraint_and_a_row_speak_too() -> None:
    module = ast.parse(
        'UniqueConstraint(violation_error_code="venue_taken", violation_error_message=_("有了"))\n'
        'row.say("联系电话", "phone_two", Level.QUESTION, f"只保留{n}个。")\n'
        '_MESSAGES = {"file_empty": "空的"}\n'
        'code, message = "name_twice", "同名。"'
    )
    assert spoken_in(module) == {
        ("venue_taken", "有了"),
        ("phone_two", "只保留…个。"),
        ("file_empty", "空的"),
        ("name_twice", "同名。"),
    }
