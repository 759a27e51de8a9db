"""The cleaners as the widgets of django-import-export's fields."""

import datetime

import pytest
from import_export.fields import Field

from backend.imports import widgets
from backend.imports.problems import CellProblem
from tests.imports.cleaning import problem_of

pytestmark = pytest.mark.once

CHOICES = [("open", "报名中"), ("done", "已结束（归档）")]


def test_cleans_the_way_the_library_calls_it() -> None:
    field = Field(attribute="phone", column_name="联系电话", widget=widgets.PhoneWidget())
    assert field.clean({"联系电话": 13812345678.0}, user=None, dry_run=True) == "13812345678"


def test_a_problem_is_the_value_error_that_the_library_expects() -> None:
    with pytest.raises(ValueError, match="10 位") as caught:
        widgets.PhoneWidget().clean("1381234567", row={})
    assert isinstance(caught.value, CellProblem)
    assert str(caught.value) == caught.value.message


def test_takes_what_the_sheet_knows_from_its_context() -> None:
    day = datetime.date(2026, 4, 1)
    assert widgets.DateWidget().clean("4月1日", year=2026, other=1) == day
    assert widgets.DateWidget().clean(46113 - 1462, epoch1904=True) == day
    moment = datetime.datetime(2026, 4, 1, 9, 5)
    assert widgets.MomentWidget().clean("9:05", day=day, row={}) == moment


def test_text_has_its_own_limit() -> None:
    assert problem_of(widgets.TextWidget(max_length=2).clean, "一二三").code == "text_too_long"
    assert widgets.TextWidget().clean("一二三") == "一二三"


@pytest.mark.parametrize("cell", ["已结束（归档）", "已结束(归档)", " done "])
def test_takes_a_choice_by_label_or_value_in_either_width(cell: str) -> None:
    assert widgets.ChoiceWidget(CHOICES).clean(cell) == "done"


def test_refuses_an_unknown_choice_and_lists_the_known() -> None:
    problem = problem_of(widgets.ChoiceWidget(CHOICES).clean, "别的")
    assert problem.code == "choice_unknown"
    assert "报名中" in problem.message
    assert widgets.ChoiceWidget(CHOICES).clean("—") is None


@pytest.mark.parametrize(
    ("widget", "value", "shown"),
    [
        (widgets.GenderWidget(), "female", "女"),
        (widgets.GenderWidget(), None, ""),
        (widgets.YesNoWidget(), True, "是"),
        (widgets.YesNoWidget(), False, "否"),
        (widgets.SignatureWidget(), None, ""),
        (widgets.PhoneWidget(), "13812345678", "13812345678"),
        (widgets.DateWidget(), datetime.date(2026, 4, 1), datetime.date(2026, 4, 1)),
        (widgets.DateWidget(), None, ""),
        (widgets.MonthWidget(), "1958-03", "1958-03"),
        (widgets.ChoiceWidget(CHOICES), "done", "已结束（归档）"),
        (widgets.ChoiceWidget(CHOICES), None, ""),
        (widgets.AddressWidget(), widgets.AddressWidget().clean("3号楼 501"), "3号楼 501"),
        (widgets.AddressWidget(), "3-501", "3-501"),
        (widgets.AddressWidget(), None, ""),
    ],
)
def test_shows_what_staff_would_write(
    widget: widgets.CleaningWidget, value: object, shown: object
) -> None:
    assert widget.render(value) == shown


@pytest.mark.parametrize(
    ("widget", "cell"),
    [
        (widgets.GenderWidget(), "女"),
        (widgets.YesNoWidget(), "否"),
        (widgets.SignatureWidget(), "是"),
        (widgets.PhoneWidget(), "0371-67890123"),
        (widgets.NameWidget(), "阿里·买买提"),
        (widgets.AgeWidget(), 65),
        (widgets.NumberWidget(), 12),
        (widgets.CodeWidget(), "pf-open"),
        (widgets.TextWidget(), "两行\n文字"),
        (widgets.ChoiceWidget(CHOICES), "报名中"),
    ],
)
def test_an_export_can_be_imported_again(widget: widgets.CleaningWidget, cell: object) -> None:
    assert widget.render(widget.clean(cell)) == cell
