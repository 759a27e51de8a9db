"""Certificates through their doors: the staff pages, the file, the public check, both APIs."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.models import Disclosure
from backend.people.models import User
from backend.places.models import Community
from backend.volunteers import certifying, honouring
from backend.volunteers.certificate_files import CHECKS_A_MINUTE
from backend.volunteers.certificate_template.make import make
from backend.volunteers.certificate_word import FORM
from backend.volunteers.models import (
    Certificate,
    CertificateTemplate,
    Honour,
    HonourLevel,
    Volunteer,
)
from backend.volunteers.templating import replace_template
from tests.meetings.test_word import template, text_of
from tests.schema.asking import caller
from tests.volunteers.team import new_record, new_volunteer

pytestmark = pytest.mark.django_db
DAYS = {"starts_on": "2020-01-01"}


@pytest.fixture
def volunteer(community: Community) -> Volunteer:
    made = new_volunteer(community)
    gate.move(new_record(made, 30, 27.5), "verify", by=SYSTEM)
    return made


@pytest.fixture
def certificate(volunteer: Volunteer) -> Certificate:
    today = timezone.localdate()
    return certifying.issue_certificate(
        volunteer, today.replace(year=2020, day=1), today, by=SYSTEM
    )


def days() -> dict[str, str]:
    return DAYS | {"ends_on": timezone.localdate().isoformat()}


# --- staff pages ----------------------------------------------------------------------------------


def test_a_worker_issues_prints_and_voids(volunteer: Volunteer, worker: User) -> None:
    client = caller(worker)
    page = client.get(f"/admin/volunteers/volunteer/{volunteer.pk}/change/").content.decode()
    address = f"/admin/volunteers/certificate/for/{volunteer.pk}/"
    assert address in page
    assert "2 小时 30 分" in client.get(address, days()).content.decode()
    done = client.post(address, days())
    made = Certificate.objects.get()
    assert done["Location"] == f"/admin/volunteers/certificate/{made.pk}/change/"
    assert (made.minutes, made.issued_by) == (150, worker)
    page = client.get(done["Location"]).content.decode()
    assert f"/certificates/{made.number}/certificate.pdf" in page
    assert "门口秩序引导" in page
    move = f"/admin/volunteers/certificate/{made.pk}/move/void/"
    assert "需要写明原因" in client.post(move, {"reason": ""}).content.decode()
    client.post(move, {"reason": "写错了"})
    made.refresh_from_db()
    assert (made.status, made.void_reason) == ("voided", "写错了")
    assert "certificate.pdf" not in client.get(done["Location"]).content.decode()


def test_a_year_in_one_go_leaves_out_the_own_hours(
    volunteer: Volunteer, community: Community, worker: User
) -> None:
    own = new_volunteer(community, "孙志愿", account=False)
    person: Any = own.resident
    person.user = worker
    gate.save(person, by=SYSTEM)
    gate.move(new_record(own, 60, 58), "verify", by=SYSTEM)
    client = caller(worker)
    year = timezone.localdate(volunteer.service_records.get().starts_at).year
    address = f"/admin/volunteers/certificate/issue/?year={year}"
    page = client.get(address).content.decode()
    assert volunteer.code in page
    chosen = [str(volunteer.pk), str(own.pk)]
    done = client.post(address, {"year": year, "volunteer": chosen}, follow=True)
    assert [c.volunteer_id for c in Certificate.objects.all()] == [volunteer.pk]
    assert "要由别人办理" in done.content.decode()
    assert Certificate.objects.get().number in done.content.decode()


def test_who_has_reached_a_level_is_listed_and_honoured(
    volunteer: Volunteer, community: Community, worker: User, secretary: User
) -> None:
    done = caller(secretary).post("/admin/volunteers/honourlevel/usual/")
    assert done.status_code == 302
    level = gate.save(HonourLevel(community=community, name="新芽", minutes=120), by=SYSTEM)
    client = caller(worker)
    page = client.get("/admin/volunteers/honour/due/").content.decode()
    assert volunteer.code in page
    assert "新芽" in page
    client.post("/admin/volunteers/honour/due/", {"volunteer": [str(volunteer.pk)]})
    assert Honour.objects.get().level == level
    assert volunteer.code not in client.get("/admin/volunteers/honour/due/").content.decode()
    page = client.get(f"/admin/volunteers/volunteer/{volunteer.pk}/change/").content.decode()
    assert "新芽" in page


def test_a_level_is_entered_in_hours(community: Community, secretary: User) -> None:
    client = caller(secretary)
    given = {"name": "金叶", "minutes": "50", "active": "on"}
    client.post("/admin/volunteers/honourlevel/add/", given)
    level = HonourLevel.objects.get()
    assert level.minutes == 3000
    address = f"/admin/volunteers/honourlevel/{level.pk}/change/"
    assert 'value="50"' in client.get(address).content.decode()
    client.post(address, given | {"name": "金叶奖"})
    level.refresh_from_db()
    assert (level.name, level.minutes) == ("金叶奖", 3000)


def test_four_callers_and_the_pages(
    volunteer: Volunteer, other_worker: User, resident_user: User, worker: User
) -> None:
    pages = (
        f"/admin/volunteers/certificate/for/{volunteer.pk}/",
        "/admin/volunteers/certificate/templates/",
        "/admin/volunteers/certificate/template/1.docx",
    )
    for client in (caller(other_worker), caller(resident_user), Client()):
        assert client.get(pages[0]).status_code in (302, 403, 404)
        client.post(pages[0], days())
    # The template is the secretary's business.
    for page in pages[1:]:
        assert caller(worker).get(page).status_code in (302, 403, 404)
    assert not Certificate.objects.exists()


# --- the file -------------------------------------------------------------------------------------


def test_the_paper_is_for_whom_it_is_about_and_each_other_look_is_logged(
    certificate: Certificate, volunteer: Volunteer, worker: User, other_worker: User
) -> None:
    person: Any = volunteer.resident
    address = f"/certificates/{certificate.number}/certificate."
    own = caller(person.user).get(address + "pdf")
    assert own.status_code == 200
    assert own.content.startswith(b"%PDF-")
    assert not Disclosure.objects.exists()
    staff = caller(worker).get(address + "docx")
    assert staff["Content-Disposition"].endswith(f'{certificate.number}.docx"')
    said = text_of(staff.content)
    for wanted in (certificate.number, person.name, "2 小时 30 分钟", "新河社区", "门口秩序引导"):
        assert wanted in said
    logged = Disclosure.objects.get()
    assert (logged.user, logged.kind, logged.whole, logged.rows) == (worker, "export", True, 1)
    assert caller(other_worker).get(address + "pdf").status_code == 404
    assert Client().get(address + "pdf").status_code == 302
    assert caller(worker).get(address + "exe").status_code == 404


def test_a_void_one_is_not_printed(certificate: Certificate, worker: User) -> None:
    certifying.void_certificate(certificate, by=SYSTEM, reason="写错了")
    client = caller(worker)
    done = client.get(f"/certificates/{certificate.number}/certificate.pdf", follow=True)
    assert "已作废，不能再下载" in done.content.decode()


def test_names_in_full_are_not_for_everybody_who_issues(
    certificate: Certificate, admin_user: User
) -> None:
    client = caller(admin_user)
    done = client.get(f"/certificates/{certificate.number}/certificate.pdf", follow=True)
    assert "没有查看完整信息的权限" in done.content.decode()
    assert not Disclosure.objects.exists()


def test_a_name_with_a_rare_character_comes_as_word(
    certificate: Certificate, volunteer: Volunteer, worker: User
) -> None:
    person: Any = volunteer.resident
    person.name = "钱𠮷安"
    gate.save(person, by=SYSTEM)
    client = caller(worker)
    address = f"/certificates/{certificate.number}/certificate."
    assert "请下载 Word 版" in client.get(address + "pdf", follow=True).content.decode()
    assert "钱𠮷安" in text_of(client.get(address + "docx").content)


def test_a_community_may_have_its_own_template(
    certificate: Certificate, secretary: User, worker: User
) -> None:
    by = Actor.of(secretary, "test")
    replace_template(certificate.community_id, "证.docx", template("证 {{ number }}"), by=by)
    client = caller(worker)
    address = f"/certificates/{certificate.number}/certificate.docx"
    assert text_of(client.get(address).content).split() == ["证", certificate.number]
    page = caller(secretary)
    shown = page.get("/admin/volunteers/certificate/templates/").content.decode()
    assert "证.docx" in shown
    community = {"community": certificate.community_id}
    upload = io.BytesIO(template("{{ secret_key }}"))
    upload.name = "坏.docx"
    refused = page.post(
        "/admin/volunteers/certificate/templates/", community | {"template": upload}
    )
    assert "不认识的占位词" in refused.content.decode()
    page.post("/admin/volunteers/certificate/templates/", community | {"do": "default"})
    assert not CertificateTemplate.objects.exists()
    file = page.get(f"/admin/volunteers/certificate/template/{certificate.community_id}.docx")
    assert file.content == FORM.default.read_bytes()


def test_the_default_template_is_the_one_that_the_script_makes(tmp_path: Any) -> None:
    make(tmp_path / "made.docx")
    parts = []
    for path in (tmp_path / "made.docx", FORM.default):
        with zipfile.ZipFile(path) as package:
            parts.append(package.read("word/document.xml"))
    assert parts[0] == parts[1]


# --- everybody ------------------------------------------------------------------------------------


def test_everybody_may_check_a_number(certificate: Certificate, volunteer: Volunteer) -> None:
    client = Client()
    page = client.get("/certificates/", {"number": certificate.number.lower()}).content.decode()
    assert "这份证明有效" in page
    assert "2 小时 30 分" in page
    person: Any = volunteer.resident
    for secret in (person.name, person.name[0] + "*", volunteer.code):
        assert secret not in page
    certifying.void_certificate(certificate, by=SYSTEM, reason="写错了")
    page = client.get("/certificates/", {"number": certificate.number}).content.decode()
    assert "作废，不再有效" in page
    assert "写错了" not in page
    assert "没有这个编号" in client.get("/certificates/?number=X-1").content.decode()


def test_who_checks_without_end_has_to_wait(
    certificate: Certificate, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The minute does not end in the midst of it.
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    client = Client(REMOTE_ADDR="203.0.113.9")
    codes = {
        client.get("/certificates/", {"number": f"XINHE-ZY2026-{n:04}"}).status_code
        for n in range(CHECKS_A_MINUTE)
    }
    assert codes == {200}
    again = client.get("/certificates/", {"number": certificate.number})
    assert again.status_code == 429
    assert certificate.issuer not in again.content.decode()


def test_open_data_answers_a_number_and_names_nobody(
    certificate: Certificate, volunteer: Volunteer
) -> None:
    query = "query ($n: String!) { certificate(number: $n) { number issuer issuedOn minutes hours valid voidedOn } }"

    def ask(number: str) -> Any:
        body = {"query": query, "variables": {"n": number}}
        return Client().post("/open-data/graphql/", body, content_type="application/json").json()

    assert ask(certificate.number)["data"]["certificate"] == {
        "number": certificate.number,
        "issuer": "新河社区",
        "issuedOn": timezone.localdate().isoformat(),
        "minutes": 150,
        "hours": 2.5,
        "valid": True,
        "voidedOn": None,
    }
    assert ask("XINHE-ZY2026-9999") == {"data": {"certificate": None}}
    fields = Client().post(
        "/open-data/graphql/",
        {"query": '{ __type(name: "CertificateCheck") { fields { name } } }'},
        content_type="application/json",
    )
    assert {f["name"] for f in fields.json()["data"]["__type"]["fields"]} == {
        "number",
        "issuer",
        "issuedOn",
        "minutes",
        "hours",
        "valid",
        "voidedOn",
    }


# --- the main API ---------------------------------------------------------------------------------

ISSUE = """mutation ($input: IssueCertificateInput!) { issueCertificate(input: $input) {
  errors { code } certificate { number minutes volunteerName pdfPath status } } }"""


def data(user: User, query: str, **variables: Any) -> Any:
    body = {"query": query, "variables": variables}
    done = caller(user).post("/graphql/", json.dumps(body), content_type="application/json").json()
    assert "errors" not in done, done
    return done["data"]


def key_of(user: User, volunteer: Volunteer) -> str:
    asked = data(user, "{ volunteers { edges { node { id code } } } }")["volunteers"]["edges"]
    keys = {edge["node"]["code"]: edge["node"]["id"] for edge in asked}
    return str(keys[volunteer.code])


def test_the_api_issues_once_and_shows_everybody_the_own(
    volunteer: Volunteer, worker: User
) -> None:
    given = {
        "volunteerId": key_of(worker, volunteer),
        "startsOn": "2020-01-01",
        "endsOn": timezone.localdate().isoformat(),
        "idempotencyKey": "one",
    }
    first = data(worker, ISSUE, input=given)["issueCertificate"]
    again = data(worker, ISSUE, input=given | {"idempotencyKey": "two"})["issueCertificate"]
    assert first == again
    number = first["certificate"]["number"]
    assert first["certificate"] == {
        "number": number,
        "minutes": 150,
        "volunteerName": "钱*",
        "pdfPath": f"/certificates/{number}/certificate.pdf",
        "status": "ISSUED",
    }
    person: Any = volunteer.resident
    mine = data(person.user, "{ myCertificates { number } certificates { totalCount } }")
    assert mine == {"myCertificates": [{"number": number}], "certificates": {"totalCount": 1}}
    assert data(worker, "{ myCertificates { number } }") == {"myCertificates": []}


def test_the_api_refuses_the_own_hours(volunteer: Volunteer, worker: User) -> None:
    person: Any = volunteer.resident
    person.user = worker
    gate.save(person, by=SYSTEM)
    given = {
        "volunteerId": key_of(worker, volunteer),
        "startsOn": "2020-01-01",
        "endsOn": timezone.localdate().isoformat(),
    }
    one = data(worker, ISSUE, input=given | {"idempotencyKey": "k"})["issueCertificate"]
    assert one == {"errors": [{"code": "self_certified"}], "certificate": None}
    several = data(
        worker,
        "mutation ($input: IssueCertificatesInput!) { issueCertificates(input: $input) { errors { code } } }",
        input={"volunteerIds": [given.pop("volunteerId")], **given},
    )
    assert several["issueCertificates"]["errors"] == [{"code": "self_certified"}]
    level = HonourLevel(community_id=volunteer.community_id, name="新芽", minutes=60)
    with pytest.raises(Exception, match="自己"):
        honouring.grant_honour(volunteer, gate.save(level, by=SYSTEM), by=Actor.of(worker, "test"))
    assert not Certificate.objects.exists()
