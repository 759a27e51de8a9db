"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "accounts.ApiKey",
    _("接口密钥：给别的程序来取数据用，一个程序一把。"),
    _("只勾用得到的权限；那一串只显示一次。"),
    "sign-in",
    "接口密钥（给程序用）",
)
