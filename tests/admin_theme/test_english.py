"""English can be switched on: our labels have an English word, and messages and sheets do not change."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.test import Client
from django.utils.translation import override

from admin_theme.compile_messages import LOCALE
from admin_theme.look import SECTIONS
from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.core.models import Kept
from backend.core.role_words import AREAS, VERBS
from backend.core.workflow import Machine
from backend.education import actions
from backend.education.models import LegalEducationEvent
from backend.imports.sheet import registers
from backend.jobs.kinds import all_kinds
from backend.people.models import User
from tests.admin.exporting import content, export

ROOT = Path(__file__).resolve().parents[2]


def marked(source: str) -> Iterator[str]:
    """The texts that a source marks for translation."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "gettext"):
            text = node.args[0]
            if isinstance(text, ast.Constant):
                yield str(text.value)


def marked_in_template(source: str) -> Iterator[str]:
    """The Chinese texts that a template marks for translation."""
    yield from re.findall(r'{% translate "([^"]*[一-龥][^"]*)"(?: as \w+)? %}', source)
    for body in re.findall(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", source, re.S):
        yield re.sub(r"{{ (\w+) }}", r"%(\1)s", body.strip())


def unmarked_in_template(source: str) -> list[str]:
    """Chinese that a reader of English pages would meet."""
    rest = re.sub(
        r"{% blocktranslate.*?{% endblocktranslate %}|{%.*?%}|{#.*?#}", "", source, flags=re.S
    )
    return re.findall("[一-龥]+", rest.replace("Linli 邻里", ""))


def machines() -> list[Machine]:
    """Every register's states."""
    kept = (model for model in apps.get_models() if issubclass(model, Kept))
    return [model.machine for model in kept if model.machine is not None]


def test_every_label_has_an_english_word() -> None:
    with (LOCALE / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        english = {str(message.id) for message in read_po(file) if message.id}
    wanted = {
        text
        for folder in ("backend", "admin_theme")
        for path in (ROOT / folder).rglob("*.py")
        for text in marked(path.read_text("utf-8"))
    }
    wanted |= {section.title for section in SECTIONS}
    wanted |= {page.title for section in SECTIONS for page in section.pages}
    pages = ROOT / "admin_theme" / "templates"
    # For programmers; and a page that has both languages side by side.
    for path in sorted(p for p in pages.rglob("*.*") if not {"graphiql", "open_data"} & {*p.parts}):
        text = path.read_text("utf-8")
        wanted |= set(marked_in_template(text))
        assert unmarked_in_template(text) == [], path.name
    assert unmarked_in_template("<p>返回</p>") == ["返回"], "the control"
    wanted |= {*AREAS.values(), *VERBS.values()}
    wanted |= {kind.title for kind in all_kinds()}
    wanted |= {sheet.title for sheet in registers()}
    wanted |= {sheet.target_name for sheet in registers() if sheet.target_name}
    moves = [move for machine in machines() for move in machine.moves]
    wanted |= {words for move in moves for words in (move.label, move.asks)}
    assert wanted - english == set()
    assert english - wanted == set(), "nobody uses these any more"


@pytest.mark.parametrize(
    ("language", "there", "not_there"),
    [
        ("en", ("Legal-education events", "Residents", "Begins"), ("普法活动", "开始时间")),
        ("zh-hans", ("普法活动", "居民", "开始时间"), ("Legal-education events", "Begins")),
    ],
)
def test_the_staff_pages_speak_the_chosen_language(
    worker: User,
    event_open: LegalEducationEvent,
    language: str,
    there: tuple[str, ...],
    not_there: tuple[str, ...],
) -> None:
    client = Client()
    client.force_login(worker)
    client.post("/i18n/setlang/", {"language": language, "next": "/admin/"})
    text = client.get("/admin/education/legaleducationevent/").content.decode()
    for word in there:
        assert word in text
    for word in not_there:
        assert word not in text


def test_messages_and_sheets_stay_chinese(worker: User, event_open: LegalEducationEvent) -> None:
    with override("en"):
        with pytest.raises(RuleViolation) as refused:
            actions.archive_event(event_open, by=actions_by(worker))
        assert "开放报名" in refused.value.message
        assert "Open" not in refused.value.message
        text = content(export(worker, "/admin/education/attendance/export/"))
    assert text.startswith("\ufeff活动编号,活动,姓名".encode())


def actions_by(user: User) -> Actor:

    return Actor.of(user, "test")
