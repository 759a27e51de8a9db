"""会议纪要 as Word: a template that staff can replace, filled by docxtpl.

A template is a program, and who uploads it is not asked what it does: only the plainest part of
Jinja passes (a value, a loop over one of our lists, an if), nothing is called, and values are text.
"""

import io
import re
import zipfile
from pathlib import Path
from typing import Any, Final

from django.utils import timezone
from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.errors import RuleViolation
from backend.meetings.choices import PresenceKind
from backend.meetings.minuting import current_text
from backend.meetings.models import ActionItem, JointMeeting
from backend.meetings.presence import room_of
from backend.meetings.template_model import MinutesTemplate

DEFAULT = Path(__file__).parent / "word_template" / "minutes.docx"
MAX_BYTES: Final = 1_000_000
MAX_UNPACKED: Final = 20_000_000
MAX_PARTS: Final = 300
LISTS: Final = frozenset({"paragraphs", "actions", "resolutions"})
VALUES: Final = frozenset(
    {"community", "number", "meeting", "time", "place", "chair", "present", "absent", "signed"}
)
MAX_DEPTH: Final = 2
_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Const,
    nodes.Not,
)
_REMOTE = re.compile(rb'TargetMode\s*=\s*["\']External["\']')
_LINK = re.compile(rb'<Relationship\b[^>]*relationships/hyperlink["\'][^>]*>')


def template_is_harmless(content: bytes) -> None:
    """Raises: template_too_large; template_unreadable; template_has_program; template_unknown_word."""
    if len(content) > MAX_BYTES:
        raise RuleViolation(
            "template_too_large", "模板不能超过 1 MB；请去掉图片或压缩后再上传。", field="template"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _package_is_harmless(package)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError):
        raise _unreadable() from None
    # Filled once with invented values: what it would refuse later, it refuses now.
    _filled(content, _SAMPLE)


def _unreadable() -> RuleViolation:
    return RuleViolation(
        "template_unreadable",
        "这个文件不是 Word 文档（.docx），或已损坏、加了密码。请用 Word 或 WPS 另存为 .docx 后再上传。",
        field="template",
    )


