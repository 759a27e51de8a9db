"""TypeScript of a front end: types from schema and journeys, `tsc --strict`, and a run of it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from strawberry.relay import to_base64

from backend.people.models import User
from backend.places.models import Community
from backend.services.models import ServiceBooking
from tests.front.mocked import ROOT, mock_server
from tests.front.project import FOLDER, run, types
from tests.services.counter import new_item, new_slot

WRONG_FIELD = """import type { FreeSlot } from "./booking-page.js";
export const seats = (slot: FreeSlot): number => slot.seatsFree;
"""
WRONG_VARIABLE = """import type { Api } from "./api.js";
import { BookSlotDocument } from "./generated/graphql.js";
export const book = (api: Api) => api.ask(BookSlotDocument, { slotId: "x" });
"""
WRONG_DOCUMENT = "query Wrong { slots(first: 1) { edges { node { seatsFree } } } }\n"
UNKNOWN_SCALAR = "\nscalar Money\nextend type Query { price: Money }\n"
# A browser's part: the cookies, and addresses without a host.
IN_A_BROWSER = """
const [base, slot, told] = process.argv.slice(1);
const cookies = JSON.parse(told);
const jar = () => Object.entries(cookies).map(([name, value]) => `${name}=${value}`).join("; ");
globalThis.document = { get cookie() { return jar(); } };
const real = globalThis.fetch;
globalThis.fetch = (path, options) =>
  real(base + path, { ...options, headers: { ...options.headers, Cookie: jar() } });
const { book } = await import("./dist/book.js");
const first = await book(slot, "form-1");
const again = await book(slot, "form-1");
const full = await book(slot, "form-2");
delete cookies.csrftoken;
const refused = await book(slot, "form-3").then(() => null, (error) => error.code);
console.log(JSON.stringify({ first, again, full, refused }));
"""


@pytest.mark.once
def test_the_lock_names_no_registry() -> None:
    lock = json.loads((FOLDER / "package-lock.json").read_text(encoding="utf-8"))
    assert len(lock["packages"]) > 100
    assert not [name for name, one in lock["packages"].items() if "resolved" in one]
    assert all("integrity" in one for name, one in lock["packages"].items() if name)


@pytest.mark.slow
def test_the_page_is_strictly_typed(project: Path) -> None:
    done = types(project)
    assert done.returncode == 0, done.stdout
    assert json.loads((project / "tsconfig.json").read_text())["compilerOptions"]["strict"] is True
    made = project / "src" / "generated"
    generated = (made / "graphql.ts").read_text(encoding="utf-8")
    open_data = (made / "open-data" / "graphql.ts").read_text(encoding="utf-8")
    assert "startsAt: string" in generated
    for journey in (ROOT / "docs" / "api" / "journeys").glob("*.graphql"):
        text = journey.read_text(encoding="utf-8")
        within = generated if "# as: open-data" not in text else open_data
        for name in re.findall(r"^(?:query|mutation|subscription) (\w+)", text, re.M):
            assert f"const {name}Document = " in within, journey.name


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "told"), [(WRONG_FIELD, "seatsFree"), (WRONG_VARIABLE, "'key' is missing")]
)
def test_a_wrong_field_or_variable_is_an_error(project: Path, source: str, told: str) -> None:
    wrong = project / "src" / "wrong.ts"
    wrong.write_text(source, encoding="utf-8")
    try:
        done = types(project)
    finally:
        wrong.unlink()
    assert done.returncode != 0
    assert told in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "more", "told"),
    [
        ("documents/wrong.graphql", WRONG_DOCUMENT, "seatsFree"),
        ("../../schema/snapshots/main.graphql", UNKNOWN_SCALAR, "Money"),
    ],
)
def test_codegen_refuses_what_it_does_not_know(
    project: Path, file: str, more: str, told: str
) -> None:
    path = project / file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text((before or "") + more, encoding="utf-8")
    try:
        done = run(project, "npm", "run", "codegen")
    finally:
        path.unlink() if before is None else path.write_text(before, encoding="utf-8")
    assert done.returncode != 0
    assert told in done.stdout + done.stderr


@pytest.mark.slow
def test_the_code_of_the_docs_is_strictly_typed(page: Path) -> None:
    done = types(page)
    assert done.returncode == 0, done.stdout
    wrong = page / "src" / "book.ts"
    right = wrong.read_text(encoding="utf-8")
    wrong.write_text(right.replace("refused.message", "refused.sentence"), encoding="utf-8")
    done = types(page)
    wrong.write_text(right, encoding="utf-8")
    assert "sentence" in done.stdout


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_web_page_books_with_session_and_csrf(
    page: Path, live_server: Any, worker: User, community: Community
) -> None:
    worker.first_name = "周社工"
    worker.save()
    slot = new_slot(new_item(community), capacity=1)
    browser = Client()
    browser.force_login(worker)
    browser.get("/graphql/", HTTP_ACCEPT="text/html")  # as any page, it brings the CSRF cookie
    cookies = {name: one.value for name, one in browser.cookies.items()}
    built = run(page, "npx", "--no-install", "tsc")
    assert built.returncode == 0, built.stdout
    slot_id = to_base64("Slot", slot.pk)
    done = run(
        page,
        "node",
        "--input-type=module",
        "-e",
        IN_A_BROWSER,
        live_server.url,
        slot_id,
        json.dumps(cookies),
    )
    connections.close_all()
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["refused"] == "csrf_failed"
    assert told["first"] == told["again"]
    assert told["full"] != told["first"]
    assert ServiceBooking.objects.count() == 1


@pytest.mark.slow
def test_the_page_books_a_place_at_the_mock_server(project: Path) -> None:
    built = run(project, "npx", "--no-install", "tsc")
    assert built.returncode == 0, built.stdout
    with mock_server("-m", "schema.mock") as address:
        script = (
            'import { run } from "./dist/run.js";'
            f'console.log(JSON.stringify(await run("{address}", {{"X-Mock-Error": "slot_full"}})));'
        )
        done = run(project, "node", "--input-type=module", "-e", script)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["slots"] > 5
    assert [told["inOrder"], told["sameBooking"], told["signedOut"]] == [True, True, True]
    assert told["refused"]["full"] is True
    assert told["refused"]["refusals"][0]["code"] == "slot_full"
    assert told["returned"] == []
    assert told["event"]
    assert told["roles"]
