"""A choice in words, beside the choice: `status_label = in_words(EventStatus, "status", …)`."""

from typing import Any

import strawberry_django

from schema.main.base import Language, label_of


def in_words(choices: Any, column: str, description: str) -> Any:
    """A field that says in Chinese, or in the language asked for, what a column of choices holds."""

    def label(self: Any, lang: Language = Language.ZH) -> str:
        return label_of(choices, getattr(self, column), lang)

    return strawberry_django.field(label, only=[column], description=description)
