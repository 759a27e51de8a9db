"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "services.ServiceBooking",
    _("服务预约：谁约了什么服务、什么时段，来了没有。"),
    _("打电话来的替他预约；服务完在“当天服务单”记结果。"),
    "services",
    "接电话替人预约",
    begins_at="services.Slot",
)
guide(
    "services.Slot",
    _("服务时段：某项服务在哪天几点、几个名额。"),
    _("固定的用“排班规则”自动排，临时的在这里加。"),
    "services",
    "时间要变、服务要停",
    begins_at="services.SlotRule",
)
guide(
    "services.SlotRule",
    _("排班规则：每周哪几天几点开，系统照着排时段。"),
    _("选服务、星期和起止时间，保存后自动排出以后几周。"),
    "services",
    "建一项服务",
    begins_at="services.ServiceItem",
)
guide(
    "services.Closure",
    _("停服日：哪天不服务，那天的时段会取消并通知约了的人。"),
    _("选服务和日期，写明原因。"),
    "services",
    "时间要变、服务要停",
)
guide(
    "services.ServiceItem",
    _("服务项目：居民可以预约的每一项。"),
    _("选类别、写名称和地点，再排时段。"),
    "services",
    "建一项服务",
    begins_at="services.ServiceCategory",
)
guide(
    "services.ServiceCategory",
    _("服务类别：把服务项目归类，如助医、助餐。"),
    _("建好常用的几类，再建服务项目。"),
    "services",
    "建一项服务",
)
guide(
    "day_page",
    _("当天服务单：今天谁约了什么，来了就点，没来也点。"),
    _("按时段往下点；要纸的可以打印。"),
    "services",
    "到了那天",
)
guide(
    "week_page",
    _("一周服务安排：这一周每项服务的时段和还剩几个名额。"),
    _("点一个时段看名单；要加时段到“服务时段”。"),
    "services",
    "时间要变、服务要停",
)
