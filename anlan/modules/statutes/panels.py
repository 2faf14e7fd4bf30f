"""What the library adds to the shell: menu and search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput
from anlan.kernel.searching import words_of
from anlan.modules.statutes import selectors
from anlan.modules.statutes.choices import VIEW
from anlan.modules.statutes.selectors.hits import sentence_with
from anlan.modules.statutes.selectors.uses import cite_url
from anlan.ui import links, menu, search

links.register_clauses(cite_url)
for place, (label, url, icon) in enumerate(
    (
        (_("Laws and standards"), "statutes:editions", "book"),
        (_("Check lists"), "statutes:check-lists", "checklist"),
        (_("Rules of law"), "statutes:rules", "scale"),
        (_("Figures to verify"), "statutes:figures", "alert-triangle"),
        (_("What is not held"), "statutes:gaps", "file-off"),
    ),
    30,
):
    menu.register(menu.Entry("base", label, url, icon=icon, permission=VIEW, public=True, order=place))


def find(actor: Actor, text: str, limit: int) -> list[search.Hit]:
    """The articles in which every word of the text occurs."""
    rows = selectors.articles(actor)
    try:
        for word in words_of(text):
            rows = rows.filter(search_text__has=word)
    except BadInput:
        return []
    found = rows.defer("search_text").order_by("pk")[:limit]
    words = words_of(text)
    return [search.Hit(str(a), sentence_with(a.body, words)[:60], links.url_of(a), "book") for a in found]


search.register(
    search.Searcher(
        "statutes", _("Articles"), find, permission=VIEW, icon="book", more="/statutes/articles/?q=%s", order=60
    )
)
