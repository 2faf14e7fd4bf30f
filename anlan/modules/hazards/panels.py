"""What hazards add to pages they do not own: menu, quick actions, search, the pages of sites and units."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.counting import counted, cut
from anlan.kernel.deadlines.services import all_on
from anlan.kernel.errors import gettext_noop
from anlan.modules.hazards import selectors
from anlan.modules.hazards.tables import HazardTable
from anlan.modules.registry.public import SITE, UNIT
from anlan.modules.statutes.public import register_document, rerun
from anlan.rules.hazard_deadline import NOTICE_RESTS_ON, RECORD_RESTS_ON
from anlan.ui import links, menu, panels, quick_actions, search, standing
from anlan.ui.pages import Action

COLUMNS = ("title", "grade", "state", "due_at", "found_on")


def find(actor: Actor, text: str, limit: int) -> list[search.Hit]:
    """The hazards in which every word of the text occurs, newest first."""
    rows = cut(selectors.matching(selectors.hazards(actor), text).order_by("-found_on", "-pk"), 0, limit)
    return [search.Hit(f"{h.number} {h.title}", h.site.unit.name, links.url_of(h), "alert-triangle") for h in rows]


def overdue(actor: Actor) -> int:
    """How many open hazards are over their time, as far as a badge shows it."""
    return selectors.overdue_count(actor, menu.MOST)


def stand(actor: Actor) -> list[standing.Number]:
    """Open, overdue and open major hazards: counted as the cockpit counts them; overdue as in the list."""
    if not actor.may("hazards.view"):
        return []
    told = selectors.counts(actor)
    return [
        standing.Number(_("Open hazards"), told["open"], "/hazards/?state=open"),
        standing.Number(_("Overdue hazards"), told["overdue"], "/hazards/?overdue=on", "red", badge="hazards:list"),
        standing.Number(_("Open major hazards"), told["major"], "/hazards/?state=open&grade=major", "red"),
    ]


# The clocks of the book behind the kinds of deadlines; the others are days that people or local rules set.
CLOCKS = {
    "report_major": "report_major", "rectify": "rectification", "review": "review", "extension": "extension_answer",
    "recheck": "look_back",
}  # fmt: skip


def as_of(actor: Actor, hazard: Any) -> dict[str, Any] | None:
    """The time limits of a hazard, each run again by the edition of the day it was set."""
    rows = []
    for deadline in all_on(hazard):
        due, on = clock.day_of(deadline.due_at), deadline.starts_on
        code = CLOCKS.get(deadline.kind, "")
        again = rerun("hazard_due", _asked(code, on, due), on, path=hazard.owner_path) if code else None
        rows.append({
            "label": deadline.label, "due": due, "on": on, "basis": deadline.basis, "rerun": again,
            "said": again.says if again else ("", ""), "url": again.url if again else "",
        })  # fmt: skip
    return {"rows": rows} if rows else None


def _asked(code: str, on: dt.date, due: dt.date) -> dict[str, Any]:
    """What the rule is asked: a rectification by the day that was stated, the others by the days in between."""
    if code == "rectification":
        return {"clock": code, "start": on.isoformat(), "ordered": max(due, on).isoformat()}
    days = {} if code == "extension_answer" else {"local_days": (due - on).days}
    return {"clock": code, "start": on.isoformat(), **days}


panels.register(
    "hazards.hazard",
    panels.Panel(
        "as-of", _("Time limits as of their day"), permission="hazards.view", order=80, icon="scale",
        template="hazards/as_of.html", context=as_of,
    ),
)  # fmt: skip
standing.register("hazards", stand)
register_document("hazards.notice", gettext_noop("Rectification notice"), NOTICE_RESTS_ON)
register_document("hazards.record", gettext_noop("Record sheet of a hazard"), RECORD_RESTS_ON)
menu.register(
    menu.Entry("work", pgettext_lazy("menu", "Hazards"), "hazards:list", icon="alert-triangle",
               permission="hazards.view", order=10,
               badge=overdue, tone="red", phone=True)
)  # fmt: skip
menu.register(
    menu.Entry("work", _("Supervision list"), "hazards:listings", icon="flag", permission="hazards.supervise", order=12)
)
menu.register(
    menu.Entry("base", _("Major hazards under supervision"), "hazards:public", icon="flag", public=True, order=60)
)
quick_actions.register(
    quick_actions.QuickAction(_("Report a hazard"), "hazards:report", icon="camera-plus", permission="hazards.report",
                              order=10, text=_("Take a picture, say what is wrong"))
)  # fmt: skip
quick_actions.register(
    quick_actions.QuickAction(_("Register a finding"), "hazards:find", icon="camera-plus", permission="hazards.find",
                              order=11, text=_("From an inspection, a tip-off, an alarm"))
)  # fmt: skip
search.register(
    search.Searcher("hazards", _("Hazards"), find, permission="hazards.view", icon="alert-triangle",
                    more="/hazards/?all=1&q=%s", order=20)
)  # fmt: skip
panels.register(
    SITE,
    panels.Panel(
        "hazards", _("Hazards"), permission="hazards.view", order=20, icon="alert-triangle", table=HazardTable,
        columns=COLUMNS, rows=lambda actor, site: selectors.hazards_of_site(actor, site.pk),
        count=lambda actor, site: counted(selectors.open_hazards(actor).filter(site_id=site.pk)),
        more=lambda site: "/hazards/?" + urlencode({"site": site.pk}),
        actions=(Action(_("Register a finding"), "hazards:find", icon="plus", permission="hazards.find"),),
        empty=_("No hazard was found here."),
    ),
)  # fmt: skip
panels.register(
    UNIT,
    panels.Panel(
        "hazards", _("Hazards of all sites"), permission="hazards.view", order=20, icon="alert-triangle",
        table=HazardTable, columns=COLUMNS, rows=lambda actor, unit: selectors.hazards_of_holder(actor, unit.holder),
        count=lambda actor, unit: counted(selectors.open_hazards(actor).filter(holder=unit.holder)),
        empty=_("No hazard was found here."),
    ),
)  # fmt: skip
