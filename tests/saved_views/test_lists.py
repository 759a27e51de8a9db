"""Views of lists in the demo's data: columns, opening, sharing, what is dropped, who sees what."""

import re
from typing import Any

import pytest
from django.test import Client

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.history import parts_of
from backend.core.models import ChangeSet, Disclosure
from backend.core.reveals import open_reveal
from backend.education.models import LegalEducationEvent
from backend.people.models import Resident, User
from backend.places.models import Community
from backend.saved_views import actions
from backend.saved_views.models import ListHabit, SavedView
from backend.saved_views.queries import views_of

pytestmark = pytest.mark.usefixtures("_demo_data", "db")

EVENTS, PEOPLE = "/admin/education/legaleducationevent/", "/admin/people/resident/"
LABEL = "education.LegalEducationEvent"
VIEWS = "/admin/saved_views/savedview/"


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _by(name: str) -> Actor:
    return Actor.of(_user(name), "admin")


def _client(name: str) -> Client:
    client = Client()
    client.force_login(_user(name))
    return client


def _list(client: Client, address: str) -> Any:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer


def _keys(answer: Any) -> list[str]:
    return [column.key for column in answer.context["cl"].columns]


def _post(client: Client, verb: str, query: str = "", label: str = LABEL, **given: Any) -> Any:
    return client.post(f"{VIEWS}{verb}/", {"model": label, "query": query} | given, follow=True)


def _keep(name: str, **wanted: Any) -> SavedView:
    return actions.keep_view(LABEL, "待开展", actions.Wanted(**wanted), by=_by(name))


# --- columns ---------------------------------------------------------------------------------------


def _bar(answer: Any) -> Any:
    """What the bar above a list says of views."""
    (found,) = [p for p in answer.context["list_bar"] if p.template == "saved_views/bar.html"]
    return found.context


def test_columns_are_chosen_in_an_order_and_kept_for_oneself() -> None:
    client = _client("worker")
    usual = _keys(_list(client, EVENTS))
    chosen = ["starts_at", "title", "organizer", "summary"]
    answer = _post(client, "columns", columns=chosen)
    assert _keys(answer) == chosen
    assert _keys(_list(client, EVENTS)) == chosen
    heads = re.findall(r"<th[^>]*column-(\w+)", _list(client, EVENTS).content.decode())
    assert [one for one in heads if one in chosen] == chosen
    assert _keys(_list(_client("secretary"), EVENTS)) == usual
    assert _keys(_post(client, "columns", usual="1")) == usual


def test_personal_columns_come_masked_until_a_reason_is_given() -> None:
    client, columns = _client("worker"), ["name", "address", "remark", "room"]
    person = Resident(community_id=_home(), name="欧阳试列", address="河畔路甲九号东")
    person.remark = "爱唱戏的老先生"
    gate.save(person, by=SYSTEM)
    answer = _post(client, "columns", label="people.Resident", columns=columns)
    assert _keys(answer) == columns
    asked = f"{PEOPLE}?view=0&q={person.name}"
    shown = [_list(client, asked).content.decode()]
    # The control: with a reason the same list shows them, and writes down that it did.
    open_reveal(
        "people", community_id=person.community_id, reason="核对门牌号登记", by=_by("worker")
    )
    shown.append(_list(client, asked).content.decode())
    assert [text.count("河畔路甲九号东") for text in shown] == [0, 1]
    assert ["爱唱戏的老先生" in text for text in shown] == [False, True]
    assert Disclosure.objects.filter(user=_user("worker"), kind="read").count() == 1
    # A list without a personal column shows nobody: nothing to write down.
    _post(client, "columns", label="people.Resident", columns=["gender", "building"])
    _list(client, PEOPLE)
    assert Disclosure.objects.filter(user=_user("worker"), kind="read").count() == 1


def test_what_only_leaves_in_exports_is_no_column_for_who_exports_nothing() -> None:
    asked = ["code", "event", "queue_number"]
    label = "education.Registration"
    for name, expected in (("worker", asked), ("steward", ["code", "event"])):
        client = _client(name)
        answer = _post(client, "columns", label=label, columns=asked)
        assert _keys(answer) == expected, name
        assert ("没有列出" in answer.content.decode()) == (expected != asked)


def test_a_list_is_ordered_by_a_column_that_was_added() -> None:
    client = _client("worker")
    _post(client, "columns", columns=["title", "capacity", "organizer"])
    for place, field in ((2, "capacity"), (3, "organizer__name")):
        shown = _list(client, f"{EVENTS}?view=0&o={place}").context["cl"].result_list
        values = [
            LegalEducationEvent.objects.filter(pk=row.pk).values_list(field, flat=True)[0]
            for row in shown
        ]
        known = [value for value in values if value is not None]
        assert known == sorted(known), field


