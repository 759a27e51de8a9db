"""Labels as words of a sentence or a sheet."""

from typing import Any

from django.utils import translation


def in_chinese(label: Any) -> str:
    """A label in Chinese, whatever language the reader's pages are in.

    Messages are Chinese sentences, and the headings of sheets must be known again when they return.
    """
    with translation.override("zh-hans"):
        return str(label)
