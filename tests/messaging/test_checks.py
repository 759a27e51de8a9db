"""A setting by which nothing could be sent stops the server, not the first message."""

from typing import Any

import pytest
from django.core.checks import run_checks

from backend.messaging.checks import settings_can_be_meant


def ids(messages: Any) -> list[str]:
    return [message.id for message in messages]


def test_the_settings_as_they_come_can_be_meant():
    assert settings_can_be_meant() == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MESSAGING_CHANNELS", {"sms": "pigeon"}, "messaging.E001"),
        ("QUIET_HOURS", "21-8 o'clock", "messaging.E002"),
        ("QUIET_HOURS", "21:00", "messaging.E002"),
        ("QUIET_HOURS", "", "messaging.E002"),
        ("WECHAT_TEMPLATES", {"event_promoted": "tpl-1"}, "messaging.E003"),
        ("WECHAT_TEMPLATES", ["tpl-1"], "messaging.E003"),
        ("SMS_PROVIDER", {"url": "x"}, "messaging.E003"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(settings, name, value, said):
    setattr(settings, name, value)
    assert ids(settings_can_be_meant()) == [said]
    assert said in ids(run_checks()), "and Django's own check hears of it"


@pytest.mark.parametrize("hours", ["-", "22:00-07:30", "12:00-14:00"])
def test_hours_and_none_are_hours(settings, hours):
    settings.QUIET_HOURS = hours
    assert settings_can_be_meant() == []
