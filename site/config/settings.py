"""All settings, one file. The environment variables are described in docs/operations.md."""

import contextlib
import os
import secrets
from pathlib import Path
from zoneinfo import ZoneInfo

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import env

ROOT = Path(__file__).resolve().parents[2]
VERSION = "0.1.0"

# ---------------------------------------------------------------- where things lie
os.umask(0o077)  # database, papers and secrets are their owner's alone
DATA = Path(env.text("ZHIXING_DATA", str(ROOT / "var"))).resolve()
DATA.mkdir(parents=True, exist_ok=True)
INPUT = Path(env.text("ZHIXING_INPUT", str(ROOT.parent / "shared" / "input")))
PRODUCTION = env.flag("ZHIXING_PRODUCTION", False)
DEBUG = False  # never on: a debug page would print ballots, answers and passwords


def _secret(name: str) -> str:
    """The secret of that name: made once, kept in the data folder, readable by its owner only."""
    path = DATA / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = path.with_name(f".{name}.{secrets.token_hex(4)}")
        draft.write_text(secrets.token_urlsafe(48))
        draft.chmod(0o600)
        with contextlib.suppress(FileExistsError):  # whoever comes first wins; the other reads it
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()


SECRET_KEY = env.text("DJANGO_SECRET_KEY", "") or _secret("django")
PORT = env.number("PORT", 8000, low=1, high=65535)
BASE_URL = env.text("ZHIXING_BASE_URL", f"http://127.0.0.1:{PORT}")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["*"] if not PRODUCTION else [])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])

# ---------------------------------------------------------------- time
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
ZHIXING_NOW = env.moment("ZHIXING_NOW", ZoneInfo(TIME_ZONE))  # read by foundation/offers/clock.py
if ZHIXING_NOW and PRODUCTION:
    raise ImproperlyConfigured("ZHIXING_NOW sets the clock for tests and is refused in production")

# ---------------------------------------------------------------- the rooms, floor by floor
# offers are looked for in these and nowhere else: third-party packages have a handlers.py too
ROOMS = [
    "desk",
    "demo",
    "assessment.appraisals",
    "assessment.scorecards",
    "assessment.dossiers",
    "assessment.evaluations",
    "assessment.integrity",
    "assessment.discipline",
    "learning.courses",
    "learning.exams",
    "learning.questions",
    "learning.hours",
    "content",
    "foundation.ballotbox",
    "foundation.notices",
    "foundation.people",
    "foundation.documents",
    "foundation.exchange",
    "foundation.rulebook",
    "foundation.jobs",
    "foundation.audit",
    "foundation.offers",
]
INSTALLED_APPS = [
    *ROOMS,
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_celery_results",
    "django_celery_beat",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.AdminContentPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "desk.middleware.PersonalLanguage",  # an account's own language: the account must be known
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "foundation.people.doors.BackOfficeDoors",
    "django_htmx.middleware.HtmxMiddleware",
    "foundation.people.middleware.SignInDuties",
    "desk.middleware.ButtonsOnly",
    "desk.middleware.RefusalsToMessages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "desk.context.shell",
            ],
            "builtins": ["desk.templatetags.desk"],
        },
    }
]

