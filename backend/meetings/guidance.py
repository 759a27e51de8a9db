"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "meetings.JointMeeting",
    _("联席会议：从议程、通知、到会点名到表决、纪要，一次会一条。"),
    _("先排议程，再点“召集”发通知；开会当天从“开会”页点名、表决。"),
    "meetings",
    "开一次会",
)
guide(
    "meetings.ActionItem",
    _("落实事项：会上定下来要办的事，由谁办、哪天办完。"),
    _("承办的人登记进展、报告办结；书记或工作者核验。"),
    "meetings",
    "落实事项",
    begins_at="meetings.JointMeeting",
)
guide(
    "meetings.Resolution",
    _("决议：会上通过或否决的每一项，票数照当时的规则记下，不再变。"),
    _("决议从会议里产生，这里只看；要落实的，从会议页派成落实事项。"),
    "meetings",
    "开一次会",
    begins_at="meetings.JointMeeting",
)
guide(
    "meetings.Seat",
    _("席位：哪些单位、由谁来参加联席会议，从哪天到哪天。"),
    _("先登记单位，再给每一方设席位；换人时结束旧的、新建一条。"),
    "meetings",
    "开始之前：席位和议事规则",
    begins_at="people.Organization",
)
guide(
    "meetings.MeetingAttendance",
    _("点名记录：谁在什么时候到会、离会，只增不改。"),
    _("开会时从会议页点名，这里只看和导出。"),
    "meetings",
    "开一次会",
    begins_at="meetings.JointMeeting",
)
guide(
    "meetings.MeetingSettings",
    _("议事规则：提前几天通知、几方到会才能开、多少票算通过。没有登记就用默认。"),
    _("核对默认的几项，不合适的改掉再保存；改了只影响以后的会。"),
    "meetings",
    "开始之前：席位和议事规则",
)
