"""The form behind every register's admin page: it asks the gate before it says yes."""

from typing import Any

from django.forms import ModelForm

from backend.core import gate
from backend.core.conflicts import REVISION, SEEN, keep_theirs
from backend.core.errors import RuleViolation
from backend.core.gate_checks import written_meanwhile
from backend.core.numbers import whole_number


class RegisterForm(ModelForm):
    """A model form whose verdict is the gate's own. The admin sets `community_if_unasked`."""

    community_if_unasked: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self._is_of_the_page:
            keep_theirs(self)

    @property
    def _is_of_the_page(self) -> bool:
        """Whether it is a stored record's own form, and no row's below it."""
        return self.is_bound and not self.prefix and self.instance.pk is not None

    def _is_outdated(self) -> bool:
        """Whether somebody has saved since what the sender has been shown."""
        if not self._is_of_the_page:
            return False
        shown = whole_number(str(self.data.get(SEEN) or self.data.get(REVISION) or ""))
        return shown is not None and shown != self.instance.revision

    def _post_clean(self) -> None:
        if self.community_if_unasked is not None and "community" not in self.fields:
            self.instance.community = self.community_if_unasked
        # Once, below, and of whole values alone: a rule asked of what is missing says nonsense.
        self.instance.gate_is_asked = True
        super()._post_clean()  # type: ignore[misc]
        self._take_community_of_parent()
        if self._is_outdated():
            self.add_error(None, written_meanwhile())
        if self.errors:
            return
        try:
            gate.check(self.instance)
        except RuleViolation as violation:
            field = violation.field if violation.field in self.fields else None
            self.add_error(field, violation)

    def _take_community_of_parent(self) -> None:
        """A new row that hangs on another one is of that one's community."""
        row = self.instance
        if getattr(row, "community_id", 0) is not None or "community" in self.fields:
            return
        for name in row.parents:
            above = name != "community" and getattr(row, name, None)
            if above:
                row.community_id = above.scope_community_id
                return
