"""Whoever has no rights tries every staff page by its address, and gets nowhere."""

import json
from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest
from django.test import Client

from backend.core.models import ChangeSet
from backend.education.models import LegalEducationEvent
from backend.meetings.models import JointMeeting
from backend.people.models import Organization, Resident, User
from tests.access.addresses import address_of, staff_pages
from tests.access.world import HOME

pytestmark = [
    pytest.mark.once,
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]

PAGES = staff_pages()
# The fast suite asks one page in so many; the slow one all.
ONE_IN = 24
SHARES = [
    pytest.param(ONE_IN, id="some"),
    pytest.param(1, id="all", marks=pytest.mark.slow),
]
# The own desk, inbox, exports and views, all empty; the table of who may do what and the guide, which are no secret;
# what forms and scripts are made of; the own password. They show nobody.
FOR_ALL_STAFF = {
    "admin/",
    "admin/who-may-what/",
    "admin/search/",
    "admin/exports/exportfile/",
    "admin/help/",
    "admin/saved_views/savedview/",
    "admin/messaging/inboxmessage/",
    "admin/jsi18n/",
    "admin/password_change/",
    "admin/password_change/done/",
}


def _nobody() -> User:
    return User.objects.create_user("no-role", is_staff=True)


def _account(name: str) -> Callable[[], User]:
    return lambda: User.objects.get(username=name)


CALLERS = {
    "staff_without_a_role": _nobody,
    "resident": _account("resident"),
    "partner": _account("partner"),
}


def data_of_home() -> list[str]:
    """Words that stand in records of the community alone."""
    rows: list[Any] = [
        *Resident.objects.filter(community__code=HOME).values_list("name", "phone")[:40],
        *Organization.objects.filter(community__code=HOME).values_list("name", "code"),
        *LegalEducationEvent.objects.filter(community__code=HOME).values_list("title", "code")[:40],
        *JointMeeting.objects.filter(community__code=HOME).values_list("title", "code"),
    ]
    # A short word may stand anywhere.
    return sorted({text for row in rows for text in row if text and len(text) > 3})


def shown(response: Any) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode("utf-8", "replace")
    return response.content.decode("utf-8", "replace")  # type: ignore[no-any-return]


def asked(share: int) -> list[str]:
    return [
        address_of(route, pattern) for route, pattern in PAGES if crc32(route.encode()) % share == 0
    ]


class Stranger:
    """Somebody with an account, and what is wrong with an answer they get."""

    def __init__(self, user: User, words: list[str]) -> None:
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)
        self._words = words
        self._followed: dict[str, str | None] = {}

    def sees(self, response: Any, address: str) -> str | None:
        """What is wrong; None for nothing."""
        if response.status_code == 302:
            return self._follows(response["Location"].partition("?")[0])
        allowed = {403, 404, 405} | ({200} if address.lstrip("/") in FOR_ALL_STAFF else set())
        if response.status_code not in allowed:
            return str(response.status_code)
        told = [word for word in self._words if word in shown(response)]
        return f"{response.status_code} with {len(told)} words of the data" if told else None

    def _follows(self, goes: str) -> str | None:
        """A record that is not there for this caller: back to the own desk, or to a list."""
        if goes.startswith(("/admin/login/", "/accounts/")):
            return None
        if goes not in self._followed:
            self._followed[goes] = "leads in a circle"
            self._followed[goes] = self.sees(self.client.get(goes), goes)
        said = self._followed[goes]
        return f"to {goes}: {said}" if said else None


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("share", SHARES)
def test_by_address_one_gets_nowhere(caller: str, share: int) -> None:
    addresses, stranger = asked(share), Stranger(CALLERS[caller](), data_of_home())
    written = ChangeSet.objects.count()
    wrong = {}
    for address in addresses:
        for method in (stranger.client.get, stranger.client.post):
            if said := stranger.sees(method(address), address):
                wrong[f"{method.__name__} {address}"] = said
    assert wrong == {}, json.dumps(wrong, indent=1, ensure_ascii=False)
    assert ChangeSet.objects.count() == written


def _secretary() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username="secretary"))
    return client


def test_the_words_are_those_of_the_records() -> None:
    """The control: who may see a list meets them there."""
    page = shown(_secretary().get("/admin/education/legaleducationevent/"))
    assert [word for word in data_of_home() if word in page]


@pytest.mark.slow
def test_the_same_addresses_show_records_to_who_may() -> None:
    """The control: the addresses are the right ones."""
    words, client = data_of_home(), _secretary()
    answers = [client.get(address) for address in asked(ONE_IN)]
    there = [response for response in answers if response.status_code == 200]
    telling = [one for one in there if any(word in shown(one) for word in words)]
    assert len(there) > len(answers) / 2, len(there)
    assert len(telling) > len(answers) / 12, len(telling)
    assert not [one for one in answers if one.status_code >= 500]


def test_every_page_has_an_address() -> None:
    assert len(PAGES) > 600
    assert {name for name in FOR_ALL_STAFF if name not in dict(PAGES)} == set()