# --- views -----------------------------------------------------------------------------------------


def test_a_view_keeps_filters_columns_and_order_and_nothing_searched_for() -> None:
    client = _client("worker")
    _post(client, "columns", columns=["title", "starts_at", "capacity"])
    answer = _post(
        client, "keep", "view=0&status__exact=open&q=民法典&o=-3.1", name=" 开放的  活动 "
    )
    view = SavedView.objects.get()
    assert (view.name, view.owner.username) == ("开放的 活动", "worker")
    assert view.filters == [["status__exact", "open"]]
    assert view.order == ["-capacity", "title"]
    assert view.columns == ["title", "starts_at", "capacity"]
    assert "民法典" not in str(view.__dict__)
    # Opened from anywhere, whatever one's own columns are by then.
    _post(client, "columns", usual="1")
    shown = _list(client, f"{EVENTS}?view={view.pk}")
    assert answer.redirect_chain[-1][0].startswith(f"{EVENTS}?view={view.pk}&status__exact=open")
    assert _keys(shown) == view.columns
    cl = shown.context["cl"]
    assert {row.status for row in cl.result_list} == {"open"}
    assert not _bar(shown)["changed"]
    # Changed, it says so; and an update keeps the change.
    changed = _list(client, f"{EVENTS}?view={view.pk}&status__exact=held")
    assert _bar(changed)["changed"]
    _post(client, f"{view.pk}/replace", f"view={view.pk}&status__exact=held&cols=title")
    view.refresh_from_db()
    assert (view.filters, view.columns, view.order) == ([["status__exact", "held"]], ["title"], [])


def test_a_list_opens_with_the_view_that_somebody_set_for_themselves() -> None:
    client, view = _client("worker"), _keep("worker", filters=[["status__exact", "open"]])
    client.post(f"{VIEWS}{view.pk}/open/", {})
    assert _list(client, EVENTS).request["QUERY_STRING"] == f"view={view.pk}&status__exact=open"
    assert _list(_client("secretary"), EVENTS).request["QUERY_STRING"] == ""
    # All rows are one click away, and the habit can be dropped.
    assert _list(client, f"{EVENTS}?view=0").context["cl"].result_count > 1
    _post(client, "plain")
    assert _list(client, EVENTS).request["QUERY_STRING"] == ""
    # A view that is gone opens nothing.
    client.post(f"{VIEWS}{view.pk}/open/", {})
    actions.delete_view(view.pk, by=_by("worker"))
    assert _list(client, EVENTS).request["QUERY_STRING"] == ""


@pytest.mark.parametrize(
    "bad",
    [
        ["gone__exact", "1"],
        ["status__exact", "no-such-state"],
        ["venue__id__exact", "abc"],
        ["venue__id__exact", "987654321"],
        ["speaker__startswith", "张"],
        ["starts_at__year", "x"],
        ["desk", "figure.gone.2026H2"],
    ],
)
def test_an_outdated_filter_is_dropped_and_said(bad: list[str]) -> None:
    good = [] if bad[0].startswith("status") else [["status__exact", "open"]]
    view = _keep("worker", filters=[bad, *good], order=["gone", "title"])
    answer = _list(_client("worker"), f"{EVENTS}?view={view.pk}")
    asked = answer.request["QUERY_STRING"]
    assert bad[0] not in asked
    assert asked.endswith("&o=1")
    assert ("status__exact=open" in asked) == bool(good)
    assert "已经不能用，没有套用" in answer.content.decode()


def test_a_view_of_nobody_leads_to_all_rows() -> None:
    answer = _list(_client("worker"), f"{EVENTS}?view=987654")
    assert "已经没有了" in answer.content.decode()
    assert answer.context["cl"].result_count > 1


# --- sharing ---------------------------------------------------------------------------------------


def _home() -> int:
    return Community.objects.get(code="xinhe").pk


