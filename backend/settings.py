"""Settings, driven by the environment.

Without DJANGO_SECRET_KEY this is the demo: embedded SQLite under var/, invented people, known
passwords; it then answers to no host but loopback.
"""

from datetime import timedelta
from pathlib import Path

import environ

from admin_theme.look import unfold_settings
from backend.databases import databases_from

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEMO_SECRET = "demo-secret-for-loopback-only-never-for-production"
SECRET_KEY = env("DJANGO_SECRET_KEY", default="") or DEMO_SECRET
# Earlier ones, which still open what they sealed and signed.
SECRET_KEY_FALLBACKS = env.list("DJANGO_SECRET_KEY_FALLBACKS", default=[])
DEMO = SECRET_KEY == DEMO_SECRET
DEBUG = env.bool("DJANGO_DEBUG", default=False)
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = LOOPBACK if DEMO else env.list("DJANGO_ALLOWED_HOSTS", default=[])
# Pages say it in Chinese, the interface in JSON.
CSRF_FAILURE_VIEW = "backend.core.door.csrf_refused"
CSRF_TRUSTED_ORIGINS = env.list("DJANGO_CSRF_TRUSTED_ORIGINS", default=[])

VAR_DIR = Path(env("LINLI_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = databases_from(env("DATABASE_URL", default=""), VAR_DIR)
DATABASE_ROUTERS = ["backend.databases.QueueRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Set by manage.py for commands that show nothing: the pages of all registers are 25 MB and half a
# second of each import.
WITHOUT_PAGES = env.bool("LINLI_WITHOUT_PAGES", default=False)

INSTALLED_APPS = [
    # First: it gathers the Facets that the admin, getting ready after it, is made from.
    "backend.core",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "django.contrib.admin.apps.SimpleAdminConfig" if WITHOUT_PAGES else "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "axes",
    "corsheaders",
    "import_export",
    "django_tasks",
    "django_tasks_db",
    "django_filters",
    # Not graphene_django and strawberry_django themselves: their pages and commands are not used,
    # and here they would be loaded by every command (a second and 20 MB of each import).
    "graphene_django_graphiql_static",
    "admin_theme",
    "backend.places",
    "backend.jobs",
    "backend.exports",
    "backend.saved_views",
    "backend.people",
    "backend.files",
    "backend.messaging",
    "backend.accounts",
    "backend.privacy",
    "backend.education",
    "backend.partners",
    "backend.meetings",
    "backend.notices",
    "backend.services",
    "backend.stations",
    "backend.indicators",
    "backend.festivals",
    "backend.demands",
    "backend.volunteers",
    "backend.owner_votes",
    "backend.patrols",
    "backend.founding",
    "backend.imports",
    "schema",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Who comes with a token or a key, then whether a second factor is still missing.
    "backend.accounts.middleware.MaskedMethods",
    "backend.accounts.middleware.TokenSignIn",
    "backend.accounts.middleware.SecondFactor",
    # Last: it turns what it saw of a refused sign-in into the answer.
    "axes.middleware.AxesMiddleware",
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
                "admin_theme.pages.look_of_account_pages",
            ],
        },
    },
]

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "backend.accounts.lockout.LockoutBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_home"
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

# Sealed in the table: a session holds a phone and, for five minutes, the code sent to it.
SESSION_ENGINE = "backend.accounts.sessions"
# A working day at the desk; an app signs in once a month.
SESSION_COOKIE_AGE = 12 * 60 * 60
APP_SESSION_AGE = 30 * 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if not DEMO:
    SESSION_COOKIE_SECURE = env.bool("DJANGO_SECURE_COOKIES", default=True)
    CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Counters of the rate limits. One web process needs nothing else; several share a cache by address.
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://linli")}

# --- sign-in ---------------------------------------------------------------------------------------

# How many proxies stand in front and write X-Forwarded-For: limits count by the caller's address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("LINLI_TRUSTED_PROXIES", default=0 if DEMO else 1)
SECOND_FACTOR_REQUIRED = env.bool("LINLI_SECOND_FACTOR_REQUIRED", default=not DEMO)
# Where a session token or an API key signs a caller in; pages know cookies alone.
TOKEN_PATHS = ("/graphql/", "/files/", "/templates/")

