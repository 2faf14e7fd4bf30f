"""The web application for any WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from anlan.runtime import loading

loading.quickly()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.config.settings.dev")

application = get_wsgi_application()
