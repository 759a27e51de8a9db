#!/usr/bin/env python
"""Django's command line for Linli."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    if sys.argv[1:2] == ["import_sheet"]:
        os.environ["LINLI_WITHOUT_PAGES"] = "1"
    execute_from_command_line(sys.argv)
