"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "education.LegalEducationEvent",
    _("普法活动：一场一条，从筹备、报名、签到到归档。"),
    _("建好活动，点“开放报名”；办完导入签到表，点“标记为已举办”。"),
    "registration",
    "设报名条件",
)
guide(
    "education.Registration",
    _("活动报名：谁报了哪一场，通过、候补还是取消。"),
    _("居民自己报；打电话来的，替他报名。"),
    "registration",
    "替人报名（电话、窗口）",
    begins_at="education.LegalEducationEvent",
)
guide(
    "education.Attendance",
    _("签到记录：谁来过哪一场。"),
    _("从活动页“导入签到表”，或当晚用“现场签到”。"),
    "registration",
    "当晚签到",
    begins_at="education.LegalEducationEvent",
)
guide(
    "education.CheckIn",
    _("签到台账：门口每一次扫码、点名和撤销，只增不改。"),
    _("这里只看；签错了在现场签到页撤销。"),
    "registration",
    "当晚签到",
    begins_at="education.LegalEducationEvent",
)
guide(
    "education.HeadcountEntry",
    _("人次登记：没有签名的现场人群和直播观众，写明依据。"),
    _("选活动，填人数和依据（照片存在哪里）。"),
    "registration",
    "当晚签到",
    begins_at="education.LegalEducationEvent",
)
guide(
    "education.Venue",
    _("阵地：办活动的地方，建活动时从这里选。"),
    _("把常用的几个地方建好，写明地点。"),
    "registration",
    "设报名条件",
)
