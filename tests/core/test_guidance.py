"""Every page says what it is for, and every link into the staff guide leads to what it promises."""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from admin_theme.look import INBOX, SECTIONS
from backend.core import guide
from backend.core.guidance import all_guidance, guidance_for
from backend.people.models import User
from backend.places.models import Community
from tests.conftest import user_with_role

# Pages that stand in no section of the sidebar, by the names of their addresses.
SPECIAL = ("index", "who_may_what", "guide", "checklist", "settings_page", "compare")


def test_every_page_of_the_sidebar_and_each_special_one_has_its_help() -> None:
    pages = [page for section in SECTIONS for page in section.pages]
    wanted = {page.address or page.model_label for page in (*pages, INBOX)} | set(SPECIAL)
    assert {about for about in wanted if guidance_for(about) is None} == set()


def test_every_help_leads_to_a_section_that_there_is() -> None:
    known = {c.name: {s.heading for s in c.sections} for c in guide.chapters()}
    lost = [
        (one.about, one.page, one.section)
        for one in all_guidance()
        if one.section not in known.get(one.page, ())
    ]
    assert lost == []


@pytest.mark.parametrize("name", guide.names())
def test_every_link_and_picture_of_a_chapter_is_there(name: str) -> None:
    html = guide.chapter_of(name).html
    places = {c: set(re.findall(r'id="([^"]+)"', guide.chapter_of(c).html)) for c in guide.names()}
    for href in re.findall(r'href="/admin/help/([^"]+)"', html):
        page, _, place = unescape(unquote(href)).partition("#")
        chapter = guide.chapter_of(page.strip("/"))
        assert not place or place in places[chapter.name], href
    pictures = re.findall(r'src="([^"]+)"', html)
    for source in pictures:
        prefix, _, file = source.rpartition("/")
        assert (prefix, guide.picture(file) is not None) == ("/admin/help/pictures", True), source


def test_the_guide_is_searched_by_words() -> None:
    found = guide.search("撤销 导入")
    assert any(one.section.page == "staff-guide" for one in found)
    assert found[0].hit in ("撤销", "导入")
    assert guide.search("没有这样的词") == []
    assert guide.search("  ") == []


def test_staff_read_it_inside_the_product_and_nobody_else(client: Client, worker: User) -> None:
    address = reverse("guide_page", args=["residents"])
    assert client.get(address).status_code == 302
    client.force_login(worker)
    page = client.get(address).content.decode()
    assert '<h2 id="找人">' in page
    assert client.get(reverse("guide_picture", args=["today.png"])).status_code == 200
    for bad in ("..%2f..%2fmanage.py", "nothing.png", "TODAY.PNG"):
        assert client.get(f"/admin/help/pictures/{bad}").status_code == 404
    assert client.get(reverse("guide_page", args=["nothing"])).status_code == 404
    assert "未找到" not in client.get(reverse("guide") + "?q=忘记密码").content.decode()


def test_a_list_and_a_record_show_the_same_help(client: Client, worker: User) -> None:
    client.force_login(worker)
    for name in ("people_resident_changelist", "people_resident_add", "index"):
        page = client.get(reverse(f"admin:{name}")).content.decode()
        about = "index" if name == "index" else "people.Resident"
        assert page.count(f'data-help="{about}"') == 1


@pytest.mark.slow
def test_every_page_shows_it_and_every_empty_list_how_to_begin(
    client: Client, community: Community
) -> None:
    """As the two who see all pages between them, where nothing has been entered yet."""
    unseen = {page.address or page.model_label: page for s in SECTIONS for page in s.pages}
    admin = User.objects.create_superuser("root", password="demo-root")
    for user in (admin, user_with_role("secretary", "secretary", community=community)):
        client.force_login(user)
        for about, page in list(unseen.items()):
            app, model = page.model_label.lower().split(".")
            address = reverse(page.address or f"admin:{app}_{model}_changelist")
            answer = client.get(address)
            if answer.status_code == 403:
                continue
            said = answer.content.decode()
            assert said.count(f'data-help="{about}"') == 1, about
            rows = answer.context.get("cl")
            if rows is not None and not rows.result_list:
                assert 'data-empty="new"' in said, about
            del unseen[about]
    assert unseen == {}
