"""Pages of acts: a form, the act it leads to, and what happens when the act refuses.

The form carries the record's version and an idempotency key. A refusal lands at the field it names, or above the
form; a stale form shows what changed in the meantime and keeps the typed text. Success leads elsewhere (POST,
redirect, GET). The same page answers in full and, for htmx, as a dialog.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.encoding import force_str
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, NotFound, Refused, SignInNeeded, Stale, WrongStep
from anlan.kernel.journal.models import Entry
from anlan.kernel.journal.record import about
from anlan.kernel.workflow import InProcess
from anlan.rules.steps import Step
from anlan.ui import links, timeline
from anlan.ui.forms.base import Form
from anlan.ui.forms.fields import Files, RecordChoice, RecordChoices, given_to
from anlan.ui.pages.base import ENDPOINTS, Page, Route, actor_of, found, htmx_target
from anlan.ui.pages.records import STEP_PAGES
from anlan.ui.pages.values import parameters_in, permissions_of
from anlan.ui.refusals import sentence_of

SAVE = _("Save")
DIALOG = "dialogs"  # the id of the element a dialog is put into
DONE = "anlan_done"  # the cookie that names the form an act came from
_KEY = re.compile(r"[\w-]{1,80}")


@dataclass(kw_only=True, eq=False)
class FormPage(Page):
    """A form and what is done with it: ``handle(request, form)`` returns an address, a record, or None (stay).

    ``selector(actor)`` gives the record the form is about, when the path has parameters. ``initial(record, actor)``
    (or ``initial(actor)`` without a record) fills the fields. ``where(record)`` is what photos taken in it are marked
    with, beside the position. ``intro`` is said above them; ``cancel`` is where one
    goes instead; ``keep`` says that the form stays after success, for one entry after another. ``barred()`` says why
    nobody can do it here for the time being ("" when it can be done): the button to send it is then left out.
    ``offline`` keeps the page on the device: it opens without signal, and what is sent then goes by itself once there
    is one.
    """

    kind: ClassVar[str] = "form"
    form: type[Form] = Form
    handle: Callable[..., Any] | None = None
    selector: Callable[..., models.QuerySet[Any]] | None = None
    initial: Callable[..., dict[str, Any]] | None = None
    submit: Any = SAVE
    message: Any = ""
    intro: Any = ""
    lead: Callable[[Any], Any] | None = None
    where: Callable[[Any], Any] | None = None
    done: Callable[[Any], str] | None = None
    cancel: str = ""
    danger: bool = False
    offline: bool = False
    template: str = "ui/form.html"
    wide: bool = False
    context: Callable[..., dict[str, Any]] | None = None
    barred: Callable[[], Any] | None = None

    @property
    def subject(self) -> type[models.Model] | None:
        """The record's model; None for a form about none."""
        return self.selector(Actor.nobody()).model if self.selector is not None else None

    def routes(self) -> list[Route]:
        """The form, and the options of its fields that are found by typing."""
        object_ = self.selector is not None and bool(parameters_in(self.path))
        routes = [Route("", self.path, self.serve, self.kind, ("GET", "HEAD", "POST"), object=object_)]
        if any(isinstance(f, RecordChoice | RecordChoices) for f in self.form.base_fields.values()):
            routes.append(
                Route("-options", f"{self.path}options/<slug:field>/", self.options, "options", object=object_)
            )
        return routes

    def heading(self, record: Any = None) -> str:
        """The page's title."""
        return force_str(self.title(record) if callable(self.title) else self.title)

    def record(self, request: HttpRequest, kwargs: dict[str, Any]) -> Any:
        """The record the form is about, in the actor's scope; None when it is about none."""
        if self.selector is None or not kwargs:
            return None
        return found(self.selector(actor_of(request)), **kwargs)

    def build(self, request: HttpRequest, record: Any, *, bound: bool = False) -> Form:
        """The form, empty or with what was sent."""
        actor = actor_of(request)
        initial: dict[str, Any] = {}
        if self.initial is not None:
            initial = given_to(self.initial, *([record, actor] if record is not None else [actor]))
        initial |= {k: v for k, v in request.GET.items() if k in self.form.base_fields}
        if record is not None:
            initial["seen"] = _last_entry(record)
        options = ENDPOINTS.get(f"{self.name}-options")
        address = options.address(record, field="__field__") if options else ""
        data, files = (request.POST, request.FILES) if bound else (None, None)
        return self.form(data, files, actor=actor, record=record, initial=initial, options=address)

    def options(self, request: HttpRequest, field: str, **kwargs: Any) -> HttpResponse:
        """The records a field offers for what was typed."""
        record = self.record(request, kwargs)
        found_ = self.build(request, record).fields.get(field)
        if not isinstance(found_, RecordChoice | RecordChoices):
            raise NotFound
        results, more = found_.found(request.GET.get("q", ""))
        return JsonResponse({"results": results, "more": more})

    def serve(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form, or do what it asks for."""
        record = self.record(request, kwargs)
        self.admit(request, record)
        if request.method != "POST":
            return self.page(request, self.build(request, record), record)
        form = self.build(request, record, bound=True)
        if not form.is_valid():
            return self.page(request, form, record)
        try:
            outcome = self.perform(request, form, record)
        except (NotFound, SignInNeeded):
            raise
        except Stale as why:
            return self.stale(request, form, record, kwargs, why)
        except Refused as why:
            if isinstance(why, BadInput) and why.column == "key":
                form.add_error(
                    None,
                    gettext(
                        "This form was already sent. Check the record; send it again only if you mean a second one."
                    ),
                )
                form.renew()
            else:
                form.refuse(why)
            return self.page(request, form, record)
        return done_with(self.succeeded(request, outcome, record), form.key)

    def admit(self, request: HttpRequest, record: Any) -> None:
        """Refuse early what could not succeed anyway."""

    def perform(self, request: HttpRequest, form: Form, record: Any) -> Any:
        """Do what the form asks for."""
        if self.handle is None:
            raise TypeError(f"{self.name}: a form page needs handle, an act page an act")
        return given_to(self.handle, request, form, record)

    def stale(self, request: HttpRequest, form: Form, record: Any, kwargs: dict[str, Any], why: Stale) -> HttpResponse:
        """Somebody changed the record: show what changed, keep the typed text, let the reader decide."""
        fresh = self.record(request, kwargs)
        seen = form.cleaned_data.get("seen") or 0
        entries = [e for e in about(fresh, limit=20) if e.pk > seen] if fresh is not None else []
        form.renew(version=getattr(fresh, "version", None), seen=_last_entry(fresh) if fresh is not None else "")
        return self.page(
            request, form, fresh, status=why.status, stale=timeline.told(entries), stale_why=sentence_of(why)
        )

    def page(self, request: HttpRequest, form: Form, record: Any, *, status: int = 0, **more: Any) -> HttpResponse:
        """The form as a page or, for htmx, as a dialog."""
        dialog = htmx_target(request) == DIALOG
        context = {
            "page_": self,
            "form": form,
            "record": record,
            "title": self.heading(record),
            "submit": self.submit,
            "intro": self.intro(record) if callable(self.intro) else self.intro,
            "action": request.get_full_path(),
            "cancel": self.leave(request, record),
            "barred": self.barred() if self.barred else "",
            "danger": self.danger,
            "wide": self.wide,
            "lead": self.lead(record)
            if self.lead and record is not None
            else (str(record) if record is not None else ""),
            "crumbs": [(str(record), links.url_of(record))] if record is not None and links.url_of(record) else [],
            "where": self.where(record) if self.where and record is not None else "",
            "has_files": any(isinstance(f, Files) for f in form.fields.values()),
            **more,
        }
        if self.context is not None:
            context |= given_to(self.context, record, actor_of(request))
        failed = bool(form.errors) or "stale" in more
        code = status or (422 if failed else 200)
        if dialog and code == 409:
            code = 422  # htmx is told to show this one status
        return render(request, "ui/form_dialog.html" if dialog else self.template, context, status=code)

    def leave(self, request: HttpRequest, record: Any) -> str:
        """Where one goes instead of filling in the form."""
        wanted = request.GET.get("next", "")
        if wanted and url_has_allowed_host_and_scheme(
            wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return wanted
        if self.cancel:
            return self.cancel if self.cancel.startswith("/") else ENDPOINTS[self.cancel].address(record)
        return (links.url_of(record) if record is not None else "") or "/"

    def succeeded(self, request: HttpRequest, outcome: Any, record: Any) -> HttpResponse:
        """Say that it is done and lead on; a page that ``handle`` itself answers with is shown as it is."""
        if isinstance(outcome, HttpResponse):
            return outcome
        if self.message:
            messages.success(request, force_str(self.message(outcome) if callable(self.message) else self.message))
        return leave_for(request, self.target_of(request, outcome, record))

    def target_of(self, request: HttpRequest, outcome: Any, record: Any) -> str:
        """Where success leads."""
        if self.done is not None:
            return self.done(outcome)
        if isinstance(outcome, str) and outcome.startswith("/"):
            return outcome
        for row in (outcome, record):
            if isinstance(row, models.Model) and (url := links.url_of(row)):
                return url
        return self.leave(request, record)


@dataclass(kw_only=True, eq=False)
class ActPage(FormPage):
    """A form of an act: permission, target and model are read from the ``@act`` declaration."""

    act: Callable[..., Any]

    @property
    def declared(self) -> Any:
        """The act's declaration."""
        return self.act.act  # type: ignore[attr-defined]

    @property
    def permissions(self) -> tuple[str, ...]:
        """Who may open the form: what the page says, else what the act asks."""
        return permissions_of(self.permission or self.declared.may)

    def admit(self, request: HttpRequest, record: Any) -> None:
        """Whoever may not do it on this record is told before he types."""
        actor = actor_of(request)
        if record is not None and hasattr(type(record), "scope_by") and not actor.may_any(self.permissions, record):
            actor.need(self.permissions[0], record)

    def perform(self, request: HttpRequest, form: Form, record: Any) -> Any:
        """Call the act."""
        given = form.arguments()
        if self.declared.target is not None and record is not None:
            given[self.declared.target] = record
            if hasattr(record, "version"):
                given["version"] = form.version
        return self.act(actor=actor_of(request), key=form.key, **given)


@dataclass(kw_only=True, eq=False)
class StepPage(ActPage):
    """A step of a workflow: title, permission and clause come from the table; ``step`` is its code.

    ``aside`` marks a step beside the way (regrading, merging, withdrawing): the record page keeps it in its menu.
    ``when(record, actor)`` says whether it is offered there at all; the act refuses by itself.
    """

    kind: ClassVar[str] = "step"
    step: str
    icon: str = "arrow-right"
    aside: bool = False
    when: Callable[[Any, Actor], bool] | None = None

    @property
    def declared_step(self) -> Step:
        """The step in its workflow."""
        model: Any = self.subject
        return model.process.step(self.step)  # type: ignore[no-any-return]

    @property
    def permissions(self) -> tuple[str, ...]:
        """Who may take the step."""
        return permissions_of(self.permission) or self.declared_step.who

    def registered(self) -> None:
        """Tell the record page where this step is taken."""
        model: Any = self.subject
        STEP_PAGES[model._meta.label_lower, self.step] = self

    def heading(self, record: Any = None) -> str:
        """The step's label."""
        return super().heading(record) if self.title else gettext(self.declared_step.label)

    def admit(self, request: HttpRequest, record: Any) -> None:
        """The step must lead on from where the record stands."""
        super().admit(request, record)
        step = self.declared_step
        if request.method != "POST" and isinstance(record, InProcess) and record.state not in step.source:
            raise WrongStep(step=step.label, state=record.process.state(record.state).label)

    def page(self, request: HttpRequest, form: Form, record: Any, *, status: int = 0, **more: Any) -> HttpResponse:
        """The form with the clause the step rests on."""
        more.setdefault("submit", self.submit if self.submit is not SAVE else self.heading(record))
        return super().page(request, form, record, status=status, clause=self.declared_step.clause, **more)


def leave_for(request: HttpRequest, address: str) -> HttpResponse:
    """Lead the browser on, whether it asked for a page or htmx asked for a part."""
    if htmx_target(request):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)


def done_with(response: HttpResponse, key: str | None) -> HttpResponse:
    """Tell the scripts which form was carried out, so that its draft goes from the device."""
    if key and _KEY.fullmatch(key):
        response.set_cookie(DONE, key, max_age=24 * 3600, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


def _last_entry(record: models.Model) -> int:
    """The newest journal entry about a record, 0 without one."""
    rows = Entry.objects.everything(why="who may see the record may see its journal")
    newest = (
        rows.filter(subject_type=record._meta.label_lower, subject_id=str(record.pk))
        .order_by("-id")
        .values_list("pk", flat=True)
        .first()
    )
    return newest or 0
