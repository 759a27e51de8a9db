"""In which words it is told why an undo left a record as it is."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_WHY = {
    "changed": _("之后又被修改，撤销不会覆盖别人的工作"),
    "gone": _("之后已被删除"),
    "used": _("之后又被别处使用"),
    "forgotten": _("个人信息已按规定删除"),
    "record_certified": _("已经列入有效的志愿服务证明，请先作废证明"),
}


def why_left(code: str) -> str:
    """The reason, by the code with which `undo` leaves a row."""
    found = _WHY.get(code)
    return str(found) if found is not None else gettext("现在的规则不允许恢复")
