"""The demo's notice board: something hangs on it, whenever the demo starts."""

import datetime

import pytest
from django.utils import timezone

from backend.notices.choices import NoticeStatus
from backend.notices.models import PublicNotice
from fixtures import demo_notices

pytestmark = pytest.mark.usefixtures("demo_worker")


def _board() -> dict[str, tuple[str, datetime.date]]:
    return {row.code: (row.status, row.until) for row in PublicNotice.objects.all()}


def test_what_has_ended_meanwhile_is_dated_anew() -> None:
    before = _board()
    later = timezone.now() + datetime.timedelta(days=60)
    demo_notices.refresh_living(later)
    after, day = _board(), timezone.localdate(later)
    for code in demo_notices.LIVING:
        assert before[code][1] < day <= after[code][1], code
        assert before[code][0] == after[code][0], code
    # The archive stays as it was.
    assert after[demo_notices.OVER] == before[demo_notices.OVER]


def test_nothing_is_touched_that_hangs_there_still() -> None:
    before = _board()
    demo_notices.refresh_living()
    assert _board() == before
    assert [status for status, _until in before.values()].count(NoticeStatus.DRAFT) == 1
