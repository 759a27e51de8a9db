"""What a template says of a column: a hint, how its cells are formatted, and how wide it is."""

from dataclasses import dataclass

from backend.imports.columns import Column
from backend.imports.widgets import (
    AddressWidget,
    AgeWidget,
    ChoiceWidget,
    CleaningWidget,
    CodeWidget,
    DateWidget,
    GenderWidget,
    HoursWidget,
    MomentWidget,
    MonthWidget,
    NameWidget,
    NumberWidget,
    PhoneWidget,
    SignatureWidget,
    TimeWidget,
    YesNoWidget,
)

TEXT, DAY, MOMENT, WHOLE, PLAIN = "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0", "General"


@dataclass(frozen=True)
class Hint:
    """One kind of column: what to write, one example, the cells' number format, width in characters."""

    told: str
    example: str = ""
    number_format: str = PLAIN
    width: int = 16

    def in_words(self) -> str:
        """The hint with its example."""
        return f"{self.told}例如：{self.example}" if self.example else self.told


# The first kind that fits counts: special ones before what they are made from.
_BY_WIDGET: tuple[tuple[type[CleaningWidget], Hint], ...] = (
    (NameWidget, Hint("一行一个人，写全名。", "", TEXT, 12)),
    # As text: as a number the last digits of a long one are lost.
    (PhoneWidget, Hint("手机写 11 位；座机写上区号。", "0371-67890123", TEXT, 17)),
    (GenderWidget, Hint("男或女。", "", PLAIN, 7)),
    (AgeWidget, Hint("周岁，0 到 120 的整数。", "65", WHOLE, 7)),
    # As text: 3-2 would become the second of March.
    (AddressWidget, Hint("楼栋、单元、室。", "3-2-501", TEXT, 24)),
    (MonthWidget, Hint("年和月，不用写日。", "1960-05", TEXT, 12)),
    (MomentWidget, Hint("日期和钟点。", "2026-04-01 09:00", MOMENT, 18)),
    (DateWidget, Hint("年月日。", "2026-04-01", DAY, 13)),
    (SignatureWidget, Hint("本人签了名就写“是”；没有签写“未签”。", "", PLAIN, 10)),
    (YesNoWidget, Hint("是或否。", "", PLAIN, 8)),
    (ChoiceWidget, Hint("从下拉框里选。", "", PLAIN, 14)),
    (NumberWidget, Hint("整数。", "30", WHOLE, 9)),
    # As text: 9:05 stays what somebody typed.
    (TimeWidget, Hint("几点几分。", "9:05", TEXT, 10)),
    (HoursWidget, Hint("小时数，可以带小数。", "12.5", TEXT, 12)),
    (CodeWidget, Hint("", "", TEXT, 18)),
)
_NUMBER = Hint("可以不填，导入时不看这一列。", "", PLAIN, 7)
_OTHER = Hint("", "", PLAIN, 22)


def hint_of(column: Column) -> Hint:
    """The hint for a column, by what cleans its cells."""
    if column.ignored:
        return _NUMBER
    return next((h for kind, h in _BY_WIDGET if isinstance(column.widget, kind)), _OTHER)
