"""Red partners at the other doors: pages, open data, sheets."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.models import Disclosure
from backend.partners import actions
from backend.partners.models import CoBuildingAgreement, IncipientIssue, RedPartner
from backend.people.models import Organization, User
from backend.places.models import Community
from tests.partners.conftest import Partnership, draft, in_force, issue_at
from tests.partners.test_shifts_and_issues import shift
from tests.schema.asking import OPEN, ask, caller

pytestmark = pytest.mark.django_db


def page(user: User, address: str) -> str:
    answer = caller(user).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_partners_page_tells_how_things_are(ours: Partnership, worker: User) -> None:
    address = f"/admin/partners/redpartner/{ours.partner.pk}/change/"
    text = page(worker, address)
    assert "共建协议" in text
    assert "宏远物业服务台" in text
    assert "还没有登记过问题" in text
    row = gate.save(issue_at(ours.post), by=SYSTEM)
    soon = in_force(ours.partner, ends_on=timezone.localdate() + timedelta(days=9))
    text = page(worker, address)
    assert row.code in text
    assert "还有 9 天到期" in text
    draft(ours.partner, title="续签的协议", renews=soon)
    assert "已有续签" in page(worker, address)


def test_a_new_partners_page_says_what_to_do(community: Community, worker: User) -> None:
    body = gate.save(Organization(community=community, name="和美", kind="merchant"), by=SYSTEM)
    partner = gate.save(
        RedPartner(community=community, organization=body, since=timezone.localdate()), by=SYSTEM
    )
    text = page(worker, f"/admin/partners/redpartner/{partner.pk}/change/")
    for words in ("还没有共建协议", "还没有先锋岗", "还没有登记过问题"):
        assert words in text
    assert "这一周没有先锋岗" in page(worker, f"/admin/partners/redpartner/{partner.pk}/rota/")


def test_the_rota_is_masked_until_somebody_says_why(
    ours: Partnership, worker: User, community: Community
) -> None:
    gate.save(shift(ours, 8, 12, name="欧阳若谷"), by=SYSTEM)
    address = f"/admin/partners/redpartner/{ours.partner.pk}/rota/"
    text = page(worker, address)
    assert "08:00–12:00" in text
    assert "欧*" in text
    assert "欧阳若谷" not in text
    client = caller(worker)
    client.post(
        "/admin/partners/dutyshift/reveal/",
        {"community": community.pk, "reason": "打印本周值班表", "next": address},
    )
    assert "欧阳若谷" in client.get(address).content.decode()
    assert Disclosure.objects.get().model == "partners.DutyShift"
    later = timezone.localdate() + timedelta(days=7)
    assert "08:00–12:00" not in page(worker, f"{address}?day={later:%Y-%m-%d}")
    assert "08:00–12:00" in page(worker, f"{address}?day=nonsense")


def test_an_issue_is_passed_on_from_its_page(ours: Partnership, worker: User) -> None:
    row = gate.save(issue_at(ours.post), by=SYSTEM)
    address = f"/admin/partners/incipientissue/{row.pk}/escalate/"
    assert "转办编号" in page(worker, address)
    refused = caller(worker).post(address, {"register": "mediation.MediationCase", "code": ""})
    assert "请选择转到哪里" in refused.content.decode()
    done = caller(worker).post(address, {"register": "mediation.MediationCase", "code": "tj-7"})
    assert done.status_code == 302
    row.refresh_from_db()
    assert (row.status, row.escalated_code) == ("escalated", "tj-7")
    assert "tj-7" in page(worker, f"/admin/partners/incipientissue/{row.pk}/change/")


def test_an_agreement_is_drafted_and_signed_on_its_pages(ours: Partnership, worker: User) -> None:
    today = timezone.localdate()
    sent = {
        "code": "gj-neu",
        "partner": ours.partner.pk,
        "title": "第二份协议",
        "signed_on": today.isoformat(),
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=90)).isoformat(),
        "remind_days": "30",
        "renews": "",
        "remark": "",
        "duties-TOTAL_FORMS": "1",
        "duties-INITIAL_FORMS": "0",
        "duties-0-position": "1",
        "duties-0-side": "partner",
        "duties-0-text": "设先锋岗",
    }
    client = caller(worker)
    made = client.post("/admin/partners/cobuildingagreement/add/", sent)
    assert made.status_code == 302, made.context["adminform"].form.errors
    row = CoBuildingAgreement.objects.get(code="gj-neu")
    for verb in ("sign", "activate"):
        step = client.post(f"/admin/partners/cobuildingagreement/{row.pk}/move/{verb}/", {})
        assert step.status_code == 302, verb
    row.refresh_from_db()
    assert (row.status, row.duties.count(), row.community_id) == (
        "active",
        1,
        ours.partner.community_id,
    )
    text = page(worker, f"/admin/partners/cobuildingagreement/{row.pk}/change/")
    assert "还没有签字盖章的扫描件" in text
    # The page sends the signed terms back as they are, and only the rest is taken.
    later = {n: v for n, v in sent.items() if n in ("remind_days", "renews", "remark")}
    later |= {"duties-TOTAL_FORMS": "1", "duties-INITIAL_FORMS": "1", "remark": "补充"}
    later |= {"duties-0-id": row.duties.get().pk, "duties-0-agreement": row.pk}
    later |= {n: v for n, v in sent.items() if n.startswith("duties-0-")}
    saved = client.post(f"/admin/partners/cobuildingagreement/{row.pk}/change/", later)
    assert saved.status_code == 302, saved.context["adminform"].form.errors
    row.refresh_from_db()
    assert (row.remark, row.title) == ("补充", "第二份协议")


def test_the_public_sees_partners_and_agreements_in_force(ours: Partnership) -> None:
    draft(ours.partner, title="草稿")
    query = """{ redPartners { edges { node { organization { name kind } since } } }
      coBuildingAgreements { totalCount edges { node { endsOn partner { organization { name } } } } } }"""
    found = ask(caller(), query, OPEN)["data"]
    assert found["redPartners"]["edges"][0]["node"]["organization"]["name"] == "宏远物业"
    assert found["coBuildingAgreements"]["totalCount"] == 1


def test_a_public_breakdown_shows_no_small_cell(ours: Partnership) -> None:
    for kind, count in (("parking", 7), ("noise", 6), ("pets", 2)):
        for _ in range(count):
            row = gate.save(issue_at(ours.post, kind=kind), by=SYSTEM)
            if kind != "pets":
                actions.defuse(row, how="说开了", by=SYSTEM)
    year = (timezone.localdate() - timedelta(days=1)).year
    query = f'{{ incipientSummary(community: "xinhe", year: {year}) {{ found defused byKind {{ kind found }} }} }}'
    found = ask(caller(), query, OPEN)["data"]["incipientSummary"]
    cells = {cell["kind"]: cell["found"] for cell in found["byKind"]}
    assert cells["pets"] is None
    # One more is hidden, or the total would tell the small one; so would the defused and the total.
    assert sorted(value is None for value in cells.values()) == [False, True, True]
    assert found["defused"] is None
    assert (
        ask(caller(), query.replace("xinhe", "nowhere"), OPEN)["data"]["incipientSummary"]["byKind"]
        == []
    )


def _import(tmp_path: Path, register: str, text: str, capsys: Any, **more: Any) -> Any:
    sheet = tmp_path / "台账.csv"
    sheet.write_text(text, encoding="utf-8")
    try:
        call_command("import_sheet", register, str(sheet), json=True, **more)
    except SystemExit:
        pass
    return json.loads(capsys.readouterr().out)


def test_partners_and_issues_come_in_by_sheet(
    ours: Partnership, tmp_path: Path, capsys: Any
) -> None:
    gate.save(
        Organization(
            community=ours.partner.community, name="和美商行", short_name="和美", kind="merchant"
        ),
        by=SYSTEM,
    )
    day = timezone.localdate()
    partners = (
        f"单位,加入日期,参与内容\n和美,{day},义剪\n宏远物业,{ours.partner.since},改了的介绍\n"
    )
    done = _import(tmp_path, "red_partners", partners, capsys)
    assert (done["state"], done["rows"]["create"], done["rows"]["update"]) == ("committed", 1, 1)
    assert _import(tmp_path, "red_partners", partners, capsys)["rows"]["unchanged"] == 2
    issues = f"编号,先锋岗,类型,情况,发现日期\nmt-9,宏远物业服务台,停车,车位争执,{day}\nmt-10,宏远物业服务台,停车,电话13912345678,{day}\n"
    refused = _import(tmp_path, "incipient_issues", issues, capsys)
    assert refused["state"] == "refused"
    assert [p["code"] for p in refused["problems"]] == ["text_has_personal_data"]
    assert "13912345678" not in json.dumps(refused, ensure_ascii=False)
    assert not IncipientIssue.objects.exists()
    taken = _import(tmp_path, "incipient_issues", issues, capsys, take_good=True)
    assert taken["rows"]["create"] == 1
    assert IncipientIssue.objects.get().post_id == ours.post.pk
