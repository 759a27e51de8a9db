"""A choice in words, beside the choice: `status_label = in_words(EventStatus, "status", …)`."""

from typing import Any

import strawberry
import strawberry_django

from schema.main.base import Language, label_of


def in_words(choices: Any, column: str, description: str) -> Any:
    """A field that says in Chinese, or in the language asked for, what a column of choices holds."""

    def label(self: Any, lang: Language = Language.ZH) -> str:
        return label_of(choices, getattr(self, column), lang)

    return strawberry_django.field(label, only=[column], description=description)


def state_in_words(choices: Any, description: str = "The state in words.") -> Any:
    """The same of a type that is no model's: what its `status` says."""

    def label(self: Any, lang: Language = Language.ZH) -> str:
        return label_of(choices, self.status.value, lang)

    return strawberry.field(label, description=description)