def test_a_shared_view_is_seen_by_its_role_there_and_changed_by_who_may_share() -> None:
    view = _keep("secretary", filters=[["status__exact", "open"]], columns=["title", "gone"])
    seen = {name: views_of(_user(name), LABEL) for name in ("worker", "steward")}
    assert seen == {"worker": [], "steward": []}
    actions.share_view(view.pk, _home(), "worker", by=_by("secretary"))
    seen = {
        name: [one.pk for one in views_of(_user(name), LABEL)]
        for name in ("secretary", "worker", "steward", "office", "dongfang-worker", "resident")
    }
    assert seen == {
        "secretary": [view.pk],
        "worker": [view.pk],
        "steward": [],
        "office": [],
        "dongfang-worker": [],
        "resident": [],
    }
    # The reader sees the own rows and columns alone; what is left out is said.
    answer = _list(_client("worker"), f"{EVENTS}?view={view.pk}")
    assert _keys(answer) == ["title"]
    assert "没有列出" in answer.content.decode()
    assert not _bar(answer)["may_change"]
    for act in (
        lambda: actions.rename_view(view.pk, "别的名字", by=_by("worker")),
        lambda: actions.replace_view(view.pk, actions.Wanted(), by=_by("worker")),
        lambda: actions.delete_view(view.pk, by=_by("worker")),
    ):
        with pytest.raises(RuleViolation) as refused:
            act()
        assert refused.value.code == "view_is_shared"
    with pytest.raises(RuleViolation) as refused:
        actions.rename_view(view.pk, "别的名字", by=_by("steward"))
    assert refused.value.code == "not_found"
    view.refresh_from_db()
    assert (view.name, view.filters) == ("待开展", [["status__exact", "open"]])


@pytest.mark.parametrize("name", ["worker", "steward", "office", "partner"])
def test_who_may_not_share_shares_nothing(name: str) -> None:
    view = _keep(name)
    with pytest.raises(RuleViolation) as refused:
        actions.share_view(view.pk, _home(), "worker", by=_by(name))
    assert refused.value.code == "not_allowed"
    assert not SavedView.objects.get().is_shared


def test_nobody_shares_into_another_community() -> None:
    view, other = _keep("secretary"), Community.objects.get(code="dongfang").pk
    with pytest.raises(RuleViolation) as refused:
        actions.share_view(view.pk, other, "worker", by=_by("secretary"))
    assert refused.value.code == "not_allowed"


# --- history and undo ------------------------------------------------------------------------------


def test_a_view_has_a_history_and_a_deletion_is_taken_back_once() -> None:
    client, view = _client("worker"), _keep("worker", filters=[["status__exact", "open"]])
    client.post(f"{VIEWS}{view.pk}/rename/", {"name": "改过名的"})
    assert parts_of(SavedView.objects.get()).count() == 2
    assert client.get(f"{VIEWS}{view.pk}/history/").status_code == 200
    client.post(f"{VIEWS}{view.pk}/open/", {})
    answer = client.post(f"{VIEWS}{view.pk}/remove/", {}, follow=True)
    assert not SavedView.objects.exists()
    made = answer.context["gone"]
    # Nobody else takes it back.
    _client("secretary").post(f"{VIEWS}back/{made}/", {})
    assert not SavedView.objects.exists()
    client.post(f"{VIEWS}back/{made}/", {})
    back = SavedView.objects.get()
    assert (back.pk, back.name, back.filters) == (view.pk, "改过名的", view.filters)
    assert ListHabit.objects.get().opens_with == view.pk
    with pytest.raises(RuleViolation) as refused:
        actions.bring_back(made, by=_by("worker"))
    assert refused.value.code == "already_undone"
    assert ChangeSet.objects.get(pk=made).actor_name == "worker"


@pytest.mark.parametrize("bad", ["", "长" * 40, "电话 13900001234"])
def test_a_refused_name_keeps_nothing(bad: str) -> None:
    answer = _post(_client("worker"), "keep", "status__exact=open", name=bad)
    assert not SavedView.objects.exists()
    assert answer.redirect_chain[-1][0].startswith(EVENTS)


def test_a_name_is_taken_once_in_a_list() -> None:
    _keep("worker")
    with pytest.raises(RuleViolation) as refused:
        _keep("worker")
    assert refused.value.code == "view_name_taken"
    _keep("secretary")


def test_buttons_are_for_those_who_see_the_list_and_by_post_alone() -> None:
    view = _keep("worker")
    other = _client("steward")
    for name in ("rename", "share", "open", "remove", "run"):
        assert other.post(f"{VIEWS}{view.pk}/{name}/", {}).status_code == 403, name
        assert _client("worker").get(f"{VIEWS}{view.pk}/{name}/").status_code == 403, name
    # A mediator has no roster, so no views of one.
    assert _post(_client("mediator"), "keep", "", "people.Resident", name="x").status_code == 403
    assert _post(_client("worker"), "keep", "", "no.Such", name="x").status_code == 403
    assert Client().post(f"{VIEWS}columns/", {}).status_code == 302
