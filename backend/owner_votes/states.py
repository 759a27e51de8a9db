"""The states of an owners' vote: one from/to table.

Counted is closed: no ballot comes in any more. Where the count rests on a mistake, it is taken back
with a reason; a published result is taken down first.
"""

from backend.core.workflow import Machine, Move, from_any
from backend.owner_votes.choices import OwnerVoteStatus as S

OWNER_VOTE_MACHINE = Machine(
    field="status",
    moves=(
        Move("open", "开始投票", from_any(S.DRAFT), S.OPEN),
        Move("count", "截止并计票", from_any(S.OPEN), S.COUNTED),
        Move("recount", "撤回计票", from_any(S.COUNTED), S.OPEN, True, "danger"),
        Move("publish", "公布结果", from_any(S.COUNTED), S.PUBLISHED, right="publish"),
        Move("withdraw", "撤下公布", from_any(S.PUBLISHED), S.COUNTED, True, "danger", "publish"),
        Move("cancel", "取消投票", from_any(S.DRAFT, S.OPEN), S.CANCELLED, True, "danger"),
    ),
)
