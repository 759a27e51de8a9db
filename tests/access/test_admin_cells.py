"""Every role × every register × every verb, through the staff pages: the table's word holds.

A cell is one test. What is expected is read from the table; what happens is asked of the pages.
"""

from typing import Any

import pytest
from django.test import Client

from backend.core.roles import GRANTS, Role
from tests.access.thinning import thinned
from tests.access.world import (
    ELSEWHERE,
    HOME,
    address,
    client_of,
    granted,
    register_admins,
    row_of,
)

pytestmark = [
    pytest.mark.once,
    pytest.mark.usefixtures("_demo_data"),
    # The queue too: pages show how far background work is.
    pytest.mark.django_db(databases="__all__"),
]

ROLES = [str(role) for role in Role]
VERBS = ("list", "look", "add", "change", "delete", "export")
# What no page offers to anybody, by register: such rows are made and moved by verbs alone.
CLOSED = {
    # The ledger grows at the door, and stays.
    "education.CheckIn": {"add", "change", "delete"},
    # Made by uploading a workbook, moved by its buttons.
    "founding.Founding": {"add", "change", "delete", "export"},
    "imports.ImportBatch": {"add", "delete", "export"},
    # Made by settling a sheet's columns; a new word replaces it, deleting forgets it.
    "imports.MappingProfile": {"add", "change", "export"},
    # Made on the chair's page; the roll only grows, and a number that was given stays.
    "meetings.MeetingAttendance": {"add", "change", "delete"},
    "meetings.Resolution": {"add", "delete"},
    "meetings.ActionItem": {"add"},
    "meetings.MeetingSettings": {"delete"},
    # Entered on the vote's own page or by a sheet, and corrected there with a reason.
    "owner_votes.OwnerBallot": {"add", "change"},
    # Issued, granted, made void by their verbs: what was certified stays as it was.
    "volunteers.Certificate": {"add", "change", "delete"},
    "volunteers.Honour": {"add", "change", "delete"},
    # The ledger of stock grows at the station's own page, and stays; refills raise themselves.
    "stations.SupplyEntry": {"add", "change", "delete"},
    "stations.Refill": {"add"},
    # Walked and answered on a phone, posted on the digest's page: by their verbs.
    "patrols.Patrol": {"add", "change"},
    "patrols.PatrolPoint": {"add", "change"},
    "patrols.GroupPost": {"add", "change"},
    # A key is what it was made as; it can only end.
    "accounts.ApiKey": {"change", "delete", "export"},
    # Made by rewording a kind of message on its own page.
    "messaging.MessageTemplate": {"add", "export"},
}
# What is somebody's own: nobody else's page shows it, the installation's administrator's excepted.
OWN = {"accounts.ApiKey"}
# What belongs to no community: no role in one reaches it.
OF_INSTALLATION = {
    ("places.Subdistrict", "add"),
    ("places.Subdistrict", "change"),
    ("places.Subdistrict", "delete"),
    ("places.Community", "add"),
}
PAGES = {register.model._meta.label: register for register in register_admins()}
# Pages with buttons of their own in place of a form: a form sent to them changes nothing.
FORMLESS = {"founding.Founding", "imports.ImportBatch"}
CELLS = [
    (label, role, verb)
    for label in PAGES
    for role in ROLES
    for verb in VERBS
    if not (verb == "change" and label in FORMLESS)
]


def own(role: str, model: Any, verb: str) -> bool:
    """Whether the table grants the role this verb on rows of the own organization."""
    action = f"{model.action(verb)}_own"
    return model.own_path is not None and action in GRANTS and granted(role, action)


def expected(label: str, role: str, verb: str) -> bool:
    model: Any = PAGES[label].model
    if verb in CLOSED.get(label, ()):
        return False
    if verb == "export":
        return bool(PAGES[label].facets.exported) and granted(role, model.action("export"))
    if verb == "look" and label in OWN:
        return role == Role.INSTALLATION
    if verb == "list" and own(role, model, "see"):
        # The list of the own organization's rows; these contacts speak for none.
        return True
    if verb in ("list", "look"):
        return granted(role, model.action("see"))
    if (label, verb) in OF_INSTALLATION:
        return role == Role.INSTALLATION
    # What one may not see one can neither change nor delete: the page is not there.
    if verb == "add" and own(role, model, "edit"):
        return True
    wanted = granted(role, model.action("delete" if verb == "delete" else "edit"))
    return wanted and (verb == "add" or granted(role, model.action("see")))


def happens(client: Client, label: str, verb: str) -> bool:
    model: Any = PAGES[label].model
    if verb == "list":
        return client.get(address(model, "")).status_code == 200
    if verb == "export":
        return client.get(address(model, "export")).status_code == 200
    if verb == "add":
        return client.get(address(model, "add")).status_code == 200
    row = row_of(model, HOME)
    if row is None:
        pytest.fail(f"the demo has no {label} to try")
    if verb == "look":
        return client.get(address(model, "change", row.pk)).status_code == 200
    if verb == "change":
        # An empty form: refused for what it lacks by who may change, at once by who may not.
        done = client.post(address(model, "change", row.pk), {})
        # Sent to the index: there is no such row for this caller.
        changes = done.status_code == 200 or (
            done.status_code == 302 and done["Location"] != "/admin/"
        )
        # Bringing a version back is an edit: the page is there for the very same.
        page = address(model, "history", row.pk).replace("/history/", "/restore/0/")
        assert (client.get(page).status_code == 200) == changes, page
        return changes
    return client.get(address(model, "delete", row.pk)).status_code == 200


@pytest.mark.parametrize(("label", "role", "verb"), thinned(CELLS, 1, expected, of=12))
def test_a_cell_of_the_table_holds_on_the_staff_pages(label: str, role: str, verb: str) -> None:
    assert happens(client_of(role), label, verb) == expected(label, role, verb)


@pytest.mark.parametrize("label", PAGES)
def test_rows_of_another_community_are_on_nobodys_page(label: str) -> None:
    model: Any = PAGES[label].model
    foreign = row_of(model, ELSEWHERE)
    if foreign is None or foreign.scope_community_id is None:
        pytest.skip("rows of this register belong to no single community, or 东方 has none")
    # The worker of 新河 sees their own register, and of 东方's row not even that there is one.
    client = client_of(Role.WORKER)
    asked = [address(model, name, foreign.pk) for name in ("change", "delete", "history")]
    asked.append(asked[-1].replace("/history/", "/restore/0/"))
    for page in asked:
        there = client.get(page)
        absent = client.get(page.replace(f"/{foreign.pk}/", "/987654321/"))
        assert there.status_code == absent.status_code, page
        assert there.status_code in (302, 403, 404), page
    listed = client.get(address(model, ""))
    # A page that is no list of rows has none of them to show: tests/messaging/test_admin.py.
    if listed.status_code == 200 and "cl" in listed.context:
        shown = {row.pk for row in listed.context["cl"].result_list}
        assert foreign.pk not in shown


@pytest.mark.parametrize("label", PAGES)
def test_nobody_is_sent_to_the_sign_in(label: str) -> None:
    page = Client().get(address(PAGES[label].model, ""))
    assert page.status_code == 302
    assert "login" in page["Location"]
