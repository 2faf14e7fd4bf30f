"""Screens of risks, and the card that needs no sign-in."""

from anlan.modules.risks.views.cards import CARD, ISSUE, KNOW, WITHDRAW, card
from anlan.modules.risks.views.lists import (
    AREA_FORM,
    AREA_PAGE,
    AREAS,
    CHANGES,
    CHECK_PAGE,
    CHECKS,
    REGISTER,
    REGISTERS,
)
from anlan.modules.risks.views.maps import DATA, MAP_PAGE, RATES
from anlan.modules.risks.views.plans import ADD_PLAN, DRAW, ERASE, PLAN, PLANS, REMOVE_PLAN
from anlan.modules.risks.views.points import (
    ASSESSMENT,
    CHANGE,
    CHECK,
    CHECK_ALL,
    FACTOR_PAGES,
    NEW,
    POINT_PAGE,
    POINTS,
    REMOVE_FACTOR,
    STEPS,
    TIE,
)

PAGES = (
    MAP_PAGE, DATA, RATES, POINTS, NEW, POINT_PAGE, CHANGE, *FACTOR_PAGES, REMOVE_FACTOR, *STEPS, ASSESSMENT, CHECK,
    CHECK_ALL, TIE, ISSUE, WITHDRAW, CARD, KNOW, PLANS, ADD_PLAN, PLAN, DRAW, ERASE, REMOVE_PLAN, REGISTERS, REGISTER,
    CHANGES, CHECKS, CHECK_PAGE, AREAS, AREA_FORM, AREA_PAGE,
)  # fmt: skip

__all__ = ["PAGES", "card"]
