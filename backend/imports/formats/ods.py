""".ods, read cell by cell.

calamine builds all sheets of an .ods in memory, repeats blank and filled cells as often as the file
says, and knows nothing of merged, hidden or error cells in them.
"""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from xml.parsers import expat

from .archive import Archive
from .cells import Row, fill_down
from .ods_rows import TableRows
from .refusal import Refusal

_CONTENT = "content.xml"
_TABLE = re.compile(rb"<table:table\s([^>]*?)/?>|</table:table>")
_NAME = re.compile(rb"""table:name=("[^"]*"|'[^']*')""")
_STYLE_NAME = re.compile(rb"""(?:table|style):(?:style-)?name=("[^"]*"|'[^']*')""")
_TABLE_STYLE = re.compile(rb"""table:style-name=("[^"]*"|'[^']*')""")
