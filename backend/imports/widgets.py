"""The cleaners as django-import-export's widgets: the vocabulary of its columns."""

from collections.abc import Callable
from typing import Any

from import_export.widgets import Widget

from backend.imports import cells
from backend.imports.problems import CellProblem


class CleaningWidget(Widget):
    """Cleans with a pure function; what it raises is a CellProblem, which is a ValueError."""

    function: Callable[..., Any]

    def __init__(self) -> None:
        super().__init__()
        # The function itself, so that 800 000 cells do not pay for a method call each.
        self.clean = type(self).function  # type: ignore[method-assign]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class NameWidget(CleaningWidget):
    function = staticmethod(cells.clean_name)


class PhoneWidget(CleaningWidget):
    function = staticmethod(cells.clean_phone)


class DateWidget(CleaningWidget):
    function = staticmethod(cells.clean_date)


class MonthWidget(CleaningWidget):
    function = staticmethod(cells.clean_month)


class MomentWidget(CleaningWidget):
    function = staticmethod(cells.clean_moment)


class AgeWidget(CleaningWidget):
    function = staticmethod(cells.clean_age)


class NumberWidget(CleaningWidget):
    function = staticmethod(cells.clean_number)


class GenderWidget(CleaningWidget):
    function = staticmethod(cells.clean_gender)


class YesNoWidget(CleaningWidget):
    function = staticmethod(cells.clean_yes_no)


class SignatureWidget(CleaningWidget):
    function = staticmethod(cells.clean_signature)


class CodeWidget(CleaningWidget):
    function = staticmethod(cells.clean_code)


class AddressWidget(CleaningWidget):
    function = staticmethod(cells.clean_address)


class TextWidget(CleaningWidget):
    function = staticmethod(cells.clean_text)

    def __init__(self, max_length: int | None = None) -> None:
        super().__init__()
        if max_length is not None:
            self.clean = lambda value: cells.clean_text(value, max_length=max_length)  # type: ignore[method-assign]


class ChoiceWidget(CleaningWidget):
    """A choice by its Chinese label, or its stored value."""

    function = staticmethod(cells.clean_code)

    def __init__(self, choices: Any) -> None:
        super().__init__()
        known = {str(label): str(value) for value, label in choices}
        known |= {str(value): str(value) for value, _ in choices}

        def clean(value: Any) -> str | None:
            text = cells.clean_code(value)
            if text is None:
                return None
            if text not in known:
                allowed = "、".join(str(label) for _, label in choices)
                raise CellProblem("choice_unknown", f"只能填：{allowed}。")
            return known[text]

        self.clean = clean  # type: ignore[method-assign]
