"""Check lists in versions, and their items."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.acts import Versioned
from anlan.kernel.scope import PathField
from anlan.modules.statutes.choices import Source, sectors
from anlan.modules.statutes.models.texts import Article
from anlan.rules.check_methods import OURS

ISSUED_STAYS = """
    IF OLD.draft OR (TG_OP = 'UPDATE' AND (NEW.draft, NEW.code, NEW.number, NEW.title, NEW.sector, NEW.source,
        NEW.region_path, NEW.office, NEW.valid_from, NEW.digest) IS NOT DISTINCT FROM (OLD.draft, OLD.code, OLD.number,
        OLD.title, OLD.sector, OLD.source, OLD.region_path, OLD.office, OLD.valid_from, OLD.digest))
    THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an issued check list never changes: draft its next version';
"""
ITEMS_STAY = """
    IF EXISTS (SELECT 1 FROM statutes_checklist WHERE draft AND id = CASE TG_OP WHEN 'DELETE' THEN OLD.check_list_id
        ELSE NEW.check_list_id END) AND (TG_OP <> 'UPDATE' OR NEW.check_list_id = OLD.check_list_id)
    THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the items of an issued check list never change: draft its next version';
"""


class CheckList(Versioned):
    """One version of a check list. ``region_path`` is the office that issued its own list, "" for the held ones.

    A list's versions share ``code``; at most one of those issued has no ``valid_to``, and at most one is a ``draft``,
    which only its office sees. ``digest`` is that of its items, so that the same list again changes nothing. What is
    issued never changes (triggers ``issued_stays``, ``items_stay``); only its last day is set.
    """

    code = models.CharField(max_length=80, editable=False)
    number = models.PositiveIntegerField(_("Version"), default=1)
    title = models.CharField(_("Title"), max_length=120)
    sector = models.CharField(_("Trade"), max_length=32, choices=sectors())
    source = models.CharField(_("Source"), max_length=8, choices=Source.choices)
    region_path = PathField(blank=True, default="")
    office = models.CharField(_("Issued by"), max_length=80, blank=True, default="")
    valid_from = models.DateField(pgettext_lazy("statute", "In force from"), null=True, blank=True)
    valid_to = models.DateField(_("In force to"), null=True, blank=True)
    digest = models.CharField(max_length=64, editable=False, blank=True, default="")
    draft = models.BooleanField(_("Draft"), default=False)

    class Meta:
        verbose_name = _("check list")
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="check_list_version"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None, draft=False), name="check_list_one_in_use"
            ),
            models.UniqueConstraint(fields=["code"], condition=Q(draft=True), name="check_list_one_draft"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="issued_stays", level=pgtrigger.Row, when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete, func=ISSUED_STAYS,
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the version."""
        return reverse("statutes:check-list", kwargs={"pk": self.pk})


class CheckItem(models.Model):
    """One item: its clause as printed, what is asked, how to check, what evidence to keep.

    ``own_words`` marks a short title of ours in place of a clause whose text is not held: shown, never printed. Of the
    held lists ``method`` and ``evidence`` are put together by us from the texts named
    (``anlan.rules.check_methods``) and say so; empty ones are not held: the office fills them in.
    """

    check_list = models.ForeignKey(CheckList, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField(_("No."))
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="items")
    clause = models.CharField(pgettext_lazy("statute", "Clause"), max_length=160)
    asked = models.TextField(_("What is asked"))
    own_words = models.BooleanField(default=False)
    method = models.TextField(_("How to check"), blank=True, default="")
    evidence = models.TextField(_("Evidence"), blank=True, default="")

    class Meta:
        verbose_name = _("item of a check list")
        constraints = [
            models.UniqueConstraint(
                fields=["check_list", "position"], name="check_item_once", deferrable=models.Deferrable.DEFERRED
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="items_stay", level=pgtrigger.Row, when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, func=ITEMS_STAY,
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.check_list.title} {self.position}"

    @property
    def ours(self) -> bool:
        """Whether how to check was put together by the platform: shown as such, never printed."""
        return OURS in self.method
