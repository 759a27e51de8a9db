"""Journeys of the docs: documents in docs/api/journeys, run step by step on the demo's data.

A file begins with its title, who goes (`# as: resident`) and what for; its operations are the steps, in
order. Variables are said here, and may come from what an earlier step answered.
"""

import datetime
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from graphql import OperationDefinitionNode, parse, print_ast

from backend.people.models import User

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "api" / "journeys"
PAGE = FOLDER.parent / "journeys.md"
OPEN_DATA = "open-data"
DOORS = {OPEN_DATA: "/open-data/graphql/"}
MAIN = "/graphql/"
SHEET = "姓名,联系电话,年龄\n周一鸣,13900099901,66\n吴有为,13900099902,71\n"


def _day(days: int) -> str:
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return (start + datetime.timedelta(days=days)).isoformat()


# Step -> its variables: values, or the path of a value in an earlier answer ("Step.data.path").
VARIABLES: dict[str, dict[str, Any]] = {
    "Places": {"from": lambda: _day(0), "before": lambda: _day(7)},
    "Book": {"slot": "Free.slot.id"},
    "CallOff": {"booking": "Book.bookService.serviceBooking.id"},
    "Try": {"slot": "Full.slot.id"},
    "Wait": {"slot": "Full.slot.id"},
    "Come": {"event": "TheEvent.legalEducationEvent.id"},
    "StayAway": {"registration": "Come.registerForEvent.registration.id"},
    "Arrive": {"event": "TheDoor.legalEducationEvent.id"},
    "Upload": {"file": SHEET},
    "Confirm": {"batch": "Upload.uploadSheet.report.batch.code"},
    "TakeBack": {"batch": "Upload.uploadSheet.report.batch.code"},
    "Changed": {"since": lambda: "2025-01-01T00:00:00+08:00"},
    "Report": {"task": "Ours.actionItems.edges.0.node.id"},
    "Finish": {"task": "Ours.actionItems.edges.0.node.id"},
}


@dataclass(frozen=True)
class Step:
    """One operation, as it stands in the file."""

    name: str
    document: str


@dataclass(frozen=True)
class Journey:
    """One file."""

    path: Path
    title: str
    account: str
    about: str
    steps: tuple[Step, ...]

    @property
    def address(self) -> str:
        return DOORS.get(self.account, MAIN)


def journeys() -> list[Journey]:
    """All of them, in the order of the page."""
    return [_read(path) for path in sorted(FOLDER.glob("*.graphql"))]


def _read(path: Path) -> Journey:
    text = path.read_text(encoding="utf-8")
    head = re.findall(r"^# ?(.*)$", text.split("\n\n", 1)[0], re.MULTILINE)
    title, account, *about = head
    operations = [
        one for one in parse(text).definitions if isinstance(one, OperationDefinitionNode)
    ]
    pieces = re.split(r"\n\n(?=query|mutation)", text.strip())[1:]
    assert len(pieces) == len(operations), f"{path.name}: one empty line between operations"
    steps = [
        Step(one.name.value, piece.strip())
        for one, piece in zip(operations, pieces, strict=True)
        if one.name is not None
    ]
    return Journey(path, title, account.removeprefix("as: "), " ".join(about), tuple(steps))


@dataclass
class Gone:
    """What a step was asked with, and what was answered."""

    step: Step
    variables: dict[str, Any]
    answer: dict[str, Any]


def go(journey: Journey) -> list[Gone]:
    """Goes the whole way as the account says, and answers every step."""
    client = Client()
    if journey.account != OPEN_DATA:
        client.force_login(User.objects.get(username=journey.account))
    gone: list[Gone] = []
    answers: dict[str, Any] = {}
    for step in journey.steps:
        variables = {
            name: _value(value, answers) for name, value in VARIABLES.get(step.name, {}).items()
        }
        answer = _post(client, journey.address, step, variables)
        # The price stands in every answer, and would be read past in each example.
        answer.pop("extensions", None)
        answers[step.name] = answer.get("data")
        gone.append(Gone(step, variables, answer))
    return gone


def _value(value: Any, answers: dict[str, Any]) -> Any:
    if callable(value):
        return value()
    if value == SHEET:
        return value
    first, *path = value.split(".")
    found = answers[first]
    for key in path:
        found = found[int(key)] if key.isdecimal() else found[key]
    return found


def _post(client: Client, address: str, step: Step, variables: dict[str, Any]) -> Any:
    query = print_ast(parse(step.document))
    body = {"query": query, "variables": variables}
    if "file" not in variables:
        return client.post(address, body, content_type="application/json").json()
    body["variables"] = variables | {"file": None}
    form = {
        "operations": json.dumps(body),
        "map": json.dumps({"0": ["variables.file"]}),
        "0": SimpleUploadedFile("签到表.csv", SHEET.encode()),
    }
    return client.post(address, form).json()


# --- the page --------------------------------------------------------------------------------------

_HEAD = """# Ten journeys 十条完整的路

Each is a file of `docs/api/journeys/`, ready for a code generator, and is gone on the demo's data by a test. The answers are real ones, with ids, codes and times of the day on which they were written; of each list the first two entries are shown. Variables that stand for something an earlier step answered are shown with their value.
"""


def page_of(ways: list[tuple[Journey, list[Gone]]]) -> str:
    """The page, in Markdown."""
    parts = [_HEAD]
    for number, (journey, gone) in enumerate(ways, start=1):
        who = "nobody signs in" if journey.account == OPEN_DATA else f"as `{journey.account}`"
        parts.append(f"## {number}. {journey.title}\n")
        parts.append(
            f"{journey.about} ({who}; [{journey.path.name}](journeys/{journey.path.name}))\n"
        )
        for one in gone:
            parts.append(f"```graphql {OPEN_DATA if journey.account == OPEN_DATA else ''}".rstrip())
            parts.append(f"{one.step.document}\n```\n")
            if one.variables:
                shown = {k: v if v != SHEET else "<the file>" for k, v in one.variables.items()}
                parts.append(f"Variables:\n\n```text\n{_json(shown)}\n```\n")
            parts.append(f"Answer:\n\n```text\n{_json(_short(one.answer))}\n```\n")
    return "\n".join(parts)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _short(value: Any) -> Any:
    """Lists cut after their second entry: what comes is like what came."""
    if isinstance(value, dict):
        return {key: _short(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_short(inner) for inner in value[:2]]
    return value


def shape(value: Any) -> Any:
    """What of an answer does not depend on the day: its keys, its types, its codes of errors."""
    if isinstance(value, dict):
        return {
            key: value[key] if key in ("code", "status") and value.get("message") else shape(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "something" if value is not None else None


def recorded() -> dict[str, list[Any]]:
    """The answers on the page, by the title of the journey."""
    text = PAGE.read_text(encoding="utf-8")
    found: dict[str, list[Any]] = {}
    for piece in re.split(r"^## \d+\. ", text, flags=re.MULTILINE)[1:]:
        title = piece.split("\n", 1)[0]
        answers = re.findall(r"^Answer:\n\n```text\n(.*?)\n```$", piece, re.DOTALL | re.MULTILINE)
        found[title] = [json.loads(answer) for answer in answers]
    return found
