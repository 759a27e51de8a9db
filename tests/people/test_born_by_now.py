"""Nobody is born in a month that has not begun, whichever way it is written down."""

from datetime import date
from pathlib import Path

import pytest

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.people import rules
from backend.people.models import Resident
from backend.places.models import Community
from tests.imports.doors import command
from tests.imports.sheets_by_hand import sheet, told

TODAY = date(2026, 4, 30)


def test_this_month_is_the_last_one_and_a_blank_says_nothing() -> None:
    for month in ("", "1958-03", "2026-04"):
        rules.born_by_now(month, TODAY)
    with pytest.raises(RuleViolation) as caught:
        rules.born_by_now("2026-05", TODAY)
    assert caught.value.code == "born_in_future"


def test_the_gate_refuses_it(community: Community) -> None:
    somebody = Resident(community=community, name="张安然", birth_month="2099-05")
    with pytest.raises(RuleViolation) as caught:
        gate.save(somebody, by=SYSTEM)
    assert caught.value.code == "born_in_future"
    assert not Resident.objects.exists()


@pytest.mark.parametrize("register", ["residents", "volunteers"])
def test_a_roster_names_the_cell(community: Community, tmp_path: Path, register: str) -> None:
    rows = [("姓名", "联系电话", "出生年月"), ("张安然", "13700000001", "2099.5")]
    status, answer = command(register, str(sheet(tmp_path, rows)))
    assert status == 1
    assert (2, "出生年月", "born_in_future", "error") in told(answer)
    assert not Resident.objects.exists()
