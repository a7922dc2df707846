"""Every setting, from the environment, read from top to bottom. Nonsense stops the start.

`.env.example` explains each variable. With DEBUG and DEMO off, whatever would make a real shop
unsafe (a missing or weak secret, the demo provider, plain http) is collected and refused at once,
by name.
"""

import re
from base64 import urlsafe_b64decode
from email.utils import formataddr
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from partner_api.endpoints import with_overrides
from storefront import queues
from storefront.accounts.sign_in import *  # noqa: F403  how people sign in
from storefront.core.csp import content_policy
from storefront.core.logs import configure_logging
from storefront.core.reports import start_reports
from storefront.core.theme import UnusableTheme, read_theme
from storefront.payments.currencies import DIGITS
from storefront.schedule import beat_schedule

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
# A shop for real money: neither a developer's nor a demonstration.
STRICT = not (DEBUG or DEMO)

_problems: list[str] = []
_MAIL_SERVERS = {"smtp", "smtps", "submission", "submit"}


def _judged(name: str, values: list[str], *, development: str, shortest: int) -> tuple[str, ...]:
    """Secrets of the environment; only DEBUG has a default, only a demo may have weak ones."""
    given = [value for value in values if value] or ([development] if DEBUG and development else [])
    if not given:
        _problems.append(f"{name} is missing")
    for value in given if STRICT else []:
        is_short = len(value) < shortest or len(set(value)) < 8
        if is_short or "insecure" in value or value == development:
            _problems.append(f"{name} is weak: give at least {shortest} random characters")
    return tuple(given)


def _secret(name: str, *, development: str = "", shortest: int = 16) -> str:
    """One secret."""
    return "".join(_judged(name, [env.str(name, "")], development=development, shortest=shortest))


def _secrets(name: str, *, development: str) -> tuple[str, ...]:
    """Comma-separated secrets, each a good one."""
    parts = [part.strip() for part in env.str(name, "").split(",")]
    return _judged(name, parts, development=development, shortest=16)


def _address(name: str, *, demo: str) -> str:
    """A web address without its last slash; a real shop's is https."""
    address = env.str(name, "" if STRICT else demo).rstrip("/")
    schemes = ["https"] if STRICT else ["https", "http"]
    try:
        is_good = urlsplit(address).scheme in schemes and urlsplit(address).hostname
    except ValueError:
        is_good = None
    if not is_good:
        _problems.append(f"{name} must be an {' or '.join(schemes)} address")
    return address if is_good else ""


_DEVELOPMENT_KEY = bytes(range(32))


def _key_ring(name: str) -> tuple[bytes, ...]:
    """Comma-separated keys of 32 bytes as base64url; the first encrypts, all decrypt."""
    keys = []
    for number, text in enumerate(filter(None, env.str(name, "").split(",")), start=1):
        try:
            key = urlsafe_b64decode(text.strip() + "=" * (-len(text.strip()) % 4))
        except ValueError:
            key = b""
        if len(key) != 32:
            _problems.append(f"{name}: key {number} is not 32 bytes as base64url")
        elif STRICT and (len(set(key)) < 8 or key == _DEVELOPMENT_KEY):
            _problems.append(f"{name}: key {number} is weak: it must be random")
        else:
            keys.append(key)
    if not keys and DEBUG:
        return (_DEVELOPMENT_KEY,)
    if not keys:
        _problems.append(f"{name} is missing or has no usable key")
    return tuple(keys)


# --- The shop ------------------------------------------------------------------------------------
STORE_NAME = env.str("STORE_NAME", "Kiosk")
STORE_CURRENCY = env.str("STORE_CURRENCY", "USD").upper()
if STORE_CURRENCY not in DIGITS:
    _problems.append("STORE_CURRENCY must be a currency we can charge in, such as USD")
SITE_URL = _address("SITE_URL", demo="http://127.0.0.1:8000")
try:
    THEME = read_theme(
        env.float("ACCENT_HUE", 264.0), env.float("ACCENT_CHROMA", 0.2), env.str("STORE_LOGO", "")
    )
except UnusableTheme as error:
    _problems.append(str(error))
