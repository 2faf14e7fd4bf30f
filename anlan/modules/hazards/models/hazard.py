"""The table of hazards."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.scope import Elsewhere, PathField
from anlan.kernel.workflow import InProcess, process_check, process_triggers
from anlan.modules.hazards.choices import CATEGORIES, Grade, ListingLevel, Source
from anlan.modules.hazards.models.search import PairsField, placed_index
from anlan.modules.hazards.workflow import HAZARD, OPEN_STATES, OWN
from anlan.rules.steps import Step, Workflow

OPEN = Q(state__in=OPEN_STATES)
MAJOR = Q(grade=Grade.MAJOR)
PATHS = ["region_path", "owner_path", "offered_path"]  # what visibility asks: read off the index that has the order
COUNTED = [*PATHS, "state", "sector", "grade"]  # and what the figures of the open ones are narrowed by
BEFORE_ASSESSMENT = ["registered", "returned_report", "withdrawal_proposed", "withdrawn", "merged"]

# What no CHECK of a single row can say: by which road a major hazard came to where it stands.
MAJOR_BY_PLAN = """
    IF NEW.grade = 'major' AND NEW.state = 'rectifying'
       AND OLD.state NOT IN ('rectifying', 'plan_review', 'in_review', 'accepted', 'closed', 'withdrawal_proposed')
    THEN
        RAISE EXCEPTION 'a major hazard is rectified by an approved plan only';
    END IF;
    IF NEW.grade = 'major' AND OLD.grade IS DISTINCT FROM 'major' AND NEW.state <> 'planning' THEN
        RAISE EXCEPTION 'a hazard becomes major with its plan still to be handed in';
    END IF;
    IF NEW.plan_approved_at IS NOT NULL AND NEW.plan_approved_at IS DISTINCT FROM OLD.plan_approved_at
       AND NOT (OLD.state = 'plan_review' AND NEW.state = 'rectifying')
    THEN
        RAISE EXCEPTION 'a plan is approved by the step that approves it';
    END IF;
    IF NEW.state = 'withdrawal_proposed' AND OLD.state <> 'withdrawal_proposed' AND NEW.state_before <> OLD.state
       OR OLD.state = 'withdrawal_proposed' AND NEW.state = 'withdrawal_proposed'
          AND NEW.state_before <> OLD.state_before
       OR OLD.state = 'withdrawal_proposed' AND NEW.state NOT IN ('withdrawal_proposed', 'withdrawn', OLD.state_before)
    THEN
        RAISE EXCEPTION 'a refused withdrawal leads back to where the hazard stood';
    END IF;
    RETURN NEW;
