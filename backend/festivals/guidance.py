"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "festivals.NeighborFestival",
    _("红色邻里节：每月一次，从筹备、公布到办完。"),
    _("最省事的是“照搬上个月”，再改日期和摊位。"),
    "festivals",
    "红色邻里节",
)
guide(
    "festivals.Stall",
    _("摊位：邻里节上谁摆什么摊。"),
    _("选邻里节，写摊位做什么、由谁来。"),
    "festivals",
    "红色邻里节",
    begins_at="festivals.NeighborFestival",
)
guide(
    "festivals.FestivalSupply",
    _("邻里节物资：谁带什么、带多少。"),
    _("筹备时列好清单，带到了就勾上。"),
    "festivals",
    "红色邻里节",
    begins_at="festivals.NeighborFestival",
)
guide(
    "festivals.FestivalHeads",
    _("邻里节人次：各摊位来了多少人。"),
    _("办完后登记人次和依据。"),
    "festivals",
    "办完以后",
    begins_at="festivals.NeighborFestival",
)