def _package_is_harmless(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise RuleViolation(
            "template_too_large", "模板解开后太大，请换一个简单的模板。", field="template"
        )
    package.getinfo("word/document.xml")
    for part in parts:
        name = part.filename.lower()
        if "vbaproject" in name or "activex" in name or "embeddings/" in name:
            raise _has_program()
        if name.endswith(".rels"):
            links = package.read(part)
            # A link that somebody may click is no program; a part that Word fetches by itself is.
            if _REMOTE.search(_LINK.sub(b"", links)):
                raise _has_program()
        if name.endswith(".xml") and b"<!DOCTYPE" in package.read(part):
            raise _has_program()


def _has_program() -> RuleViolation:
    return RuleViolation(
        "template_has_program",
        "模板里有宏、嵌入对象、外部引用或不允许的指令。请只用说明里列出的占位词和循环。",
        field="template",
    )


class PlainEnvironment(ImmutableSandboxedEnvironment):
    """Jinja of which only the plainest part passes, whichever part of the file it stands in."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _only_plain(tree, frozenset(), 0)
        return tree


def _only_plain(node: nodes.Node, inside: frozenset[str], depth: int) -> None:
    """Raises: template_has_program; template_unknown_word. `inside` are the loops' own names."""
    if not isinstance(node, _PLAIN):
        raise _has_program()
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise _has_program()
    known = VALUES | LISTS | inside
    if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in known:
        raise RuleViolation(
            "template_unknown_word",
            f"模板里有不认识的占位词“{node.name[:30]}”，请对照说明核对。",
            field="template",
        )
    if isinstance(node, nodes.For):
        looped = isinstance(node.iter, nodes.Name) and node.iter.name in LISTS
        if (
            not looped
            or depth >= MAX_DEPTH
            or node.recursive
            or not isinstance(node.target, nodes.Name)
        ):
            raise _has_program()
        inside |= {node.target.name}
        depth += 1
    for child in node.iter_child_nodes():
        _only_plain(child, inside, depth)


def _filled(content: bytes, values: dict[str, Any]) -> bytes:
    document = DocxTemplate(io.BytesIO(content))
    try:
        document.render(values, PlainEnvironment(autoescape=True), autoescape=True)
        out = io.BytesIO()
        document.save(out)
    except RuleViolation:
        raise
    except TemplateError:
        raise RuleViolation(
            "template_unreadable",
            "模板里的占位词写法不对，例如少了“}}”或“endfor”。请对照说明核对。",
            field="template",
        ) from None
    except Exception:
        # Whatever the libraries make of a broken file: it is the file's fault, and no news for a log.
        raise _unreadable() from None
    return out.getvalue()


def minutes_as_word(meeting: JointMeeting) -> bytes:
    """The minutes as they now stand, by the community's template or the default one.

    Raises: as `template_is_harmless`, should a stored template not pass any more.
    """
    own = MinutesTemplate.objects.filter(community=meeting.community_id).first()
    return _filled(
        bytes(own.content) if own is not None else DEFAULT.read_bytes(), _values(meeting)
    )


def replace_template(community_id: int, name: str, content: bytes, *, by: Actor) -> MinutesTemplate:
    """The community's own template. Raises: not_allowed; what `template_is_harmless` refuses."""
    require(by, "meeting_rules.edit", community_id)
    template_is_harmless(content)
    return gate.note(
        MinutesTemplate,
        {"community_id": community_id},
        {
            "name": name[-100:],
            "content": content,
            "replaced_at": timezone.now(),
            "replaced_by": by.name,
        },
    )


def drop_template(community_id: int, *, by: Actor) -> None:
    """Goes back to the default template. Raises: not_allowed."""
    require(by, "meeting_rules.edit", community_id)
    gate.drop_notes(MinutesTemplate.objects.filter(community=community_id))


def _values(meeting: JointMeeting) -> dict[str, Any]:
    room = room_of(meeting)
    present = [row.name for row in room.roll if row.seat_id in room.here]
    left = {seat for seat, entry in room.states.items() if entry.kind == PresenceKind.LEFT}
    present += [f"{row.name}（提前离会）" for row in room.roll if row.seat_id in left]
    absent = [row.name for row in room.roll if row.seat_id not in room.here | left]
    actions = ActionItem.objects.filter(meeting=meeting).select_related(
        "organization", "resolution"
    )
    day = timezone.localtime(meeting.opened_at or meeting.starts_at)
    return {
        "community": meeting.community.name,
        "number": meeting.numbered,
        "meeting": meeting.title,
        "time": f"{day.year} 年 {day.month} 月 {day.day} 日 {day:%H:%M}",
        "place": meeting.place,
        "chair": meeting.chair,
        "present": "、".join(present),
        "absent": "、".join(absent) or "无",
        "paragraphs": [line for line in current_text(meeting).splitlines() if line.strip()],
        "resolutions": [
            {"number": one.numbered, "text": one.text}
            for one in meeting.resolutions.order_by("number")
        ],
        "actions": [
            {
                "resolution": one.resolution.numbered if one.resolution is not None else "",
                "title": one.title,
                "organization": one.organization.name,
                "due": f"{one.due_on:%Y-%m-%d}",
            }
            for one in actions.order_by("due_on", "pk")
        ],
        "signed": f"{meeting.community.name}联席会议",
    }


_SAMPLE: Final[dict[str, Any]] = {
    **dict.fromkeys(VALUES, "示例"),
    "paragraphs": ["示例"],
    "resolutions": [{"number": "示例", "text": "示例"}],
    "actions": [dict.fromkeys(("resolution", "title", "organization", "due"), "示例")],
}