# Hosts whose pictures of goods the browser may show, over https; all other goods get drawn cards.
IMAGE_HOSTS = tuple(filter(None, (host.strip() for host in env.str("IMAGE_HOSTS", "").split(","))))
if any(not re.fullmatch(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]*", host) for host in IMAGE_HOSTS):
    _problems.append("IMAGE_HOSTS must be host names such as images.example, comma-separated")

# --- Secrets -------------------------------------------------------------------------------------
SECRET_KEY = _secret("SECRET_KEY", development="development-only-" + "k3y" * 12, shortest=50)
PIN_KEYS = _key_ring("PIN_KEYS")

# --- The partner ---------------------------------------------------------------------------------
PARTNER_API_URL = _address("PARTNER_API_URL", demo="http://127.0.0.1:8001")
PARTNER_API_TOKEN = _secret("PARTNER_API_TOKEN", development="sandbox-token")
# Several secrets are accepted from webhooks while one replaces another; the first one signs.
PARTNER_API_SECRETS = _secrets("PARTNER_API_SECRET", development="sandbox-secret")
if STRICT and PARTNER_API_TOKEN in PARTNER_API_SECRETS:
    _problems.append("PARTNER_API_SECRET must not be the token: whoever reads one would sign")
PARTNER_PATHS: dict[str, str] = env.dict("PARTNER_PATHS", {})
try:
    with_overrides(PARTNER_PATHS)
except ValueError as error:
    _problems.append(f"PARTNER_PATHS: {error}")
# How the face amount of a custom SKU travels in an order; the partner's page does not show it.
PARTNER_CUSTOM_AMOUNT_FIELD = "amount"
# Goods of any amount come with a rate into the partner's currency, but without its name; the
# reference knows balances in this one alone.
PARTNER_CURRENCY = "USD"

# Calls a second to the partner, over all processes; 0 sets no limit of our own.
PARTNER_RATE = env.float("PARTNER_RATE", 300.0)
if PARTNER_RATE < 0:
    _problems.append("PARTNER_RATE must not be negative")

# Factor on every wait of buying, polling and sweeping; it never touches signatures or the clock.
WAIT_SCALE = env.float("WAIT_SCALE", 1.0)
if WAIT_SCALE < 0:
    _problems.append("WAIT_SCALE must not be negative")
if WAIT_SCALE != 1.0 and STRICT:
    _problems.append("WAIT_SCALE is for demonstrations and tests (DEMO=1)")

# --- What one customer may do --------------------------------------------------------------------
# Forms of checkout and payment that one client may send in ten minutes.
CHECKOUT_LIMIT = env.int("CHECKOUT_LIMIT", 60)
# Units that one mail address or account may order in a day; a household three times as many.
DAILY_UNITS = env.int("DAILY_UNITS", 100)
for _name, _limit in (("CHECKOUT_LIMIT", CHECKOUT_LIMIT), ("DAILY_UNITS", DAILY_UNITS)):
    if _limit < 1:
        _problems.append(f"{_name} must be at least 1")

# --- Payment -------------------------------------------------------------------------------------
PAYMENT_PROVIDER = env.str("PAYMENT_PROVIDER", "stripe" if STRICT else "demo")
STRIPE_SECRET_KEY = STRIPE_WEBHOOK_SECRET = ""
STRIPE_API_URL = env.str("STRIPE_API_URL", "")
if PAYMENT_PROVIDER not in {"demo", "stripe"}:
    _problems.append("PAYMENT_PROVIDER must be demo or stripe")
if PAYMENT_PROVIDER == "demo" and STRICT:
    _problems.append("PAYMENT_PROVIDER=demo gives goods away: it needs DEMO=1")
if STRIPE_API_URL and STRICT:
    _problems.append("STRIPE_API_URL is for tests against a fake only")
if PAYMENT_PROVIDER == "stripe":
    STRIPE_SECRET_KEY = _secret("STRIPE_SECRET_KEY")
    STRIPE_WEBHOOK_SECRET = _secret("STRIPE_WEBHOOK_SECRET")
if "_test_" in STRIPE_SECRET_KEY and STRICT:
    _problems.append("STRIPE_SECRET_KEY is a test key: it sells for money that does not exist")

# --- Hosts ---------------------------------------------------------------------------------------
_site_host = urlsplit(SITE_URL).hostname or ""
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", [_site_host] if STRICT else [_site_host, "127.0.0.1", "localhost", "[::1]"]
)
ALLOWED_HOSTS = [host.strip() for host in ALLOWED_HOSTS if host.strip()]
if STRICT and ("*" in ALLOWED_HOSTS or not ALLOWED_HOSTS):
    _problems.append("ALLOWED_HOSTS must name the shop's hosts, not *")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []
# The client's address is taken this many hops from the right of X-Forwarded-For; 0: no proxy.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES < 0:
    _problems.append("TRUSTED_PROXIES is a count: 0 or more")

# --- Services ------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", "")
REDIS_URL = env.str("REDIS_URL", "")
EMAIL_URL = env.str("EMAIL_URL", "")
for _name, _url, _schemes in (
    ("DATABASE_URL", DATABASE_URL, {"postgres", "postgresql"}),
    ("REDIS_URL", REDIS_URL, {"redis", "rediss", "redis+socket"}),
    # Anything but a mail server would print links that open orders, or drop them.
    ("EMAIL_URL", EMAIL_URL, _MAIL_SERVERS if STRICT else set(dj_email_url.SCHEMES)),
):
    if not _url and STRICT:
        _problems.append(f"{_name} is missing")
    elif _url and urlsplit(_url).scheme not in _schemes:
        _problems.append(f"{_name} must begin with one of: {', '.join(sorted(_schemes))}")

