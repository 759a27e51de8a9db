"""Named reads of people."""

import re
from collections.abc import Iterable

from backend.people.models import Resident

_LONGEST = 4
_HAN = re.compile("[㐀-鿿]{2,}")
# 买买提·艾力: a name of several parts; what stands before and after it runs into it.
_DOTTED = re.compile("([㐀-鿿]{1,8})((?:[·•・][㐀-鿿]+)*[·•・])([㐀-鿿]{1,8})")


def names_in(community_id: int, texts: Iterable[str]) -> frozenset[str]:
    """The names of the community's residents that occur in the texts: one query for all of them.

    The pieces of the texts that may be names are looked up; the roster is not gone through.
    """
    pieces: set[str] = set()
    for text in texts:
        for run in _HAN.findall(text):
            for length in range(2, _LONGEST + 1):
                pieces |= {run[at : at + length] for at in range(len(run) - length + 1)}
        for head, middle, tail in _DOTTED.findall(text):
            pieces |= {
                head[at:] + middle + tail[:end]
                for at in range(len(head))
                for end in range(1, len(tail) + 1)
            }
    if not pieces:
        return frozenset()
    known = Resident.objects.filter(community_id=community_id, name__among=pieces).order_by()
    return frozenset(known.values_list("name", flat=True).distinct())
