"""Filings as they were handed in: the application, the table of basic features, the documents, what was lacking."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.modules.installations import filters, selectors
from anlan.modules.installations.choices import OUTCOME_TONES, TONES
from anlan.modules.installations.models import Filing
from anlan.modules.installations.tables import FilingTable
from anlan.modules.installations.views._words import lazily
from anlan.modules.installations.workflow import FILED, VIEW
from anlan.rules.major_hazard_duties import FORM_NAMES, Form, filing_fields
from anlan.rules.wording import in_language
from anlan.ui import formats, links
from anlan.ui.pages import Empty, Export, Item, ListPage, RecordPage, Section, Tab

FILINGS = ListPage(
    name="installations:filings",
    path="filings/",
    title=_("Filings of major hazard installations"),
    icon="files",
    permission=VIEW,
    selector=selectors.filings,
    table=FilingTable,
    filters=filters.FilingFilters,
    tabs=(Tab(_("To be checked"), "outcome=waiting"), Tab(_("All"), "")),
    empty=Empty(_("No filing"), _("Filings are handed in on the page of an installation.")),
    export=Export(permission=VIEW, filename="installation-filings"),
)


def _chosen(actor: Actor) -> int:
    return 1 if formats.spoken().startswith("zh") else 0


def facts(filing: Filing, actor: Actor) -> list[Item]:
    """What was handed in when, and what became of it."""
    return [
        Item(pgettext_lazy("installation", "Name of the installation"), filing.installation.name,
             url=links.url_of(filing.installation)),
        Item(_("Unit"), filing.installation.site.unit.name),
        Item(pgettext_lazy("filing", "Kind of filing"), filing.get_kind_display()),
        Item(pgettext_lazy("installation", "Level"), filing.get_level_display(), kind="badge",
             tone=TONES[filing.level]),
        Item(_("Assessment report of"), filing.assessed_on),
        Item(pgettext_lazy("filing", "Handed in on"), filing.handed_on),
        Item(pgettext_lazy("filing", "Handed in by"), filing.by_name),
        Item(pgettext_lazy("filing", "Outcome"), filing.get_outcome_display(), kind="badge",
             tone=OUTCOME_TONES[filing.outcome]),
        Item(pgettext_lazy("filing", "Filing number"), filing.number),
        Item(pgettext_lazy("filing", "Decided on"), filing.decided_on),
        Item(_("Opinion"), filing.opinion),
        Item(pgettext_lazy("filing", "Basis"), str(FILED)),
    ]  # fmt: skip


def lacking(filing: Filing, actor: Actor) -> list[Item] | None:
    """What the forms and the archive lacked; None where nothing."""
    said = [names[_chosen(actor)] for names in filing.lacking]
    return [Item(_("Not filled in, or not handed over"), "、".join(said), wide=True)] if said else None


def _form(form: Form) -> Any:
    def items(filing: Filing, actor: Actor) -> list[Item]:
        chosen, name = _chosen(actor), "zh" if _chosen(actor) else "en"
        return [
            Item(row[name], row["value"][chosen], unit=row["unit"])
            for row in filing.sheet
            if row["form"] == form.value
        ]  # fmt: skip

    return items


def chemicals(filing: Filing, actor: Actor) -> dict[str, Any] | None:
    """The rows of the second form: one a chemical."""
    chosen = _chosen(actor)
    fields = [field for field in filing_fields(Form.FEATURES) if field.part == "chemical"]
    spoken = formats.spoken()
    heads = [in_language(field.label, spoken) + (f" ({field.unit})" if field.unit else "") for field in fields]
    rows = [
        [(head, row.get(str(field.entry), ["", ""])[chosen]) for head, field in zip(heads, fields, strict=True)]
        for row in filing.chemicals
    ]
    return {"heads": heads, "rows": rows} if rows else None


def papers(filing: Filing, actor: Actor) -> list[Item]:
    """The documents of the archive as they were handed in."""
    name = "zh" if _chosen(actor) else "en"
    return [
        Item(
            row[name],
            gettext("%(n)s file(s)") % {"n": row["files"]} if row["files"]
            else gettext("On paper") if row["on_paper"]
            else gettext("Made by the platform") if row["made_here"]
            else gettext("Lacking") if row["lacking"] else gettext("None"),
            kind="badge", tone="orange" if row["lacking"] else "green",
        )
        for row in filing.papers
    ]  # fmt: skip


FILING = RecordPage(
    name="installations:filing",
    path="filings/<int:pk>/",
    permission=VIEW,
    selector=selectors.filings,
    title=lambda filing: filing.installation.name,
    subtitle=lambda filing: filing.get_kind_display(),
    number=lambda filing: filing.number,
    facts=facts,
    back="installations:filings",
    deadlines=False,
    timeline=False,
    sections=(
        Section(_("Lacking"), items=lacking, icon="alert-triangle"),
        Section(lazily(FORM_NAMES[Form.APPLICATION]), items=_form(Form.APPLICATION), icon="file-text"),
        Section(lazily(FORM_NAMES[Form.FEATURES]), items=_form(Form.FEATURES), icon="file-text"),
        Section(_("Hazardous chemicals of the unit"), template="installations/chemicals.html", context=chemicals,
                icon="flask"),
        Section(lazily(FORM_NAMES[Form.ARCHIVE]), items=papers, icon="folder"),
    ),
)  # fmt: skip
