"""docs/api.md names every code that the product can answer, and no other."""

import ast
import re

from tests.docs.codes import ROOT, codes_in, shown_codes, sources

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
# GraphQL errors, which the page tells of in a table of their own.
OF_THE_REQUEST = set(
    re.findall(
        r"`([a-z_]+)`",
        "".join(
            re.findall(r"^\|([^|]*)\|", PAGE.split("**GraphQL errors**")[1].split("<!--")[0], re.M)
        ),
    )
)
# Said within the import and turned into another code on the way out.
INNER = {"unknown_sheet"}


def spoken() -> set[str]:
    return set().union(*(codes_in(module) for module in sources())) - INNER


def test_every_code_of_the_product_is_on_the_page() -> None:
    missing = spoken() - shown_codes(PAGE) - OF_THE_REQUEST
    assert missing == set(), "add these to the tables of docs/api.md"


def test_the_requests_own_codes_stand_in_the_source() -> None:
    texts = {
        node.value
        for module in sources()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert len(OF_THE_REQUEST) > 10
    assert OF_THE_REQUEST - texts == set()


def test_every_code_on_the_page_stands_in_the_source() -> None:
    texts = {
        node.value
        for module in sources()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    # The unique code of every coded record is put together: "code" + "_taken".
    invented = shown_codes(PAGE) - texts - {"code_taken"}
    assert invented == set(), "docs/api.md names codes that nothing answers"


def test_a_code_that_the_page_forgot_is_noticed() -> None:
    module = ast.parse('raise RuleViolation("slot_full", "这个时段已约满，请换一个。")')
    assert codes_in(module) == {"slot_full"}
    assert "slot_full" not in shown_codes(
        "<!-- codes: rules -->\n| `wrong_state` | `slot_full` |\n<!-- codes: end -->"
    )


def test_a_constraint_and_a_row_speak_too() -> None:
    module = ast.parse(
        'UniqueConstraint(violation_error_code="venue_taken")\n'
        'row.say("联系电话", "phone_two", Level.QUESTION, "只保留一个。")\n'
        '_MESSAGES = {"file_empty": "空的"}\n'
        'code, message = "name_twice", "同名。"'
    )
    assert codes_in(module) == {"venue_taken", "phone_two", "file_empty", "name_twice"}
