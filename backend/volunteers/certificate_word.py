"""志愿服务证明 as Word, by the community's template or the default one; loaded when it is asked for."""

from pathlib import Path
from typing import Any, Final

from backend.core import qr
from backend.core.word_forms import Picture, WordForm
from backend.volunteers.certificate_rules import hours_text
from backend.volunteers.printed import Printed, in_words

VALUES: Final = frozenset(
    {"community", "number", "name", "period", "times", "hours", "issued", "check", "qr"}
)
FORM: Final = WordForm(
    Path(__file__).parent / "certificate_template" / "certificate.docx",
    VALUES,
    {
        **dict.fromkeys(VALUES, "示例"),
        "services": [dict.fromkeys(("day", "what", "hours"), "示例")],
    },
    frozenset({"services"}),
)
_CODE_WIDTH = 2.8


def certificate_as_word(told: Printed, template: bytes | None) -> bytes:
    """The certificate by a template; None for the default one.

    Raises: as `WordForm.is_harmless`, should a stored template not pass any more.
    """
    content = FORM.default.read_bytes() if template is None else template
    return FORM.filled(content, _values(told))


def _values(told: Printed) -> dict[str, Any]:
    return {
        "community": told.community,
        "number": told.number,
        "name": told.name,
        "period": told.period,
        "times": str(len(told.lines)),
        "hours": told.hours,
        "issued": in_words(told.issued_on),
        "check": told.address,
        "qr": Picture(qr.png(told.address), _CODE_WIDTH),
        "services": [
            {"day": line.day.isoformat(), "what": line.what, "hours": hours_text(line.minutes)}
            for line in told.lines
        ],
    }
