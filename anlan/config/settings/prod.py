"""Behind a reverse proxy with a certificate: docs/operate/production.md."""

from anlan.config.settings.base import env
from anlan.config.settings.dev import *  # noqa: F403

DEBUG = False
WHITENOISE_USE_FINDERS = False

PUBLIC_ADDRESS = env.str("ANLAN_ADDRESS")
ALLOWED_HOSTS = env.list("ANLAN_HOSTS")
TRUSTED_PROXIES = env.int("ANLAN_PROXIES", 1)

SECURE_SSL_REDIRECT = env.bool("ANLAN_HTTPS_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = env.int("ANLAN_HSTS_SECONDS", 365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("ANLAN_HSTS_SUBDOMAINS", False)
# No other host of the same domain, and no plain connection, can set a cookie with this prefix.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-anlan_session", "__Host-anlan_csrf"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# The proxy must set this header itself and drop the one a client sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

if host := env.str("ANLAN_MAIL_HOST", ""):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = host
    EMAIL_PORT = env.int("ANLAN_MAIL_PORT", 587)
    EMAIL_HOST_USER = env.str("ANLAN_MAIL_USER", "")
    EMAIL_HOST_PASSWORD = env.str("ANLAN_MAIL_PASSWORD", "")
    EMAIL_USE_TLS = env.bool("ANLAN_MAIL_TLS", True)
