"""People: accounts, residents, organizations."""

import os

# One character at a time is asked of pypinyin: its dictionary of phrases would only cost every
# process half a second at its start. It reads this when it is first imported.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
