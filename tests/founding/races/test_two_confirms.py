"""An office clicks twice, from two windows: a community is opened once.

The naive confirming beside it is the control: both windows believe that they have opened it.
"""

from collections import Counter

import pytest

from tests.imports.races.databases import Database
from tests.imports.races.processes import Process

pytestmark = pytest.mark.slow

RUNNER, WINDOWS = "tests.founding.races.runner", 4
_MOVES = "SELECT count(*) FROM core_transition WHERE model = 'founding.Founding' AND move = 'make'"
_COMMUNITIES = "SELECT count(*) FROM places_community WHERE code = '{}'"
_ACCOUNTS = "SELECT count(*) FROM people_user WHERE username LIKE '%-{}'"


def all_confirm(database: Database, command: str, subdistrict: str, point: str) -> Counter[str]:
    """What the windows were told, let go together once each has come to a point."""
    windows = [
        Process(database, command, subdistrict, hold=[point], runner=RUNNER) for _ in range(WINDOWS)
    ]
    for window in windows:
        assert window.reaches(point), window.finish()
    for window in windows:
        window.let_go()
    outcomes = [window.finish() for window in windows]
    return Counter(o.said.strip() or o.complained.splitlines()[-1] for o in outcomes)


def test_a_community_is_opened_once(database: Database) -> None:
    said = all_confirm(database, "confirm", "xinqiao-jd", "ready")
    assert said["made"] == 1
    # Who read the workbook before it was let go finds it gone or the state another: nothing else.
    assert set(said) <= {"made", "wrong_state", "upload_gone"}, said
    assert database.ask(_MOVES) == [(1,)]
    assert database.ask(_COMMUNITIES.format("xinqiao")) == [(1,)]
    assert database.ask(_ACCOUNTS.format("xinqiao")) == [(1,)]


def test_control_the_naive_way_opens_it_more_than_once(database: Database) -> None:
    said = all_confirm(database, "naive", "laoqiao-jd", "looked")
    assert sum(said.values()) == WINDOWS
    assert said["wrong_state"] == 0, "all of them looked before anybody wrote"
    assert said["made"] > 1, said
