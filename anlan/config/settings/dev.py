"""``./run up`` on one machine: no proxy, no certificate, loopback."""

from anlan.config.settings.base import *  # noqa: F403
from anlan.config.settings.base import SECRETS, env
from anlan.runtime.log import logging_settings
from anlan.runtime.secret import secret

SECRET_KEY = env.str("ANLAN_SECRET_KEY", "") or secret("django", SECRETS)
DEBUG = env.bool("ANLAN_DEBUG", False)
LOGGING = logging_settings(env.str("ANLAN_LOG_LEVEL", "INFO"))

# The build has put a digest into every name below dist/assets, so browsers may keep those for good. The rest keeps
# its plain name: a second digest would load modules twice, once under each name.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.*/dist/assets/.+$"
WHITENOISE_USE_FINDERS = DEBUG
