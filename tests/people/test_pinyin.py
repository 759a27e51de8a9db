"""First letters of names, as names are said."""

import pytest
from pypinyin import Style, pinyin

from backend.people.pinyin import _SURNAMES, initials, other_readings


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("张三", "zs"),
        ("单雄信", "sxx"),
        ("曾国强", "zgq"),
        ("解小龙", "xxl"),
        ("尉迟恭", "ycg"),
        ("欧阳娜娜", "oynn"),
        ("John Li", "johnli"),
        ("阿依古丽·买买提", "aygl" + "mmt"),
        ("李2", "l"),
        ("", ""),
    ],
)
def test_letters_of_a_name(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_who_says_the_surname_otherwise_finds_it_too() -> None:
    assert "单" in other_readings("dxx")["sxx"]
    assert "曾" in other_readings("cgq")["zgq"]
    assert other_readings("sxx").get("dxx") is None


def test_every_reading_in_the_table_is_one_of_the_dictionary() -> None:
    for character, letters in _SURNAMES.items():
        known = pinyin(character, style=Style.FIRST_LETTER, heteronym=True)[0]
        assert set(letters) <= set(known), character
        assert len(letters) > 1, character
