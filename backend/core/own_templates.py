"""A community's own Word template, in place of the one that is built in: replaced, and dropped.

The file is bookkeeping; that it was replaced, by whom and by which, is history: whoever calls these
does so in a change set that says it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, require

if TYPE_CHECKING:
    # It carries the libraries that write Word files.
    from backend.core.word_forms import WordForm

NAME_LENGTH = 100


@dataclass(frozen=True)
class OwnTemplate:
    """One kind of template: where a community's own is kept, who may put it there, and the form that
    it must fit.
    """

    model: type[models.Model]
    right: str
    # Asked when a template is looked at.
    form: Callable[[], WordForm]

    def replace(self, community_id: int, name: str, content: bytes, by: Actor) -> Any:
        """Puts a file in place. Raises: not_allowed; what `WordForm.is_harmless` refuses."""
        require(by, self.right, community_id)
        self.form().is_harmless(content)
        values = {
            "name": name[-NAME_LENGTH:],
            "content": content,
            "replaced_at": timezone.now(),
            "replaced_by": by.name,
        }
        return gate.note(self.model, {"community_id": community_id}, values)

    def drop(self, community_id: int, by: Actor) -> None:
        """Goes back to the one that is built in. Raises: not_allowed."""
        require(by, self.right, community_id)
        gate.drop_notes(self.model._default_manager.filter(community=community_id))
