"""What owners' votes bring to 今日待办: work, and what is found."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.desk.searching import Findable, findable
from backend.core.desk.waiting import Waiting, rows_to_do, waiting
from backend.owner_votes.choices import OwnerVoteStatus
from backend.owner_votes.models import OwnerVote


def _to_count(user: Any) -> QuerySet[Any]:
    rows = rows_to_do(OwnerVote, user, "move")
    return rows.filter(status=OwnerVoteStatus.OPEN, ends_on__lt=timezone.localdate())


def _to_publish(user: Any) -> QuerySet[Any]:
    return rows_to_do(OwnerVote, user, "publish").filter(status=OwnerVoteStatus.COUNTED)


waiting(
    Waiting(
        code="owner_votes_to_count",
        label=_("投票期已过、待计票的业主共同决定"),
        act=_("去计票"),
        model=OwnerVote,
        rows=_to_count,
        title=F("title"),
        about=F("estate__name"),
        due=F("ends_on"),
    )
)
waiting(
    Waiting(
        code="owner_votes_to_publish",
        label=_("待公布结果的业主共同决定"),
        act=_("公布结果"),
        model=OwnerVote,
        rows=_to_publish,
        title=F("title"),
        about=F("estate__name"),
        verb="publish",
    )
)
findable(Findable(OwnerVote, "how_to_vote", F("title"), F("estate__name")))
