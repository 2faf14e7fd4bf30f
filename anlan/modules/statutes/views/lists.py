"""Screens of check lists: what is in force, the drafts of one's office, and the work on a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.actor import Actor
from anlan.modules.statutes import filters, forms, selectors, services
from anlan.modules.statutes.choices import LISTS, VIEW, Source
from anlan.modules.statutes.models import CheckItem, CheckList
from anlan.modules.statutes.tables import CheckListTable, ItemTable
from anlan.ui.forms import Form
from anlan.ui.pages import (
    Action,
    ActPage,
    Empty,
    Export,
    Item,
    ListPage,
    RecordPage,
    Section,
    Tab,
)

NEW_ACTION = Action(_("Begin a check list"), "statutes:new-list", icon="plus", permission=LISTS, tone="primary")
PUT_ACTION = Action(_("Issue from a spreadsheet"), "statutes:put-list", icon="file-import", permission=LISTS)
CHECK_LISTS = ListPage(
    name="statutes:check-lists",
    path="lists/",
    title=_("Check lists"),
    icon="checklist",
    permission=VIEW,
    public=True,
    selector=selectors.check_lists,
    table=CheckListTable,
    filters=filters.CheckListFilters,
    tabs=(
        Tab(_("In force today"), "current=on"), Tab(_("The office's own"), "source=office"),
        Tab(_("Drafts"), "draft=on"), Tab(_("All"), ""),
    ),
    opens="current=on",
    actions=(NEW_ACTION, PUT_ACTION),
    empty=Empty(
        _("No check list"),
        _("Begin the office's own list: each item with its clause, how to check and what evidence."),
        NEW_ACTION,
    ),
    export=Export(permission=VIEW, filename="check-lists"),
)  # fmt: skip


def list_facts(found: CheckList, actor: Actor) -> list[Item]:
    """What is known of a list."""
    said = {
        Source.HELD: _(
            "Short titles of the statutory criteria in our own words; how to check and what evidence to keep is not "
            "held. An office issues its own list to say it."
        ),
        Source.OFFICE: _("Being worked on; only this office sees it.") if found.draft else _("Issued by the office."),
    }[Source(found.source)]
    return [
        Item(_("Version"), found.number),
        Item(_("Trade"), found.get_sector_display()),
        Item(_("Issued by"), found.office),
        Item(pgettext_lazy("statute", "In force from"), found.valid_from),
        Item(_("In force to"), found.valid_to),
        Item(_("Source"), said, wide=True),
    ]


def keeps(found: CheckList, actor: Actor) -> bool:
    """Whether the reader keeps this list: one of his own office or below it."""
    return found.source == Source.OFFICE and actor.may_at(LISTS, found.region_path)


def in_force(found: CheckList, actor: Actor) -> bool:
    """For withdrawing and revising."""
    return keeps(found, actor) and not found.draft and found.valid_to is None


def issued(found: CheckList, actor: Actor) -> bool:
    """For beginning a list of one's own from it."""
    return not found.draft and actor.may(LISTS)


def drafted(found: CheckList, actor: Actor) -> bool:
    """For working on it."""
    return keeps(found, actor) and found.draft


def badges_of(found: CheckList) -> list[tuple[Any, str]]:
    """Where it comes from, and that it is a draft."""
    source = (found.get_source_display(), "blue" if found.source == Source.OFFICE else "grey")
    return [source, (_("Draft"), "orange")] if found.draft else [source]


def items_issued(found: CheckList, actor: Actor) -> Any:
    """The items of a version that never changes; None for a draft."""
    return None if found.draft else found.items.order_by("position")


def items_drafted(found: CheckList, actor: Actor) -> dict[str, Any] | None:
    """The items of a draft with what may be done with each; None for what is issued."""
    if not found.draft:
        return None
    items = list(found.items.select_related("article").order_by("position"))
    rows = []
    for item in items:
        address = {"pk": item.pk}
        rows.append({
            "item": item, "article": item.article.get_absolute_url(), "text_held": bool(item.article.body),
            "change": reverse("statutes:change-item", kwargs=address),
            "move": reverse("statutes:move-item", kwargs=address),
            "remove": reverse("statutes:remove-item", kwargs=address),
            "up": item.position - 1, "down": item.position + 1 if item.position < len(items) else 0,
        })  # fmt: skip
    unfinished = sum(1 for item in items if not item.method or not item.evidence)
    return {"rows": rows, "list": found, "unfinished": unfinished}


CHECK_LIST = RecordPage(
    name="statutes:check-list",
    path="lists/<int:pk>/",
    permission=VIEW,
    public=True,
    selector=selectors.check_lists,
    title=lambda found: found.title,
    badges=badges_of,
    facts=list_facts,
    back="statutes:check-lists",
    deadlines=False,
    sections=(
        Section(
            _("Items"), template="statutes/draft.html", context=items_drafted, icon="checklist",
            actions=(Action(_("Add an item"), "statutes:add-item", icon="plus", permission=LISTS, dialog=True),),
        ),
        Section(
            _("Items"), table=ItemTable, icon="checklist", most=500, empty=_("This list has no item."),
            rows=items_issued, columns=("position", "clause", "asked", "method", "evidence"),
        ),
        Section(
            _("Other versions"), table=CheckListTable, icon="history", empty=_("There is no other version."),
            rows=lambda found, actor: selectors.check_lists(actor).filter(code=found.code).exclude(pk=found.pk)
            .order_by("-number"),
            columns=("title", "number", "valid_from", "valid_to"),
        ),
    ),
    actions=(
        Action(
            pgettext_lazy("statute", "Issue"), "statutes:issue-list", icon="check", permission=LISTS, tone="primary",
            dialog=True, when=drafted,
        ),
        Action(_("Drop the draft"), "statutes:drop-draft", icon="trash", permission=LISTS, aside=True, when=drafted),
        Action(_("Make a new version"), "statutes:revise-list", icon="pencil", permission=LISTS, when=in_force),
        Action(_("Begin a list of one's own from it"), "statutes:adopt-list", icon="copy", permission=LISTS,
               aside=True, when=issued),
        Action(
            _("Withdraw the list"), "statutes:withdraw", icon="circle-x", permission=LISTS, aside=True, when=in_force
        ),
    ),
)  # fmt: skip
def own_office(actor: Actor) -> dict[str, Any]:
    """The office, where the actor keeps the lists of but one."""
    paths = {grant.path for grant in actor.grants_for(LISTS) if grant.path}
    return {"region": paths.pop()} if len(paths) == 1 else {}


