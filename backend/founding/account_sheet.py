"""人员与岗位: a row an appointment; an account is made for whoever has none yet."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from backend.accounts.actions import keep_account
from backend.accounts.rules import username_fits
from backend.core import gate
from backend.core.errors import RuleViolation
from backend.core.roles import Role
from backend.founding import rules
from backend.founding.choices import POSTS
from backend.founding.naming import spelled
from backend.imports.choices import Outcome
from backend.imports.columns import Column
from backend.imports.facet_sheet import ROW_NUMBER
from backend.imports.plan import REPLAY, SheetRow, Write
from backend.imports.problems import Level
from backend.imports.sheet import RowPlanner, Sheet
from backend.imports.widgets import (
    ChoiceWidget,
    CodeWidget,
    DateWidget,
    NameWidget,
    TextWidget,
)
from backend.people.models import CommunityRole, User
from backend.places.models import Estate
from backend.places.rules import term_runs_forward

COLUMNS = (
    ROW_NUMBER,
    Column("name", "姓名", NameWidget(), required=True, ditto=False, personal="name"),
    Column(
        "role",
        "岗位",
        ChoiceWidget([(role.value, role.label) for role in POSTS]),
        synonyms=("角色", "职务"),
        required=True,
    ),
    Column("estate", "负责小区", TextWidget(max_length=60), synonyms=("小区",)),
    Column("username", "登录名", CodeWidget(), synonyms=("用户名", "账号"), ditto=False),
    Column("valid_from", "任职开始", DateWidget(), synonyms=("任职日期", "开始日期")),
    Column("valid_to", "任职结束", DateWidget(), synonyms=("结束日期",)),
)
# Who, as what, where.
Post = tuple[str, str, int | None]


class AccountPlanner(RowPlanner):
    """Plans accounts and appointments. Nobody is known by the name alone: the account's name counts."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        mine = CommunityRole.objects.filter(community=self.community)
        self.people: dict[str, str] = dict(mine.values_list("user__username", "user__first_name"))
        held = mine.valid_on(timezone.localdate())
        self.held: set[Post] = set(held.values_list("user__username", "role", "estate_id"))
        self.estates = dict(
            Estate.objects.filter(community=self.community).values_list("name", "pk")
        )
        # What the rows above have: names of accounts with their people, and the other way round.
        self.given: dict[str, str] = {}
        self.unnamed: dict[str, int] = {}

    def plan(self, rows: Sequence[SheetRow]) -> None:
        for row in rows:
            if not row.over:
                try:
                    self._plan(row)
                except RuleViolation as violation:
                    shown = violation.field and self.header.heading_of(violation.field)
                    row.say(shown or None, violation.code, Level.ERROR, violation.message)

    def _plan(self, row: SheetRow) -> None:
        values = row.values
        name, role, estate = values["name"], values["role"], self._estate(row)
        if row.rejected:
            return
        first, last = values.get("valid_from") or timezone.localdate(), values.get("valid_to")
        term_runs_forward(first, last, "valid_to")
        username = self._username(row, name, role, estate)
        if (username, role, estate) in self.held:
            row.outcome = Outcome.UNCHANGED
            return
        self.held.add((username, role, estate))
        row.outcome = Outcome.CREATE
        told = {
            "username": username,
            "name": name,
            "role": role,
            "estate_id": estate,
            "valid_from": first.isoformat(),
            "valid_to": last.isoformat() if last else None,
        }
        row.writes = [Write(REPLAY, told)]

    def _estate(self, row: SheetRow) -> int | None:
        name = row.values.get("estate")
        rules.post_has_its_estate(row.values["role"], name)
        if not name:
            return None
        if name not in self.estates:
            shown = self.header.heading_of("estate")
            message = "“小区与楼栋”里没有这个小区，请核对名称，或先在那一页补上。"
            row.say(shown, "not_found", Level.ERROR, message)
        return self.estates.get(name)

    def _username(self, row: SheetRow, name: str, role: str, estate: int | None) -> str:
        wanted = row.values.get("username")
        if wanted:
            wanted = wanted.lower()
            username_fits(wanted)
            known_as = self.given.get(wanted) or self.people.get(wanted)
            if known_as is not None or User.objects.filter(username=wanted).exists():
                rules.account_is_theirs(
                    known_as or "", name, of_this_community=known_as is not None
                )
            self.given[wanted] = name
            return str(wanted)
        for username, known_as in self.people.items():
            if known_as == name and (username, role, estate) in self.held:
                message = "本社区已有同名同岗的账号，没有重复新建；确是另一个人，请写上登录名。"
                row.say(None, "account_known", Level.NOTE, message)
                return username
        if name in self.people.values() or name in self.given.values():
            raise RuleViolation(
                "account_name_twice",
                "这个姓名已有一个账号：是同一个人，请写上那个登录名；是同名的另一个人，请写一个新的登录名。",
                field="username",
            )
        made = spelled(name, "yh", self._is_taken)
        self.given[made] = name
        return made

    def _is_taken(self, username: str) -> bool:
        return username in self.given or User.objects.filter(username=username).exists()


class AccountSheet(Sheet):
    """人员与岗位."""

    register = "accounts"
    title = "人员与岗位"
    columns = COLUMNS
    models = (CommunityRole,)
    planner = AccountPlanner
    action = "founding.edit"

    def __init__(self) -> None:
        # The keys of the accounts that this run has made.
        self.made: list[int] = []

    def replay(self, values: dict[str, Any], *, community_id: int, by: Any, within: Any) -> None:
        user = User.objects.filter(username=values["username"]).first()
        if user is None:
            user = keep_account(values["username"], values["name"], on_staff=True)
            self.made.append(user.pk)
        role = CommunityRole(
            user=user,
            role=Role(values["role"]),
            community_id=community_id,
            estate_id=values["estate_id"],
            valid_from=CommunityRole._meta.get_field("valid_from").to_python(values["valid_from"]),
            valid_to=CommunityRole._meta.get_field("valid_to").to_python(values["valid_to"]),
        )
        gate.save(role, by=by, within=within)
