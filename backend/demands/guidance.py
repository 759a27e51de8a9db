"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "demands.Demand",
    _("诉求：居民反映的事，从登记到办结。"),
    _("先登记；能马上办的当场解决，不能的派给承办单位。"),
    "demands",
    "在窗口登记",
)
guide(
    "demands.DemandCategory",
    _("诉求类别：本社区怎样给诉求分类。"),
    _("加上常用的几类，登记时就能选。"),
    "demands",
    "类别和期限",
)
guide(
    "demands.DemandSettings",
    _("诉求办理期限：多久回复、多久办好、能延几天。"),
    _("没有设置的按默认办；改了只管以后登记的。"),
    "demands",
    "类别和期限",
)