NEW_LIST = ActPage(
    name="statutes:new-list", path="lists/begin/", title=_("Begin a check list"), act=services.draft_check_list,
    form=forms.DraftForm, initial=own_office, submit=_("Begin"), cancel="statutes:check-lists",
    intro=_("Items are added one by one; nothing is in force before the list is issued."),
)  # fmt: skip
PUT_LIST = ActPage(
    name="statutes:put-list", path="lists/new/", title=_("Issue from a spreadsheet"), act=services.put_check_list,
    form=forms.CheckListForm, initial=own_office, submit=pgettext_lazy("statute", "Issue"),
    cancel="statutes:check-lists", wide=True,
    message=_("The check list is issued."),
    intro=_("A list of the same office, trade and title becomes its next version."),
)  # fmt: skip
REVISE = ActPage(
    name="statutes:revise-list", path="lists/<int:pk>/revise/", title=_("Make a new version"),
    selector=selectors.own_lists, act=services.revise_check_list, form=Form, submit=_("Begin"),
    intro=_("The items are copied into a draft; this version stays in force until the draft is issued."),
)  # fmt: skip
ADOPT = ActPage(
    name="statutes:adopt-list", path="lists/<int:pk>/adopt/", title=_("Begin a list of one's own from it"),
    selector=selectors.check_lists, act=services.adopt_check_list, form=forms.AdoptForm, submit=_("Begin"),
    initial=lambda found, actor: {"title": found.title, **own_office(actor)},
    intro=_("The items are copied into a draft; how to check and what evidence to keep are then filled in."),
)  # fmt: skip
ISSUE = ActPage(
    name="statutes:issue-list", path="lists/<int:pk>/issue/", title=_("Issue the check list"),
    selector=selectors.own_lists, act=services.issue_check_list, form=forms.IssueForm,
    submit=pgettext_lazy("statute", "Issue"),
    message=_("The check list is issued."),
    intro=_("What is issued never changes; the version before ends the day before."),
)  # fmt: skip
DROP = ActPage(
    name="statutes:drop-draft", path="lists/<int:pk>/drop/", title=_("Drop the draft"), selector=selectors.own_lists,
    act=services.drop_draft, form=Form, submit=_("Drop"), danger=True, message=_("The draft is dropped."),
    done=lambda outcome: outcome.get_absolute_url() if outcome is not None else CHECK_LISTS.address(),
)  # fmt: skip
ADD = ActPage(
    name="statutes:add-item", path="lists/<int:pk>/items/", title=_("Add an item"), selector=selectors.own_lists,
    act=services.add_item, form=forms.NewItemForm, submit=pgettext_lazy("statute", "Add"), wide=True,
)  # fmt: skip


@dataclass(kw_only=True, eq=False)
class ItemPage(ActPage):
    """An act on an item of a draft: it leads back to the list, at the item."""

    def leave(self, request: HttpRequest, record: Any) -> str:
        """The list."""
        return _place_of(record)

    def target_of(self, request: HttpRequest, outcome: Any, record: Any) -> str:
        """The list, at the item where it still is."""
        return _place_of(outcome if isinstance(outcome, CheckItem) else record)


def _place_of(item: CheckItem) -> str:
    return f"{item.check_list.get_absolute_url()}#item-{item.position}"


def seen(item: CheckItem, actor: Actor) -> dict[str, Any]:
    """What the form starts from, and which version of the list its reader saw."""
    told = {name: getattr(item, name) for name in ("clause", "asked", "method", "evidence", "position")}
    return {**told, "seen_version": item.check_list.version}


CHANGE = ItemPage(
    name="statutes:change-item", path="items/<int:pk>/change/", title=_("Change the item"),
    selector=selectors.draft_items, act=services.change_item, form=forms.ItemForm, initial=seen, wide=True,
)  # fmt: skip
MOVE = ItemPage(
    name="statutes:move-item", path="items/<int:pk>/move/", title=_("Move the item"), selector=selectors.draft_items,
    act=services.move_item, form=forms.MoveForm, submit=pgettext_lazy("statute", "Move"), initial=seen,
)  # fmt: skip
REMOVE = ItemPage(
    name="statutes:remove-item", path="items/<int:pk>/remove/", title=_("Take the item out"),
    selector=selectors.draft_items, act=services.remove_item, form=forms.SeenForm, submit=_("Take out"), initial=seen,
    danger=True,
)  # fmt: skip
WITHDRAW = ActPage(
    name="statutes:withdraw", path="lists/<int:pk>/withdraw/", title=_("Withdraw the list"),
    selector=selectors.own_lists, act=services.withdraw_check_list, form=forms.ReasonForm, submit=_("Withdraw"),
    danger=True,
)  # fmt: skip
PAGES = (
    CHECK_LISTS, NEW_LIST, PUT_LIST, CHECK_LIST, REVISE, ADOPT, ISSUE, DROP, ADD, CHANGE, MOVE, REMOVE, WITHDRAW,
)  # fmt: skip