if _problems:
    raise ImproperlyConfigured("; ".join(_problems))

if not DATABASE_URL:
    from devtools.services import ensure_database

    DATABASE_URL = ensure_database("run")
if not REDIS_URL:
    from devtools.services import ensure_broker

    REDIS_URL = ensure_broker("run")

DATABASES = {
    "default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all processes, also while the broker is down: allauth keeps here what was used up.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- The queue (ADR 0002) ------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True  # results would put what tasks return into Redis
CELERY_TASK_ACKS_LATE = True  # a killed worker must not take its task along ...
CELERY_TASK_REJECT_ON_WORKER_LOST = True  # ... nor a killed child
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # nothing waits behind a slow task
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = queues.TRANSPORT
CELERY_TASK_PUBLISH_RETRY = False  # one try: the sweeper finds what was not queued
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30.0
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
# Celery would open a new connection to the database for each task, which costs more than most tasks
# do. Ours are kept for as long as a child lives, looked at before each task (see celery.py).
CELERY_DB_REUSE_MAX = CELERY_WORKER_MAX_TASKS_PER_CHILD
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = queues.DEFAULT
CELERY_TASK_DEFAULT_EXCHANGE = queues.EXCHANGE
CELERY_TASK_QUEUES = queues.QUEUES
CELERY_TASK_ROUTES = queues.ROUTES

CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE = beat_schedule(WAIT_SCALE)

# --- Applications --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "template_partials",
    "storefront.core",
    "storefront.partner",
    "storefront.accounts",
    "storefront.ledger",
    "storefront.cases",
    "storefront.mail",
    "storefront.catalog",
    "storefront.cart",
    "storefront.orders",
    "storefront.payments",
    "storefront.esim",
    "storefront.fulfillment",
    "storefront.reconciliation",
    "storefront.checkout",
    "storefront.customers",
    "storefront.webhooks",
    "storefront.finance",
    "storefront.audit",
    "storefront.staff",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "storefront.core.middleware.log_context",
    "storefront.core.middleware.measured",
    "storefront.core.middleware.webhooks_first",
    # Above whatever may answer early, so that no answer goes without them.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "storefront.core.middleware.content_policy",
    "storefront.core.middleware.probes_by_any_name",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "storefront.accounts.middleware.proven_staff",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "storefront.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "storefront.core.context.store",
                "storefront.cart.context.cart_count",
            ],
        },
    }
]
FORMS_URLFIELD_ASSUME_HTTPS = True
# What one web process keeps of the catalog's pages; none while one edits templates.
PAGE_CACHE_BYTES = 0 if DEBUG else 16 * 2**20

# --- Cookies, headers, content security policy ---------------------------------------------------
_https = SITE_URL.startswith("https://")
SESSION_COOKIE_NAME = "__Host-session" if _https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _https else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = content_policy(IMAGE_HOSTS)

# --- Language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SECURE = _https
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

# --- Files ---------------------------------------------------------------------------------------
# Nothing is uploaded: what somebody sends all the same goes nowhere, least of all to the disk.
FILE_UPLOAD_HANDLERS: list[str] = []
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "static-collected"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is uploaded
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# --- Mail ----------------------------------------------------------------------------------------
# Without a server, a demonstration keeps its mails as files, shown at /demo/mail/.
_email = dj_email_url.parse(EMAIL_URL or f"file://{BASE_DIR / '.kiosk' / 'mail'}")
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _email["EMAIL_HOST"], _email["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_USER"], _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _email["EMAIL_USE_TLS"], _email["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = "/" + str(_email["EMAIL_FILE_PATH"]).lstrip("/")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = formataddr((STORE_NAME, f"shop@{_site_host or 'localhost'}"))

# --- Logs ----------------------------------------------------------------------------------------
# Events of ours are structured; a request or task id is bound by the middleware and the worker.
LOGGING_CONFIG = None
configure_logging(readable=not STRICT)
DEFAULT_EXCEPTION_REPORTER_FILTER = "storefront.core.reports.NoVariables"
start_reports(env.str("SENTRY_DSN", ""))

# --- Staff pages ---------------------------------------------------------------------------------
UNFOLD = {"SITE_TITLE": STORE_NAME, "SITE_HEADER": STORE_NAME, "SITE_URL": "/"}
UNFOLD["DASHBOARD_CALLBACK"] = "storefront.staff.home.show_inbox"
