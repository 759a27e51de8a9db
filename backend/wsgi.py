"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
application = get_wsgi_application()

from backend.core.production import refuse_demo_accounts  # noqa: E402  needs the apps
from backend.privacy.identity import refuse_numbers_without_keys  # noqa: E402

refuse_demo_accounts()
refuse_numbers_without_keys()
