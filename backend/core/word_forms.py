"""Word files filled by docxtpl from templates that staff can replace.

A template is a program, and who uploads it is not asked what it does: only the plainest part of
Jinja passes (a value, a loop over one of our lists, an if), nothing is called, and values are text.
Load this module when it is asked for: each import would carry its libraries.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from docx.shared import Cm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from backend.core.errors import RuleViolation

MAX_BYTES: Final = 1_000_000
MAX_UNPACKED: Final = 20_000_000
MAX_PARTS: Final = 300
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


@dataclass(frozen=True)
class Picture:
    """A picture that stands for a word of the template, and how wide it is in centimetres."""

    content: bytes
    width: float


@dataclass(frozen=True)
class WordForm:
    """What may stand in the templates of one kind of document."""

    default: Path
    values: frozenset[str]
    # Invented values, of the shape of real ones: what a template refuses later, it refuses at once.
    sample: Mapping[str, Any]
    lists: frozenset[str] = field(default_factory=frozenset)

    def is_harmless(self, content: bytes) -> None:
        """Raises: template_too_large; template_unreadable; template_has_program;
        template_unknown_word.
        """
        if len(content) > MAX_BYTES:
            raise RuleViolation(
                "template_too_large",
                "模板不能超过 1 MB；请去掉图片或压缩后再上传。",
                field="template",
            )
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                _package_is_harmless(package)
        except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError):
            raise _unreadable() from None
        self.filled(content, self.sample)

    def filled(self, content: bytes, values: Mapping[str, Any]) -> bytes:
        """The template with values in place of its words. Raises: as `is_harmless`."""
        document = DocxTemplate(io.BytesIO(content))
        try:
            document.render(
                {name: _shown(document, value) for name, value in values.items()},
                PlainEnvironment(self.values, self.lists),
                autoescape=True,
            )
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
            # Whatever the libraries make of a broken file: it is the file's fault, and no news for
            # a log.
            raise _unreadable() from None
        return out.getvalue()


def _shown(document: DocxTemplate, value: Any) -> Any:
    if isinstance(value, Picture):
        return InlineImage(document, io.BytesIO(value.content), width=Cm(value.width))
    return value


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

    def __init__(self, values: frozenset[str], lists: frozenset[str]) -> None:
        super().__init__(autoescape=True)
        self.known_values = values
        self.known_lists = lists

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        self._only_plain(tree, frozenset(), 0)
        return tree

    def _only_plain(self, node: nodes.Node, inside: frozenset[str], depth: int) -> None:
        """Raises: template_has_program; template_unknown_word. `inside` are the loops' own names."""
        if not isinstance(node, _PLAIN):
            raise _has_program()
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            raise _has_program()
        known = self.known_values | self.known_lists | inside
        if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in known:
            raise RuleViolation(
                "template_unknown_word",
                f"模板里有不认识的占位词“{node.name[:30]}”，请对照说明核对。",
                field="template",
            )
        if isinstance(node, nodes.For):
            looped = isinstance(node.iter, nodes.Name) and node.iter.name in self.known_lists
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
            self._only_plain(child, inside, depth)
