"""Data for charts and maps, scoped like any page; and pages that draw a template of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from anlan.ui.forms.fields import given_to
from anlan.ui.pages.base import Page, Route, actor_of


@dataclass(kw_only=True, eq=False)
class DataPage(Page):
    """JSON for a chart or a map: ``data(actor, query, **path_parameters)``; ``query`` is the request's QueryDict."""

    kind: ClassVar[str] = "data"
    data: Callable[..., Any]
    model: type[models.Model] | None = None

    @property
    def subject(self) -> type[models.Model] | None:
        """The model the figures are of."""
        return self.model

    def routes(self) -> list[Route]:
        """The one address."""
        return [Route("", self.path, self.serve, "data")]

    def serve(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The data as JSON."""
        return JsonResponse(
            self.data(actor_of(request), request.GET, **kwargs), json_dumps_params={"ensure_ascii": False}
        )


@dataclass(kw_only=True, eq=False)
class ViewPage(Page):
    """A page with a template of its own: ``context(actor, query, **path_parameters)`` fills it."""

    kind: ClassVar[str] = "view"
    template: str
    context: Callable[..., dict[str, Any]] | None = None
    model: type[models.Model] | None = None

    @property
    def subject(self) -> type[models.Model] | None:
        """The model the page is about, if any."""
        return self.model

    def routes(self) -> list[Route]:
        """The one address."""
        return [Route("", self.path, self.serve, "view")]

    def serve(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        given = self.context(actor_of(request), request.GET, **kwargs) if self.context else {}
        title = given_to(self.title, actor_of(request)) if callable(self.title) else self.title
        return render(request, self.template, {"page_": self, "title": title, "print_title": title, **given})


@dataclass(kw_only=True, eq=False)
class CustomPage(Page):
    """A view function of one's own, inside the same guard and register: ``view(request, **path_parameters)``."""

    view: Callable[..., HttpResponseBase]
    shape: str = "view"
    methods: tuple[str, ...] = ("GET", "HEAD")
    model: type[models.Model] | None = None
    is_object: bool = False

    @property
    def subject(self) -> type[models.Model] | None:
        """The model the page is about, if any."""
        return self.model

    def routes(self) -> list[Route]:
        """The one address."""
        return [Route("", self.path, self.view, self.shape, self.methods, object=self.is_object)]
