"""Every figure of a community as of a day, with its window and what it is a share of."""

import sys
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

import orjson
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from backend.core.indicating import Reading, all_indicators, readings, still_missing


class Command(BaseCommand):
    """`manage.py indicators --community CODE --as-of DATE [--json]`."""

    @property
    def help(self) -> str:  # type: ignore[override]
        there = ", ".join(one.code for one in all_indicators())
        return (
            "每个指标的数值、时段、分子和分母，按当天以前发生的事算。"
            f"已有：{there}。登记还没有建成、因此没有的：{', '.join(still_missing()) or '无'}。"
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--community", required=True, help="社区编号")
        parser.add_argument(
            "--as-of", type=_day, default=None, help="截至哪天，2025-08-31；默认今天"
        )
        parser.add_argument("--json", action="store_true", help="给程序读")

    def handle(self, *args: Any, **options: Any) -> None:
        communities: Any = apps.get_model("places", "Community")._default_manager
        community = communities.filter(code=options["community"]).first()
        if community is None:
            raise CommandError("没有这个社区，请核对编号。", returncode=2)
        with translation.override("zh-hans"):
            found = readings(community.pk, options["as_of"] or timezone.localdate())
            if options["json"]:
                told = orjson.dumps([one.as_dict() for one in found], option=orjson.OPT_INDENT_2)
                self.stdout.write(told.decode())
                return
            for one in found:
                self.stdout.write(_line(one))
        if still_missing():
            print(f"登记还没有建成的指标：{', '.join(still_missing())}", file=sys.stderr)


def _line(reading: Reading) -> str:
    measured, window = reading.measured, reading.window
    days = f"{window.first} 至 {window.last}" if window.first != window.last else f"{window.last}"
    if measured.base is None:
        shown = f"{measured.value} {reading.indicator.unit}"
    elif measured.value is None:
        shown = "没有可比的基数"
    else:
        # A change has a direction, a share has none: -21.0%, 98.4%.
        sign = "+" if reading.indicator.is_change else ""
        shown = f"{measured.value:{sign}.1%}（{measured.part} / {measured.base}）"
    return f"{reading.indicator.title}：{shown}  [{days}]  {reading.indicator.code}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}”不是一天，请写成 2025-08-31 这样。") from None
