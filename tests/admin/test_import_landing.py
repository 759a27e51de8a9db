"""导入表格: one page for any table, which finds the register by headings and titles, or asks."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backend.education.models import LegalEducationEvent
from backend.imports.models import ImportBatch
from backend.people.models import User
from tests.conftest import user_with_role

PAGE = "/admin/imports/importbatch/upload-table/"
PEOPLE = "姓名,联系电话,住址\n张安然,13700000001,3-2-501\n"


@pytest.fixture
def client(worker: User, event_open: LegalEducationEvent) -> Client:
    signed_in = Client()
    signed_in.force_login(worker)
    return signed_in


def send(client: Client, content: str, name: str = "表.csv", **given: str) -> Any:
    file = SimpleUploadedFile(name, content.encode())
    return client.post(PAGE, {"import_file": file, **given})


@pytest.mark.parametrize(
    ("content", "name", "register"),
    [
        ("居民花名册,,\n" + PEOPLE, "表.csv", "residents"),
        ("民法典进小区签到表,,\n" + PEOPLE, "表.csv", "attendance"),
        (PEOPLE, "3号楼花名册.csv", "residents"),
        ("姓名,出生年月,联系电话\n张安然,1958-03,13700000001\n", "表.csv", "residents"),
        (
            "姓名,年龄,联系电话,签到时间,签名\n张安然,66,13700000001,9:05,√\n",
            "表.csv",
            "attendance",
        ),
    ],
)
def test_the_register_is_found(client: Client, content: str, name: str, register: str) -> None:
    done = send(client, content, name)
    assert done.status_code == 302
    assert ImportBatch.objects.get().register == register


def test_what_could_be_either_is_asked_and_nothing_is_kept(client: Client) -> None:
    page = send(client, PEOPLE)
    assert "请选择登记簿" in page.content.decode()
    assert not ImportBatch.objects.exists()
    assert send(client, PEOPLE, register="residents").status_code == 302
    assert ImportBatch.objects.get().register == "residents"


def test_no_table_and_no_file(client: Client) -> None:
    assert "另存为 .xlsx" in send(client, "<html><body></body></html>").content.decode()
    assert "请先选择要导入的文件" in client.post(PAGE, {}).content.decode()
    assert not ImportBatch.objects.exists()


def test_who_may_not_import_has_no_page(client: Client, event_open: LegalEducationEvent) -> None:
    assert "/upload-table" in client.get("/admin/imports/importbatch/").content.decode()
    steward = Client()
    steward.force_login(user_with_role("grid", "steward", community=event_open.community))
    assert steward.get(PAGE).status_code in (302, 403)
    assert send(steward, PEOPLE, register="residents").status_code in (302, 403)
    assert not ImportBatch.objects.exists()


def test_the_lists_name_registers_as_staff_do(client: Client) -> None:
    send(client, PEOPLE, "居民花名册.csv")
    address = "/admin/imports/importbatch/"
    words = client.get(address).content.decode()
    assert "?register=residents" in words
    assert 'title="residents"' not in words
    assert 'title="居民花名册"' in words
    for register, found in (("residents", 1), ("attendance", 0)):
        page = client.get(address, {"register": register})
        assert page.context["cl"].result_count == found, register
