"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "owner_votes.OwnerVote",
    _("业主共同决定：一次投票一条，从公告、收票到计票、公示。"),
    _("先登记房屋和业主，再新建投票、写清议题、发公告。"),
    "owner-votes",
    "发起投票",
)
guide(
    "owner_votes.OwnerBallot",
    _("业主选票：每户投了什么，只有录票的人看得到。"),
    _("从投票页的“收票”录入，或导入选票登记表。"),
    "owner-votes",
    "收票",
    begins_at="owner_votes.OwnerVote",
)
guide(
    "owner_votes.OwnedRoom",
    _("房屋登记：每套房的面积和业主，计票按它算。"),
    _("把物业的房屋清册导入，核对面积和户数。"),
    "owner-votes",
    "房屋和业主",
)
guide(
    "owner_votes.PropertyOwner",
    _("业主：房屋是谁的，一个人可以有几套。"),
    _("导入房屋登记时会一起建好；产权变了在这里改。"),
    "owner-votes",
    "房屋和业主",
    begins_at="owner_votes.OwnedRoom",
)
