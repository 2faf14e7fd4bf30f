"""Settings shared by every deployment; what differs comes from ``ANLAN_*`` variables."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from environs import Env

from anlan.config.database import connection_settings
from anlan.config.roles import PERMISSIONS, ROLES
from anlan.runtime import connections
from anlan.runtime.places import data_folder

env = Env()
ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "anlan"

DATA = data_folder()
SECRETS = DATA / "secrets"

DEBUG = False
ALLOWED_HOSTS = env.list("ANLAN_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("ANLAN_ORIGINS", [])
PORT = env.int("ANLAN_PORT", 8600)
PUBLIC_ADDRESS = env.str("ANLAN_ADDRESS", f"http://127.0.0.1:{PORT}")

MODULES = [
    "anlan.modules.registry",
    "anlan.modules.hazards",
    "anlan.modules.cockpit",
    "anlan.modules.office",
    "anlan.modules.welcome",
    "anlan.modules.duty",
    "anlan.modules.statutes",
    "anlan.modules.risks",
    "anlan.modules.chemicals",
    "anlan.modules.installations",
    "anlan.modules.planning",
    "anlan.modules.compliance",
    "anlan.modules.monitoring",
    "anlan.modules.alarms",
    "anlan.modules.warning",
]

INSTALLED_APPS = [
    "anlan.kernel.regions",
    "anlan.kernel.identity",
    "anlan.kernel.journal",
    "anlan.kernel.events",
    "anlan.kernel.deadlines",
    "anlan.kernel.files",
    "anlan.kernel.notify",
    "anlan.kernel.intake",
    "anlan.kernel.codes",
    "anlan.kernel.tallies",
    "anlan.kernel.limits",
    *MODULES,
    "anlan.flows",
    "anlan.ui",
    "anlan.runtime",
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
    "allauth.usersessions",
    "axes",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "django_vite",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "template_partials.apps.SimpleAppConfig",
    "treebeard",
]

MIDDLEWARE = [
    "anlan.ui.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "anlan.ui.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "anlan.kernel.identity.middleware.ActorMiddleware",
    "anlan.ui.limits.LimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "anlan.ui.middleware.ErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "anlan.config.urls"
WSGI_APPLICATION = "anlan.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "ui" / "templates"],
        "OPTIONS": {
            # Both component libraries want to install their own loaders; listed by hand they work together.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "anlan.ui.context.shell",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "anlan.ui.templatetags.anlan",
            ],
        },
    }
]

DATABASES = {
    "default": {
        **connection_settings(
            env.str("ANLAN_DATABASE_URL", "postgresql://anlan@127.0.0.1/anlan"),
            pool={
                "min_size": env.int("ANLAN_POOL_MIN", 1),
                "max_size": env.int("ANLAN_POOL_MAX", connections.MOST),
                "timeout": 5,
                # Behind a server that lets in more than the pool has, whoever comes past this is told so at once.
                "max_waiting": 4 * env.int("ANLAN_POOL_MAX", connections.MOST),
            },
        ),
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CALENDAR_LOOK_SECONDS: float | None = 60  # how often acts look whether another process loaded a holiday notice

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "anlan.kernel.identity.passwords.ThreeKindsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "anlan.kernel.identity.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Wrong passwords are counted by axes and by our own limits (kernel/limits), never right ones: a whole office signs in
# from one address at half past eight. The second factor keeps allauth's limits, which count in the cache below.
ACCOUNT_RATE_LIMITS = {"login": None}
# One cache for all processes: a code of the second factor is good once, and wrong ones are counted together.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "limits_cache"}}
# How many proxies of ours stand before the platform and add their peer to X-Forwarded-For.
TRUSTED_PROXIES = env.int("ANLAN_PROXIES", 0)
# Other limits than the declared ones, as JSON: {"api": 6000}.
LIMITS: dict[str, int] = dict(env.json("ANLAN_LIMITS", {}))
AXES_CLIENT_IP_CALLABLE = "anlan.kernel.limits.address.address_of"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "anlan.kernel.identity.sign_in.MFAAdapter"
MFA_TOTP_ISSUER = "Anlan 安澜"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "anlan.kernel.identity.sign_in.sign_in_name"
AXES_LOCKOUT_CALLABLE = "anlan.kernel.identity.sign_in.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # scripts send the token from a meta tag

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "anlan_language"
LOCALE_PATHS = [PACKAGE / "ui" / "locale", PACKAGE / "kernel" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [PACKAGE / "ui" / "static"]
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": PACKAGE / "ui" / "static" / "dist" / "manifest.json",
        "static_url_prefix": "dist",
    }
}
FILES_ROOT = DATA / "files"
# Photos are made smaller on the phone: the longest side in pixels, the quality of the JPEG in per cent.
PHOTO_SIDE = env.int("ANLAN_PHOTO_SIDE", 1920)
PHOTO_QUALITY = env.int("ANLAN_PHOTO_QUALITY", 85)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_200  # a bulk act names up to a thousand rows
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"
DEFAULT_FROM_EMAIL = env.str("ANLAN_MAIL_FROM", "anlan@localhost")

# Hosts and networks inside the organisation that the platform may speak to; all others it reaches lie outside.
OUTGOING_INTERNAL: list[str] = env.list("ANLAN_OUTGOING_INTERNAL", [])

# A gateway for short messages, spoken to over HTTP; without an address none is offered (docs/operate/production.md).
SMS_URL = env.str("ANLAN_SMS_URL", "")
SMS_METHOD = env.str("ANLAN_SMS_METHOD", "POST")
SMS_TYPE = env.str("ANLAN_SMS_TYPE", "application/json")
SMS_BODY = env.str("ANLAN_SMS_BODY", '{"phone": "{phone}", "text": "{text}"}')
SMS_HEADERS = dict(env.json("ANLAN_SMS_HEADERS", {}))
SMS_EXPECT = env.str("ANLAN_SMS_EXPECT", "")

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
FORM_RENDERER = "anlan.ui.forms.Renderer"
DJANGO_TABLES2_TEMPLATE = "ui/table.html"
COTTON_DIR = "cotton"
NINJA_PAGINATION_PER_PAGE = 50
SILENCED_SYSTEM_CHECKS = ["axes.W003", "auth.W004"]  # sign-in names are unique regardless of case, by a constraint

PGHISTORY_APPEND_ONLY = True
PGTRIGGER_MIGRATIONS = True
PROCRASTINATE_ON_APP_READY = "anlan.kernel.events.queue.on_app_ready"

ANLAN_ROLES = ROLES
ANLAN_PERMISSIONS = PERMISSIONS
ANLAN_HOLDER_MODEL = "registry.Unit"  # whose ``holder`` an enterprise's people act for
# Roles that need a second factor to sign in, by their codes: ANLAN_SECOND_FACTOR_ROLES=administrator,city_officer
SECOND_FACTOR_ROLES: list[str] = env.list("ANLAN_SECOND_FACTOR_ROLES", [])
