"""The platform's addresses with the sample module's."""

from __future__ import annotations

from django.urls import include, path

from anlan.config.urls import urlpatterns as platform
from tests.ui.sample import urlpatterns as papers

urlpatterns = [*platform, path("papers/", include((papers, "papers")))]
