"""Days and periods in the reader's language."""

from datetime import date

from django.utils.translation import gettext

from backend.core.desk.periods import Period


def period_label(period: Period) -> str:
    """2026年下半年."""
    year, part = period.first.year, (period.first.month - 1) // period.months + 1
    told = {"year": year, "part": part}
    match period.kind:
        case "month":
            return gettext("%(year)s年%(part)s月") % told
        case "quarter":
            return gettext("%(year)s年第%(part)s季度") % told
        case "half" if part == 1:
            return gettext("%(year)s年上半年") % told
        case "half":
            return gettext("%(year)s年下半年") % told
        case _:
            return gettext("%(year)s年") % told


def due_words(due: date | None, today: date) -> str:
    """逾期 3 天, 今天到期, 还有 2 天; "" where there is no day."""
    if due is None:
        return ""
    days = (due - today).days
    if days < 0:
        return gettext("逾期 %(days)s 天") % {"days": -days}
    if days == 0:
        return gettext("今天到期")
    if days == 1:
        return gettext("明天到期")
    return gettext("还有 %(days)s 天") % {"days": days}


def day_words(day: date, today: date) -> str:
    """今天, 明天, or nothing."""
    return {0: gettext("今天"), 1: gettext("明天"), 2: gettext("后天")}.get((day - today).days, "")


def weekday(day: date) -> str:
    """星期六."""
    return (
        gettext("星期一"),
        gettext("星期二"),
        gettext("星期三"),
        gettext("星期四"),
        gettext("星期五"),
        gettext("星期六"),
        gettext("星期日"),
    )[day.weekday()]


def percent_in_words(percent: int) -> str:
    """Of what has changed, by how much: what rounds to nothing is not nothing."""
    return f"{abs(percent)}%" if percent else gettext("不到 1%")
