"""The last defence: no phone, no identity number and no exception's text in a log or a report."""

import io
import logging
import logging.config
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import RequestFactory
from django.views.debug import ExceptionReporter

from backend.core.error_reports import NothingTyped, PlacesOnly
from backend.core.log_masks import MaskedLines, mask_numbers

PHONE, IDENTITY = "13912345678", "11010519491231002X"
NAME, OTHER = "周若谷", "吴越人"


@pytest.fixture
def lines() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger with a handler made as the settings make theirs."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(MaskedLines("%(levelname)s %(name)s %(message)s"))
    log = logging.getLogger("tests.masks")
    log.addHandler(handler)
    log.propagate = False
    yield log, written
    log.removeHandler(handler)


def test_numbers_are_starred_out_of_messages_and_arguments(lines: Any) -> None:
    log, written = lines
    log.warning("no answer from %s (%s)", PHONE, {"id": IDENTITY})
    log.warning(f"sent to {PHONE}, batch 20260401 took 15.3 s")
    log.warning(ValueError(f"{NAME} {PHONE}"))
    log.warning("gave up: %s", ValueError(f"{NAME} {PHONE}"))
    said = written.getvalue()
    assert PHONE not in said
    assert IDENTITY not in said
    assert NAME not in said
    assert "batch 20260401 took 15.3 s" in said
    assert "gave up: ValueError" in said


def test_a_traceback_tells_places_and_kinds_and_no_texts(lines: Any) -> None:
    log, written = lines
    try:
        try:
            raise ValueError(f"{NAME} {PHONE}")
        except ValueError as first:
            raise LookupError(f"{OTHER} {IDENTITY}") from first
    except LookupError:
        log.exception("broke for %s", PHONE)
    said = written.getvalue()
    assert "test_log_masks.py" in said
    assert "builtins.ValueError" in said
    assert "builtins.LookupError" in said
    for secret in (PHONE, IDENTITY, NAME, OTHER):
        # The lines of the source that raised are code, and hold no value.
        assert secret not in said


def test_every_handler_of_the_settings_masks() -> None:
    config = django_settings.LOGGING
    assert config["handlers"]
    for handler in config["handlers"].values():
        formatter = config["formatters"][handler["formatter"]]
        assert formatter["()"] == f"{MaskedLines.__module__}.{MaskedLines.__name__}"
    logging_to = {name: log.get("handlers", []) for name, log in config["loggers"].items()}
    assert logging_to["django"] == [], "or Django's own handlers would go past the masks"
    assert all(set(names) <= set(config["handlers"]) for names in logging_to.values())
    assert not django_settings.DEBUG


def _report(reporter: type[ExceptionReporter]) -> str:
    request = RequestFactory().post(f"/admin/?q={PHONE}", {"name": NAME, "phone": PHONE})
    request.COOKIES["who"] = NAME
    request.META["HTTP_X_WHO"] = PHONE

    def ask(person: str) -> None:
        raise ValueError(person + PHONE)

    try:
        ask(NAME)
    except ValueError:
        made = reporter(request, *sys.exc_info())
        return made.get_traceback_html() + made.get_traceback_text()
    raise AssertionError


def test_an_error_report_tells_where_and_not_what(settings: Any) -> None:
    said = _report(PlacesOnly)
    assert "ValueError" in said
    assert "test_log_masks.py" in said
    assert PHONE not in said
    assert NAME not in said
    assert settings.SECRET_KEY not in said


def test_the_control_djangos_own_report_tells_everything(settings: Any) -> None:
    settings.DEBUG = True
    settings.DEFAULT_EXCEPTION_REPORTER_FILTER = "django.views.debug.SafeExceptionReporterFilter"
    assert NAME + PHONE in _report(ExceptionReporter)


def test_the_settings_name_our_reporter() -> None:
    assert django_settings.DEFAULT_EXCEPTION_REPORTER.endswith(PlacesOnly.__name__)
    assert django_settings.DEFAULT_EXCEPTION_REPORTER_FILTER.endswith(NothingTyped.__name__)


def test_masking_leaves_the_rest_as_it_is() -> None:
    assert mask_numbers(f"a {PHONE} b") == "a ＊＊＊ b"
    assert mask_numbers("2026-04-01 12:00:03 row 3-2-501") == "2026-04-01 12:00:03 row 3-2-501"
