"""Masks of personal values, in plain Python; personal.py has their twins as expressions."""

# What stands where a name was: with the row's key it stays unique.
ANONYMOUS = "已匿名"


def mask_name(name: str) -> str:
    """The first character and a star: 张三 is 张*. What stands for nobody is no surname."""
    if name.startswith(ANONYMOUS):
        return ANONYMOUS
    return name[:1] + "*" if name else ""


def mask_phone(phone: str) -> str:
    """The first three and the last four digits: 138****5678; a short number shows nothing."""
    if not phone:
        return ""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"