"""


@pghistory.track(exclude=["words", "search_text", "version"])
class Hazard(InProcess):
    """A hidden hazard on a site.

    Copied facts, kept for sorting and scope at scale: ``region_path``, ``sector`` and ``holder`` are the site's;
    ``owner_path``/``owner_sector`` say whose desk it is on (one owner always), ``offered_path``/``offered_sector`` to
    whom it is offered; ``due_at``/``due_kind`` are the earliest open deadline's; ``rectify_due`` the time limit in
    force and ``rectify_basis`` what it rests on; ``listing_level`` the list it stands on. ``search_text`` and
    ``words`` (its character pairs) hold number, title, place, description, the names of unit and site and the pinyin
    initials of these.

    ``settled`` holds the five settled items (五落实), ``plan`` the six items of the treatment plan, by the codes of
    ``anlan.rules.hazard_grade``. Money is in yuan. ``lon``/``lat`` are WGS-84 degrees.
    """

    view_permission = "hazards.view"
    scope_by = (("region_path", "sector"), ("owner_path", "owner_sector"), ("offered_path", "offered_sector"))
    process: ClassVar[Workflow] = HAZARD

    number = models.CharField(_("number"), max_length=40, unique=True, editable=False)
    site = models.ForeignKey("registry.Site", on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    owner_path = PathField()
    owner_sector = models.CharField(max_length=32, blank=True, default="", editable=False)
    offered_path = PathField(blank=True, default="")
    offered_sector = models.CharField(max_length=32, blank=True, default="", editable=False)

    source = models.CharField(_("source"), max_length=16, choices=Source.choices)
    by_unit = models.BooleanField(default=False, editable=False)
    found_on = models.DateField(_("found on"))
    found_by = models.CharField(_("found by"), max_length=80, blank=True, default="")
    title = models.CharField(_("hazard"), max_length=120)
    description = models.TextField(_("description"))
    place = models.CharField(_("place on the site"), max_length=120, blank=True, default="")
    category = models.CharField(_("category"), max_length=24, choices=CATEGORIES, default="other")
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    proposed_grade = models.CharField(max_length=8, choices=Grade.choices, blank=True, default="")
    proposed_due = models.DateField(null=True, blank=True)
    proposed_measures = models.TextField(blank=True, default="")
    responsible = models.CharField(max_length=60, blank=True, default="")

    grade = models.CharField(_("grade"), max_length=8, choices=Grade.choices, blank=True, default="")
    judgement = models.TextField(_("grounds of the grade"), blank=True, default="")
    clause_set = models.CharField(max_length=32, blank=True, default="")
    clause_version = models.CharField(max_length=8, blank=True, default="")
    clause_code = models.CharField(max_length=24, blank=True, default="")
    clause = models.CharField(_("clause"), max_length=300, blank=True, default="")

    rectify_due = models.DateField(_("time limit"), null=True, blank=True)
    rectify_basis = models.CharField(max_length=300, blank=True, default="")
    ordered_due = models.DateField(null=True, blank=True)
    ordered_on = models.DateField(null=True, blank=True)
    order_number = models.CharField(max_length=60, blank=True, default="")
    requirements = models.TextField(blank=True, default="")
    settled = models.JSONField(default=dict, blank=True)
    plan = models.JSONField(default=dict, blank=True)
    plan_due = models.DateField(null=True, blank=True)
    plan_approved_at = models.DateTimeField(null=True, blank=True)
    money_needed_yuan = models.DecimalField(_("money needed"), max_digits=14, decimal_places=2, null=True, blank=True)
    money_spent_yuan = models.DecimalField(_("money spent"), max_digits=14, decimal_places=2, null=True, blank=True)
    measures = models.TextField(_("measures taken"), blank=True, default="")
    rectified_on = models.DateField(null=True, blank=True)
    rectified_by = models.CharField(max_length=60, blank=True, default="", editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=60, blank=True, default="", editable=False)
    reported_regulator_on = models.DateField(null=True, blank=True)
    reported_workers_on = models.DateField(null=True, blank=True)
    evaluated_on = models.DateField(null=True, blank=True)
    evaluated_by = models.CharField(max_length=120, blank=True, default="")
    evaluation = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    rechecked_on = models.DateField(null=True, blank=True)

    listing_level = models.CharField(max_length=8, choices=ListingLevel.choices, blank=True, default="")
    returned = models.PositiveSmallIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    extended = models.PositiveSmallIntegerField(default=0)
    repeat_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state_before = models.CharField(max_length=32, blank=True, default="", editable=False)
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    due_kind = models.CharField(max_length=16, blank=True, default="", editable=False)
    created_at = models.DateTimeField(editable=False)
    batch = models.UUIDField(null=True, blank=True, editable=False)
    search_text = models.TextField(blank=True, default="", editable=False)
    words = PairsField(models.CharField(max_length=2), default=list, blank=True, editable=False)

    class Meta(InProcess.Meta):
        verbose_name = _("hazard")
        triggers = [
            *process_triggers(HAZARD),
            pgtrigger.Trigger(
                name="major_by_plan", level=pgtrigger.Row, when=pgtrigger.Before, operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("state", "grade", "plan_approved_at", "state_before"), func=MAJOR_BY_PLAN,
            ),
        ]  # fmt: skip
        constraints = [
            process_check(HAZARD, "hazard"),
            models.CheckConstraint(condition=Q(grade__in=["", *Grade.values]), name="hazard_grade_known"),
            models.CheckConstraint(
                condition=~Q(grade="") | Q(state__in=BEFORE_ASSESSMENT),
                name="hazard_assessed_first",
            ),
            models.CheckConstraint(
                condition=~MAJOR
                | ~Q(state__in=["rectifying", "in_review", "accepted", "closed"])
                | Q(plan_approved_at__isnull=False),
                name="hazard_major_plan_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["planning", "plan_review"]) | MAJOR, name="hazard_plan_of_major_only"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "closed"])
                | Q(accepted_at__isnull=False)
                & ~Q(accepted_by="")
                & ~Q(rectified_by="")
                & ~Q(accepted_by=F("rectified_by")),
                name="hazard_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False, listing_level=""),
                name="hazard_closed_off_lists",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~MAJOR
                | Q(reported_regulator_on__isnull=False, reported_workers_on__isnull=False, evaluated_on__isnull=False),
                name="hazard_major_closed_complete",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) & ~Q(merged_into=F("id"))
                | ~Q(state="merged") & Q(merged_into__isnull=True),
                name="hazard_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__range=(73, 136), lat__range=(3, 54)),
                name="hazard_point_in_china",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["region_path", "-id"], name="hazard_region"),
            models.Index(fields=["owner_path", "-id"], name="hazard_owner"),
            models.Index(fields=["owner_path"], name="hazard_owned_away", condition=Q(Elsewhere(*PATHS[:2]))),
            models.Index(fields=["-found_on", "-id"], name="hazard_newest", include=PATHS),
            models.Index(fields=["region_path", "due_at"], name="hazard_region_due", condition=OPEN),
            models.Index(fields=["owner_path", "due_at"], name="hazard_owner_due", condition=OPEN),
            models.Index(fields=["offered_path"], name="hazard_offered", condition=~Q(offered_path="")),
            models.Index(fields=["offered_path"], name="hazard_offered_away", condition=Q(Elsewhere(*PATHS[::2]))),
            models.Index(fields=["state", "sector", "due_at"], name="hazard_state_sector_due", condition=OPEN),
            models.Index(fields=["state", "due_at", "id"], name="hazard_state_due", condition=OPEN),
            models.Index(fields=["due_at", "id"], name="hazard_open", include=COUNTED, condition=OPEN),
            models.Index(fields=["region_path", "due_at"], name="hazard_major_due", condition=OPEN & MAJOR),
            models.Index(fields=["region_path", "listing_level"], name="hazard_listed", condition=~Q(listing_level="")),
            models.Index(fields=["region_path", "closed_at"], name="hazard_closed", condition=Q(state="closed")),
            models.Index(fields=["holder", "-id"], name="hazard_holder"),
            models.Index(fields=["site", "-found_on"], name="hazard_site"),
            models.Index(fields=["batch"], name="hazard_batch", condition=Q(batch__isnull=False)),
            placed_index(),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """The record page."""
        return reverse("hazards:record", kwargs={"pk": self.pk})

    @property
    def is_open(self) -> bool:
        """True until it is closed, withdrawn or merged."""
        return self.state in OPEN_STATES

    @property
    def overdue(self) -> bool:
        """True when its earliest open deadline has passed."""
        return self.is_open and self.due_at is not None and self.due_at < clock.now()

    @property
    def own_general(self) -> bool:
        """A general hazard the unit found itself: the unit may assess, accept and close it (令16 article 15)."""
        return self.source == Source.SELF_CHECK and self.by_unit and self.grade != Grade.MAJOR

    def applies(self, step: Step) -> bool:
        """Whether a step makes sense for this record, over and above the state it starts from."""
        if step.who == (OWN,):
            return self.own_general
        if step.code.startswith("refuse_withdrawal_"):
            return step.target == self.state_before
        if step.code == "regrade_major":
            return self.grade != Grade.MAJOR
        return True

    def on_desk_of(self, actor: Actor, permissions: tuple[str, ...]) -> bool:
        """Whether the actor handles it: for its unit, or in the office (or one above) whose desk it is on."""
        if actor.is_system:
            return True
        for permission in permissions:
            for grant in actor.grants_for(permission):
                if grant.holder:
                    if grant.holder == self.holder:
                        return True
                elif self.owner_path.startswith(grant.path) and grant.sector in ("", self.owner_sector):
                    return True
        return False

    def steps_open_to(self, actor: Actor) -> tuple[Any, ...]:
        """The steps this actor may take now; only the owner's office and the unit have any."""
        return tuple(
            s for s in self.process.steps_from(self.state) if self.applies(s) and self.on_desk_of(actor, s.who)
        )
