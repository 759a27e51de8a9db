"""The cleaners as django-import-export's widgets: the vocabulary of its columns."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from import_export.widgets import Widget

from backend.imports import cells
from backend.imports.cells.raw import half_width
from backend.imports.directions import Choice
from backend.imports.problems import CellProblem


class CleaningWidget(Widget):
    """Cleans with a pure function; what it raises is a CellProblem, which is a ValueError.

    The importer calls `function` itself: 800 000 cells need not pay for a method call each.
    """

    function: Callable[..., Any]
    # What a sheet knows that its cells do not say, by the name of the function's argument.
    context: ClassVar[tuple[str, ...]] = ()

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The clean value. Raises: CellProblem."""
        return self.function(value, **{n: kwargs[n] for n in self.context if n in kwargs})

    def choices(self, code: str) -> tuple[Choice, ...]:
        """What may be said where `function` asks a question of its own."""
        return ()

    def chosen(self, value: Any, code: str, answer: str) -> Any:
        """The clean value, as staff have said. Raises: CellProblem."""
        raise LookupError(code)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """What an export shows."""
        return "" if value is None else value


class NameWidget(CleaningWidget):
    """A person's name; with `several` perhaps more than one in a cell."""

    function = staticmethod(cells.clean_name)

    def __init__(self, *, several: bool = False) -> None:
        super().__init__()
        if several:
            self.function = partial(cells.clean_name, several=True)


class PhoneWidget(CleaningWidget):
    """`further` is where the second of two phones goes, in registers that keep one."""

    function = staticmethod(cells.clean_phone)

    def __init__(self, further: str = "") -> None:
        super().__init__()
        self.further = further


class DateWidget(CleaningWidget):
    function = staticmethod(cells.clean_date)
    context = ("year", "epoch1904")


class MonthWidget(CleaningWidget):
    function = staticmethod(cells.clean_month)
    context = ("epoch1904",)


class MomentWidget(CleaningWidget):
    function = staticmethod(cells.clean_moment)
    context = ("day", "epoch1904")


class TimeWidget(CleaningWidget):
    function = staticmethod(cells.clean_time)


class HoursWidget(CleaningWidget):
    """A length of time: whole minutes, written as hours."""

    function = staticmethod(cells.clean_hours)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"{value // 60}小时{value % 60}分"


class AgeWidget(CleaningWidget):
    function = staticmethod(cells.clean_age)


class NumberWidget(CleaningWidget):
    function = staticmethod(cells.clean_number)


class GenderWidget(CleaningWidget):
    function = staticmethod(cells.clean_gender)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return {"male": "男", "female": "女"}.get(value, "")


class YesNoWidget(CleaningWidget):
    function = staticmethod(cells.clean_yes_no)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else "是" if value else "否"


class SignatureWidget(YesNoWidget):
    function = staticmethod(cells.clean_signature)


class CodeWidget(CleaningWidget):
    function = staticmethod(cells.clean_code)


class AddressWidget(CleaningWidget):
    function = staticmethod(cells.clean_address)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.text if isinstance(value, cells.Address) else str(value or "")


class TextWidget(CleaningWidget):
    function = staticmethod(cells.clean_text)

    def __init__(self, max_length: int | None = None) -> None:
        super().__init__()
        if max_length is not None:
            self.function = partial(cells.clean_text, max_length=max_length)


class ChoiceWidget(CleaningWidget):
    """A choice by its Chinese label, or its stored value."""

    def __init__(self, choices: Any) -> None:
        super().__init__()
        self._labels = {str(value): str(label) for value, label in choices}
        # A cell comes half-width; a label may have been written otherwise.
        self._known = {half_width(label): value for value, label in self._labels.items()}
        self._known |= {value: value for value in self._labels}
        self.function = self._choice

    @property
    def labels(self) -> list[str]:
        """What may be written."""
        return list(self._labels.values())

    def _choice(self, value: Any) -> str | None:
        text = cells.clean_code(value)
        if text is None:
            return None
        if text not in self._known:
            allowed = "、".join(self._labels.values())
            raise CellProblem("choice_unknown", f"只能填：{allowed}。")
        return self._known[text]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self._labels.get(str(value), "" if value is None else str(value))
