"""Regions and local rules: the tree, its changes with their progress, the figures in force and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import set_parameter
from anlan.kernel.regions import services
from anlan.kernel.regions.models import Region, RegionChange
from anlan.kernel.scope import within
from anlan.modules.office import choices, selectors
from anlan.modules.office.filters import ChangeFilters, RegionFilters, RuleFilters
from anlan.modules.office.forms import MergeForm, MoveForm, RegionForm, RenameForm, RuleForm
from anlan.modules.office.tables import ChangeTable, GrantTable, RegionTable, RuleTable, place_name
from anlan.ui import links
from anlan.ui.pages import Action, ActPage, CustomPage, Empty, Export, Item, ListPage, RecordPage, Section, actor_of
from anlan.ui.pages.base import found

CHANGE, SET = "regions.change", "codes.parameters"


def region_facts(region: Region, actor: Actor) -> list[Item]:
    """What is known of a region."""
    above = Region.objects.filter(path=region.parent_path).first() if region.parent_path else None
    into = region.merged_into
    return [
        Item(_("Kind"), region.get_kind_display()),
        Item(_("Region code"), region.code),
        Item(_("Short name"), region.short_name),
        Item(
            _("Lies in"), above.name if above else "", url=links.url_of(above) if above and _may(above, actor) else ""
        ),
        Item(_("In force from"), region.valid_from),
        Item(_("In force until"), region.valid_to),
        Item(_("Merged into"), into.name if into else "", url=links.url_of(into) if into and _may(into, actor) else ""),
        Item(_("Parts"), region.numchild),
    ]


def _may(region: Region, actor: Actor) -> bool:
    return actor.may_at(choices.RULES, region.path)


def in_force(region: Region, actor: Actor) -> bool:
    """For acts on regions that exist, by whoever may change them."""
    return region.valid_to is None and actor.may_at(CHANGE, region.path, "")


def may_set(region: Region, actor: Actor) -> bool:
    """For setting a figure for a region."""
    return region.valid_to is None and actor.may_at(SET, region.path, "")


def below(region: Region, actor: Actor) -> Any:
    """The regions one level down; None for a region that has gone."""
    return (
        None
        if region.valid_to
        else selectors.regions(actor).filter(within("path", region.path), depth=region.depth + 1)
    )


def serving(region: Region, actor: Actor) -> Any:
    """Who holds an authority for exactly this region today; None for a region that has gone."""
    if region.valid_to:
        return None
    return selectors.grants(actor).filter(region=region).filter(selectors.validity(choices.Validity.NOW))


def rules_here(region: Region, actor: Actor) -> dict[str, Any] | None:
    """The figures in force here, each with the decision behind it, or the platform's own default."""
    if region.valid_to:
        return None
    shown = []
    for rule in selectors.rules_at(actor, region):
        declared, row = rule.declared, rule.decided
        shown.append(
            {
                "label": gettext(declared.label), "value": rule.value, "unit": gettext(declared.unit),
                "least": declared.least, "most": declared.most, "default": declared.default, "row": row,
                "own": row is not None and row.region_path == region.path,
                "from": place_name(row.region_path) if row else "",
                "overridden": [(place_name(r.region_path), r.value) for r in rule.overridden],
                "code": declared.code,
            }
        )  # fmt: skip
    return {"rules": shown, "may_set": may_set(region, actor), "path": region.path}


def running(region: Region, actor: Actor) -> dict[str, Any] | None:
    """The changes of this region whose rows are still on their way; None when there are none."""
    changes = [c for c in selectors.changes(actor).filter(region=region) if c.finished_at is None]
    return {"changes": [progress_of(c) for c in changes]} if changes else None


