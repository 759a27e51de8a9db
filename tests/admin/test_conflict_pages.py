"""Two people at one record: the later save is refused, and both versions are there to choose from."""

import datetime
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.admin import RegisterAdmin
from backend.core.forms import RegisterForm
from backend.education.models import Venue
from backend.people.models import Resident, User
from backend.stations.hours import OpeningHours
from tests.admin.test_reveal_pages import sent_back
from tests.core.residents import OTHER_PHONE, PHONE, resident
from tests.schema.asking import caller
from tests.stations.shelves import new_station

REVISION, SEEN = "_revision", "_seen"


def opened(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send back, with the marks that the page carries."""
    answer = client.get(address)
    assert answer.status_code == 200
    sent = sent_back(answer) | dict(answer.context["edit_marks"])
    for inline in answer.context["inline_admin_formsets"]:
        for row in inline.formset.initial_forms:
            sent[f"{row.prefix}-{REVISION}"] = row.instance.revision
    for name, value in answer.context["edit_marks"]:
        assert f'name="{name}" value="{value}"' in answer.content.decode()
    return sent


def kept(answer: Any) -> dict[str, Any]:
    """What the page that asks would send, but for the answers."""
    context = answer.context
    shown = {f"_take_{one.name}": one.take for one in context["clashes"] if not one.both}
    return (
        dict(context["kept"])
        | dict(context["marks"])
        | {k: v for k, v in shown.items() if v == "theirs"}
    )


@pytest.fixture
def others_save(venue: Venue, worker: User, secretary: User) -> tuple[Client, str, dict[str, Any]]:
    """The worker has opened the venue; meanwhile the secretary gave it another name."""
    address = f"/admin/education/venue/{venue.pk}/change/"
    mine = caller(worker)
    sent = opened(mine, address)
    theirs = caller(secretary)
    assert theirs.post(address, opened(theirs, address) | {"name": "大剧场"}).status_code == 302
    return mine, address, sent


def test_the_later_save_is_refused_and_shows_both(others_save: Any, venue: Venue) -> None:
    client, address, sent = others_save
    answer = client.post(address, sent | {"name": "老剧场", "place": "广场"})
    page = answer.content.decode()
    assert "clashes" in answer.context
    found = {one.name: one for one in answer.context["clashes"]}
    assert (found["name"].theirs, found["name"].mine, found["name"].both) == (
        "大剧场",
        "老剧场",
        True,
    )
    for told in ("大剧场", "老剧场", "secretary", "按这样保存"):
        assert told in page
    venue.refresh_from_db()
    assert venue.name == "大剧场"


@pytest.mark.parametrize(("take", "name"), [("mine", "老剧场"), ("theirs", "大剧场")])
def test_what_is_chosen_is_saved(others_save: Any, venue: Venue, take: str, name: str) -> None:
    client, address, sent = others_save
    again = kept(client.post(address, sent | {"name": "老剧场"})) | {"_take_name": take}
    assert client.post(address, again).status_code == 302
    venue.refresh_from_db()
    assert venue.name == name


def test_nothing_is_saved_before_each_is_chosen(others_save: Any, venue: Venue) -> None:
    client, address, sent = others_save
    again = client.post(address, kept(client.post(address, sent | {"name": "老剧场"})))
    assert "请逐项选一个" in again.content.decode()
    venue.refresh_from_db()
    assert venue.name == "大剧场"


def test_what_only_one_has_changed_is_kept_of_each(others_save: Any, venue: Venue) -> None:
    client, address, sent = others_save
    answer = client.post(address, sent | {"place": "河边路 1 号"})
    assert [one.both for one in answer.context["clashes"]] == [False, False]
    assert client.post(address, kept(answer)).status_code == 302
    venue.refresh_from_db()
    assert (venue.name, venue.place) == ("大剧场", "河边路 1 号")


def test_a_third_save_asks_anew(others_save: Any, venue: Venue) -> None:
    client, address, sent = others_save
    again = kept(client.post(address, sent | {"name": "老剧场"})) | {"_take_name": "mine"}
    venue.refresh_from_db()
    venue.name = "第三个名字"
    gate.save(venue, by=SYSTEM)
    answer = client.post(address, again)
    assert "clashes" in answer.context
    assert [one.theirs for one in answer.context["clashes"]] == ["第三个名字"]
    assert not answer.context["asks_again"]


def test_without_the_revision_the_later_save_would_overwrite(
    others_save: Any, venue: Venue
) -> None:
    """The control: it is the mark that protects, and what it protects against is real."""
    client, address, sent = others_save
    bare = {k: v for k, v in sent.items() if k != REVISION}
    assert client.post(address, bare | {"place": "河边路 1 号"}).status_code == 302
    venue.refresh_from_db()
    assert venue.name == "小马扎剧场", "the other's name is gone"


def test_a_save_between_looking_and_writing_is_refused_by_the_form(venue: Venue) -> None:
    form = admin.site._registry[Venue].get_form(_request(), venue, change=True)  # type: ignore[arg-type]
    data = {"name": "老剧场", "kind": "stool_theatre", REVISION: venue.revision + 1}
    assert [e.code for e in form(data, instance=venue).errors.as_data()["__all__"]] == [
        "changed_meanwhile"
    ]


def test_personal_values_are_compared_and_shown_as_masks(worker: User, community: Any) -> None:
    one = gate.save(resident(community, "秦若谷", PHONE, remark="老"), by=SYSTEM)
    address = f"/admin/people/resident/{one.pk}/change/"
    client = caller(worker)
    sent = opened(client, address)
    fresh = Resident.objects.get(pk=one.pk)
    fresh.phone = OTHER_PHONE
    gate.save(fresh, by=SYSTEM)
    answer = client.post(address, sent | {"gender": "female"})
    page = answer.content.decode()
    assert "clashes" in answer.context
    assert {c.name: c.take for c in answer.context["clashes"]} == {
        "gender": "mine",
        "phone": "theirs",
    }
    for whole in (PHONE, OTHER_PHONE, "秦若谷"):
        assert whole not in page
    assert client.post(address, kept(answer)).status_code == 302
    fresh.refresh_from_db()
    assert (fresh.phone, fresh.gender, fresh.name) == (OTHER_PHONE, "female", "秦若谷")


def test_a_row_that_somebody_has_saved_meanwhile_is_not_overwritten(
    community: Any, worker: User
) -> None:
    station = new_station(community)
    hours = gate.save(
        OpeningHours(
            community=community,
            station=station,
            weekday=1,
            opens=datetime.time(9),
            closes=datetime.time(17),
        ),
        by=SYSTEM,
    )
    address = f"/admin/stations/coolstation/{station.pk}/change/"
    client = caller(worker)
    sent = opened(client, address)
    hours.closes = datetime.time(18)
    gate.save(hours, by=SYSTEM)
    answer = client.post(address, sent | {"hours-0-opens": "08:00"})
    assert answer.status_code == 200
    told = answer.content.decode()
    assert "第 1 行刚刚被别人改过" in told
    assert "关门 18:00" in told
    hours.refresh_from_db()
    assert (hours.opens.hour, hours.closes.hour) == (9, 18)
    # Shown once, the row can be saved as its sender wants it.
    again = sent | {f"hours-0-{REVISION}": hours.revision, "hours-0-closes": "18:00"}
    assert client.post(address, again | {"hours-0-opens": "08:00"}).status_code == 302
    hours.refresh_from_db()
    assert (hours.opens.hour, hours.closes.hour) == (8, 18)


def test_every_register_form_can_tell_that_it_is_outdated() -> None:
    for model_admin in admin.site._registry.values():
        if isinstance(model_admin, RegisterAdmin):
            assert issubclass(model_admin.form, RegisterForm), model_admin
            assert model_admin.change_form_template == "linli/change_form.html", model_admin


def _request() -> Any:
    request = RequestFactory().post("/")
    request.user = User(is_superuser=True, is_active=True, is_staff=True)
    return request
