"""Bulk acts of a list: ask what is needed, then run the act once per row and name every row refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInputs, NotAllowed, NotFound, Refused
from anlan.ui import links
from anlan.ui.forms.base import Form
from anlan.ui.models import BulkRun
from anlan.ui.pages.base import Route, actor_of, found, htmx_target
from anlan.ui.pages.values import BulkAct
from anlan.ui.refusals import sentence_of
from anlan.ui.selectors import bulk_runs
from anlan.ui.services import MOST_ROWS, need_rows, start_bulk_run

if TYPE_CHECKING:
    from anlan.ui.pages.lists import ListPage

BATCH = 20  # rows acted upon per request, so that no request lasts


class BulkRoutes:
    """The addresses of a list's bulk acts."""

    def __init__(self, page: ListPage) -> None:
        self.page = page

    def routes(self) -> list[Route]:
        """Asking, and the run with its progress."""
        base = f"{self.page.path}bulk/<slug:code>/"
        routes = [Route("-bulk", base, self.ask, "bulk", ("POST",))]
        if all(bulk.whole for bulk in self.page.bulk):
            return routes
        return [
            *routes,
            Route("-bulk-run", f"{base}<uuid:run>/", self.run, "bulk", ("GET", "HEAD", "POST")),
        ]

    def _act(self, actor: Actor, code: str) -> BulkAct:
        for bulk in self.page.bulk:
            if bulk.code == code:
                if not actor.may_any(bulk.permissions):
                    raise NotAllowed(permission=bulk.permissions[0])
                return bulk
        raise NotFound

    def ask(self, request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
        """Show which rows are meant and ask for what the act needs; the second time, begin."""
        actor = actor_of(request)
        bulk = self._act(actor, code)
        wanted = self._rows(request, kwargs)
        form = self._form(bulk, actor, request.POST if "confirmed" in request.POST else None)
        if "confirmed" in request.POST and form.is_valid():
            data = request.POST.copy()
            for name in ("csrfmiddlewaretoken", "ids", "all", "query", "confirmed"):
                data.pop(name, None)
            try:
                if bulk.whole is not None:
                    need_rows(wanted)
                    return bulk.whole(request, form, wanted)  # type: ignore[no-any-return]
                run = start_bulk_run(
                    actor=actor, key=form.key, page=self.page.name, code=code, rows=wanted, data=data.urlencode()
                )
            except Refused as why:
                form.refuse(why)
            else:
                return HttpResponseRedirect(self.page.address(suffix="-bulk-run", code=code, run=run.pk, **kwargs))
        rows = self.page.selector(actor, **kwargs).filter(pk__in=wanted[:10])
        context = {
            "page_": self.page,
            "bulk": bulk,
            "barred": bulk.barred() if bulk.barred else "",
            "form": form,
            "ids": wanted,
            "count": len(wanted),
            "most": MOST_ROWS,
            "titles": [bulk.title(row) for row in rows],
            "more": max(0, len(wanted) - 10),
            "back": self.page.address(**kwargs),
            "title": bulk.label,
        }
        return render(request, "ui/bulk_ask.html", context, status=422 if form.errors else 200)

    def _rows(self, request: HttpRequest, kwargs: dict[str, Any]) -> list[str]:
        """The keys of the chosen rows: those ticked, or every row of the filtered list."""
        if request.POST.get("all"):
            state = self.page.read(request, QueryDict(request.POST.get("query", "")), **kwargs)
            return [str(pk) for pk in state.rows.values_list("pk", flat=True)[: MOST_ROWS + 1]]
        ticked = dict.fromkeys(pk for pk in request.POST.getlist("ids") if self._is_key(pk))
        return list(ticked)[: MOST_ROWS + 1]

    def _is_key(self, text: str) -> bool:
        """Whether a text can be a key of the page's model at all."""
        key: Any = self.page.subject._meta.pk  # type: ignore[union-attr]
        try:
            return bool(text) and key.to_python(text) is not None
        except ValidationError:
            return False

    def _form(self, bulk: BulkAct, actor: Actor, data: Any) -> Form:
        return (bulk.form or Form)(data, actor=actor)  # type: ignore[no-any-return]

    def run(self, request: HttpRequest, code: str, run: Any, **kwargs: Any) -> HttpResponse:
        """How far the run is; a POST treats the next rows."""
        actor = actor_of(request)
        bulk = self._act(actor, code)
        if bulk.whole is not None:
            raise NotFound
        state = found(bulk_runs(actor).filter(page=self.page.name, code=code), pk=run)
        if request.method == "POST":
            state = self._advance(bulk, actor, state.pk, kwargs)
            if not htmx_target(request):
                return HttpResponseRedirect(request.path)
        refused = [{"title": t, "url": u, "why": sentence_of(Refused(m, **p))} for t, u, m, p in state.refused]
        context = {
            "page_": self.page,
            "bulk": bulk,
            "run": state,
            "refused": refused,
            "title": bulk.label,
            "back": self.page.address(**kwargs),
            "address": request.path,
        }
        fragment = htmx_target(request) == "bulk-run"
        return render(request, "ui/bulk_progress.html" if fragment else "ui/bulk_run.html", context)

    def _advance(self, bulk: BulkAct, actor: Actor, pk: Any, kwargs: dict[str, Any]) -> BulkRun:
        """Treat the next rows. Two requests at once wait for each other; a row is never treated twice."""
        with transaction.atomic():
            run = BulkRun.objects.select_for_update().get(pk=pk)
            form = self._form(bulk, actor, QueryDict(run.data))
            valid = form.is_valid()
            for key in run.rows[run.done : run.done + BATCH]:
                why = self._treat(bulk, actor, run, key, form, valid, kwargs)
                if why is not None:
                    run.refused.append(why)
                run.done += 1
            if run.done >= run.total and run.finished_at is None:
                run.finished_at = clock.now()
            run.save(update_fields=["done", "refused", "finished_at"])
        return run

    def _treat(
        self, bulk: BulkAct, actor: Actor, run: BulkRun, key: str, form: Form, valid: bool, kwargs: dict[str, Any]
    ) -> list[Any] | None:
        """Run the act on one row; what to report when it was refused."""
        title, url = key, ""
        try:
            row = found(self.page.selector(actor, **kwargs), pk=key)
            title, url = str(bulk.title(row)), links.url_of(row)
            given = form.arguments() if valid else {}
            bulk.act(actor=actor, key=f"{run.pk.hex}:{key}"[:80], **{bulk.target: row}, **given)
        except Refused as why:
            problem: Refused = why.problems[0] if isinstance(why, BadInputs) and why.problems else why
            return [title, url, problem.message, {k: str(v) for k, v in problem.params.items()}]
        return None
