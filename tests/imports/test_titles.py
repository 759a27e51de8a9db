"""What stands above the header: the event's name, its day and its place, however it is written."""

import datetime

import pytest

from backend.imports.titles import Titles, read_titles, same_name

DAY = datetime.date(2026, 4, 1)


def titles(*rows: list[object]) -> Titles:
    return read_titles(list(enumerate(rows, start=1)))


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["活动名称：民法典进万家"],
            ["时间：2026年4月1日（星期三）上午9:00", None, "地点：小马扎剧场"],
        ],
        [["活动名称", None, "民法典进万家"], ["活动时间", "2026-4-1"], ["地点", "小马扎剧场"]],
        [["活动名称：民法典进万家 活动时间：2026.4.1 活动地点：小马扎剧场"]],
        [["活动主题:民法典进万家；时间:2026/4/1 9:00-11:00；地点:小马扎剧场"]],
        [["活动名称：民法典进万家\n活动日期：2026年04月01日\n举办地点：小马扎剧场"]],
        [
            ["名称：", "民法典进万家"],
            ["日期：", datetime.date(2026, 4, 1)],
            ["地点：", "小马扎剧场"],
        ],
        [["2026年普法签到表"], ["活动名称：民法典进万家"], ["时间：4月1日"], ["地点：小马扎剧场"]],
        [["讲座主题：民法典进万家"], ["讲座时间：二〇二六年四月一日"], ["讲座地点：小马扎剧场"]],
    ],
)
def test_labelled_titles(rows: list[list[object]]) -> None:
    found = titles(*rows)
    assert (found.names, found.day, found.place) == (("民法典进万家",), DAY, "小马扎剧场")
    assert found.year == 2026


@pytest.mark.parametrize(
    "title",
    [
        "民法典进万家签到表（2026年4月1日）",
        "“民法典进万家”签到表 2026.4.1",
        "2026年4月1日民法典进万家活动人员签到表",
        "《民法典进万家》讲座签到册（2026-04-01）",
        "民法典进万家居民签到登记表20260401",
    ],
)
def test_the_main_title_speaks_where_no_label_does(title: str) -> None:
    found = titles([title])
    assert same_name("民法典进万家") in {same_name(name) for name in found.names}
    assert found.day == DAY


@pytest.mark.parametrize(
    "title", ["签到表", "活动签到表", "普法活动签到表", "居民花名册", "人员名单", "会议签到簿"]
)
def test_a_title_that_says_nothing_names_nothing(title: str) -> None:
    assert titles([title]).names == ()


def test_a_year_without_a_day() -> None:
    found = titles(["2026年度民法典进万家签到表"])
    assert (found.day, found.year) == (None, 2026)
    assert titles(["民法典进万家签到表"], ["时间：4月1日"]).day is None
    assert titles(["签到表"], ["时间：2026年2月30日"]).day is None


def test_what_is_no_label_is_no_label() -> None:
    found = titles(["单位名称：新河社区", "联系电话：0371-66001234"], ["注意：请写清楚"])
    assert found.values == {}
    assert found.names == ()
