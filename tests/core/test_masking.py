"""Masks: the plain function and the expression that lists select are twins."""

import pytest

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.masking import mask_name, mask_phone
from backend.core.personal import HIDDEN, keep_masked, mask, masked
from backend.people.models import Resident
from backend.places.models import Community
from tests.core.residents import resident


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张*"), ("欧阳小明", "欧*"), ("李", "李*"), ("", ""), ("已匿名12", "已匿名")],
)
def test_a_name_shows_its_first_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"),
        ("0371-67890123", "037****0123"),
        ("12345678", "123****5678"),
        ("1234567", "****"),
        ("", ""),
    ],
)
def test_a_phone_shows_three_and_four_digits_and_a_short_one_none(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_what_is_hidden_does_not_show_its_length() -> None:
    assert mask("hidden", "5") == mask("hidden", "3单元501") == HIDDEN
    assert mask("hidden", "") == mask("hidden", None) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("phone", ["", "13812345678", "0371-67890123", "010-1234567"])
@pytest.mark.parametrize("name", ["张三", "李", "𠮷野家", "已匿名12"])
def test_the_expression_says_what_the_function_says(
    community: Community, name: str, phone: str
) -> None:
    gate.save(resident(community, name, phone, room="501"), by=SYSTEM)
    row = Resident.objects.annotate(
        n=masked("name", "name"),
        p=masked("phone", "phone"),
        r=masked("hidden", "room"),
        u=masked("hidden", "unit"),
    ).get()
    assert (row.n, row.p, row.r, row.u) == (mask_name(name), mask_phone(phone), HIDDEN, "")


@pytest.mark.django_db
def test_a_record_names_itself_masked(community: Community) -> None:
    """What logs, select boxes and error pages print."""
    assert str(resident(community, "张三", "13812345678")) == "张* 138****5678"


@pytest.mark.django_db
def test_only_the_mask_of_the_stored_value_means_unchanged(community: Community) -> None:
    stored = resident(community, "张三", "13812345678")
    given = resident(community, "张*", "138****0000")
    keep_masked(given, stored)
    assert (given.name, given.phone) == ("张三", "138****0000")


@pytest.mark.django_db
def test_an_emptied_value_is_emptied(community: Community) -> None:
    stored = resident(community, "张三", "13812345678")
    given = resident(community, "张三", "")
    keep_masked(given, stored)
    assert given.phone == ""
