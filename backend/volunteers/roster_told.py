"""志愿者花名册: what a row comes to, as the plan keeps it, and the names of teams in a cell."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any, Self

_SEVERAL = re.compile(r"[、，,；;/\n]+")


def teams_in(text: str) -> list[str]:
    """The teams that a cell lists, each once, as written."""
    return list(dict.fromkeys(part for one in _SEVERAL.split(text) if (part := one.strip())))


@dataclass
class Told:
    """What is to be carried out of a row: a volunteer who is new, or what changes of one."""

    # A negative one stands for the resident whom that row brings.
    resident_id: int
    volunteer: int | None = None
    # As it was when the row was planned; of a new one None.
    revision: int | None = None
    # Fields of the volunteer's own row, by name.
    values: dict[str, Any] = field(default_factory=dict)
    # Keys of teams, and names of those that the row makes.
    teams: list[int] = field(default_factory=list)
    new_teams: list[str] = field(default_factory=list)
    # Whether somebody who had applied is taken on by it.
    approves: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything is to be done."""
        return self.volunteer is None or bool(
            self.values or self.teams or self.new_teams or self.approves
        )

    def as_values(self) -> dict[str, Any]:
        """For the plan that is kept."""
        return asdict(self)

    @classmethod
    def of_values(cls, values: dict[str, Any]) -> Self:
        """As kept."""
        return cls(**values)
