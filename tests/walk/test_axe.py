"""axe-core finds nothing serious on the main pages, in light and in dark."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page

from backend.education.models import LegalEducationEvent
from backend.meetings.models import JointMeeting
from tests.walk.conftest import SignedIn

pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.django_db(databases="__all__")]

NPM = Path(__file__).with_name("npm")
SERIOUS = ("serious", "critical")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
LISTS = ("education_legaleducationevent", "services_servicebooking", "meetings_actionitem")


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """axe-core's script, installed from its lock."""
    if not shutil.which("npm"):
        pytest.skip("needs node and npm")
    folder = tmp_path_factory.mktemp("axe")
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(NPM / name, folder / name)
    said = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    if said.returncode != 0:
        pytest.skip(f"npm could not install: {said.stderr.strip().splitlines()[-1:]}")
    return folder / "node_modules" / "axe-core" / "axe.min.js"


def _found(page: Page, axe: Path) -> list[str]:
    """The serious violations of the page, each with where it is."""
    page.wait_for_load_state("networkidle")
    # Whatever fades in is there: half a colour has half a contrast.
    page.wait_for_timeout(400)
    page.add_script_tag(path=axe)
    result: dict[str, Any] = page.evaluate(
        "rules => axe.run({runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
        RULES,
    )
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]} {node['target']}"
        f" {[check['message'] for check in node['any'] + node['all']][:1]}"
        for one in result["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]


def _main_pages() -> list[str]:
    event = LegalEducationEvent.objects.get(community__code="xinhe", code="pf-open")
    meeting = JointMeeting.objects.filter(community__code="xinhe").order_by("pk")[0]
    return [
        "/admin/",
        *(reverse(f"admin:{name}_changelist") for name in LISTS),
        *(reverse(f"admin:{name}_board") for name in LISTS),
        reverse("admin:education_legaleducationevent_change", args=[event.pk]),
        reverse("admin:education_legaleducationevent_add"),
        reverse("admin:education_event_door", args=[event.pk]),
        reverse("admin:meetings_jointmeeting_change", args=[meeting.pk]),
        reverse("admin:partners_stewardselection_add"),
        reverse("admin:services_slotrule_add"),
        reverse("admin:people_resident_changelist"),
        reverse("week_page"),
        reverse("admin:imports_importbatch_changelist"),
        reverse("admin:messaging_inboxmessage_changelist"),
        reverse("settings_page"),
        reverse("checklist"),
        reverse("guide_page", args=["setup"]),
        "/accounts/email/",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_main_pages_have_nothing_serious(signed_in: SignedIn, axe: Path, scheme: str) -> None:
    context = signed_in("secretary", color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    wrong: dict[str, list[str]] = {}
    for place in _main_pages():
        page.goto(place)
        if found := _found(page, axe):
            wrong[place] = found
    context.close()
    assert not wrong, "\n".join(f"{p}: {line}" for p, lines in wrong.items() for line in lines)


def test_signing_in_has_nothing_serious(demo_site: Any, chromium: Browser, axe: Path) -> None:
    page = chromium.new_page(base_url=demo_site.url, locale="zh-CN", bypass_csp=True)
    page.goto("/accounts/login/")
    found = _found(page, axe)
    # The control: a picture without words is found.
    page.evaluate("document.body.append(document.createElement('img'))")
    with_picture = _found(page, axe)
    page.close()
    assert found == []
    assert [line.split(" ")[0] for line in with_picture] == ["image-alt"]
