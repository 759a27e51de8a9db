"""The look of pages outside the admin site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

# Addresses whose pages wear the theme without being pages of the admin site.
PATHS = ("/accounts/", "/admin/login/")


def look_of_account_pages(request: HttpRequest) -> dict[str, Any]:
    """Colours, styles and names, as the admin site gives them to its own pages."""
    return admin.site.each_context(request) if request.path.startswith(PATHS) else {}
