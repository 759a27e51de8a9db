"""The access table as people read it: the page, and docs/roles.md."""

import datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation import override

from backend.core.role_words import AREAS, VERBS
from backend.core.roles import GRANTS, Role
from backend.core.who_may_what import as_markdown, table
from backend.people.models import User
from backend.places.models import Community
from tests.conftest import user_with_role

PAGE = "/admin/who-may-what/"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "roles.md"


def test_every_action_has_its_words_and_every_word_its_action() -> None:
    areas, verbs = zip(*(action.split(".") for action in GRANTS), strict=True)
    assert set(areas) == set(AREAS)
    assert set(verbs) == set(VERBS)


def test_the_table_says_what_the_grants_say() -> None:
    shown = {
        (line.action, role): cell
        for block in table()
        for line in block.lines
        for role, cell in zip(Role, line.cells, strict=True)
    }
    assert shown == {
        (action, role): role in granted for action, granted in GRANTS.items() for role in Role
    }


def test_the_docs_show_the_table_of_today() -> None:
    with override("en"):
        assert DOCS.read_text("utf-8") == as_markdown(), "run `make schema`"


@pytest.mark.django_db
def test_the_page_marks_the_readers_own_roles(worker: User) -> None:
    client = Client()
    client.force_login(worker)
    page = client.get(PAGE)
    assert [role["label"] for role in page.context["roles"] if role["mine"]] == ["社区工作者"]
    text = page.content.decode()
    assert "新河社区" in text
    assert text.count("✓") == sum(len(granted) for granted in GRANTS.values())


@pytest.mark.django_db
def test_somebody_without_a_role_is_told_whom_to_ask(community: Community) -> None:
    user = user_with_role(
        "left", "worker", community=community, valid_to=datetime.date(2025, 1, 31)
    )
    client = Client()
    client.force_login(user)
    assert "您现在没有任何角色" in client.get(PAGE).content.decode()


@pytest.mark.django_db
def test_nobody_reads_it_without_signing_in(resident_user: User) -> None:
    client = Client()
    assert client.get(PAGE).status_code == 302
    assert not resident_user.is_staff
    client.force_login(resident_user)
    assert client.get(PAGE).status_code == 302
