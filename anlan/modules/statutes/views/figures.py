"""Screens of the figures to verify: all of them with what was set locally, setting one, ending one."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import end_figure, set_figure
from anlan.modules.statutes import forms, selectors
from anlan.modules.statutes.choices import SETS, VIEW
from anlan.ui.pages import ActPage, ViewPage

MOST = 12  # figures of one rule that are shown before it is opened by itself


def own_region(actor: Actor) -> dict[str, Any]:
    """The region, where the actor sets figures for but one."""
    paths = {grant.path for grant in actor.grants_for(SETS) if grant.path}
    return {"region": paths.pop()} if len(paths) == 1 else {}


def all_figures(actor: Actor, query: Any) -> dict[str, Any]:
    """The figures to verify by rule; searched, of one rule, or only those set locally."""
    text, rule = query.get("q", "").strip()[:100], query.get("rule", "")
    names = dict(selectors.rules_to_verify())
    rule = rule if rule in names else ""
    found = selectors.to_verify(actor, text, rule)
    own = query.get("local") == "on"
    found = [one for one in found if one.local] if own else found
    address = reverse("statutes:figures")
    groups = []
    for name, rows in groupby(found, key=lambda one: one.rule):
        told = list(rows)
        whole = bool(rule or text or own)
        groups.append({
            "title": names[name], "rows": told if whole else told[:MOST], "count": len(told),
            "more": "" if whole or len(told) <= MOST else f"{address}?{urlencode({'rule': name})}",
        })  # fmt: skip
    return {
        "q": text, "rule": rule, "own": own, "rules": names.items(), "groups": groups, "address": address,
        "total": len(found), "may_set": actor.may(SETS) if actor.signed_in else False,
    }  # fmt: skip


FIGURES = ViewPage(
    name="statutes:figures", path="figures/", title=_("Figures to verify"), icon="alert-triangle", permission=VIEW,
    public=True, template="statutes/figures.html", context=all_figures,
)  # fmt: skip
SET_FIGURE = ActPage(
    name="statutes:set-figure", path="figures/set/", title=_("Set a local figure"), act=set_figure,
    form=forms.FigureForm, initial=own_region, submit=pgettext_lazy("figure", "Set"), cancel="statutes:figures",
    message=_("The local figure was set."), done=lambda row: reverse("statutes:figures") + "?local=on",
    intro=_(
        "It counts in the region and everything below, from the day on, until a nearer region sets its own. Every "
        "answer that uses it names it with its source, beside the clause that is to be verified."
    ),
)  # fmt: skip
END_FIGURE = ActPage(
    name="statutes:end-figure", path="figures/end/", title=_("End a local figure"), act=end_figure,
    form=forms.EndFigureForm, initial=own_region, submit=pgettext_lazy("figure", "End"), cancel="statutes:figures",
    message=_("The local figure ends."), done=lambda row: reverse("statutes:figures") + "?local=on",
    intro=_("Afterwards the figure of the region above counts, else that of the rule."), danger=True,
)  # fmt: skip
PAGES = (FIGURES, SET_FIGURE, END_FIGURE)
