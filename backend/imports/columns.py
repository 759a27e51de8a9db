"""Columns of a sheet: django-import-export's fields, and what else staff's headings need."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from import_export.fields import Field

# What nobody sees: spaces, and characters that some files have and no database takes.
_SPACE = re.compile(r"[\s　\ufeff\x00-\x1f\x7f\ud800-\udfff]+")
_HINT = re.compile(r"[（(【\[].*?[）)】\]]")
_LONGEST_HEADING = 100
_DECORATION = re.compile(r"[*＊:：、.。]+")
# Written as it is compared: most cells that are asked about are names of people.
_PLAIN = re.compile(r"[一-鿿]+")


def as_shown(heading: str) -> str:
    """A heading as it stands in the file, white space taken out: how problems name a column."""
    # Remembered, unless it is prose: thousands of long texts would never be asked for again.
    return _as_shown(heading) if len(heading) <= _LONGEST_HEADING else _SPACE.sub("", heading)


@lru_cache(maxsize=4096)
def _as_shown(heading: str) -> str:
    return _SPACE.sub("", heading)


@lru_cache(maxsize=4096)
def as_matched(heading: str) -> str:
    """A heading for comparison: one width, no white space, no stars or colons."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", as_shown(heading))).lower()


@lru_cache(maxsize=4096)
def without_hint(heading: str) -> str:
    """A heading without what stands in brackets: 联系电话（必填） is 联系电话."""
    return as_matched(_HINT.sub("", heading))


# Personal things that a community must switch on, or that no register has; never stored or repeated.
_SWITCHED_OFF = re.compile(
    "身份证|公民身份|证件号|证件类|证号码|民族|政治面貌|是否党员|^党员$|党员身份|团员|入党|宗教|信仰|健康(状况|情况|码)|病史|疾病|病情|残疾|"
    "血型|体温|银行|卡号|开户|指纹|人脸|微信号|^qq|^微信$"
)
# Around a known name these make it another's, or another thing: 家属电话, 户主姓名, 户籍地址.
_OTHERS = re.compile(
    "家属|家人|亲属|亲友|配偶|爱人|丈夫|妻子|父|母|子女|儿子|女儿|孩子|儿童|联系人|监护|紧急|户主|代签|代办|代理|代填|委托|经办|"
    "登记人|填表|填报|记录人|审核|负责人|推荐|介绍|单位|公司|学校|班级|工作|户籍|籍贯|身份|证件|曾用|^原|旧|备用|"
    "其他|其它|第二|第三|[2-9二三]$|微信(?!同)|qq|昵称|网名|邮箱|邮件|email|银行|开户|房东|租客|物业|网格员|楼长|组长|"
    "讲师|主讲|主持|老师|志愿者电话|是否有|人数|数量"
)


@lru_cache(maxsize=4096)
def speaks_of_others(heading: str) -> bool:
    """True if a heading is about somebody or something else than the person of the row."""
    return _OTHERS.search(as_matched(heading)) is not None


@lru_cache(maxsize=4096)
def is_switched_off(heading: str) -> bool:
    """True for a heading of personal things that are neither guessed nor kept anywhere."""
    return _SWITCHED_OFF.search(as_matched(heading)) is not None


class Column(Field):
    """One column: where its value goes, how a cell is cleaned, under which headings it is known.

    `ignored` columns are known and never looked at; `late` ones are cleaned by the register's own
    planner, which knows more (the day of the event); `ditto` says whether 同上 may stand in it. An
    `exact` one is known by its names alone, never by likeness. `shown_only` ones are ignored, and it is said:
    exports show them, and nobody changes them by a sheet. The heading of one that is `required` must
    be there; with `may_be_blank` the register's own planner says which rows can do without a value.
    """

    def __init__(
        self,
        attribute: str,
        heading: str,
        widget: Any,
        *,
        synonyms: tuple[str, ...] = (),
        required: bool = False,
        ignored: bool = False,
        late: bool = False,
        ditto: bool = True,
        personal: str = "",
        exact: bool = False,
        shown_only: bool = False,
        may_be_blank: bool = False,
    ) -> None:
        super().__init__(attribute=attribute, column_name=heading, widget=widget)
        self.heading = heading
        self.synonyms = synonyms
        self.required = required
        self.ignored = ignored
        self.late = late
        self.ditto = ditto
        self.personal = personal
        self.exact = exact
        self.shown_only = shown_only
        self.may_be_blank = may_be_blank
        self.names = tuple(dict.fromkeys(as_matched(name) for name in (heading, *synonyms)))
        self.known_as = frozenset(self.names)

    def is_called(self, heading: str) -> bool:
        """True if staff's heading names this column; a hint may not make it another's: 电话（家属）."""
        if len(heading) > _LONGEST_HEADING:
            return False
        if _PLAIN.fullmatch(heading):
            return heading in self.known_as
        if as_matched(heading) in self.known_as:
            return True
        return without_hint(heading) in self.known_as and not speaks_of_others(heading)
