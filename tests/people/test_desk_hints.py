"""At the desk: why a search finds nobody, and that somebody may be entered twice."""

from django.urls import reverse

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people.models import Resident, User
from backend.places.models import Building, Community
from tests.admin.test_reveal_pages import sent_back
from tests.core.residents import OTHER_PHONE, PHONE, resident
from tests.schema.asking import caller

LIST = "/admin/people/resident/"


def test_a_search_that_finds_nobody_says_why_and_where_else(
    worker: User, community: Community
) -> None:
    gate.save(resident(community, "秦若谷"), by=SYSTEM)
    client = caller(worker)
    empty = client.get(f"{LIST}?q=若").content.decode()
    assert "姓名要写全" in empty
    assert "residence=all" in empty.partition("姓名要写全")[2]
    assert "查找全部居民" not in client.get(f"{LIST}?q=若&residence=all").content.decode()
    # The control: who finds somebody is told nothing.
    assert "姓名要写全" not in client.get(f"{LIST}?q=秦若谷").content.decode()


def test_the_same_name_at_the_same_door_is_entered_with_a_warning(
    worker: User, community: Community, building: Building
) -> None:
    given = {"building": building, "room": "502"}
    earlier = gate.save(resident(community, "秦若谷", PHONE, **given), by=SYSTEM)
    client = caller(worker)
    form = client.get(f"{LIST}add/")
    typed = {"name": "秦若谷", "building": str(building.pk), "room": "502", "phone": OTHER_PHONE}
    saved = client.post(f"{LIST}add/", sent_back(form, **typed), follow=True)
    assert saved.redirect_chain, saved.context["errors"]
    again = Resident.objects.exclude(pk=earlier.pk).get()
    told = " ".join(str(message) for message in saved.context["messages"])
    assert "请核对是不是同一个人" in told
    assert f"/admin/people/resident/{again.pk}/merge/{earlier.pk}/" in told
    assert "秦若谷" not in told
    other = client.post(
        f"{LIST}add/", sent_back(form, **(typed | {"name": "方晓", "phone": ""})), follow=True
    )
    assert "请核对" not in " ".join(str(message) for message in other.context["messages"])


def test_an_accounts_page_shows_no_hash_and_leads_to_a_new_password(worker: User) -> None:
    chief = User.objects.create_superuser("chief", password="demo-chief-7")
    client = caller(chief)
    page = client.get(f"/admin/people/user/{worker.pk}/change/").content.decode()
    assert "重设密码" in page
    for hidden in (worker.password, "pbkdf2", "md5$"):
        assert hidden not in page
    assert (
        client.get(reverse("admin:auth_user_password_change", args=[worker.pk])).status_code == 200
    )
    assert 'name="is_staff"' in client.get("/admin/people/user/add/").content.decode()
