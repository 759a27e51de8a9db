"""Minutes as Word: filled by a template that anybody may have made."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.meetings import actions
from backend.meetings.models import MeetingSettings, MinutesTemplate
from backend.meetings.templating import drop_template, replace_template
from backend.meetings.word import DEFAULT, minutes_as_word
from backend.meetings.word_template.make import make
from backend.people.models import User
from tests.meetings.world import Town, decided, in_session

pytestmark = pytest.mark.django_db


def template(*paragraphs: str, header: str = "") -> bytes:
    """A template with these paragraphs."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The package with one part more, or another one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, part)
    return out.getvalue()


def text_of(content: bytes) -> str:
    """All that stands in a document."""
    document = Document(io.BytesIO(content))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def _minuted(town: Town) -> Any:
    meeting = in_session(town)
    decided(meeting, town, 物业="against")
    resolution = actions.resolve(meeting.items.get(), "修好 <路灯> & 门", by=SYSTEM)
    actions.add_action(resolution, town.bodies["物业"], "更换路灯", by=SYSTEM)
    return actions.close(meeting, by=SYSTEM)


def test_the_default_template_holds_the_meeting(town: Town) -> None:
    said = text_of(minutes_as_word(_minuted(town)))
    for wanted in (
        "新河社区联席会议纪要",
        "第1次",
        "社区会议室",
        "修好 <路灯> & 门",
        "更换路灯",
        "诚信行物业",
        "赞成 5 票",
    ):
        assert wanted in said
    assert "{" not in said


def test_the_default_template_is_the_one_that_the_script_makes(tmp_path: Path) -> None:
    made = tmp_path / "minutes.docx"
    make(made)
    parts = []
    for path in (made, DEFAULT):
        with zipfile.ZipFile(path) as package:
            parts.append(package.read("word/document.xml"))
    assert parts[0] == parts[1]


def test_a_community_may_have_its_own(town: Town, chair: Actor) -> None:
    meeting = _minuted(town)
    own = template(
        "编号 {{ number }}", "{%p for one in actions %}", "{{ one.title }}", "{%p endfor %}"
    )
    replace_template(town.community.pk, "我们的模板.docx", own, by=chair)
    assert text_of(minutes_as_word(meeting)).split() == ["编号", meeting.numbered, "更换路灯"]
    drop_template(town.community.pk, by=chair)
    assert "联席会议纪要" in text_of(minutes_as_word(meeting))


_RELS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/'
    b'2006/relationships/attachedTemplate" Target="http://example.org/x.dotm" TargetMode="External"/>'
    b"</Relationships>"
)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: template("{{ ''.__class__.__mro__ }}"), "template_has_program"),
        (lambda: template("{{ meeting.__class__ }}"), "template_has_program"),
        (lambda: template("{{ cycler.__init__.__globals__ }}"), "template_has_program"),
        (lambda: template("{{ lipsum() }}"), "template_has_program"),
        (lambda: template("{{ meeting|upper }}"), "template_has_program"),
        (lambda: template("{% set x = 1 %}"), "template_has_program"),
        (lambda: template("{% include 'x' %}"), "template_has_program"),
        (lambda: template("{% for i in range(100000000) %}x{% endfor %}"), "template_has_program"),
        (lambda: template("{% for c in meeting %}{{ c }}{% endfor %}"), "template_has_program"),
        (
            lambda: template(
                "{% for a in actions %}{% for b in actions %}{% for c in actions %}x"
                "{% endfor %}{% endfor %}{% endfor %}"
            ),
            "template_has_program",
        ),
        (lambda: template("好", header="{{ 7 * 7 }}"), "template_has_program"),
        (lambda: template("{{ secret_key }}"), "template_unknown_word"),
        (lambda: template("{{ request }}"), "template_unknown_word"),
        (lambda: template("{{ meeting"), "template_unreadable"),
        (lambda: template("{% for a in actions %}"), "template_unreadable"),
        (lambda: b"PK\x03\x04 broken", "template_unreadable"),
        (lambda: b"<html></html>", "template_unreadable"),
        (lambda: b"", "template_unreadable"),
        (lambda: with_part(template("好"), "word/vbaProject.bin", b"x"), "template_has_program"),
        (lambda: with_part(template("好"), "word/embeddings/o.bin", b"x"), "template_has_program"),
        (
            lambda: with_part(template("好"), "word/_rels/settings.xml.rels", _RELS),
            "template_has_program",
        ),
        (
            lambda: with_part(template("好"), "word/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'),
            "template_has_program",
        ),
        (
            lambda: with_part(template("好"), "word/big.bin", b"0" * 25_000_000),
            "template_too_large",
        ),
        (lambda: b"0" * 1_000_001, "template_too_large"),
    ],
)
def test_refuses_a_template(town: Town, chair: Actor, made: Callable[[], bytes], code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        replace_template(town.community.pk, "x.docx", made(), by=chair)
    assert refused.value.code == code
    assert not MinutesTemplate.objects.exists()


def test_four_callers_replace_a_template(
    town: Town, secretary: User, worker: User, other_worker: User, resident_user: User
) -> None:
    settings = gate.save(MeetingSettings(community=town.community), by=SYSTEM)
    address = f"/admin/meetings/meetingsettings/{settings.pk}/template/"
    for user, status in (
        (resident_user, 302),
        (other_worker, 404),
        (worker, 403),
        (secretary, 302),
    ):
        client = Client()
        client.force_login(user)
        file = SimpleUploadedFile("own.docx", template("{{ number }}"))
        assert client.post(address, {"template": file}).status_code == status, user
        assert MinutesTemplate.objects.exists() == (user == secretary)
    page = client.get(address)
    assert "own.docx" in page.content.decode()
    bad = SimpleUploadedFile("own.docx", template("{{ lipsum() }}"))
    assert "不允许的指令" in client.post(address, {"template": bad}).content.decode()
