"""Which of the community's residents a text names: looked up, not gone through."""

from typing import Any

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people.models import Resident
from backend.people.queries import names_in
from backend.places.models import Community


def roster(community: Community, *names: str) -> None:
    gate.save_many([Resident(community=community, name=name) for name in names], by=SYSTEM)


def test_the_names_of_the_roster_are_found_in_running_text(
    community: Community, other_community: Community
) -> None:
    roster(community, "周若谷", "李梅", "欧阳问渠", "买买提·艾力", "郑重之")
    roster(other_community, "吴越人")
    texts = ["感谢周若谷、李梅和欧阳问渠同志", "买买提·艾力说，吴越人也来了。", ""]
    assert names_in(community.pk, texts) == {"周若谷", "李梅", "欧阳问渠", "买买提·艾力"}
    assert names_in(other_community.pk, texts) == {"吴越人"}


def test_it_is_one_statement_whatever_the_length(
    community: Community, django_assert_num_queries: Any
) -> None:
    roster(community, *(f"周{chr(0x4E00 + n)}" for n in range(50)))
    with django_assert_num_queries(1):
        assert names_in(community.pk, ["民法典进小区" * 400, "周一周丁"] * 50) >= {"周一", "周丁"}
    with django_assert_num_queries(0):
        assert names_in(community.pk, ["", "2026-04-01"]) == frozenset()
