"""Record pages: header, steps, facts, sections, deadlines, files, map, timeline, panels of other modules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.encoding import force_str

from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.services import open_on
from anlan.kernel.errors import NotFound
from anlan.kernel.files.services import files_of
from anlan.kernel.journal.record import about
from anlan.kernel.notify.live import name_of
from anlan.kernel.workflow import InProcess
from anlan.ui import formats, items, links, panels, timeline
from anlan.ui.maps import point_data
from anlan.ui.pages import steps
from anlan.ui.pages.base import PAGES, Page, Route, actor_of, found
from anlan.ui.pages.lists import offered_actions
from anlan.ui.pages.values import Action, Item, Section, held, parameters_in

TOLD = 30  # entries of the timeline shown at first
STEP_PAGES: dict[tuple[str, str], Any] = {}  # (model label, step code) -> its page


@dataclass(kw_only=True, eq=False)
class RecordPage(Page):
    """One record.

    ``selector(actor)`` gives an admitted queryset; the parameters of ``path`` are looked up in it. ``title``,
    ``number``, ``badges``, ``map`` take the record; ``facts`` and ``context`` take ``(record, actor)``. ``line`` names
    the states of the main line when the steps bar should not find it itself. ``back`` names the list.
    """

    kind: ClassVar[str] = "record"
    selector: Callable[..., models.QuerySet[Any]]
    number: Callable[[Any], Any] | None = None
    subtitle: Callable[[Any], Any] | None = None
    badges: Callable[[Any], Sequence[tuple[Any, str]]] | None = None
    facts: Callable[[Any, Actor], Sequence[Item]] | None = None
    sections: tuple[Section, ...] = ()
    files: tuple[tuple[str, Any], ...] = ()
    map: Callable[[Any], tuple[float | None, float | None]] | None = None
    line: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    back: str = ""
    model: type[models.Model] | None = None
    above: str = ""
    context: Callable[[Any, Actor], dict[str, Any]] | None = None
    timeline: bool = True
    deadlines: bool = True
    print_template: str = "ui/record_print.html"

    def __post_init__(self) -> None:
        if self.model is None:
            self.model = self._model_of_selector()

    def _model_of_selector(self) -> type[models.Model]:
        return self.selector(Actor.nobody()).model  # type: ignore[no-any-return]

    @property
    def subject(self) -> type[models.Model] | None:
        """The record's model."""
        return self.model

    @property
    def label(self) -> str:
        """The model's label, under which panels are registered."""
        assert self.model is not None  # set when the page was made
        return self.model._meta.label_lower

    def routes(self) -> list[Route]:
        """The record, its print view, its whole timeline, and the panels of other modules."""
        story = Route("-timeline", f"{self.path}timeline/", self.story, "panel", object=True)
        return [
            Route("", self.path, self.show, "record", object=True),
            Route("-print", f"{self.path}print/", self.sheet, "print", object=True),
            *([story] if self.timeline else []),
            Route("-panel", f"{self.path}panel/<slug:panel>/", self.panel, "panel", object=True),
        ]

    def registered(self) -> None:
        """Tell the inbox, the deadlines and the timeline where such records are shown."""
        links.register(self.label, self.name, parameters_in(self.path))

    def record(self, request: HttpRequest, kwargs: dict[str, Any]) -> Any:
        """The record of this address, in the actor's scope; ``NotFound`` otherwise."""
        return found(self.selector(actor_of(request)), **kwargs)

    # views -------------------------------------------------------------------------------------------------

    def show(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The record page."""
        record, actor = self.record(request, kwargs), actor_of(request)
        return render(request, "ui/record.html", self.whole(request, record, actor))

    def sheet(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The record for paper."""
        record, actor = self.record(request, kwargs), actor_of(request)
        return render(request, self.print_template, {**self.whole(request, record, actor), "printing": True})

    def story(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The whole timeline."""
        record = self.record(request, kwargs)
        return render(request, "ui/timeline.html", {"entries": timeline.told(about(record)), "more_url": ""})

    def panel(self, request: HttpRequest, panel: str, **kwargs: Any) -> HttpResponse:
        """A panel of another module, in the reader's own scope."""
        record, actor = self.record(request, kwargs), actor_of(request)
        wanted = panels.one(self.label, panel, actor)
        if wanted is None:
            raise NotFound
        context: dict[str, Any] = {
            "panel": wanted,
            "record": record,
            "actions": offered_actions(wanted.actions, actor, record),
        }
        if wanted.template:
            given = wanted.context(actor, record) if wanted.context else {}
            if given is None:
                return HttpResponse(render_to_string("ui/panel_empty.html", context, request=request))
            context["body"] = render_to_string(wanted.template, {**context, **given}, request=request)
        elif wanted.table is not None and wanted.rows is not None:
            context |= _table(wanted.table, wanted.rows(actor, record), wanted.most, wanted.columns)
            context["more"] = wanted.more(record) if wanted.more else ""
        return render(request, "ui/panel.html", context)

    # parts -------------------------------------------------------------------------------------------------

    def heading(self, record: Any) -> str:
        """The record's title."""
        return force_str(self.title(record) if callable(self.title) else self.title or record)

    def whole(self, request: HttpRequest, record: Any, actor: Actor) -> dict[str, Any]:
        """Everything a record page shows."""
        acts = offered_actions(self.actions, actor, record)
        context: dict[str, Any] = {
            "page_": self,
            "record": record,
            "title": self.heading(record),
            "print_title": self.heading(record),
            "number": self.number(record) if self.number else "",
            "subtitle": self.subtitle(record) if self.subtitle else "",
            "badges": list(self.badges(record)) if self.badges else [],
            "crumbs": self._crumbs(),
            "facts": items.shown(self.facts(record, actor)) if self.facts else [],
            "actions": [{"action": a, "url": url} for a, url in acts if not a.aside],
            "side_actions": [{"action": a, "url": url} for a, url in acts if a.aside],
            "print_url": self.address(record, suffix="-print"),
            "panels": [
                {
                    "panel": p,
                    "url": self.address(record, suffix="-panel", panel=p.code),
                    "flush": p.table is not None,
                    "count": formats.count(p.count(actor, record)) if p.count else None,
                }
                for p in (panels.of(self.label, actor) if actor.signed_in else ())
            ],
        }
        context["live_record"] = name_of(record) if actor.signed_in else ""
        context |= self._process(record, actor)
        context |= self._sections(request, record, actor)
        context["deadlines"] = self._deadlines(record, actor) if self.deadlines else []
        context["files"] = self._files(record) if self.files else []
        point = self.map(record) if self.map else None
        context["map"] = (
            point_data(*point, label=context["title"], path=getattr(record, "region_path", ""))
            if point and None not in point
            else None
        )
        if self.timeline and actor.signed_in:  # who did what is for those inside
            entries = about(record, limit=TOLD + 1)
            context["entries"] = timeline.told(entries[:TOLD])
            context["more_url"] = self.address(record, suffix="-timeline") if len(entries) > TOLD else ""
        if self.context is not None:
            context |= self.context(record, actor)
        return context

    def _crumbs(self) -> list[tuple[str, str]]:
        page = PAGES.get(self.back)
        return [(force_str(page.title), page.address())] if page is not None and not parameters_in(page.path) else []

    def line_of(self, record: Any) -> tuple[str, ...]:
        """The main line of the steps bar; a page whose line depends on the record overrides it."""
        return self.line

    def _process(self, record: Any, actor: Actor) -> dict[str, Any]:
        if not isinstance(record, InProcess):
            return {"steps": [], "step_actions": [], "side_steps": [], "process": None}
        taken = steps.all_taken(record)
        offered = []
        for step in steps.open_steps(record, actor, taken):
            page = STEP_PAGES.get((self.label, step.code))
            if page is not None and (page.when is None or page.when(record, actor)):
                offered.append({"step": step, "page": page, "url": page.address(record), "label": page.heading(record)})
        shown = [one for one in offered if not one["page"].aside]
        shown.sort(key=lambda one: not steps.leads_on(record, self.line, one["step"]))
        if shown:
            shown[0]["main"] = steps.leads_on(record, self.line, shown[0]["step"])
        return {
            "steps": steps.bar(record, self.line_of(record), taken),
            "step_actions": shown,
            "side_steps": [one for one in offered if one["page"].aside],
            "process": record.process,
        }

    def _sections(self, request: HttpRequest, record: Any, actor: Actor) -> dict[str, Any]:
        shown: list[dict[str, Any]] = []
        for section in self.sections:
            if not held(actor, section.permission, record):
                continue
            part: dict[str, Any] = {"section": section, "actions": offered_actions(section.actions, actor, record)}
            if section.items is not None:
                listed = section.items(record, actor)
                if listed is None:
                    continue
                part["facts"] = items.shown(listed)
            elif section.template:
                given = section.context(record, actor) if section.context else {}
                if given is None:
                    continue
                part["body"] = render_to_string(
                    section.template, {"record": record, "section": section, **given}, request=request
                )
            elif section.table is not None and section.rows is not None:
                rows = section.rows(record, actor)
                if rows is None:
                    continue
                part |= _table(section.table, rows, section.most, section.columns)
            shown.append(part)
        return {
            "sections": [p for p in shown if not p["section"].side],
            "side_sections": [p for p in shown if p["section"].side],
        }

    def _deadlines(self, record: Any, actor: Actor) -> list[dict[str, Any]]:
        found_ = []
        for deadline in open_on(record):
            urge = (
                deadline.state == "open"
                and actor.may("deadlines.view", deadline)
                and actor.may("deadlines.urge", deadline)
            )
            found_.append({"deadline": deadline, "urge": PAGES["ui:urge"].address(deadline) if urge else ""})
        return found_

    def _files(self, record: Any) -> list[dict[str, Any]]:
        stored = list(files_of(record))
        return [
            {
                "title": title,
                "photos": items.photos(f for f in stored if f.purpose == purpose and f.is_image),
                "papers": [f for f in stored if f.purpose == purpose and not f.is_image],
                "purpose": purpose,
            }
            for purpose, title in self.files
            if any(f.purpose == purpose for f in stored)
        ]


def _table(table: Any, rows: Any, most: int, columns: tuple[str, ...] = ()) -> dict[str, Any]:
    """The first rows as a table without sorting, and whether there are more."""
    shown = list(rows[: most + 1])
    hidden = [name for name in table.base_columns if columns and name not in columns]
    return {
        "table": table(shown[:most], orderable=False, exclude=hidden),
        "count": len(shown[:most]),
        "flush": True,
        "cut": len(shown) > most,
    }
