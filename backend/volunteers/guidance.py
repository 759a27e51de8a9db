"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "volunteers.Volunteer",
    _("志愿者：谁、在哪个队、会什么、做了多少小时。"),
    _("导入花名册，或逐个登记；报名的在这里通过。"),
    "volunteers",
    "登记志愿者",
)
guide(
    "volunteers.VolunteerTeam",
    _("志愿服务队：做同一类事的志愿者。"),
    _("建好队，选队长，再把志愿者加进来。"),
    "volunteers",
    "登记志愿者",
)
guide(
    "volunteers.Assignment",
    _("志愿者派工：请谁去做什么、什么时候，答应没有。"),
    _("选活动和人，发出邀请；本人在手机上答复。"),
    "volunteers",
    "派工",
)
guide(
    "volunteers.ServiceRecord",
    _("服务时长记录：做了几小时，核实后才算数。"),
    _("按到岗记录登记，交给另一个人核实。"),
    "volunteers",
    "到岗和时长",
    begins_at="volunteers.Volunteer",
)
guide(
    "volunteers.Certificate",
    _("志愿服务证明：有编号，别人可以核对真假。"),
    _("从志愿者页出证明；写错了作废重出。"),
    "certificates",
    "给一个人出证明",
    begins_at="volunteers.Volunteer",
)
guide(
    "volunteers.Honour",
    _("志愿者荣誉：谁在哪年得了什么。"),
    _("够了时长的系统会提名，看过再授予。"),
    "certificates",
    "荣誉",
    begins_at="volunteers.HonourLevel",
)
guide(
    "volunteers.HonourLevel",
    _("荣誉等级：多少小时、多少次可以授什么。"),
    _("先定好几级，系统按它提名。"),
    "certificates",
    "荣誉",
)
