"""Settings, driven by the environment.

Without DJANGO_SECRET_KEY this is the demo: embedded SQLite under var/, invented people, known
passwords; it then answers to no host but loopback.
"""

from pathlib import Path

import environ

from admin_theme.look import unfold_settings
from backend.databases import databases_from

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEMO_SECRET = "demo-secret-for-loopback-only-never-for-production"
SECRET_KEY = env("DJANGO_SECRET_KEY", default="") or DEMO_SECRET
DEMO = SECRET_KEY == DEMO_SECRET
DEBUG = env.bool("DJANGO_DEBUG", default=False)
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = LOOPBACK if DEMO else env.list("DJANGO_ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("DJANGO_CSRF_TRUSTED_ORIGINS", default=[])

VAR_DIR = Path(env("LINLI_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = databases_from(env("DATABASE_URL", default=""), VAR_DIR)
DATABASE_ROUTERS = ["backend.databases.QueueRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # First: it gathers the Facets that the admin, getting ready after it, is made from.
    "backend.core",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "import_export",
    "django_tasks",
    "django_tasks_db",
    "django_filters",
    "graphene_django",
    "graphene_django_graphiql_static",
    "strawberry_django",
    "admin_theme",
    "backend.places",
    "backend.jobs",
    "backend.people",
    "backend.files",
    "backend.messaging",
    "backend.accounts",
    "backend.privacy",
    "backend.education",
    "backend.imports",
    "schema",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "backend.urls"
WSGI_APPLICATION = "backend.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "admin_theme" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTH_USER_MODEL = "people.User"
LOGIN_URL = "admin:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "admin_theme" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "uploads"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if not DEMO:
    SESSION_COOKIE_SECURE = env.bool("DJANGO_SECURE_COOKIES", default=True)
    CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

TASKS = {
    "default": {
        "BACKEND": env("LINLI_TASKS_BACKEND", default="django_tasks_db.DatabaseBackend"),
        "QUEUES": ["default"],
    }
}

# Limits of the import, in one place. An upload that is larger than IMPORT_IN_BACKGROUND_BYTES is
# planned by the worker; smaller ones answer at once.
IMPORT_MAX_BYTES = 30 * 1024 * 1024
IMPORT_IN_BACKGROUND_BYTES = env.int("LINLI_IMPORT_IN_BACKGROUND_BYTES", default=1024 * 1024)
UPLOADS_KEPT_DAYS = 30

# Messages. "off" (nobody is told this way), "file" (JSON lines under OUTBOX_DIR), "console", and
# for each way its own: "http" for SMS, "django" for e-mail, "wechat".
MESSAGING_CHANNELS = {
    channel: env(f"LINLI_{channel.upper()}_CHANNEL", default="file" if DEMO else "off")
    for channel in ("sms", "email", "wechat")
}
OUTBOX_DIR = VAR_DIR / "outbox"
OUTBOX_KEPT_DAYS = 30
# No SMS and no WeChat in these hours of TIME_ZONE; codes excepted. "-" for none.
QUIET_HOURS = env("LINLI_QUIET_HOURS", default="21:00-08:00")
# For how long a worker is believed to be sending what it has taken.
DELIVERY_LEASE_SECONDS = env.float("LINLI_DELIVERY_LEASE_SECONDS", default=120)
SMS_PROVIDER = {
    "url": env("LINLI_SMS_URL", default=""),
    "key_id": env("LINLI_SMS_KEY_ID", default=""),
    "secret": env("LINLI_SMS_SECRET", default=""),
    "sign": env("LINLI_SMS_SIGN", default=""),
    "body": env.json("LINLI_SMS_BODY", default={"to": "{to}", "text": "{text}"}),
    "templates": env.json("LINLI_SMS_TEMPLATES", default={}),
    "ok_field": env("LINLI_SMS_OK_FIELD", default=""),
    "ok_values": tuple(env.list("LINLI_SMS_OK_VALUES", default=["0", "OK"])),
    "reference_field": env("LINLI_SMS_REFERENCE_FIELD", default="id"),
}
WECHAT_BASE_URL = env("LINLI_WECHAT_BASE_URL", default="https://api.weixin.qq.com")
WECHAT_APP_ID = env("LINLI_WECHAT_APP_ID", default="")
WECHAT_APP_SECRET = env("LINLI_WECHAT_APP_SECRET", default="")
# Kind of message -> {"id": template id, "page": page it opens, "data": {keyword: placeholder}}.
WECHAT_TEMPLATES = env.json("LINLI_WECHAT_TEMPLATES", default={})
EMAIL_HOST = env("LINLI_EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("LINLI_EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("LINLI_EMAIL_USER", default="")
EMAIL_HOST_PASSWORD = env("LINLI_EMAIL_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("LINLI_EMAIL_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("LINLI_EMAIL_FROM", default="linli@localhost")

IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_USE_TRANSACTIONS = True

UNFOLD = unfold_settings()
GRAPHENE = {"SCHEMA": "schema.open_data.schema.schema"}
STRAWBERRY_DJANGO = {
    "MAP_AUTO_ID_AS_GLOBAL_ID": True,
    "FIELD_DESCRIPTION_FROM_HELP_TEXT": True,
    "TYPE_DESCRIPTION_FROM_MODEL_DOCSTRING": True,
    "MUTATIONS_DEFAULT_HANDLE_ERRORS": False,
    "PAGINATION_MAX_LIMIT": 100,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
