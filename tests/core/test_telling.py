"""The history speaks words: whatever verb and door the code writes down, staff can read it."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.translation import override

from backend.core.holdings import all_holdings
from backend.core.models import Kept
from backend.core.telling import ACTS, door_in_words, in_words
from backend.education.models import CheckIn, Registration
from backend.privacy.models import SubjectRequest

SOURCES = [
    path
    for folder in ("backend", "schema", "fixtures")
    for path in (Path(settings.BASE_DIR) / folder).rglob("*.py")
    if "migrations" not in path.parts
]
NAMED = re.compile(
    r'(?:change_set\(\s*|\bverb = |VERB = |_leave\(\w+, |_come_back\(\w+, )"([^"]+)"'
)
ON_A_TABLE = re.compile(r'f"([a-z_ ]+) \{(\w+)\._meta\.label\}"')
EITHER = re.compile(r'verb = "([^"]+)" if .* else "([^"]+)"')


def verbs() -> set[str]:
    """Every verb that the code can write into a change set."""
    labels = {model.__name__: model._meta.label for model in apps.get_models()}
    found: set[str] = {
        # Whose table stands in another line.
        *(f"{verb} demands.Demand" for verb in ("register", "respond", "extend")),
        *(f"{verb} services.SlotException" for verb in ("except", "take back")),
        "apply services.SlotRule",
        "post patrols.DailyDigest",
    }
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        on_tables = ON_A_TABLE.findall(source)
        found.update(f"{verb} {labels[name]}" for verb, name in on_tables if name in labels)
        found.update(NAMED.findall(source))
        for pair in EITHER.findall(source):
            found.update(pair)
    # Where a verb is one word of a longer one.
    found = {verb for verb in found if " " in verb}
    for model in apps.get_models():
        if issubclass(model, Kept):
            label = model._meta.label
            found |= {f"save {label}", f"delete {label}"}
            moves = model.machine.moves if model.machine is not None else ()
            found |= {f"{move.name} {label}" for move in moves}
    found |= {f"{word} {Registration._meta.label}" for word in ("register", "change")}
    found |= {f"{kind} {CheckIn._meta.label}" for kind in ("in", "out", "void")}
    assert SubjectRequest.machine is not None
    found |= {f"{move.name} request" for move in SubjectRequest.machine.moves}
    found |= {f"retention {holding.code}" for holding in all_holdings()}
    found |= {"import attendance", "undo attendance imp-7", "undo merge residents"}
    return found


def test_every_verb_of_the_code_has_words() -> None:
    known = verbs()
    assert {"move out resident", "enter resident", "claim resident", "merge residents"} <= known
    with override("zh-hans"):
        told = {verb: in_words(verb) for verb in known}
    assert {verb: words for verb, words in told.items() if re.search(r"[A-Za-z]", words)} == {}


def test_every_named_act_is_one_that_the_code_writes() -> None:
    assert set(ACTS) <= verbs()


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("save people.Resident", "保存 · 居民"),
        ("withdraw education.Registration", "取消报名 · 活动报名"),
        ("undo merge residents", "撤销：合并居民"),
        ("undo attendance imp-7", "撤销导入"),
        ("register demands.Demand", "登记诉求"),
        ("respond demands.Demand", "登记首次回复"),
        ("void education.CheckIn", "撤销签到 · 签到台账"),
        # What a later version wrote.
        ("paint bench", "paint bench"),
    ],
)
def test_a_verb_reads_as_what_was_done(verb: str, words: str) -> None:
    with override("zh-hans"):
        assert in_words(verb) == words


def test_every_door_of_the_code_has_words() -> None:
    written: set[str] = {"api_key"}
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        written.update(re.findall(r'\.through\("(\w+)"\)', source))
        written.update(re.findall(r'Actor\.of\([^"\n]+, (?:door=)?"(\w+)"\)', source))
        written.update(re.findall(r'^DOOR = "(\w+)"$', source, re.M))
    assert {"admin", "graphql", "worker", "command_line", "pages"} <= written
    with override("zh-hans"):
        assert [door for door in written if door_in_words(door) == door] == []


def test_no_act_of_a_meeting_is_told_in_english() -> None:
    folder = Path(__file__).resolve().parents[2] / "backend" / "meetings"
    acts = {
        verb
        for path in folder.glob("*.py")
        for verb in re.findall(r'holding\([^"]*"([a-z ]+)"', path.read_text("utf-8"))
    }
    assert "call the roll" in acts, "the control"
    told = {verb: in_words(f"{verb} meetings.JointMeeting") for verb in acts}
    assert {verb: words for verb, words in told.items() if re.search("[a-z]{3}", words)} == {}
