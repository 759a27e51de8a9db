"""What the values of enums mean, in both languages: a choice's own label, and a table for the rest."""

from typing import Any

from django.db.models import Choices
from django.utils import translation
from graphql import GraphQLEnumType, GraphQLSchema

from schema.main.base import Language

_DIMENSION = "Dimension"
# By what registers are counted: the same word means the same for each.
_DIMENSIONS = {
    "CATEGORY": "类别 · Category",
    "CHANNEL": "来源 · Channel",
    "COMMUNITY": "社区 · Community",
    "FORMAT": "形式 · Format",
    "ITEM": "服务项目 · Service item",
    "KIND": "种类 · Kind",
    "MONTH": "月份 · Month",
    "ORGANIZATION": "单位 · Organization",
    "REGISTER": "台账 · Register",
    "SOURCE": "来源 · Source",
    "STATUS": "状态 · State",
    "TEAM": "服务队 · Team",
    "TOPIC": "主题 · Topic",
    "URGENCY": "紧急程度 · Urgency",
    "VENUE": "场地 · Venue",
    "ESTATE": "小区 · Estate",
}
_WORDS = {
    "DayOfWeek": {
        "MONDAY": "星期一 · Monday",
        "TUESDAY": "星期二 · Tuesday",
        "WEDNESDAY": "星期三 · Wednesday",
        "THURSDAY": "星期四 · Thursday",
        "FRIDAY": "星期五 · Friday",
        "SATURDAY": "星期六 · Saturday",
        "SUNDAY": "星期日 · Sunday",
    },
    "Language": {"ZH": "中文 · Chinese", "EN": "英文 · English"},
    "ManyPolicy": {
        "ALL_OR_NOTHING": "有一项被退回，就一项也不办 · One that is refused, and nothing is done",
        "GOOD_ONES": "只办没有问题的 · The good ones are done",
    },
    "Ordering": {
        "ASC": "升序 · Ascending",
        "ASC_NULLS_FIRST": "升序，空值在前 · Ascending, empty ones first",
        "ASC_NULLS_LAST": "升序，空值在后 · Ascending, empty ones last",
        "DESC": "降序 · Descending",
        "DESC_NULLS_FIRST": "降序，空值在前 · Descending, empty ones first",
        "DESC_NULLS_LAST": "降序，空值在后 · Descending, empty ones last",
    },
    "ProblemLevel": {
        "ERROR": "错误，这一行不导入 · An error: the row is sent back",
        "QUESTION": "疑问，回答前这一行不导入 · A question: the row waits for its answer",
        "NOTE": "提示，照常导入 · A note: the row is taken",
    },
    "WordTemplateOf": {
        "MINUTES": "会议纪要 · Minutes of a meeting",
        "CERTIFICATE": "志愿服务证明 · Certificate of volunteering",
    },
}


def explain_enums(schema: GraphQLSchema) -> None:
    """Writes into the schema what each value of each enum means."""
    for kind in schema.type_map.values():
        if not isinstance(kind, GraphQLEnumType) or kind.name.startswith("__"):
            continue
        for name, value in kind.values.items():
            if value.description is None:
                value.description = _meaning(kind, name)


def _meaning(kind: GraphQLEnumType, name: str) -> str | None:
    choices: Any = kind.extensions["strawberry-definition"].wrapped_cls
    if issubclass(choices, Choices):
        return " · ".join(_said(choices[name].label, lang) for lang in Language)
    words = _DIMENSIONS if kind.name.endswith(_DIMENSION) else _WORDS.get(kind.name, {})
    return words.get(name)


def _said(label: Any, lang: Language) -> str:
    with translation.override(lang.value):
        return str(label)
