"""The examples of docs/api/reveal.md are requests that work, in the order of the page."""

from pathlib import Path

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import Attendance, LegalEducationEvent
from backend.people.models import Resident, User
from tests.docs.blocks import examples_of
from tests.schema.asking import MAIN, OPEN, caller, data, nodes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "reveal.md"


def test_the_page_can_be_followed(
    worker: User, secretary: User, event_open: LegalEducationEvent
) -> None:
    community = event_open.community
    person = gate.save(Resident(community=community, name="周若谷", phone="13900000002"), by=SYSTEM)
    row = Attendance(community=community, event=event_open, resident=person, name="周若谷")
    gate.save(row, by=SYSTEM)
    answers = {}
    for example in examples_of(PAGE.read_text(encoding="utf-8")):
        client = caller(secretary if example.name == "Log" else worker)
        address = OPEN if example.door == "open-data" else MAIN
        answers[example.name] = data(client, example.query, address, **example.variables)
    assert answers["OpenReveal"]["openReveal"]["errors"] == []
    (came,) = nodes(answers["WhoCame"]["attendances"])
    # One area is open: the resident's phone is another one.
    assert (came["name"], came["nameInFull"]) == ("周*", "周若谷")
    assert came["resident"] == {"phone": "139****0002", "phoneInFull": None}
    (line,) = nodes(answers["Log"]["disclosures"])
    assert (line["actorName"], line["rows"]) == ("worker", 1)
    assert answers["Year"]["educationSummary"]["events"] == 0
