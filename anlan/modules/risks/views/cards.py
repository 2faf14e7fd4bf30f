"""The notice card: issued, printed with its QR code, opened by whoever scans it; and what a post must know."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from anlan.modules.risks import forms, selectors, services
from anlan.modules.risks.choices import MeasureKind
from anlan.modules.risks.models import RiskPoint
from anlan.modules.risks.tables import TONES
from anlan.modules.risks.views.points import level
from anlan.modules.risks.workflow import VIEW
from anlan.ui.pages import ActPage, CustomPage, actor_of
from anlan.ui.pages.base import found


def shown(point: RiskPoint) -> dict[str, Any]:
    """What a card shows of a point, and nothing else: no telephone of a person, no hazard, no scores."""
    assert point.assessment is not None  # a card shows an assessment in force
    factors = list(selectors.factors_of(point.assessment))
    measures = list(selectors.measures_of(point.assessment))
    labels = dict(MeasureKind.choices)
    groups = [
        {"kind": kind, "label": labels[kind], "texts": list(dict.fromkeys(m.text for m in measures if m.kind == kind))}
        for kind in MeasureKind.values
    ]
    return {
        "point": point, "unit": point.site.unit.name, "level": level(point.shown), "tone": TONES[point.shown],
        "factors": list(dict.fromkeys(f.factor for f in factors)), "accidents": point.accident_classes,
        "measures": [g for g in groups if g["texts"] and g["kind"] != MeasureKind.EMERGENCY],
        "emergency": next((g["texts"] for g in groups if g["kind"] == MeasureKind.EMERGENCY), []),
        "control": point.get_control_level_display(), "title": gettext("Risk notice card"),
    }  # fmt: skip


def address_of(point: RiskPoint) -> str:
    """The full address behind the QR code."""
    return f"{settings.PUBLIC_ADDRESS.rstrip('/')}{reverse('risks:card', args=[point.card_token])}"


def qr(address: str) -> SafeString:
    """The address as a QR code: an SVG without styles, so that the content policy admits it."""
    drawn = segno.make(address, error="m").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawn)


@never_cache
@require_safe
def card(request: HttpRequest, token: str) -> HttpResponse:
    """The card as its scanner reads it, without sign-in. An address that opens nothing says so and nothing more."""
    point = selectors.card_of(token)
    if point is None:
        response = render(request, "risks/card_gone.html", {"title": gettext("This card opens nothing")}, status=404)
    else:
        response = render(request, "risks/card_public.html", shown(point))
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The card for the printer."""
    point = found(selectors.points(actor_of(request)).exclude(card_token=""), pk=pk)
    address = address_of(point)
    context = {**shown(point), "qr": qr(address), "address": address, "back": reverse("risks:point", args=[pk])}
    return render(request, "risks/card_sheet.html", context)


def know(request: HttpRequest, pk: int) -> HttpResponse:
    """What whoever works here must know and be able to do (应知应会), for the phone."""
    point = found(selectors.points(actor_of(request)).exclude(assessment=None).exclude(state="closed"), pk=pk)
    context = {
        **shown(point), "rows": selectors.factors_of(point.assessment), "title": gettext("What the post must know"),
        "back": reverse("risks:point", args=[pk]),
    }  # fmt: skip
    return render(request, "risks/know.html", context)


ISSUE = ActPage(
    name="risks:issue-card", path="points/<int:pk>/issue-card/", title=_("Issue a notice card"),
    selector=selectors.points, act=services.issue_card, form=forms.CardForm, submit=_("Issue a notice card"),
    intro=_("Level, factors, measures, what to do in an emergency; the QR code opens without sign-in."),
    done=lambda point: reverse("risks:card-sheet", args=[point.pk]),
)  # fmt: skip
WITHDRAW = ActPage(
    name="risks:withdraw-card", path="points/<int:pk>/withdraw-card/", title=_("Withdraw the card"), danger=True,
    selector=selectors.points, act=services.withdraw_card, form=forms.ReasonForm, submit=_("Withdraw"),
)  # fmt: skip
CARD = CustomPage(
    name="risks:card-sheet", path="points/<int:pk>/card/", title=_("Notice card"), permission=VIEW, view=sheet,
    shape="print", model=RiskPoint, is_object=True,
)  # fmt: skip
KNOW = CustomPage(
    name="risks:know", path="points/<int:pk>/know/", title=_("What the post must know"), permission=VIEW, view=know,
    model=RiskPoint, is_object=True,
)  # fmt: skip
