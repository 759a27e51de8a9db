"""The cursors that both APIs give: places in a list, and no others are taken."""

import base64
import binascii
import re

BAD_CURSOR = "分页位置（after、before）无效，请使用接口返回的游标。"
# As many as any list has rows; a database takes no number of any length.
_PLACE = re.compile(r"arrayconnection:[0-9]{1,9}", re.ASCII)


def is_ours(cursor: str) -> bool:
    """Whether one of the APIs may have given this cursor."""
    try:
        text = base64.b64decode(cursor.encode("ascii"), validate=True).decode("ascii")
    except (UnicodeError, binascii.Error):
        return False
    return _PLACE.fullmatch(text) is not None
