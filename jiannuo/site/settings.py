"""Settings. Everything has a safe default; every variable is read strictly, and an unknown `JIANNUO_*` stops the start."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from jiannuo.kernel.secret_files import made_once
from jiannuo.site.mail import mail_server, mailbox

KNOWN = {
    "JIANNUO_HOME",
    "JIANNUO_PACK",
    "JIANNUO_TODAY",
    "JIANNUO_SECRET_KEY",
    "JIANNUO_SECRET_KEY_FILE",
    "JIANNUO_HOSTS",
    "JIANNUO_ORIGINS",
    "JIANNUO_HTTPS",
    "JIANNUO_DEBUG",
    "JIANNUO_ENDPOINTS",
    "JIANNUO_CACHE_MB",
    "JIANNUO_FONTS",
    "JIANNUO_URL",
    "JIANNUO_SMTP_URL",
    "JIANNUO_MAIL_FROM",
    "JIANNUO_IMAP_URL",
}
if unknown := {name for name in os.environ if name.startswith("JIANNUO_")} - KNOWN:
    raise ImproperlyConfigured(f"不认识的环境变量：{'、'.join(sorted(unknown))}；可用的是：{'、'.join(sorted(KNOWN))}")


def env_bool(name: str, *, default: bool) -> bool:
    """True or False as written; anything else is refused."""
    raw = os.environ.get(name, str(default))
    if raw not in ("True", "False"):
        raise ImproperlyConfigured(f"{name}={raw!r}：只能写 True 或 False")
    return raw == "True"


def env_list(name: str, default: str) -> list[str]:
    """The parts of a comma-separated value."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def env_pairs(name: str) -> dict[str, str]:
    """The pairs `name=value` of a comma-separated list."""
    pairs = [part.partition("=") for part in env_list(name, "")]
    if wrong := [key for key, equals, value in pairs if not (key and equals and value)]:
        raise ImproperlyConfigured(f"{name}：“{wrong[0]}”不是“站点=网址”的样子")
    return {key: value for key, _, value in pairs}


ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("JIANNUO_HOME", ROOT / "var")).resolve()
HOME.mkdir(mode=0o700, parents=True, exist_ok=True)


def secret_key() -> str:
    """The key given, or one made once and kept in the data folder, readable by its owner alone."""
    if given := os.environ.get("JIANNUO_SECRET_KEY"):
        return given
    path = Path(os.environ.get("JIANNUO_SECRET_KEY_FILE", HOME / "secret.key"))
    return made_once(path, lambda: secrets.token_urlsafe(64).encode()).decode("ascii").strip()


def database(url: str) -> dict[str, Any]:
    """Django's settings for a database named by its URL: `sqlite:///path` or `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:] if parts.path.startswith("//") else parts.path),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 30,
                "transaction_mode": "IMMEDIATE",
                # A record takes nearly two kilobytes: pages of four hold two of them and much that is empty.
                "init_command": "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
            },
        }
    if parts.scheme in ("postgresql", "postgres"):
        host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(host),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(f"DATABASE_URL={url!r}：要写 sqlite:///路径 或 postgresql://用户:口令@主机:端口/库名")


DEBUG = env_bool("JIANNUO_DEBUG", default=False)
SECRET_KEY = secret_key()
ALLOWED_HOSTS = env_list("JIANNUO_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("JIANNUO_ORIGINS", "")
DATABASES = {"default": database(os.environ.get("DATABASE_URL", f"sqlite:///{HOME / 'jiannuo.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "jiannuo.subjects.apps.Config",
    "jiannuo.access.apps.Config",
    "jiannuo.ledger.apps.Config",
    "jiannuo.intake.apps.Config",
    "jiannuo.duties.apps.Config",
    "jiannuo.cases.apps.Config",
    "jiannuo.measures.apps.Config",
    "jiannuo.assessment.apps.Config",
    "jiannuo.disclosure.apps.Config",
    "jiannuo.exchange.apps.Config",
    "jiannuo.site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "jiannuo.site.middleware.headers",
    "jiannuo.portal.caching.public_pages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "jiannuo.site.urls"
WSGI_APPLICATION = "jiannuo.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "jiannuo" / face / "templates" for face in ("site", "portal", "desk", "api")],
        "OPTIONS": {
            "context_processors": ["django.contrib.messages.context_processors.messages", "jiannuo.site.context.page"],
            "loaders": [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [ROOT / "jiannuo" / "site" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "desk:today"
LOGOUT_REDIRECT_URL = "portal:home"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "jiannuo.desk.sign_in.locked_out"
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "jiannuo.desk.gate.address_of"

SESSION_COOKIE_AGE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "jiannuo.desk.sign_in.stale_form"
HTTPS = env_bool("JIANNUO_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

# What the platform itself asks of an installation, and where the other sites of the document can be reached.
EVIDENCE_FOLDER = HOME / "evidence"
UPLOAD_LIMIT = 200 * 2**20
ENDPOINTS = env_pairs("JIANNUO_ENDPOINTS")
FONTS = Path(os.environ["JIANNUO_FONTS"]) if os.environ.get("JIANNUO_FONTS") else None
MAIL = mail_server(os.environ.get("JIANNUO_SMTP_URL", ""))
MAIL_FROM = os.environ.get("JIANNUO_MAIL_FROM", "")
if MAIL and "@" not in MAIL_FROM:
    raise ImproperlyConfigured("写了 JIANNUO_SMTP_URL，还要写 JIANNUO_MAIL_FROM，例如 践诺 <xinyong@example.gov.cn>")
MAILBOX = mailbox(os.environ.get("JIANNUO_IMAP_URL", ""))
if MAILBOX and not MAIL:
    raise ImproperlyConfigured("写了 JIANNUO_IMAP_URL，还要写 JIANNUO_SMTP_URL：来信要用它回回执码")
SITE_URL = (os.environ.get("JIANNUO_URL") or next(iter(CSRF_TRUSTED_ORIGINS), "http://127.0.0.1:8000")).rstrip("/")
PAGE_CACHE_BYTES = int(os.environ.get("JIANNUO_CACHE_MB", "32")) * 2**20

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"jiannuo": {"level": "INFO"}},
}
