"""The choices of joint meetings, as enums of the main API."""

import strawberry

from backend.meetings.choices import (
    ActionStatus,
    Capacity,
    Choice,
    Denominator,
    ItemKind,
    ItemStatus,
    MajorityRule,
    MeetingStatus,
    Outcome,
    PresenceKind,
    ResolutionKind,
    SeatHolder,
    SeatTier,
    VoteMethod,
    VoteStatus,
)

strawberry.enum(MeetingStatus, description="The states of a joint meeting.", name="MeetingStatus")
strawberry.enum(ItemKind, description="通报 / 讨论 / 表决", name="AgendaItemKind")
strawberry.enum(ItemStatus, description="The states of an agenda item.", name="AgendaItemStatus")
strawberry.enum(SeatTier, description="The 1, the 3, and the N.")
strawberry.enum(SeatHolder, description="Who holds a seat: a body, or a person of their own right.")
strawberry.enum(PresenceKind, description="What the roll says of a seat from a moment on.")
strawberry.enum(Capacity, description="表决 / 列席", name="MeetingCapacity")
strawberry.enum(VoteMethod, description="By name, or secret.")
strawberry.enum(MajorityRule, description="What part must be in favour.")
strawberry.enum(Denominator, description="Of what.", name="VoteDenominator")
strawberry.enum(Choice, description="赞成 / 反对 / 弃权", name="VoteChoice")
strawberry.enum(VoteStatus, description="The states of a vote.")
strawberry.enum(Outcome, description="通过 / 未通过", name="VoteOutcome")
strawberry.enum(ResolutionKind, description="决议 / 建议")
strawberry.enum(ActionStatus, description="The states of an action item.", name="ActionItemStatus")
