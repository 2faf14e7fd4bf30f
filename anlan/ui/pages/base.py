"""Pages as values: what every page has, the guard around every view, and the register of all addresses."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.cache import patch_cache_control, patch_vary_headers

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound, SignInNeeded
from anlan.ui.addresses import address
from anlan.ui.pages.values import Permission, parameters_in, permissions_of

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Endpoint:
    """One address of a page, for links and for the tests that walk all of them.

    ``kind``: list, export, print, bulk, record, panel, step, form, options, data, file, view. ``permission`` is what
    suffices (any of them; empty: signed in is enough; ``public``: nobody need even be signed in). ``model`` is the
    subject's model, None without one.
    """

    name: str
    page: Any
    kind: str
    permission: tuple[str, ...]
    model: type[models.Model] | None
    parameters: tuple[str, ...]
    methods: tuple[str, ...]
    public: bool = False

    def address(self, record: Any = None, **given: Any) -> str:
        """The address, its parameters taken from ``given``, else from the record's fields."""
        kwargs = {name: given[name] if name in given else getattr(record, name) for name in self.parameters}
        return address(self.name, kwargs)


PUBLIC_KINDS = ("list", "print", "record", "view")
"""What a public page shows to whoever is not signed in: never a ledger to take away, a panel or a timeline."""
PAGES: dict[str, Page] = {}
ENDPOINTS: dict[str, Endpoint] = {}


@dataclass(kw_only=True, eq=False)
class Page:
    """What every page declares.

    ``name`` is the URL name with its namespace (``hazards:list``), ``path`` the route below the module's address,
    ``permission`` what the reader must hold (any of several), ``title`` a lazy translation or a function of the
    record. ``public``: everybody reads it, signed in or not; only for what holds nothing about anybody.
    """

    name: str
    path: str = ""
    title: Any = ""
    icon: str = ""
    permission: Permission = ()
    public: bool = False

    kind: ClassVar[str] = "view"

    @property
    def local_name(self) -> str:
        """The URL name without its namespace."""
        return self.name.rpartition(":")[2]

    @property
    def permissions(self) -> tuple[str, ...]:
        """What suffices to open the page."""
        return permissions_of(self.permission)

    @property
    def subject(self) -> type[models.Model] | None:
        """The model of the page's rows or record."""
        return None

    def routes(self) -> Iterable[Route]:
        """The addresses of this page."""
        raise TypeError(f"{type(self).__name__} declares no routes")

    def registered(self) -> None:
        """Called once when the page is entered in the register."""

    def address(self, record: Any = None, suffix: str = "", **given: Any) -> str:
        """The address of the page, or of one of its sub-addresses (``suffix="-export"``)."""
        return ENDPOINTS[self.name + suffix].address(record, **given)


@dataclass(frozen=True)
class Route:
    """One address: its name's suffix, the route, the view, its kind and the methods it takes.

    ``object`` says that the address is that of one record: whoever may not see it is told "not found".
    """

    suffix: str
    route: str
    view: View
    kind: str
    methods: tuple[str, ...] = ("GET", "HEAD")
    permission: tuple[str, ...] | None = None
    object: bool = False


def urls(*pages: Page) -> list[URLPattern]:
    """The URL patterns of pages; enters them in ``PAGES`` and ``ENDPOINTS``. A name given twice is refused."""
    patterns = []
    for page in pages:
        if PAGES.setdefault(page.name, page) is not page:
            raise ValueError(f"the page {page.name} is declared twice")
        for route in page.routes():
            permission = page.permissions if route.permission is None else route.permission
            name = page.name + route.suffix
            public = page.public and route.kind in PUBLIC_KINDS
            ENDPOINTS[name] = Endpoint(
                name, page, route.kind, permission, page.subject, parameters_in(route.route), route.methods, public
            )
            view = guarded(route.view, permission, route.methods, is_object=route.object, public=public)
            patterns.append(path(route.route, view, name=page.local_name + route.suffix))
        page.registered()
    return patterns


def guarded(
    view: View, permission: tuple[str, ...], methods: tuple[str, ...], *, is_object: bool, public: bool = False
) -> View:
    """A view that asks for a sign-in, the method and the permission first, and is never kept by shared caches.

    A ``public`` one asks for the method alone.
    """

    @functools.wraps(view)
    def run(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        actor = actor_of(request)
        if not actor.signed_in and not public:
            raise SignInNeeded
        if request.method not in methods:
            return HttpResponseNotAllowed(methods)
        if permission and not public and not actor.may_any(permission):
            if is_object:
                raise NotFound
            actor.need(permission[0])
        response = view(request, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response

    return run


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined, no-any-return]


def htmx_target(request: HttpRequest) -> str:
    """The id of the element htmx will fill; "" when a whole page is asked for."""
    headers = request.headers
    if (
        headers.get("HX-Request") != "true"
        or headers.get("HX-Boosted") == "true"
        or headers.get("HX-History-Restore-Request")
    ):
        return ""
    return headers.get("HX-Target", "")


def found(rows: models.QuerySet[Any], **lookups: Any) -> Any:
    """The one row of an admitted queryset; ``NotFound`` otherwise, also for a key that cannot be one."""
    try:
        return rows.get(**lookups)
    except (rows.model.DoesNotExist, ValueError, OverflowError, ValidationError) as why:
        raise NotFound from why
