"""来源, 类别, 结果 and 是否满意, as people write them in a ledger. Pure functions."""

from backend.core.errors import RuleViolation
from backend.core.words import in_chinese
from backend.demands.choices import Channel, DemandKind, DemandStatus

# The first that occurs in a cell says what is meant: the more telling words stand first.
_CHANNELS: tuple[tuple[str, str], ...] = (
    ("微信", Channel.WECHAT_GROUP),
    ("业主群", Channel.WECHAT_GROUP),
    ("居民群", Channel.WECHAT_GROUP),
    ("12345", Channel.HOTLINE),
    ("热线", Channel.HOTLINE),
    ("来电", Channel.HOTLINE),
    ("电话", Channel.HOTLINE),
    ("议事", Channel.PLATFORM),
    ("月月说事", Channel.PLATFORM),
    ("新声", Channel.PLATFORM),
    ("阳光", Channel.PLATFORM),
    ("平台", Channel.PLATFORM),
    ("走访", Channel.VISIT),
    ("入户", Channel.VISIT),
    ("巡查", Channel.PATROL),
    ("巡逻", Channel.PATROL),
    ("网格", Channel.PATROL),
    ("自助", Channel.APP),
    ("小程序", Channel.APP),
    ("窗口", Channel.WINDOW),
    ("专窗", Channel.WINDOW),
    ("来访", Channel.WINDOW),
    ("上门", Channel.WINDOW),
    ("前台", Channel.WINDOW),
    ("社区", Channel.WINDOW),
)
_KINDS = (
    ("投诉", DemandKind.COMPLAINT),
    ("举报", DemandKind.COMPLAINT),
    ("建议", DemandKind.SUGGESTION),
    ("意见", DemandKind.SUGGESTION),
    ("咨询", DemandKind.ENQUIRY),
    ("求助", DemandKind.HELP),
)
_UNRESOLVABLE = ("无法解决", "不能解决", "无法办理", "不予", "已解释", "已说明", "无法协调")
_INVALID = ("无效", "作废", "撤诉", "撤回")
_UNDER_WAY = ("处理中", "办理中", "解决中", "进行中", "协调中", "跟进", "正在", "推进") + (
    "维修中",
    "待处理",
    "待解决",
    "待办",
    "待定",
    "未办",
    "未处理",
    "未解决",
    "未完成",
    "尚未",
)
_ASSIGNED = ("已派", "已转", "转办", "转交", "移交", "派单")
_YES = ("满意", "非常满意", "很满意", "比较满意", "基本满意", "一般", "是", "√", "✓", "1", "Y", "y")
_NO = ("不满意", "很不满意", "非常不满意", "否", "×", "0", "N", "n")

# What a row can come to.
RESOLVED, EXPLAINED, UNDER_WAY = "resolved", "explained", "under_way"
ASSIGNED, REGISTERED, INVALID = "assigned", "registered", "invalid"


def channel_of(text: str) -> str | None:
    """The channel that a cell means; "" says nothing, None is a word that nobody knows."""
    plain = "".join(text.split())
    if not plain:
        return ""
    labels = {in_chinese(channel.label): channel.value for channel in Channel}
    if plain in labels:
        return labels[plain]
    return next((str(channel) for word, channel in _CHANNELS if word in plain), None)


def kind_of(text: str) -> str | None:
    """The kind that a cell of 类别 names by itself, None for a category of the community's own."""
    plain = "".join(text.split())
    return next((str(kind) for word, kind in _KINDS if plain in (word, f"{word}类")), None)


def outcome_of(text: str, closed: bool) -> str:
    """What a row tells of the end; `closed`: whether it names the day on which it was done.

    Raises: outcome_contradicts where the words say that it is not done.
    """
    plain = "".join(text.split())
    if any(word in plain for word in _INVALID):
        return INVALID
    if any(word in plain for word in _UNRESOLVABLE):
        return EXPLAINED
    unfinished = any(word in plain for word in _UNDER_WAY)
    if closed and unfinished:
        raise RuleViolation(
            "outcome_contradicts",
            "写了办结时间，结果却说还没办好。请留空办结时间，或改写结果。",
            field="outcome",
        )
    if closed:
        return RESOLVED
    if unfinished:
        return UNDER_WAY
    if any(word in plain for word in _ASSIGNED):
        return ASSIGNED
    return RESOLVED if plain else REGISTERED


def satisfied_of(text: str) -> bool | None:
    """What the reporter said. Raises: satisfied_unclear."""
    plain = "".join(text.split())
    if not plain:
        return None
    if plain in _NO:
        return False
    if plain in _YES:
        return True
    raise RuleViolation(
        "satisfied_unclear", "看不懂是否满意，请写“满意”“不满意”，或留空。", field="satisfied"
    )


def told_of(status: str, result: str, resolved: bool) -> str:
    """结果 of a demand as an export writes it: what `outcome_of` understands again."""
    if status == DemandStatus.CLOSED:
        word = "已解决" if resolved else "无法解决"
    else:
        word = EXPORTED[status]
    return f"{word}：{result}" if result else word


# Of the states as the export says them; CLOSED is said by how it ended.
EXPORTED: dict[str, str] = {
    DemandStatus.REGISTERED: "待处理",
    DemandStatus.ASSIGNED: "已派单",
    DemandStatus.IN_PROGRESS: "办理中",
    DemandStatus.RETURNED: "待处理（已退回）",
    DemandStatus.REOPENED: "办理中（需重办）",
    DemandStatus.RESOLVED: "已解决（待确认）",
    DemandStatus.CONFIRMED: "已解决（已确认）",
    DemandStatus.UNRESOLVABLE_EXPLAINED: "无法解决（已说明）",
    DemandStatus.DUPLICATE: "无效（重复）",
    DemandStatus.INVALID: "无效",
}
