"""The page of possible duplicates."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.modules.registry import selectors
from anlan.modules.registry.models import Unit
from anlan.modules.registry.selectors import Pair
from anlan.ui import links, places
from anlan.ui.pages import ViewPage

REASONS = {
    "name": _("the same name"), "alike": _("a similar name"), "address": _("the same address"),
    "phone": _("the same telephone"),
}  # fmt: skip


def shown(pairs: list[Pair]) -> list[dict[str, Any]]:
    """Pairs as the template shows them; the record with a code is proposed to stay."""
    named = places.names({unit.region_path for pair in pairs for unit in (pair.first, pair.second)}, 2)
    lines = []
    for pair in pairs:
        keep, away = (
            (pair.second, pair.first) if pair.second.uscc and not pair.first.uscc else (pair.first, pair.second)
        )
        lines.append(
            {
                "score": pair.score,
                "reasons": [str(REASONS[reason]) for reason in REASONS if reason in pair.reasons],
                "units": [
                    {"unit": unit, "url": links.url_of(unit), "place": named.get(unit.region_path, "")}
                    for unit in (keep, away)
                ],
                "merge": f"{reverse('registry:merge-units', kwargs={'pk': keep.pk})}?other={away.pk}"
                if pair.mergeable
                else "",
                "note": "" if pair.mergeable else gettext("two codes: two legal persons"),
                "different": f"{reverse('registry:different', kwargs={'pk': keep.pk})}?other={away.pk}",
            }
        )
    return lines


def _context(actor: Actor, query: QueryDict) -> dict[str, Any]:
    return {"pairs": shown(selectors.pairs(actor))}


DUPLICATES = ViewPage(
    name="registry:duplicates",
    path="duplicates/",
    title=_("Possible duplicates"),
    icon="arrows-join",
    permission="registry.merge",
    template="registry/duplicates.html",
    context=_context,
    model=Unit,
)
