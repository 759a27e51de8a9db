"""The history in words: who, through which door, did what; for staff, who know no code words."""

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.core.holdings import holding_of
from backend.core.workflow import TAKEN_BACK

DOORS = {
    "admin": _("管理页面"),
    "api_key": _("程序密钥"),
    "certificate_file": _("证明下载"),
    "command_line": _("命令行"),
    "graphql": _("接口"),
    "pages": _("账号页面"),
    "phone_page": _("手机页面"),
    "system": _("系统"),
    "worker": _("后台任务"),
}
# Acts that are more than one gate call; each has its name where it is carried out.
ACTS = {
    "change resident": _("修改居民"),
    "claim resident": _("本人认领居民记录"),
    "correct death": _("更正去世登记"),
    "end other sessions": _("退出其他设备"),
    "enter resident": _("登记居民"),
    "enter room": _("登记房屋和业主"),
    "erase attachments": _("彻底删除附件"),
    "erase resident": _("应本人要求删除"),
    "finish request": _("办结本人请求"),
    "drop certificate template": _("恢复默认的证明模板"),
    "drop minutes template": _("恢复默认的纪要模板"),
    "form households": _("按门牌成户"),
    "found community": _("开通社区"),
    "hand out first sign-ins": _("打印登录单"),
    "make agreement": _("拟定共建协议"),
    "make report": _("起草服务进展"),
    "merge residents": _("合并居民"),
    "move in resident": _("迁回"),
    "move out household": _("整户迁出"),
    "move out resident": _("迁出"),
    "open community": _("新建社区"),
    "plan import": _("生成导入预览"),
    "record death": _("登记去世"),
    # Of one table, where the verb says something else of another, or nothing by itself.
    "apply services.SlotRule": _("按规则排出时段"),
    "draft partners.StewardSelection": _("拟定选聘"),
    "except services.SlotException": _("调整某一天的时段"),
    "extend demands.Demand": _("延期"),
    "post patrols.DailyDigest": _("登记发群"),
    "register demands.Demand": _("登记诉求"),
    "respond demands.Demand": _("登记首次回复"),
    "take back services.SlotException": _("取消某一天的调整"),
    "record identity number": _("登记身份证号"),
    "replace certificate template": _("换证明模板"),
    "replace minutes template": _("换纪要模板"),
    "revise report": _("修改服务进展"),
    "reread import": _("重新读取表格"),
    "refuse request": _("不同意本人请求"),
    "reset second factor": _("重置两步验证"),
    "rotate field keys": _("更换加密密钥"),
    "sign out everywhere": _("退出所有设备"),
    "close account": _("停用账号"),
    "create account": _("新建账号"),
    "reopen account": _("恢复账号"),
}
# Verbs with a table behind them that are no moves of its machine.
ON_TABLES = {
    "record": _("补录"),
    "add an action item": _("添加落实事项"),
    "add an item": _("添加议题"),
    "add items of records": _("从登记里选议题"),
    "apply": _("申请"),
    "book": _("预约"),
    "call a vote": _("发起表决"),
    "call the roll": _("点名"),
    "carry over": _("带入上次未完事项"),
    "cast votes": _("登记表决"),
    "check_in": _("到岗签到"),
    "check_out": _("离岗签退"),
    "change": _("修改"),
    "close": _("登记停服"),
    "copy": _("照搬"),
    "count a vote": _("计票"),
    "defer an item": _("议题转下次会议"),
    "delete": _("删除"),
    "finish an item": _("审议完毕"),
    "grant": _("授予"),
    "interrupt an item": _("中断审议"),
    "issue": _("出具"),
    "note an item": _("记录议题"),
    "pass on": _("转为诉求"),
    "register": _("报名"),
    "report": _("登记进展"),
    "resolve": _("作出决议"),
    "restore": _("恢复旧版本"),
    "revise minutes": _("修改纪要"),
    "save": _("保存"),
    "start an item": _("开始审议"),
    "void a vote": _("表决作废"),
    TAKEN_BACK: _("撤销"),
}


def door_in_words(door: str) -> str:
    """The entrance; as it is written, where a later version wrote one that this one does not know."""
    return str(DOORS.get(door, door))


def in_words(verb: str) -> str:
    """What a change set did: its verb for a reader; as it is written, if nobody knows it."""
    if verb in ACTS:
        return str(ACTS[verb])
    first, _space, rest = verb.partition(" ")
    if first == "undo":
        # An import is taken back by its register and number, everything else by its verb.
        told = in_words(rest)
        return gettext("撤销导入") if told == rest else gettext("撤销：%(act)s") % {"act": told}
    if first == "import":
        return gettext("导入表格")
    if first == "retention":
        holding = holding_of(rest)
        return f"{gettext('到期匿名')} · {gettext(holding.label) if holding else rest}"
    what, _space, label = verb.rpartition(" ")
    model = model_of_label(label)
    if model is None:
        return str(ON_TABLES.get(verb, verb))
    return f"{_verb_on(what, model)} · {model._meta.verbose_name}"


def move_in_words(move: str, label: str) -> str:
    """What a move of a record is called on its button."""
    model = model_of_label(label)
    return _verb_on(move, model) if model is not None else move


def table_in_words(label: str) -> str:
    """What a table's rows are called; its label where the table is no longer there."""
    model = model_of_label(label)
    return str(model._meta.verbose_name) if model is not None else label


def model_of_label(label: str) -> type[Model] | None:
    """The model of that label, or None: history outlives tables."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _verb_on(verb: str, model: type[Model]) -> str:
    machine = getattr(model, "machine", None)
    for move in machine.moves if machine is not None else ():
        if move.name == verb.replace(" ", "_"):
            return gettext(move.label)
    if verb in ON_TABLES:
        return str(ON_TABLES[verb])
    # The ledger of the door has kinds where others have moves.
    kinds = next((f for f in model._meta.concrete_fields if f.name == "kind"), None)
    return str(dict(kinds.flatchoices).get(verb, verb)) if kinds is not None else verb


def who(user: Any, name: str) -> str:
    """Who acted: the person's name and, in brackets, the account; the account where that is all."""
    return named(user.get_full_name() if user is not None else "", name)


def named(full: str, name: str) -> str:
    """A person's name and account as one, from the two."""
    if full and full != name:
        return f"{full}（{name}）"
    return gettext("系统") if name == "system" else name
