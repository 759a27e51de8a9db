"""Hours as people read them."""

from django.utils.translation import gettext


def hours_text(minutes: int) -> str:
    """12 小时 30 分."""
    hours, rest = divmod(minutes, 60)
    if not rest:
        return gettext("%(hours)s 小时") % {"hours": hours}
    if not hours:
        return gettext("%(minutes)s 分钟") % {"minutes": rest}
    return gettext("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": rest}
