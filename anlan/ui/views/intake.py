"""Taking in a ledger on the screen: upload, preview, confirm, progress, the refused rows to take away.

One set of pages for every noun a module registered with ``kernel.intake.services.register``.
"""

from __future__ import annotations

import io
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.files.services import Upload
from anlan.kernel.intake import selectors, store
from anlan.kernel.intake.models import Batch, BatchState
from anlan.kernel.intake.reading import told_in
from anlan.kernel.intake.services import MAY, MOST_BYTES, NOUNS, Noun, confirm_batch, discard_batch, open_batch
from anlan.kernel.intake.template import write_template
from anlan.ui import filters, forms, links, places, tables
from anlan.ui.forms import widgets
from anlan.ui.forms.fields import reachable
from anlan.ui.pages import Action, ActPage, CustomPage, Empty, FormPage, Item, ListPage, RecordPage, actor_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACCEPT = ".xlsx,.xls,.ods,.csv"
TONES = {
    BatchState.READ: "orange", BatchState.REFUSED: "red", BatchState.FAILED: "red", BatchState.DONE: "green",
    BatchState.READING: "blue", BatchState.QUEUED: "blue", BatchState.RUNNING: "blue",
}  # fmt: skip
BUSY = (BatchState.READING, BatchState.QUEUED, BatchState.RUNNING)


def _noun(code: str) -> Noun:
    if code not in NOUNS:
        raise NotFound
    return NOUNS[code]


class LedgerField(django_forms.Field):
    """The ledger; what it is, the reader finds out."""

    def __init__(self, label: Any) -> None:
        widget = widgets.FilesInput(ACCEPT, 1, several=False, pictures=False, most_bytes=MOST_BYTES, ahead=False)
        super().__init__(label=label, widget=widget)

    def clean(self, value: Any) -> Upload:
        """The file whole."""
        files: list[UploadedFile] = [file for file in (value or []) if file]
        if not files:
            raise ValidationError(_("Choose the ledger."))
        if (files[0].size or 0) > MOST_BYTES:
            raise ValidationError(
                _("The file is larger than %(most)s MB: split it."), params={"most": MOST_BYTES >> 20}
            )
        return Upload(str(files[0].name), files[0].read())


class UploadForm(forms.Form):
    """A ledger, the place it is for, and what happens to records on file."""

    file = LedgerField(_("Ledger"))
    region = forms.RegionChoice(
        _("Region"),
        permission=MAY,
        required=False,
        help_text=_("Where rows lie that name no other place. Empty: your own region."),
    )
    mode = forms.Choice(_("Records on file"), (), radio=True)