ACCOUNT_ADAPTER = "backend.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "backend.accounts.forms.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = True
# Another phone or WeChat is a way in for good: a session alone does not make one.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 5 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 5 * 60
ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 3
ACCOUNT_RATE_LIMITS = {
    # Passwords are axes' business (below); second factors count here, ten wrong ones in ten minutes.
    "login_failed": "60/m/ip,10/10m/key",
    "request_login_code": "20/m/ip,1/m/key,10/d/key",
    "confirm_login_code": "20/m/ip,3/5m/key",
    "verify_phone": "1/m/key,10/d/key,20/m/ip",
    "claim_resident": "5/h/user",
}
HEADLESS_CLIENTS = ("app",)
MFA_ADAPTER = "backend.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Linli 邻里"
MFA_TOTP_TOLERANCE = 1
# Browsers allow passkeys without HTTPS on loopback alone, and the demo is nowhere else.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
SOCIALACCOUNT_ADAPTER = "backend.accounts.adapters.SocialAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {"weixin_mini": {}}

AXES_HANDLER = "backend.accounts.lockout.LockoutHandler"
# One person at one address; and an address as a whole, where an office sits behind one.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]
AXES_FAILURE_LIMIT = 5
LOCKOUT_ADDRESS_LIMIT = 50
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "backend.accounts.lockout.locked_out"
AXES_USERNAME_CALLABLE = "backend.accounts.lockout.name_in_the_books"
AXES_CLIENT_IP_CALLABLE = "backend.accounts.lockout.client_address"
AXES_SENSITIVE_PARAMETERS = ["username", "login", "ip_address", "user_agent", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

TASKS = {
    "default": {
        "BACKEND": env("LINLI_TASKS_BACKEND", default="django_tasks_db.DatabaseBackend"),
        "QUEUES": ["default"],
    }
}
if TASKS["default"]["BACKEND"].startswith("django_tasks_rq."):
    # Needs the extra `rq` of pyproject.toml: docs/decisions/0012-background-work.md.
    INSTALLED_APPS.append("django_rq")
    RQ_SHOW_ADMIN_LINK = False
    RQ_QUEUES = {
        "default": {
            "URL": env("LINLI_REDIS_URL", default="redis://127.0.0.1:6379/0"),
            # RQ kills what lasts longer; a job is then taken up again, and given up in the end.
            "DEFAULT_TIMEOUT": env.int("LINLI_RQ_TIMEOUT_SECONDS", default=3600),
            "DEFAULT_RESULT_TTL": 3600,
        }
    }

# A worker that has not beaten for so long is taken for dead, and its jobs are taken up again.
JOBS_DEAD_AFTER_SECONDS = env.float("LINLI_JOBS_DEAD_AFTER_SECONDS", default=30.0)
# What a stopping worker still runs after that is rolled back and left to another one.
WORKER_STOP_SECONDS = env.float("LINLI_WORKER_STOP_SECONDS", default=12.0)
JOBS_KEPT_DAYS = 30

# Limits of the import, in one place. An upload that is larger than IMPORT_IN_BACKGROUND_BYTES is
# planned by the worker; smaller ones answer at once.
IMPORT_MAX_BYTES = 30 * 1024 * 1024
IMPORT_IN_BACKGROUND_BYTES = env.int("LINLI_IMPORT_IN_BACKGROUND_BYTES", default=1024 * 1024)
# A plan that writes more rows than this is carried out by the worker, with progress and cancel.
IMPORT_CONFIRM_IN_BACKGROUND_ROWS = env.int("LINLI_IMPORT_CONFIRM_IN_BACKGROUND_ROWS", default=3000)
# Likewise what is taken back; that is quicker.
IMPORT_UNDO_IN_BACKGROUND_ROWS = env.int("LINLI_IMPORT_UNDO_IN_BACKGROUND_ROWS", default=5000)
UPLOADS_KEPT_DAYS = 30
# An export with more rows than this is made by the worker; its file waits so long to be fetched.
EXPORT_IN_BACKGROUND_ROWS = env.int("LINLI_EXPORT_IN_BACKGROUND_ROWS", default=10_000)
EXPORTS_KEPT_HOURS = env.int("LINLI_EXPORTS_KEPT_HOURS", default=24)

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
# Of the mini-program in WECHAT. Kind of message -> {"id": template id, "page": page it opens, "data": {keyword: placeholder}}.
WECHAT_BASE_URL = env("LINLI_WECHAT_BASE_URL", default="https://api.weixin.qq.com")
WECHAT_APP_ID = env("LINLI_WECHAT_APP_ID", default="")
WECHAT_APP_SECRET = env("LINLI_WECHAT_SECRET", default="")
# The same, for sign-in.
WECHAT = {
    "app_id": WECHAT_APP_ID,
    "secret": WECHAT_APP_SECRET,
    "base_url": WECHAT_BASE_URL,
    "timeout": 5,
}
# Kind of message -> {"id": template id, "page": page it opens, "data": {keyword: placeholder}}.
WECHAT_TEMPLATES = env.json("LINLI_WECHAT_TEMPLATES", default={})
EMAIL_HOST = env("LINLI_EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("LINLI_EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("LINLI_EMAIL_USER", default="")
EMAIL_HOST_PASSWORD = env("LINLI_EMAIL_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("LINLI_EMAIL_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("LINLI_EMAIL_FROM", default="linli@localhost")
# Keys of encrypted fields (identity numbers): the first encrypts, all decrypt. The demo's is known
# to everybody; without any, no identity number can be stored.
DEMO_FIELD_KEY = "ZGVtby1maWVsZC1rZXktZm9yLWxvb3BiYWNrLW9ubHk="
FIELD_KEYS = env.list("LINLI_FIELD_KEYS", default=[DEMO_FIELD_KEY] if DEMO else [])
# How long personal data shows in full once a reason is given.
REVEAL_MINUTES = env.int("LINLI_REVEAL_MINUTES", default=30)

IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_USE_TRANSACTIONS = True

# --- the two GraphQL interfaces --------------------------------------------------------------------

# A minute's requests of one signed-in user or key · of one address that is neither · of one address
# at the open data; 0 for no limit. How they are counted: docs/decisions/0041-requests-a-minute.md.
GRAPHQL_REQUESTS_PER_MINUTE = env.int("LINLI_GRAPHQL_REQUESTS_PER_MINUTE", default=1200)
GRAPHQL_ANONYMOUS_REQUESTS_PER_MINUTE = env.int(
    "LINLI_GRAPHQL_ANONYMOUS_REQUESTS_PER_MINUTE", default=600
)
OPEN_DATA_REQUESTS_PER_MINUTE = env.int("LINLI_OPEN_DATA_REQUESTS_PER_MINUTE", default=600)
# A minute's tokens and keys from one address that open nothing; 0 for no limit.
INVALID_TOKEN_REQUESTS_PER_MINUTE = env.int("LINLI_INVALID_TOKEN_REQUESTS_PER_MINUTE", default=120)
# Of a request that uploads nothing; an upload may have IMPORT_MAX_BYTES.
GRAPHQL_MAX_BODY_BYTES = env.int("LINLI_GRAPHQL_MAX_BODY_BYTES", default=1024 * 1024)
# Whether callers may ask the main API about its own schema.
GRAPHQL_INTROSPECTION = env.bool("LINLI_GRAPHQL_INTROSPECTION", default=DEMO)
# A list made by `manage.py trust_documents`: then no other document is answered.
GRAPHQL_TRUSTED_DOCUMENTS = env("LINLI_GRAPHQL_TRUSTED_DOCUMENTS", default="")
# Whether queries that the database can answer alone are compiled: docs/decisions/0046-compiled-reads.md.
GRAPHQL_COMPILED_READS = env.bool("LINLI_GRAPHQL_COMPILED_READS", default=True)
# Pages of these origins may call the main API and sign in for apps, with a token and no cookie.
CORS_ALLOWED_ORIGINS = env.list("LINLI_CORS_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/(graphql|_allauth/app|files|templates)/"
CORS_ALLOW_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
CORS_ALLOW_HEADERS = ("accept", "authorization", "content-type", "x-session-token")
CORS_EXPOSE_HEADERS = ("retry-after", "content-disposition")

UNFOLD = unfold_settings()
GRAPHENE = {
    "SCHEMA": "schema.open_data.schema.schema",
    "DJANGO_CHOICE_FIELD_ENUM_CUSTOM_NAME": "schema.open_data.names.enum_name",
}
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
    "formatters": {
        "line": {
            # The last defence: whatever is logged, by whomever, no phone and no exception's text.
            "()": "backend.core.log_masks.MaskedLines",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django's own handlers would go past the masks: everything goes to the root.
    "loggers": {
        "django": {"handlers": [], "level": "INFO" if DEBUG else "WARNING"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # At DEBUG it writes whole addresses, and WeChat wants our secret in one.
        "urllib3": {"level": "INFO"},
    },
}
# Error pages and mails tell where it broke, never what anybody had typed in.
DEFAULT_EXCEPTION_REPORTER = "backend.core.error_reports.PlacesOnly"
DEFAULT_EXCEPTION_REPORTER_FILTER = "backend.core.error_reports.NothingTyped"
