"""The publication guard: whatever way a phone, an identity number or a door is written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import RuleViolation
from backend.core.publication import ORDINARY_WORDS, Kind, findings_in, require_publishable

pytestmark = pytest.mark.once

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_SPOKEN = str.maketrans("0123456789", "〇一二三四五六七八九")
_WRITINGS = [lambda d: d, lambda d: d.translate(_WIDE), lambda d: d.translate(_SPOKEN)]
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

# What stands around in a notice, before and after.
BEFORE = [
    "",
    "请联系王阿姨，电话",
    "报名：",
    "有事找居委会（",
    "2026年4月1日起，拨打",
    "第1042条。",
]
AFTER = ["", "。", "，逾期不候。", "（工作日9:00-17:30）", "或到社区窗口。", " 转李主任"]
gaps = st.sampled_from(["", " ", "-", "－", "—", "  ", " - ", "·", "."])
digits = st.text("0123456789", min_size=9, max_size=9)


def _cut(number: str, sizes: tuple[int, ...], gap: str) -> str:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(number[at : at + size])
        at += size
    return gap.join(pieces)


def _kinds(text: str, names: tuple[str, ...] = ()) -> set[Kind]:
    return {found.kind for found in findings_in(text, names)}


@given(
    second=st.sampled_from("3456789"),
    rest=digits,
    sizes=st.sampled_from([(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 4, 3), (1,) * 11]),
    gap=gaps,
    country=st.sampled_from(["", "+86", "+86 ", "86-", "0086 ", "0"]),
    write=st.sampled_from(_WRITINGS),
    before=st.sampled_from(BEFORE),
    after=st.sampled_from(AFTER),
)
def test_a_mobile_is_found_however_it_is_written(
    second: str, rest: str, sizes: tuple[int, ...], gap: str, country: str, write, before, after
) -> None:
    number = country + write(_cut(f"1{second}{rest}", sizes, gap))
    assert Kind.PHONE in _kinds(f"{before}{number}{after}")


@given(
    area=st.sampled_from(["010", "021", "0371", "0755"]),
    first=st.sampled_from("2345678"),
    rest=st.text("0123456789", min_size=6, max_size=7),
    joined=st.sampled_from(["", "-", " ", "－", ")"]),
    gap=st.sampled_from(["", " ", "-"]),
    write=st.sampled_from(_WRITINGS),
    before=st.sampled_from(BEFORE),
)
def test_a_landline_is_found_however_it_is_written(
    area: str, first: str, rest: str, joined: str, gap: str, write, before: str
) -> None:
    local = _cut(first + rest, (4, len(rest) - 3), gap)
    number = write(("(" if joined == ")" else "") + area + joined + local)
    assert Kind.PHONE in _kinds(f"{before}{number}。")


def _identity(region: str, day: str, order: str) -> str:
    body = f"{region}{day}{order}"
    total = sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


identities = st.builds(
    _identity,
    st.sampled_from(["410105", "110101", "440305", "654202"]),
    st.dates(date(1920, 1, 1), date(2020, 12, 31)).map(lambda d: f"{d:%Y%m%d}"),
    st.text("0123456789", min_size=3, max_size=3),
)


@given(
    number=identities,
    sizes=st.sampled_from([(18,), (6, 8, 4), (4, 4, 4, 4, 2), (6, 4, 4, 4), (3,) * 6, (1,) * 18]),
    gap=gaps,
    small=st.booleans(),
    write=st.sampled_from(_WRITINGS),
    before=st.sampled_from(BEFORE),
    after=st.sampled_from(AFTER),
)
def test_an_identity_number_is_found_however_it_is_written(
    number: str, sizes: tuple[int, ...], gap: str, small: bool, write, before: str, after: str
) -> None:
    written = write(_cut(number.lower() if small else number, sizes, gap))
    assert Kind.IDENTITY in _kinds(f"{before}{written}{after}")


@given(number=identities)
def test_an_identity_number_of_fifteen_digits_is_found(number: str) -> None:
    assert Kind.IDENTITY in _kinds(f"旧证号{number[:6]}{number[8:17]}。")


def test_a_number_that_fits_no_identity_is_one_only_if_the_words_say_so() -> None:
    wrong = "110105194912310021"
    assert Kind.IDENTITY not in _kinds(f"单号{wrong}")
    assert Kind.IDENTITY in _kinds(f"身份证号{wrong}")


@pytest.mark.parametrize(
    "door",
    [
        "3-2-501",
        "３－２－５０１",
        "3 - 2 - 501",
        "3/2/501",
        "3号楼2单元501室",
        "3号楼2单元501",
        "3栋501",
        "3幢 2单元 501",
        "12号楼1单元1203室",
        "三号楼二单元五〇一室",
        "A座1203",
        "2单元301",
        "501室",
        "1203 室",
        "501房间",
    ],
)
@pytest.mark.parametrize("around", ["{}", "住在{}的老人", "地址：{}。", "万达华府{}，请帮忙"])
def test_a_door_is_found_however_it_is_written(door: str, around: str) -> None:
    assert Kind.ROOM in _kinds(around.format(door))


PROSE = [
    "《民法典》第1042条：禁止包办、买卖婚姻。",
    "第1034条至第1039条讲个人信息保护，详见第253条之一。",
    "活动时间：2026年4月1日（周三）14:00-16:00，提前15分钟入场。",
    "2026.04.01-2026.06.30 每周二 9:00-11:30",
    "2026-04-01 至 2026-06-30，共13次课",
    "二〇二六年四月一日起施行，一九八六年旧规同时废止。",
    "拨打12345热线、12348法律服务热线，紧急情况拨打110、119、120。",
    "反诈专线96110，燃气抢修967888。",
    "经费预算1,380,000元，人均15.60元；工程款 13 800 000 元。",
    "共501户居民、1203人参加，满意率98.5%。",
    "3号楼120户、2单元36户已签约；一号楼300人报名。",
    "小区共12栋楼，1500户。",
    "参加第13、14、15、16、17、18期的居民",
    "比分3-2，历届2-1-0。",
    "面积120平方米，容积率2.5，楼高33层。",
    "文号：豫民〔2026〕15号；统一编号XH-2026-0041。",
    "20260401期简报，第240期。",
    "社区服务大厅，一楼会议室；2楼301教室旁。",
    "三八妇女节、五一劳动节、六一儿童节活动预告",
    "8月1日是建军节，12月4日是国家宪法日。",
    "民法典进小区：高空抛物谁来赔（第1254条）",
    "每人限领2份，满300元减50元。",
    "2025年1-8月受理180余件，办结率100%。",
    "1-2-2026",
]


@pytest.mark.parametrize("text", PROSE)
def test_ordinary_prose_is_let_through(text: str) -> None:
    assert findings_in(text, ORDINARY_WORDS) == []


@given(
    year=st.integers(2000, 2035),
    month=st.integers(1, 12),
    day=st.integers(1, 28),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    article=st.integers(1, 1260),
    money=st.integers(1, 10**9),
    people=st.integers(1, 10**4),
)
def test_dates_times_money_and_articles_are_let_through(
    year: int, month: int, day: int, hour: int, minute: int, article: int, money: int, people: int
) -> None:
    texts = [
        f"{year}年{month}月{day}日{hour}:{minute:02}",
        f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}",
        f"{year}.{month}.{day}-{year}.{month}.{day}",
        f"{year}/{month:02}/{day:02}",
        f"第{article}条，{money}元，{money:,}元，{people}人次",
        f"{year}{month:02}{day:02}期",
        f"{people}户、{people}人、{people}场",
    ]
    assert {text: findings_in(text) for text in texts if findings_in(text)} == {}


def test_known_names_are_found_and_everyday_words_are_not() -> None:
    known = ("周若谷", "安全", "李")
    (found,) = findings_in("感谢周若谷同志，注意安全，李子熟了。", known)
    assert (found.kind, found.start, found.end) == (Kind.NAME, 2, 5)
    assert found.excerpt == "感谢＊＊＊同志，注意安"
    assert findings_in("感谢周若谷同志") == []


def test_places_are_those_of_the_text_and_excerpts_tell_no_number() -> None:
    text = "电话１３９ ０００ ０００７７，另138 0000 0000"
    first, second = findings_in(text)
    assert text[first.start : first.end] == "１３９ ０００ ０００７７"
    assert text[second.start : second.end] == "138 0000 0000"
    assert not any(c.isdigit() for found in (first, second) for c in found.excerpt)


def test_the_refusal_names_field_and_kind_and_never_the_value() -> None:
    texts = {
        "title": ("活动名称", "民法典进小区"),
        "topic": ("普法主题", "找周若谷"),
        "summary": ("活动简介", "打13900000077，到3-2-501"),
    }
    with pytest.raises(RuleViolation) as refused:
        require_publishable(texts, {"周若谷"})
    violation = refused.value
    assert (violation.code, violation.field) == ("text_has_personal_data", "topic")
    assert "“普法主题”里有居民姓名" in violation.message
    assert "“活动简介”里有电话号码、门牌号" in violation.message
    assert not {"周若谷", "139", "501"} & {
        part for part in ("周若谷", "139", "501") if part in violation.message
    }
    require_publishable({"title": ("活动名称", "民法典进小区")}, {"周若谷"})


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("社区服务窗口 0371-67890000", False),
        ("电话：67890000", False),
        ("窗口 0371-67890000，急事 139 0000 0077", True),
        ("窗口 0371-67890000，3号楼2单元501", True),
        ("窗口 0371-67890000，找周若谷", True),
    ],
)
def test_an_office_may_be_rung_where_that_is_what_a_field_says(text: str, stops: bool) -> None:
    texts = {"contact": ("联系方式", text)}
    if stops:
        with pytest.raises(RuleViolation):
            require_publishable(texts, {"周若谷"}, offices=("contact",))
    else:
        require_publishable(texts, {"周若谷"}, offices=("contact",))
    # The control: in any other field a landline is somebody's phone.
    with pytest.raises(RuleViolation):
        require_publishable(texts, {"周若谷"})
