"""Masks of personal values, in plain Python; personal.py has their twins as expressions."""


def mask_name(name: str) -> str:
    """The first character and a star: 张三 is 张*."""
    return name[:1] + "*" if name else ""


def mask_phone(phone: str) -> str:
    """The first three and the last four digits: 138****5678; a short number shows nothing."""
    if not phone:
        return ""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"
