"""What an installation may set. Every entry reads the environment, with its type, default and one sentence."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

ROOT: Final = Path(__file__).resolve().parent.parent


class Entry(NamedTuple):
    """One setting as the reference page shows it."""

    name: str
    default: str
    sentence: str


ENTRIES: Final[list[Entry]] = []


def _read(name: str, default: str, sentence: str) -> str:
    ENTRIES.append(Entry(name, default, sentence))
    return os.environ.get(name, default)


def _flag(name: str, default: str, sentence: str) -> bool:
    value = _read(name, default, sentence).strip().lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise SystemExit(f"{name} must be 0 or 1, not {value!r}.")
    return value in {"1", "true", "yes"}


def _number(name: str, default: str, sentence: str) -> int:
    value = _read(name, default, sentence)
    if not value.isdigit():
        raise SystemExit(f"{name} must be a whole number, not {value!r}.")
    return int(value)


CANBAO_DEMO = _flag(
    "CANBAO_DEMO", "0", "Serve the invented demo county; codes are shown on the outbox page."
)
CANBAO_DATA = Path(
    _read("CANBAO_DATA", str(ROOT / "var"), "Folder of the embedded database, papers and keys.")
)
CANBAO_KEYS = Path(
    _read("CANBAO_KEYS", "", "Folder of the encryption keys; empty means keys/ in CANBAO_DATA.")
    or CANBAO_DATA / "keys"
)
CANBAO_BUSINESS_DATE = _read(
    "CANBAO_BUSINESS_DATE",
    "11-20" if CANBAO_DEMO else "",
    "Business date for training: month-day of the running year, a full date, or empty for today.",
)
CANBAO_RUN_BEGAN = _read(
    "CANBAO_RUN_BEGAN",
    "",
    "Moment the run began, which canbao run hands to what it starts; the business date is counted from it.",
)
CANBAO_ADDRESS = _read(
    "CANBAO_ADDRESS",
    f"http://127.0.0.1:{os.environ.get('PORT', '8000')}",
    "Public address of this installation; printed in the QR code of every paper.",
).rstrip("/")
CANBAO_SENDER = _read(
    "CANBAO_SENDER",
    "outbox" if CANBAO_DEMO else "",
    "Sender of messages: smtp://user:password@host:port?from=ADDRESS&to={phone}@GATEWAY, or the path of an HTTP gateway profile.",
)
CANBAO_HOLIDAYS = _read(
    "CANBAO_HOLIDAYS",
    "",
    "TOML file with holidays and worked weekends of years not yet known here.",
)
CANBAO_OFFICER_IDLE_MINUTES = _number(
    "CANBAO_OFFICER_IDLE_MINUTES",
    "30",
    "Minutes without a click after which an officer is logged out.",
)
CANBAO_UPLOAD_MEGABYTES = _number(
    "CANBAO_UPLOAD_MEGABYTES", "10", "Largest single upload in megabytes."
)

SECRET_KEY = _read(
    "CANBAO_SECRET_KEY",
    "",
    "Secret of sessions and forms; empty means the file session.key in CANBAO_KEYS.",
)
if not SECRET_KEY:
    secret_file = CANBAO_KEYS / "session.key"
    SECRET_KEY = secret_file.read_text().strip() if secret_file.exists() else ""
SECRET_KEY = SECRET_KEY or "unset: canbao refuses to serve with this"

DATABASE_URL = _read(
    "DATABASE_URL", "", "PostgreSQL 15 or later to use instead of the embedded server."
)


def _database() -> dict[str, Any]:
    if DATABASE_URL:
        url = urlsplit(DATABASE_URL)
        found = {
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": unquote(url.hostname or ""),
            "PORT": str(url.port or ""),
        }
        query = dict(part.split("=", 1) for part in url.query.split("&") if "=" in part)
        found["HOST"] = found["HOST"] or unquote(query.get("host", ""))
    else:
        from canbao.postgres import supervisor  # noqa: PLC0415 - only where it is the database

        info = supervisor.connection(CANBAO_DATA)
        found = {
            "NAME": info.dbname,
            "USER": info.user,
            "PASSWORD": info.password,
            "HOST": info.host,
            "PORT": str(info.port),
        }
    pool = os.environ.get("CANBAO_POOL", "")
    return {
        "ENGINE": "canbao.postgres.backend",
        **found,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": int(pool)}} if pool else {},
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0 if pool else 600,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEBUG = False
ALLOWED_HOSTS = _read(
    "CANBAO_HOSTS", "127.0.0.1,localhost,[::1]", "Host names served, separated by commas."
).split(",")
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "procrastinate.contrib.django",
    "canbao",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "canbao.web.middleware.County",
    "canbao.web.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]
CSRF_FAILURE_VIEW = "canbao.web.theme.views.csrf_failure"
ROOT_URLCONF = "canbao.urls"
WSGI_APPLICATION = "canbao.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "canbao" / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "canbao.web.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "canbao.web.theme.templatetags.canbao"],
            "string_if_invalid": "",
        },
    }
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "canbao.web.desk.login.locked"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# A login code must not wait behind a job of thousands; what was done well need not be kept twice.
PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 2, "delete_jobs": "successful"}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "build" / "collected"
STATICFILES_DIRS = [folder for folder in (ROOT / "build" / "static",) if folder.exists()]
WHITENOISE_USE_FINDERS = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = _flag("CANBAO_HTTPS", "0", "Serve behind HTTPS: cookies are only sent over it.")
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