# ---------------------------------------------------------------- database, cache, files
_database = env.text("DATABASE_URL", f"sqlite:///{DATA / 'zhixing.sqlite3'}")
DATABASES = {"default": dj_database_url.parse(_database, conn_max_age=None, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # a file, not shared memory: tests of two people at once need the real locks
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: an acknowledged answer or decision survives a power cut, not only a kill (settled.md)
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728;",
    }

_cache = env.text("CACHE_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _cache}
    if _cache
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [ROOT / "site" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = True
MEDIA_URL = "media/"
MEDIA_ROOT = DATA / "media"
PRIVATE_ROOT = DATA / "private"  # issued documents, job results: served by views that check the owner
AUDIT_HEADS = Path(env.text("AUDIT_HEADS", str(DATA / "audit" / "heads.jsonl")))  # better outside (scope-and-audit.md)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# ---------------------------------------------------------------- long work
_queue = DATA / "queue"
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", "filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem://"):
    for _folder in ("messages", "control"):
        (_queue / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
        "store_processed": False,
        "polling_interval": 0.2,
    }
CELERY_RESULT_BACKEND = "django-db"
CELERY_TASK_IGNORE_RESULT = True  # the Job row is the truth
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = env.text("ZHIXING_QUEUE", "zhixing")
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep-stale-jobs": {"task": "jobs.sweep", "schedule": 20.0},
    "submit-overdue-sittings": {"task": "jobs.start_by_beat", "schedule": 30.0, "args": ["exams.submit_overdue"]},
    "seal-audit": {"task": "jobs.start_by_beat", "schedule": 60.0, "args": ["audit.seal"]},
    # what the mail server would not take is tried again
    "send-mail": {"task": "jobs.start_by_beat", "schedule": 900.0, "args": ["notices.send_mail"]},
    "people-new-day": {"task": "jobs.start_by_beat", "schedule": 3600.0, "args": ["people.new_day"]},
    "sweep-uploads": {"task": "jobs.start_by_beat", "schedule": 86400.0, "args": ["exchange.sweep"]},
    "sweep-documents": {"task": "jobs.start_by_beat", "schedule": 3600.0, "args": ["documents.sweep"]},
    "publish-scheduled": {"task": "jobs.start_by_beat", "schedule": 60.0, "args": ["content.publish_scheduled"]},
    "settle-courses": {"task": "jobs.start_by_beat", "schedule": 60.0, "args": ["courses.settle_completions"]},
}

# ---------------------------------------------------------------- mail about notices; none without a server
_smtp = env.text("SMTP_HOST", "")
ZHIXING_MAIL = bool(_smtp)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _smtp else 'dummy'}.EmailBackend"
EMAIL_HOST = _smtp
EMAIL_PORT = env.number("SMTP_PORT", 25, low=1, high=65535)
EMAIL_HOST_USER = env.text("SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.text("SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.flag("SMTP_STARTTLS", False)
EMAIL_USE_SSL = env.flag("SMTP_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "zhixing@localhost")

# ---------------------------------------------------------------- people and sign-in
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["foundation.people.signin.AccountBackend"]
PASSWORD_HASHERS = [
    "foundation.people.hashers.HouseArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "foundation.people.validators.OfficePolicy"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
ACCOUNT_ADAPTER = "foundation.people.signin.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "foundation.people.signin_forms.SignInForm",
    "change_password": "foundation.people.signin_forms.NewPasswordForm",
}
# failed attempts are limited by foundation/people/limits.py; this one is against plain flooding
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": None}
MFA_ADAPTER = "foundation.people.signin.SecondFactorAdapter"
MFA_FORMS = {"authenticate": "foundation.people.signin_forms.CodeForm"}
MFA_TOTP_TOLERANCE = 1  # clocks of phone and server may differ by 30 seconds
MFA_RECOVERY_CODES_SHOW_ONCE = True
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0, low=0, high=5)
SESSION_COOKIE_AGE = 60 * 60 * 10
SESSION_COOKIE_NAME = "zhixing_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "desk.errors.page_expired"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# ---------------------------------------------------------------- language
LANGUAGE_CODE = "zh-hans"
FORMAT_MODULE_PATH = ["config.formats"]
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "site" / "locale"]
USE_I18N = True
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]

# ---------------------------------------------------------------- content security policy (ui/spec.md D8)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# ---------------------------------------------------------------- Wagtail: offline, branded, no way round the sign-in
WAGTAIL_SITE_NAME = "知行 Zhixing"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_LOGIN_URL = "admin_door"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "content.search_backend"}}
TAGGIT_CASE_INSENSITIVE = True

# ---------------------------------------------------------------- documents (docs/documents.md)
DOCUMENTS_SEAL = env.text("DOCUMENTS_SEAL", "")  # PNG of the authorised seal; without it the seal says 样章
DOCUMENTS_SEAL_OFFICE = env.text("DOCUMENTS_SEAL_OFFICE", "")  # whose seal it is: printed under no other name
DOCUMENTS_PKCS12 = env.text("DOCUMENTS_PKCS12", "")  # the organisation's key and certificate; without it our own CA
DOCUMENTS_PKCS12_PASSPHRASE_FILE = env.text("DOCUMENTS_PKCS12_PASSPHRASE_FILE", "")

# ---------------------------------------------------------------- names shown to people (settled.md: settings)
ZHIXING_TITLE = env.text("ZHIXING_TITLE", "知行学习与考核平台")
ZHIXING_SHORT_TITLE = env.text("ZHIXING_SHORT_TITLE", "知行")
ZHIXING_STRIP = env.text("ZHIXING_STRIP", "")  # a sentence under the header of every page
ZHIXING_SUPPORT = env.text("ZHIXING_SUPPORT", "")  # footer: whom to call, as it is to be read
ZHIXING_FILING = env.text("ZHIXING_FILING", "")  # footer: filing number
ZHIXING_DEMO = env.flag("ZHIXING_DEMO", False)  # shows the demo accounts on the sign-in page

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "WARNING")},
}
