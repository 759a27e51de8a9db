"""设置总览: what holds, what is default, and who changed it; for whom it is there at all."""

import pytest
from django.contrib import admin
from django.db.models import UniqueConstraint
from django.test import Client
from django.urls import reverse

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.founding.overview import groups
from backend.meetings.models import MeetingSettings
from backend.people.models import User
from backend.places.models import Community
from backend.privacy.models import RetentionRule
from tests.conftest import user_with_role


def test_a_secretary_sees_what_holds_and_who_changed_it(
    client: Client, community: Community, secretary: User
) -> None:
    client.force_login(secretary)
    address = reverse("settings_page")
    lines = {
        line["setting"].code: line
        for block in client.get(address).context["blocks"]
        for line in block["lines"]
    }
    assert set(lines) == {one.code for group in groups() for one in group.settings}
    rules = {value.label: value for value in lines["meeting-rules"]["folded"]}
    assert (rules["提前通知天数"].now, rules["提前通知天数"].own) == ("3 天", False)
    assert len(rules) == 11

    by = Actor.of(secretary, "admin")
    row = gate.save(MeetingSettings(community=community, notice_days=5), by=by)
    row.notice_days = 7
    gate.save(row, by=by, reason="换届之后")
    gate.save(RetentionRule(community=community, holding="attendance", days=200), by=by)
    page = client.get(address)
    lines = {line["setting"].code: line for b in page.context["blocks"] for line in b["lines"]}
    rules = {value.label: value for value in lines["meeting-rules"]["values"]}
    changed = rules["提前通知天数"]
    assert (changed.now, changed.default, changed.own) == ("7 天", "3 天", True)
    assert changed.since is not None
    assert lines["meeting-rules"]["touched"][1] == "secretary"
    own = [value for value in lines["retention"]["values"] if value.own]
    assert [value.now for value in own] == ["200 天"]

    told = client.get(reverse("setting_history", args=["meeting-rules"]) + "?community=xinhe")
    acts = told.context["acts"]
    assert [act.reason for act in acts] == ["换届之后", ""]
    assert [(f.label, f.before, f.after) for f in acts[0].rows[0].fields] == [
        ("提前通知天数", "5", "7")
    ]


def test_word_templates_have_a_history(
    client: Client, community: Community, secretary: User
) -> None:
    client.force_login(secretary)
    from backend.meetings import templating, word

    by = Actor.of(secretary, "admin")
    templating.replace_template(community.pk, "纪要.docx", word.DEFAULT.read_bytes(), by=by)
    templating.drop_template(community.pk, by=by)
    told = client.get(reverse("setting_history", args=["minutes-template"]) + "?community=xinhe")
    assert [(act.what, act.reason) for act in told.context["acts"]] == [
        ("恢复默认的纪要模板", ""),
        ("换纪要模板", "纪要.docx"),
    ]


@pytest.mark.parametrize("role", ["steward", "partner"])
def test_who_may_not_see_a_setting_does_not_see_its_history(
    client: Client, community: Community, role: str
) -> None:
    client.force_login(user_with_role(role, role, community=community))
    codes = {
        line["setting"].code
        for block in client.get(reverse("settings_page")).context["blocks"]
        for line in block["lines"]
    }
    assert not codes & {"retention", "privacy", "roles", "messages"}
    for code in ("retention", "roles"):
        page = client.get(reverse("setting_history", args=[code]) + "?community=xinhe")
        assert page.status_code == 403


def test_nobody_sees_settings_of_another_community(
    client: Client, other_community: Community, secretary: User
) -> None:
    client.force_login(secretary)
    page = client.get(reverse("settings_page") + "?community=dongfang")
    assert page.context["community"].code == "xinhe"
    page = client.get(reverse("setting_history", args=["retention"]) + "?community=dongfang")
    assert page.status_code == 404
    assert gate.save(
        RetentionRule(community=other_community, holding="attendance", days=99), by=SYSTEM
    )


def test_whatever_a_community_settles_once_and_every_catalogue_is_on_the_page() -> None:
    """By the table: what has one row a community; by name: what is called a kind, a level, a term."""
    told = {one.model for group in groups() for one in group.settings}
    once = {
        model._meta.label
        for model in admin.site._registry
        for one in model._meta.constraints
        if isinstance(one, UniqueConstraint) and one.fields == ("community",)
    }
    kinds = {
        model._meta.label
        for model in admin.site._registry
        if str(model._meta.verbose_name).endswith(("类别", "品种", "等级", "期限", "模板"))
    }
    assert {"demands.DemandSettings", "meetings.MeetingSettings"} <= once
    assert {"demands.DemandCategory", "indicators.HotlineCategory"} <= kinds
    assert (once | kinds) - told == set()
