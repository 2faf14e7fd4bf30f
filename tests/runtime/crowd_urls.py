"""All addresses of the platform, and a slow one."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from anlan.config import urls

handler500 = urls.handler500


def slow(request: HttpRequest) -> HttpResponse:
    """Keeps a connection busy for as long as it is asked to, a minute at most."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [min(float(request.GET["seconds"]), 60)])
    return HttpResponse("done")


urlpatterns = [path("slow", slow), path("api/slow", slow), *urls.urlpatterns]
