"""Lists: filters, table, pages, saved filters, export, print, bulk acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.paginator import Page as Leaf
from django.core.paginator import Paginator
from django.db import models
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.encoding import force_str
from django.utils.translation import gettext
from django_tables2.rows import BoundRows

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.counting import CEILING, counted, cut, swept
from anlan.kernel.errors import NotFound
from anlan.ui import exports, formats
from anlan.ui.filters import FilterSet
from anlan.ui.forms.fields import RecordChoice, RecordChoices
from anlan.ui.pages.base import Page, Route, actor_of, found, htmx_target
from anlan.ui.pages.bulk import BulkRoutes
from anlan.ui.pages.values import Action, BulkAct, Empty, Export, Tab, held, permissions_of
from anlan.ui.selectors import person, saved_filters
from anlan.ui.services import note_export
from anlan.ui.tables import PickColumn, Table

PRINTED = 500
SIZES = (25, 50, 100)
DRAWER = "filters"  # the parameter that draws the drawer of filters with the list, for a browser without scripts
CONTROL_OF_SAVED = ("page", "saved", "all", DRAWER)
CONTROL = ("page", "sort", "size", "all", "saved", DRAWER)


class CeilingPaginator(Paginator):
    """Pages of a queryset whose count stops at the ceiling: nobody leafs through 400 pages, and counting costs."""

    def __init__(self, rows: Any, per_page: int, **kwargs: Any) -> None:
        self.source: models.QuerySet[Any] = rows.data.data if hasattr(rows, "data") else rows
        self.keys: dict[int, list[Any]] = {}
        super().__init__(rows, per_page, **kwargs)

    def get_page(self, number: Any) -> Leaf[Any]:
        """The page asked for, or the nearest there is; rows all of which are read to find it are counted in passing."""
        if isinstance(self.source, models.QuerySet):
            said = str(number)
            wanted = max(int(said), 1) if said.isdecimal() and len(said) < len(str(CEILING)) else 1
            told = swept(self.source, (wanted - 1) * self.per_page, wanted * self.per_page)
            if told is not None and wanted * self.per_page <= CEILING:
                self.keys[wanted], self.__dict__["counted"] = told
        return super().get_page(number)  # type: ignore[return-value]  # our pages are leaves

    @cached_property
    def counted(self) -> int:
        """How many rows there are, at most one more than the ceiling."""
        return counted(self.source, CEILING)

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        """How many rows can be leafed through."""
        return min(self.counted, CEILING)

    def page(self, number: int | str) -> Leaf[Any]:
        """A page, of which only its own rows are drawn together (``cut``)."""
        if not isinstance(self.source, models.QuerySet):
            return super().page(number)
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys, last = self.keys.get(number), min(first + self.per_page, self.count)
        rows: Any = cut(self.source, first, last) if keys is None else self.source.filter(pk__in=keys[: last - first])
        if isinstance(self.object_list, BoundRows):
            rows = BoundRows(data=rows, table=self.object_list.table, pinned_data=self.object_list.pinned_data)
        return Leaf(rows, number, self)


@dataclass
class Found:
    """What a request to a list found: the filters, the rows that remain, the table with its present page."""

    actor: Actor
    filters: Any
    rows: models.QuerySet[Any]
    table: Any
    query: QueryDict


@dataclass(kw_only=True, eq=False)
class ListPage(Page):
    """A list of records.

    ``selector(actor, **path_parameters)`` gives an admitted queryset. ``context(actor, rows)`` fills the template
    ``above``; ``opens`` is the query of the tab that opens by itself (``?all=1`` shows everything); ``per_page`` is the
    first choice of the page size; ``printable`` False leaves the print view out, ``saves`` False the saved filters.
    Export, print view and bulk acts go through the same selector and filters as the list.
    """

    kind: ClassVar[str] = "list"
    selector: Callable[..., models.QuerySet[Any]]
    table: type[Table]
    filters: type[FilterSet] | None = None
    lead: Any = ""
    tabs: tuple[Tab, ...] = ()
    empty: Empty | None = None
    actions: tuple[Action, ...] = ()
    bulk: tuple[BulkAct, ...] = ()
    export: Export | None = None
    printable: bool = True
    opens: str = ""
    per_page: int = 25
    above: str = ""
    context: Callable[..., dict[str, Any]] | None = None
    saves: bool = True

    @property
    def subject(self) -> type[models.Model] | None:
        """The model of the rows."""
        return self.table._meta.model  # type: ignore[no-any-return, attr-defined]

    def routes(self) -> list[Route]:
        """The list, its export, print view, options of its filters, and its bulk acts."""
        routes = [Route("", self.path, self.show, "list")]
        if self.export is not None:
            wanted = permissions_of(self.export.permission) or self.permissions
            routes.append(Route("-export", f"{self.path}export.xlsx", self.download, "export", permission=wanted))
        if self.printable:
            routes.append(Route("-print", f"{self.path}print/", self.sheet, "print"))
        if self.filters is not None and any(
            isinstance(f.made, RecordChoice | RecordChoices) for f in self._own_filters()
        ):
            routes.append(Route("-options", f"{self.path}options/<slug:field>/", self.options, "options"))
        if self.bulk:
            routes += BulkRoutes(self).routes()
        return routes

    def _own_filters(self) -> list[Any]:
        return [f for f in self.filters.base_filters.values() if hasattr(f, "made")] if self.filters else []

    # reading -----------------------------------------------------------------------------------------------

    def read(self, request: HttpRequest, query: QueryDict | None = None, **kwargs: Any) -> Found:
        """The rows a request asks for, filtered and in order."""
        actor = actor_of(request)
        query = request.GET if query is None else query
        rows = self.selector(actor, **kwargs)
        filters = self.filters(query, rows, actor=actor, page=self.name) if self.filters else None
        if filters is not None:
            rows = filters.qs
        offered = self.offered_bulk(actor)
        extra = [("pick", PickColumn())] if offered else []
        table = self.table(
            rows,
            base_url=request.path,
            query=query,
            order_by=self._order(query),
            extra_columns=extra,
            sequence=("pick", "...") if extra else None,
        )
        ordering = tuple(table.data.data.query.order_by) or tuple(rows.query.order_by) or ()
        if not any(str(o).lstrip("-") in ("pk", "id") for o in ordering):
            table.data.data = table.data.data.order_by(*ordering, "-pk")
        return Found(actor, filters, table.data.data, table, query)

    def _order(self, query: QueryDict) -> Any:
        wanted = [part for part in query.get("sort", "").split(",") if part][:3]
        known = [w for w in wanted if w.lstrip("-") in self.table.base_columns]
        return known or None

    def offered_bulk(self, actor: Actor) -> list[BulkAct]:
        """The bulk acts this actor is offered."""
        return [b for b in self.bulk if actor.may_any(b.permissions)]

    def _size(self, query: QueryDict) -> int:
        wanted = query.get("size", "")
        return next((size for size in SIZES if str(size) == wanted), self.per_page)

    # views -------------------------------------------------------------------------------------------------

    def show(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The list; only its inner part when htmx asks for it."""
        target = htmx_target(request)
        mine = self.saves and actor_of(request).signed_in
        if not target and mine and not request.GET and (home := self._default(actor_of(request))):
            return HttpResponseRedirect(f"{request.path}?{home}")
        opened = not request.GET and bool(self.opens)
        if opened:
            request.GET = QueryDict(self.opens)  # type: ignore[misc]  # a cached property, not a method
        if target == "filter-fields" and self.filters is not None:
            return self._fields(request, self.filters, kwargs)
        state = self.read(request, **kwargs)
        paginator = CeilingPaginator(state.table.rows, self._size(request.GET))
        page = paginator.get_page(request.GET.get("page") or 1)
        state.table.paginator, state.table.page = paginator, page
        context = self._context(request, state, paginator, page, kwargs)
        # A list that is empty as it opens says how it fills, not that a filter is in the way.
        context["filtered"] = context["filtered"] and not (opened and not self._anything(state.actor, kwargs))
        if target == "list":
            response = render(request, "ui/list_body.html", context)
            response["HX-Push-Url"] = f"{request.path}?{said(request.GET).urlencode() or 'all=1'}"
            return response
        if self.context is not None:
            context |= self.context(state.actor, state.rows)
        return render(request, "ui/list.html", context)

    def _anything(self, actor: Actor, kwargs: dict[str, Any]) -> bool:
        return bool(self.selector(actor, **kwargs).order_by()[:1])

    def _default(self, actor: Actor) -> str:
        """The query of the filter that opens by itself."""
        mine = saved_filters(actor, self.name).filter(user_id=person(actor), is_default=True).first()
        return mine.query if mine else ""

    def _context(
        self, request: HttpRequest, state: Found, paginator: Any, page: Any, kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        actor, filters = state.actor, state.filters
        filtered = bool(filters is not None and filters.chips())
        query = said(request.GET, without=("page", "saved", DRAWER))
        suffix = f"?{query.urlencode()}" if query else ""
        tabs = self._tabs(request, actor)
        tabbed = any(shown["active"] and tab.query for shown, tab in zip(tabs, self.tabs, strict=True))
        chips = [] if tabbed or filters is None else filters.chips()  # the tab says it already
        return {
            "page_": self,
            "table": state.table,
            "filters": filters,
            "page": page,
            "kwargs": kwargs,
            "title": self.title,
            "print_title": self.title,
            "total": paginator.counted,
            "pages": paginator.num_pages,
            "ceiling": CEILING,
            "sizes": [(size, self._with(request, size=size)) for size in SIZES],
            "size": page.paginator.per_page,
            "filtered": filtered,
            "chips": [] if tabbed else self._chips(request, filters),
            "clear_url": self._clear(request),
            "problems": filters.problems if filters is not None else [],
            **self._search(filters),
            **self._drawer(request, filters),
            "hidden": [(k, request.GET[k]) for k in ("sort", "size") if k in request.GET],
            "tabs": tabs,
            "saved": self._saved(request, actor) if self.saves and actor.signed_in else [],
            "saves": self.saves and actor.signed_in,
            "actions": offered_actions(self.actions, actor),
            "export_url": self.address(suffix="-export", **kwargs) + suffix
            if self.export and held(actor, self.export.permission or self.permission)
            else "",
            "print_url": self.address(suffix="-print", **kwargs) + suffix if self.printable else "",
            "bulk": [(b, self.address(suffix="-bulk", code=b.code, **kwargs)) for b in self.offered_bulk(actor)],
            "bulk_query": query.urlencode(),
            "save_query": said(request.GET, without=CONTROL_OF_SAVED).urlencode(),
            "empty_action": self._empty_action(actor),
            "filter_count": sum(1 for c in chips if c.names != ("q",)),
        }

    def _fields(self, request: HttpRequest, filters: type[FilterSet], kwargs: dict[str, Any]) -> HttpResponse:
        """The fields of the drawer, when it is opened."""
        actor = actor_of(request)
        drawn = filters(request.GET, self.selector(actor, **kwargs), actor=actor, page=self.name)
        return render(request, "ui/list_fields.html", {"fields": drawn.others, "clear_url": self._clear(request)})

    @staticmethod
    def _clear(request: HttpRequest) -> str:
        return f"{request.path}?all=1"

    def _drawer(self, request: HttpRequest, filters: Any) -> dict[str, Any]:
        """The fields of the drawer when it stands open; else where they come from when it is opened, and the
        parameters in force, which the form carries along until then."""
        closed: dict[str, Any] = {"fields": [], "fields_url": "", "carried": []}
        if filters is None or not filters.has_others:
            return closed
        if DRAWER in request.GET or filters.errors:
            return {**closed, "fields": filters.others}
        query = said(request.GET, without=("page", "saved"))
        query[DRAWER] = "1"
        names = filters.names_of_others
        carried = [(name, value) for name, values in query.lists() if name in names for value in values]
        return {**closed, "fields_url": f"{request.path}?{query.urlencode()}", "carried": carried}

    def _search(self, filters: Any) -> dict[str, Any]:
        """The search box: the parameter's name, what was searched, what may be searched."""
        box = filters.search if filters is not None else None
        if box is None:
            return {"search": False, "search_name": "", "q": "", "search_hint": ""}
        source = filters.filters[box.name]
        return {"search": True, "search_name": box.name, "q": box.value() or "", "search_hint": source.placeholder}

    def _empty_action(self, actor: Actor) -> tuple[Action, str] | None:
        action = self.empty.action if self.empty else None
        return next(iter(offered_actions((action,), actor)), None) if action else None

    def _with(self, request: HttpRequest, **changes: Any) -> str:
        query = said(request.GET, without=("page",))
        for name, value in changes.items():
            query[name] = str(value)
        return f"{request.path}?{query.urlencode()}"

    def _without(self, request: HttpRequest, names: tuple[str, ...]) -> str:
        query = said(request.GET, without=(*names, "page", "saved"))
        query.setdefault("all", "1")
        return f"{request.path}?{query.urlencode()}"

    def _chips(self, request: HttpRequest, filters: Any) -> list[dict[str, str]]:
        return [
            {
                "label": f"{c.label}：{c.value}" if formats.is_chinese() else f"{c.label}: {c.value}",
                "url": self._without(request, c.names),
            }
            for c in (filters.chips() if filters is not None else [])
        ]

    def _tabs(self, request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
        if not self.tabs:
            return []
        now = {(k, v) for k, values in said(request.GET, without=CONTROL).lists() for v in values}
        tabs = []
        for tab in self.tabs:
            wanted = QueryDict(tab.query)
            pairs = {(k, v) for k, values in wanted.lists() for v in values}
            tabs.append(
                {
                    "label": tab.label,
                    "url": f"{request.path}?{tab.query or 'all=1'}",
                    "active": now == pairs,
                    "count": formats.count(tab.count(actor)) if tab.count else "",
                }
            )
        return tabs

    def _saved(self, request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
        current = urlencode(
            sorted((k, v) for k, values in said(request.GET, without=CONTROL_OF_SAVED).lists() for v in values)
        )
        found_ = []
        for saved in saved_filters(actor, self.name):
            own = urlencode(sorted((k, v) for k, values in QueryDict(saved.query).lists() for v in values))
            found_.append(
                {"label": saved.name, "url": f"{request.path}?{saved.query}", "active": own == current, "saved": saved}
            )
        return found_

    def download(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        """The filtered list as a workbook; that it was taken away is journalled."""
        state = self.read(request, **kwargs)
        assert self.export is not None  # the route exists only then
        title = force_str(self.title)
        most = self.export.most
        rows = state.rows[:most]
        note = gettext("(only the first %(most)s rows; narrow the filter for the rest)") % {
            "most": formats.number(most)
        }
        cut = state.rows[most : most + 1].exists() if most < exports.MOST_OF_A_SHEET else False
        file, count = exports.ledger(state.table, rows, title=title, by=state.actor.name, note=note if cut else "")
        note_export(
            actor=state.actor, title=_msgid(self.title), rows=count, page=self.name, query=request.GET.urlencode()
        )
        name = f"{self.export.filename or title}-{clock.today():%Y%m%d}.xlsx"
        response = FileResponse(
            file,
            as_attachment=True,
            filename=name,
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
        response["Cache-Control"] = "private, no-store"
        return response

    def sheet(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The filtered list for paper: A4 landscape, without personal columns, at most ``PRINTED`` rows."""
        state = self.read(request, **kwargs)
        hidden = [b.name for b in state.table.columns if b.column.personal or isinstance(b.column, PickColumn)]
        table = self.table(state.rows[:PRINTED], base_url=request.path, orderable=False, exclude=hidden)
        cut = state.rows[PRINTED : PRINTED + 1].exists()
        back = self.address(**kwargs) + (f"?{request.GET.urlencode()}" if request.GET else "")
        context = {
            "page_": self,
            "table": table,
            "title": self.title,
            "print_title": self.title,
            "back": back,
            "cut": cut,
            "most": PRINTED,
            "chips": self._chips(request, state.filters),
        }
        return render(request, "ui/list_print.html", context)

    def options(self, request: HttpRequest, field: str, **kwargs: Any) -> HttpResponse:
        """The records a filter offers for what was typed."""
        actor = actor_of(request)
        filters = (
            self.filters(QueryDict(), self.selector(actor, **kwargs), actor=actor, page=self.name)
            if self.filters
            else None
        )
        found_ = filters.form.fields.get(field) if filters is not None else None
        if not isinstance(found_, RecordChoice | RecordChoices):
            raise NotFound
        results, more = found_.found(request.GET.get("q", ""))
        return JsonResponse({"results": results, "more": more})

    def row(self, actor: Actor, pk: Any, **kwargs: Any) -> Any:
        """One row of the list, in the actor's scope."""
        return found(self.selector(actor, **kwargs), pk=pk)


def said(query: QueryDict, without: tuple[str, ...] = ()) -> QueryDict:
    """A query without its empty parameters (a form sends every field it has) and without those named."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if name not in without and (values := [value for value in values if value != ""]):
            kept.setlist(name, values)
    return kept


def offered_actions(actions: tuple[Action, ...], actor: Actor, record: Any = None) -> list[tuple[Action, str]]:
    """The actions this actor is offered, with their addresses."""
    return [(a, url) for a in actions if a.shown_to(actor, record) and (url := a.address(record))]


def _msgid(title: Any) -> str:
    """The English msgid behind a lazy title, so that the journal can be read in both languages."""
    from django.utils.translation import override

    with override("en"):
        return force_str(title)
