"""What stands on a certificate, in words: of it Word and PDF files are made alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.volunteers.certificate_rules import hours_text


@dataclass(frozen=True)
class Line:
    """One service that was counted."""

    day: date
    what: str
    minutes: int


@dataclass(frozen=True)
class Printed:
    """One certificate; `address` is where anybody may check its number."""

    community: str
    number: str
    name: str
    starts_on: date
    ends_on: date
    issued_on: date
    minutes: int
    address: str
    lines: Sequence[Line]

    @property
    def period(self) -> str:
        """From which day to which, both included."""
        return f"{in_words(self.starts_on)}至{in_words(self.ends_on)}"

    @property
    def hours(self) -> str:
        """The time served."""
        return hours_text(self.minutes)

    @property
    def sentence(self) -> str:
        """What the certificate certifies."""
        return (
            f"兹证明 {self.name} 于{self.period}期间，参加本社区志愿服务 {len(self.lines)} 次，"
            f"经核实的服务时长共计 {self.hours}。"
        )


def in_words(day: date) -> str:
    """2026年4月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