def progress_of(change: RegionChange) -> dict[str, Any]:
    """How far a change has come."""
    total = change.rows_total
    done = change.rows_done if total is None else min(change.rows_done, total)
    return {
        "pk": change.pk, "value": None if total is None else done, "max": total or 1,
        "label": ngettext("%(n)s row carried", "%(n)s rows carried", change.rows_done) % {"n": change.rows_done},
        "finished": change.finished_at is not None,
    }  # fmt: skip


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar of one change, asked for again until it is finished."""
    change = found(selectors.changes(actor_of(request)), pk=pk)
    return render(request, "office/progress.html", {"change": progress_of(change)})


def tiles(actor: Actor, rows: Any) -> dict[str, Any]:
    """What stands above the list of local rules."""
    own = selectors.regions(actor).filter(valid_to=None).order_by("depth", "path").first()
    return {"start": own, "start_url": links.url_of(own) if own else ""}


class BelowRegion(ActPage):
    """Adding a region is about the one it will lie in."""

    def perform(self, request: Any, form: Any, record: Any) -> Any:
        """Call the act; the form names the region it lies in."""
        return self.act(actor=request.actor, key=form.key, **form.arguments())


REGIONS = ListPage(
    name="office:regions",
    path="regions/",
    title=_("Regions"),
    icon="hierarchy-2",
    permission=choices.RULES,
    selector=selectors.regions,
    table=RegionTable,
    filters=RegionFilters,
    lead=_("The tree by which everything is kept and seen"),
    actions=(Action(_("Changes"), "office:changes", icon="history", permission=choices.RULES),),
    empty=Empty(_("No regions"), _("None in your jurisdiction fits these filters.")),
    export=Export(permission=choices.RULES),
)
REGION = RecordPage(
    name="office:region",
    path="regions/<int:pk>/",
    permission=choices.RULES,
    selector=selectors.regions,
    title=lambda region: region.name,
    number=lambda region: region.code,
    badges=lambda region: [(_("Region merged"), "grey")] if region.valid_to else [],
    facts=region_facts,
    back="office:regions",
    map=lambda region: (region.lon, region.lat),
    deadlines=False,
    sections=(
        Section(_("Rows on their way"), template="office/running.html", context=running, icon="progress"),
        Section(
            _("Parts"),
            table=RegionTable,
            rows=lambda region, actor: (
                selectors.regions(actor)
                .filter(path__startswith=region.path, depth=region.depth + 1)
                .exclude(pk=region.pk)
            ),
            columns=("name", "kind", "code", "numchild", "valid_to"),
            icon="hierarchy-2",
            most=100,
            empty=_("Nothing lies below."),
        ),
        Section(
            _("Who serves here"),
            table=GrantTable,
            rows=lambda region, actor: (
                selectors.grants(actor).filter(region=region).filter(selectors.validity(choices.Validity.NOW))
            ),
            columns=("user", "role", "sector", "valid_to"),
            permission=choices.SEE,
            icon="users",
            empty=_("Nobody holds an authority for exactly this region."),
        ),
        Section(
            _("Local rules in force here"),
            template="office/rules.html",
            context=rules_here,
            icon="adjustments-horizontal",
            open=False,
        ),
        Section(
            _("Changes"),
            table=ChangeTable,
            rows=lambda region, actor: selectors.changes(actor).filter(region=region),
            columns=("on", "kind", "old_name", "basis", "rows_done", "finished_at"),
            icon="history",
            empty=_("Never renamed, moved or merged here."),
        ),
    ),
    actions=(
        Action(_("Add a part"), "office:add-region", icon="plus", permission=CHANGE, when=in_force),
        Action(_("Rename"), "office:rename", icon="pencil", permission=CHANGE, when=in_force),
        Action(_("Move"), "office:move", icon="transfer", permission=CHANGE, when=in_force),
        Action(_("Merge"), "office:merge", icon="git-merge", permission=CHANGE, tone="red", when=in_force),
    ),
)
ADD_REGION = BelowRegion(
    name="office:add-region",
    path="regions/<int:pk>/add/",
    title=_("Add a region"),
    selector=selectors.changeable_regions,
    act=services.add_region,
    form=RegionForm,
    submit=_("Add"),
    message=_("The region was added."),
)
RENAME = ActPage(
    name="office:rename",
    path="regions/<int:pk>/rename/",
    title=_("Rename the region"),
    selector=selectors.changeable_regions,
    act=services.rename_region,
    form=RenameForm,
    initial=lambda region: {"name": region.name, "short_name": region.short_name, "code": region.code},
    submit=_("Rename"),
    message=_("The region was renamed. Its former name stays in the list of changes."),
    done=lambda change: links.url_of(change.region if isinstance(change, RegionChange) else change),
)
MERGE = ActPage(
    name="office:merge",
    path="regions/<int:pk>/merge/",
    title=_("Merge the region"),
    selector=selectors.changeable_regions,
    act=services.merge_region,
    form=MergeForm,
    submit=_("Merge"),
    intro=_(
        "The region ends the day before. Its parts, its people and every record in it go over to the other region; "
        "records follow in the background, and the page of the region shows how far they have come."
    ),
    message=_("The region was merged. Its records are on their way."),
    done=lambda change: links.url_of(change.region),
    danger=True,
)
MOVE = ActPage(
    name="office:move",
    path="regions/<int:pk>/move/",
    title=_("Move the region"),
    selector=selectors.changeable_regions,
    act=services.move_region,
    form=MoveForm,
    submit=_("Move"),
    intro=_("The region and everything in it become part of another; records follow in the background."),
    message=_("The region was moved. Its records are on their way."),
    done=lambda change: links.url_of(change.region if isinstance(change, RegionChange) else change),
    danger=True,
)
CHANGES = ListPage(
    name="office:changes",
    path="regions/changes/",
    title=_("Changes of regions"),
    icon="history",
    permission=choices.RULES,
    selector=selectors.changes,
    table=ChangeTable,
    filters=ChangeFilters,
    empty=Empty(_("No changes"), _("No region was renamed, moved or merged.")),
)
PROGRESS = CustomPage(
    name="office:progress",
    path="regions/changes/<int:pk>/progress/",
    title=_("Progress of the change"),
    permission=choices.RULES,
    view=progress,
    shape="panel",
    model=RegionChange,
    is_object=True,
)
RULES = ListPage(
    name="office:rules",
    path="rules/",
    title=_("Local rules"),
    icon="adjustments-horizontal",
    permission=choices.RULES,
    selector=selectors.local_rules,
    table=RuleTable,
    filters=RuleFilters,
    lead=_("Figures a jurisdiction set for itself, with the decisions they rest on"),
    actions=(Action(_("Set a figure"), "office:set-rule", icon="plus", permission=SET),),
    above="office/rules_above.html",
    context=tiles,
    empty=Empty(_("No figures of one's own"), _("The platform's defaults count everywhere.")),
    export=Export(permission=choices.RULES),
)
SET_RULE = ActPage(
    name="office:set-rule",
    path="rules/set/",
    title=_("Set a figure"),
    act=set_parameter,
    form=RuleForm,
    submit=_("Set"),
    message=_("The figure was set."),
    done=lambda row: _region_address(row.region_path),
    cancel="office:rules",
    intro=_("It counts in the region and everything below, from the day on, until a nearer region sets its own."),
)


def _region_address(path: str) -> str:
    region = Region.objects.filter(path=path).first()
    return links.url_of(region) if region else "/"
