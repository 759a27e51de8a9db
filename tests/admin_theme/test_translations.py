"""What libraries say on the staff pages is Chinese, whichever version of them is installed.

The strings are read from the installed packages when the test runs: a newer version with a new
string fails here and names it, so that no clerk meets it first.
"""

import ast
import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.apps import apps
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.utils.translation import gettext, ngettext, npgettext, override, pgettext
from django.utils.translation.template import templatize
from django.views.i18n import JSONCatalog

from admin_theme.compile_messages import (
    LOCALE,
    PLACEHOLDER,
    BrokenTranslation,
    compile_messages,
)

pytestmark = pytest.mark.once

# Each library with one string that its scan must find, so that a scan that finds nothing fails.
LIBRARIES = {
    "unfold": "Apply Filters",
    "import_export": "Confirm import",
    "django_tasks": "Running",
    "django_tasks_db": "enqueued at",
    "django_filters": "is greater than",
    "axes": "Failed Logins",
}

# These are filled in before they are looked up, so that no catalogue can hold them.
FILLED_IN_TOO_EARLY = {
    "%s through import_export",
    "The following fields are declared in 'import_id_fields' but are not present in the "
    "resource fields: %s, ",
    "The following fields are declared in 'import_id_fields' but are not present in the "
    "file headers: %s, ",
}

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **{f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext")},
}
# Django writes the strings of a template as Python calls: ``gettext(u'Save')``.
LITERAL = r"""(u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")"""
CALL = re.compile(
    rf"\b(_|gettext|ngettext|pgettext|npgettext)\({LITERAL}(?:,\s*{LITERAL})?(?:,\s*{LITERAL})?"
)


class Marked(NamedTuple):
    """A string that a library marks for translation."""

    context: str | None
    text: str
    plural: str | None

    def shown(self) -> str:
        """The string as the page shows it in the language that is active."""
        if self.plural and self.context:
            return npgettext(self.context, self.text, self.plural, 1)
        if self.plural:
            return ngettext(self.text, self.plural, 1)
        return pgettext(self.context, self.text) if self.context else gettext(self.text)

    def has_words(self) -> bool:
        return bool(re.search("[A-Za-z]", PLACEHOLDER.sub("", self.text)))


def marked_in_template(source: str) -> Iterator[Marked]:
    for name, *literals in CALL.findall(templatize(source)):
        texts = [ast.literal_eval(literal) for literal in literals if literal]
        context = texts.pop(0) if name in ("pgettext", "npgettext") else None
        yield Marked(context, texts[0], texts[1] if name in ("ngettext", "npgettext") else None)


def marked_in_code(path: Path, language: str) -> Iterator[Marked]:
    with path.open("rb") as code:
        for _line, message, _comments, context in extract(language, code, KEYWORDS):
            text, plural = message if isinstance(message, tuple) else (message, None)
            yield Marked(context, text, plural)


def installed_at(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None, f"{package} is not installed"
    assert spec.origin is not None, f"{package} is not a package"
    return Path(spec.origin).parent


def marked_in(package: str) -> set[Marked]:
    found: set[Marked] = set()
    root = installed_at(package)
    for path in root.rglob("*.html"):
        found.update(marked_in_template(path.read_text(encoding="utf-8")))
    for path in root.rglob("*.py"):
        found.update(marked_in_code(path, "python"))
    return found


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theme") / "locale"
    compile_messages(target=folder)
    return folder


@pytest.fixture
def chinese(catalogues: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # Without this, .mo files left in the tree by an earlier build would answer as well.
    monkeypatch.setattr(apps.get_app_config("admin_theme"), "path", str(catalogues.parent))
    with override_settings(LOCALE_PATHS=[catalogues]), override("zh-hans"):
        yield


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("library", LIBRARIES)
def test_every_string_of_the_library_is_chinese(library: str) -> None:
    marked = marked_in(library)
    assert LIBRARIES[library] in {string.text for string in marked}
    english = sorted(
        repr(string.text)
        for string in marked
        if string.has_words()
        and string.text not in FILLED_IN_TOO_EARLY
        and string.shown() in (string.text, string.plural)
    )
    assert not english, f"{library} says in English: " + ", ".join(english)


@pytest.mark.usefixtures("chinese")
def test_calendar_and_choosers_of_the_admin_are_chinese() -> None:
    catalog = admin_script_catalog()
    assert catalog["one letter Monday\x04M"] == "一"
    english = set()
    for path in (installed_at("django.contrib.admin") / "static/admin/js").glob("*.js"):
        for string in marked_in_code(path, "javascript"):
            key = f"{string.context}\x04{string.text}" if string.context else string.text
            if catalog.get(key, string.text) == string.text:
                english.add(f"{path.name}: {string.text!r}")
    assert not english, f"scripts say in English: {sorted(english)}"


@pytest.mark.usefixtures("chinese")
def test_deleting_is_not_called_deselecting() -> None:
    assert gettext("Delete selected %(model)s").startswith("删除")


def test_settings_name_the_folder_of_the_catalogues() -> None:
    # INSTALLED_APPS alone does not do: the admin's script catalogue reads LOCALE_PATHS only.
    assert LOCALE in [Path(path) for path in settings.LOCALE_PATHS]


def test_english_stays_english(chinese: None) -> None:
    with override("en"):
        assert gettext("Apply Filters") == "Apply Filters"


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ('msgid "Save"\nmsgstr ""', "not translated"),
        ('#, fuzzy\nmsgid "Save"\nmsgstr "保存"', "fuzzy"),
        ('msgid "Add %(name)s"\nmsgstr "增加"', "placeholders"),
        ('msgid "{} rows"\nmsgstr "{n} 行"', "placeholders"),
        ('msgid "%d row"\nmsgid_plural "%d rows"\nmsgstr[0] "行"', "placeholders"),
    ],
)
def test_refuses_to_compile_a_broken_translation(tmp_path: Path, message: str, fault: str) -> None:
    po_path = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    po_path.parent.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    po_path.write_text(header + message + "\n", encoding="utf-8")
    with pytest.raises(BrokenTranslation, match=fault):
        compile_messages(source=tmp_path)
    assert not list(tmp_path.rglob("*.mo"))


def admin_script_catalog() -> dict[str, Any]:
    """The catalogue that /admin/jsi18n/ hands to the page; a plural is a list of its forms."""
    view = JSONCatalog.as_view(packages=["django.contrib.admin"])
    response = view(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    catalog: dict[str, Any] = json.loads(response.content)["catalog"]
    return catalog