class UploadPage(FormPage):
    """The form of one noun: the noun stands in the address."""

    def serve(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form, for whoever may take in this noun."""
        kind = _noun(kwargs["noun"])
        actor_of(request).need(kind.permission)
        return super().serve(request, **kwargs)

    def build(self, request: HttpRequest, record: Any, *, bound: bool = False) -> Any:
        """The form with the modes of the noun."""
        form = super().build(request, record, bound=bound)
        kind = _kind_of(request)
        modes = [(code, gettext(label)) for code, label in kind.modes]
        form.fields["mode"].choices = modes  # type: ignore[attr-defined]  # a choice field of ours
        form.initial.setdefault("mode", modes[0][0])
        if len(modes) == 1:
            form.fields["mode"].widget = django_forms.HiddenInput()
        return form

    def page(self, request: HttpRequest, form: Any, record: Any, *, status: int = 0, **more: Any) -> HttpResponse:
        """The form with the noun's name, template and what is accepted."""
        kind = _kind_of(request)
        title = _of_kind(kind)
        template_url = reverse("ui:intake-template", kwargs={"noun": kind.code})
        return super().page(
            request,
            form,
            record,
            status=status,
            title=title,
            template_url=template_url,
            noun=kind,
            tabs=_kinds(actor_of(request), kind),
            cancel=reverse("ui:batches"),
            **more,
        )


def _of_kind(noun: Noun) -> str:
    """What taking in a ledger of this kind is called."""
    return gettext("Take in a ledger: %(what)s") % {"what": gettext(noun.schema.label)}


def _kinds(actor: Actor, now: Noun) -> list[dict[str, Any]]:
    """The kinds of ledger this reader may take in, the present one marked; empty when there is but one."""
    mine = [noun for noun in NOUNS.values() if actor.may(noun.permission)]
    return [
        {
            "label": gettext(noun.schema.label),
            "url": reverse("ui:intake", kwargs={"noun": noun.code}),
            "active": noun.code == now.code,
        }
        for noun in mine
        if len(mine) > 1
    ]


def _kind_of(request: HttpRequest) -> Noun:
    match = request.resolver_match
    return _noun(match.kwargs["noun"] if match else "")


def _take(request: HttpRequest, form: Any) -> Batch:
    given = form.cleaned_data
    return open_batch(
        actor=actor_of(request),
        key=form.key,
        noun=_kind_of(request).code,
        file_name=given["file"].name,
        content=given["file"].getvalue(),
        region=given["region"] or _only_region(actor_of(request)),
        mode=given["mode"],
    )


def _only_region(actor: Actor) -> Any:
    """The actor's own region when there is exactly one."""
    paths = {grant.path for grant in actor.grants_for(MAY) if grant.path}
    return reachable(actor, MAY).filter(path=paths.pop()).first() if len(paths) == 1 else None


UPLOAD = UploadPage(
    name="ui:intake",
    path="ui/intake/<slug:noun>/new/",
    title=_("Take in a ledger"),
    permission=MAY,
    form=UploadForm,
    handle=_take,
    submit=_("Upload and check"),
    template="ui/intake/upload.html",
    icon="table-import",
)


class BatchTable(tables.Table):
    """Ledgers."""

    file_name = tables.LinkColumn(_("Ledger"), lead=True)
    noun = tables.Column(_("Kind"))
    region_path = tables.RegionColumn(_("Region"))
    state = tables.ChoiceColumn(_("State"), colours={state.value: tone for state, tone in TONES.items()})
    accepted = tables.NumberColumn(_("Rows accepted"))
    rejected = tables.NumberColumn(_("Rows refused"))
    by_name = tables.Column(_("By"), orderable=False)
    at = tables.MomentColumn(_("Uploaded"))

    class Meta(tables.Table.Meta):
        model = Batch
        order_by = "-at"

    def render_noun(self, value: str) -> str:
        """The noun's name."""
        return gettext(NOUNS[value].schema.label) if value in NOUNS else value


class BatchFilters(filters.FilterSet):
    """Of ledgers."""

    state = filters.Choice("state", BatchState.choices, _("State"), several=True)
    at = filters.Days(_("Uploaded"))


class BatchList(ListPage):
    """The ledgers, with a button for each kind this reader may take in."""

    def _context(self, request: HttpRequest, *args: Any) -> dict[str, Any]:
        told = super()._context(request, *args)
        mine = [noun for noun in NOUNS.values() if actor_of(request).may(noun.permission)]
        offered = [
            (
                Action(_of_kind(noun), "", icon="file-import", tone="plain" if at else "primary"),
                reverse("ui:intake", kwargs={"noun": noun.code}),
            )
            for at, noun in enumerate(mine)
        ]
        return {**told, "actions": offered, "empty_action": offered[0] if offered else None}


BATCHES = BatchList(
    name="ui:batches",
    path="ui/intake/",
    title=_("Ledgers taken in"),
    icon="table-import",
    permission=MAY,
    selector=selectors.batches,
    table=BatchTable,
    filters=BatchFilters,
    printable=False,
    empty=Empty(
        _("No ledger yet"),
        _("Upload the ledger your office keeps: each row is taken in, or named with the reason."),
        icon="table-import",
    ),
)


def _facts(batch: Batch, actor: Actor) -> list[Item]:
    kind = NOUNS.get(batch.noun)
    modes = dict(kind.modes) if kind else {}
    outcome = batch.outcome
    return [
        Item(_("Kind"), gettext(kind.schema.label) if kind else batch.noun),
        Item(_("Region"), batch.region_path, kind="region"),
        Item(_("Records on file"), gettext(modes[batch.mode]) if batch.mode in modes else batch.mode),
        Item(_("Uploaded"), batch.at),
        Item(_("By"), batch.by_name),
        *([Item(_("Taken in"), batch.finished_at)] if batch.state == BatchState.DONE else []),
        *[Item(gettext(LABELS[name]), count) for name, count in outcome.items() if name in LABELS],
    ]


LABELS = {
    "units": gettext_noop("New units"), "sites": gettext_noop("Further sites"), "updated": gettext_noop("Updated"),
    "refused": gettext_noop("Rows refused"), "taken": gettext_noop("Rows taken in"),
}  # fmt: skip


def _context(batch: Batch, actor: Actor) -> dict[str, Any]:
    result = batch.result or {}
    named = places.names({line["place"] for line in result.get("preview", ()) if line.get("place")}, 2)
    may = actor.may_any((MAY,), batch)
    return {
        "busy": batch.state in BUSY,
        "progress_url": reverse("ui:batch-progress", kwargs={"pk": batch.pk}),
        "refusal": told_in(batch.refusal.get("told", {})) if batch.refusal else "",
        "ready": batch.state == BatchState.READ,
        "confirm_url": reverse("ui:batch-confirm", kwargs={"pk": batch.pk}) if may else "",
        "discard_url": reverse("ui:batch-discard", kwargs={"pk": batch.pk}) if may else "",
        "report_url": reverse("ui:batch-report", kwargs={"pk": batch.pk}) if store.has(batch, store.REPORT) else "",
        "preview": [
            {**line, "place": named.get(line.get("place", ""), ""), "plan": gettext(line.get("plan") or ""),
             "changes": [(gettext(c[0]), c[1], c[2]) for c in line.get("changes", ())],
             "notes": [told_in(n) for n in line.get("notes", ())]}
            for line in result.get("preview", ())
        ],
        "problems": [
            {**line, "told": told_in(line["told"]),
             "url": links.url_of(*line["on_file"]) if line.get("on_file") else ""}
            for line in result.get("problems", ())
        ],
        "passed_over": [{**line, "told": told_in(line["told"])} for line in result.get("skipped", ())],
        "notices": [told_in(told) for told in result.get("warnings", ())],
        "columns": result.get("columns", ()),
    }  # fmt: skip


BATCH = RecordPage(
    name="ui:batch",
    path="ui/intake/<uuid:pk>/",
    title=lambda batch: batch.file_name,
    permission=MAY,
    selector=selectors.batches,
    back="ui:batches",
    facts=_facts,
    context=_context,
    above="ui/intake/batch.html",
    badges=lambda batch: [(batch.get_state_display(), TONES.get(batch.state, "grey"))],
    deadlines=False,
    actions=(
        Action(
            _("Another ledger"),
            "/ui/intake/",
            icon="table-import",
            permission=MAY,
            when=lambda batch, actor: batch.ended,
        ),
    ),
)

CONFIRM = ActPage(
    name="ui:batch-confirm",
    path="ui/intake/<uuid:pk>/confirm/",
    act=confirm_batch,
    selector=selectors.batches,
    title=_("Take in the accepted rows"),
    submit=_("Take in"),
    message=_("Confirmed; the rows are being taken in."),
    intro=lambda batch: (
        gettext("%(accepted)s rows will be taken in, all or none; %(rejected)s refused rows are left out.")
        % {"accepted": batch.accepted, "rejected": batch.rejected}
    ),
)
DISCARD = ActPage(
    name="ui:batch-discard",
    path="ui/intake/<uuid:pk>/discard/",
    act=discard_batch,
    selector=selectors.batches,
    title=_("Discard the ledger"),
    submit=_("Discard"),
    danger=True,
    message=_("Discarded; the file is destroyed."),
    intro=_("Nothing is taken in, and the uploaded file is destroyed."),
)


def _progress(request: HttpRequest, pk: Any) -> HttpResponse:
    """How far it has come; once it is through, the page is loaded again."""
    actor = actor_of(request)
    batch = selectors.batch(actor, pk)
    if batch.state not in BUSY:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    now = selectors.progress(actor, batch)
    context = {
        "label": batch.get_state_display(), "value": now.done if now else None, "max": now.total or 0 if now else 0,
        "progress_url": request.path,
    }  # fmt: skip
    return render(request, "ui/intake/progress.html", context)


PROGRESS = CustomPage(
    name="ui:batch-progress",
    path="ui/intake/<uuid:pk>/progress/",
    permission=MAY,
    view=_progress,
    shape="data",
    model=Batch,
    is_object=True,
)


def _report(request: HttpRequest, pk: Any) -> HttpResponse:
    """The refused rows with their reasons, to correct and upload again."""
    batch = selectors.batch(actor_of(request), pk)
    return _workbook(selectors.report(actor_of(request), pk), f"{batch.file_name.rpartition('.')[0]}-returned.xlsx")


REPORT = CustomPage(
    name="ui:batch-report",
    path="ui/intake/<uuid:pk>/returned.xlsx",
    permission=MAY,
    view=_report,
    shape="file",
    model=Batch,
    is_object=True,
)


def _template(request: HttpRequest, noun: str) -> HttpResponse:
    """The empty form of a noun."""
    kind = _noun(noun)
    target = io.BytesIO()
    write_template(kind.schema, target, gettext)
    return _workbook(target.getvalue(), f"{kind.code}.xlsx")


TEMPLATE = CustomPage(
    name="ui:intake-template",
    path="ui/intake/<slug:noun>/template.xlsx",
    permission=MAY,
    view=_template,
    shape="file",
)


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = _attachment(name)
    response["Cache-Control"] = "private, no-store"
    return response


def _attachment(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(True, name) or "attachment"


INTAKE_PAGES = (BATCHES, UPLOAD, BATCH, CONFIRM, DISCARD, PROGRESS, REPORT, TEMPLATE)
