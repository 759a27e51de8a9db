"""Columns that every sheet of people has, and what stands behind an address."""

from typing import Any

from backend.imports.columns import Column
from backend.imports.facet_sheet import MOST_OPTIONS
from backend.imports.widgets import (
    AddressWidget,
    GenderWidget,
    NameWidget,
    PhoneWidget,
    TextWidget,
)
from backend.places.models import Building, Estate

NAME = Column(
    "name",
    "姓名",
    NameWidget(),
    synonyms=("名字", "居民姓名", "参加人", "参加人员", "参与人", "人员姓名", "姓 名"),
    required=True,
    ditto=False,
    personal="name",
)
GENDER = Column("gender", "性别", GenderWidget())
PHONE = Column(
    "phone",
    "联系电话",
    PhoneWidget(further="further_phone"),
    synonyms=("电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "移动电话", "联系手机"),
    ditto=False,
    personal="phone",
)
ADDRESS = Column(
    "address",
    "住址",
    AddressWidget(),
    synonyms=(
        "住址(楼号)",
        "家庭住址",
        "地址",
        "楼号",
        "楼栋",
        "房号",
        "楼栋房号",
        "楼栋号",
        "居住地址",
    )
    + ("门牌号", "门牌", "房间号", "楼栋单元", "家庭地址", "现住址", "详细住址", "详细地址"),
    personal="hidden",
)
REMARK = Column(
    "remark",
    "备注",
    TextWidget(max_length=200),
    synonyms=("备 注", "说明", "附注"),
    personal="hidden",
)
NUMBER = Column("number", "序号", TextWidget(), synonyms=("编号", "No", "NO.", "#"), ignored=True)


def places_of(community: Any) -> list[Any]:
    """The rows by which an address is understood."""
    return [model._default_manager.filter(community=community) for model in (Estate, Building)]


def building_options(community: Any) -> list[str]:
    """The buildings of a community as an address begins, for a template's drop-down list."""
    rows = Building.objects.filter(community=community).order_by()
    found = rows.values_list("estate__name", "name")[:MOST_OPTIONS]
    by_number = sorted(found, key=lambda row: (row[0], len(row[1]), row[1]))
    return [f"{estate}{name}号楼" for estate, name in by_number]
