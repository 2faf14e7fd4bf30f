"""Statutes, their editions and articles. Laws are public: none of these rows belongs to a region."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel.acts import Versioned
from anlan.kernel.searching import FUNCTION, INDEXES, Pairs
from anlan.modules.statutes.choices import Kind


class WordsField(models.TextField):
    """The words by which an article is found, folded; ``__has`` finds a part of it by character pairs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"blank": True, "default": "", "editable": False, **kwargs})


@WordsField.register_lookup
class Has(Pairs):
    """The text contains these characters."""


INDEXES["statutes_article", "search_text"] = "article_words"
INDEXES["statutes_edition", "search_text"] = "edition_words"


def words_index(name: str) -> GinIndex:
    """The index behind ``search_text__has``."""
    return GinIndex(Func("search_text", function=FUNCTION, output_field=ArrayField(models.TextField())), name=name)


class Statute(Versioned):
    """A text by its short title; what it said when is in its editions."""

    title = models.CharField(_("Title"), max_length=120, unique=True)
    kind = models.CharField(_("Level"), max_length=12, choices=Kind.choices)

    class Meta:
        verbose_name = _("statute")

    def __str__(self) -> str:
        return f"《{self.title}》"


class Edition(Versioned):
    """What a statute said from one day to another, both included; an unknown day is empty and shown so.

    ``sha256`` is that of the text as loaded, "" while the edition is only cited; ``source`` is the file's name,
    ``history`` what the text prints before its articles; ``to_verify``: figures cited from it were not read in it.
    """

    statute = models.ForeignKey(Statute, on_delete=models.PROTECT, related_name="editions")
    number = models.CharField(pgettext_lazy("statute", "Number"), max_length=80, blank=True, default="")
    adopted_on = models.DateField(_("Adopted or amended on"), null=True, blank=True)
    valid_from = models.DateField(pgettext_lazy("statute", "In force from"), null=True, blank=True)
    valid_to = models.DateField(_("In force to"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces", verbose_name=_("Replaced by")
    )
    printed_title = models.CharField(max_length=120, blank=True, default="")
    history = models.TextField(blank=True, default="")
    source = models.CharField(_("Source"), max_length=120, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    loaded_at = models.DateTimeField(_("Text loaded on"), null=True, blank=True)
    to_verify = models.BooleanField(_("To verify"), default=False)
    note = models.CharField(_("Note"), max_length=300, blank=True, default="")
    search_text = WordsField()

    class Meta:
        verbose_name = _("edition of a statute")
        constraints = [
            models.UniqueConstraint(fields=["statute", "sha256"], condition=~Q(sha256=""), name="edition_text_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="edition_in_order",
            ),
        ]
        indexes = [words_index("edition_words")]

    def __str__(self) -> str:
        named = f"{self.statute.title}（{self.number}）" if self.number else self.statute.title
        return f"{named} {self.period}".strip()

    def get_absolute_url(self) -> str:
        """The page of the edition."""
        return reverse("statutes:edition", kwargs={"pk": self.pk})

    @property
    def held(self) -> bool:
        """Whether the official text is here."""
        return bool(self.sha256)

    @property
    def period(self) -> str:
        """The days of force in figures; "" where none is known."""
        if self.valid_from is None and self.valid_to is None:
            return self.adopted_on.isoformat() if self.adopted_on else ""
        return "–".join(day.isoformat() if day else "" for day in (self.valid_from, self.valid_to))

    @property
    def day(self) -> dt.date:
        """By which editions are put in order: the day of force, else of adoption."""
        return self.valid_from or self.adopted_on or dt.date.min

    def in_force(self, on: dt.date) -> bool:
        """True when the day lies within its days of force, as far as they are known."""
        first = self.valid_from or self.adopted_on
        return (first is None or first <= on) and (self.valid_to is None or on <= self.valid_to)


class Article(models.Model):
    """One 条 of an edition, or another place the rules cite (表1). ``body`` is "" where the text is not held.

    Each line of ``body`` is a 款 or 项 as printed. ``own_words`` is a short title of ours for a clause whose text is
    not held: shown as such, never printed on a document.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="articles")
    position = models.PositiveIntegerField()
    label = models.CharField(_("Article"), max_length=40)
    part = models.CharField(max_length=120, blank=True, default="")
    chapter = models.CharField(max_length=120, blank=True, default="")
    section = models.CharField(max_length=120, blank=True, default="")
    body = models.TextField(_("Text"), blank=True, default="")
    own_words = models.TextField(blank=True, default="")
    search_text = WordsField()

    class Meta:
        verbose_name = _("article")
        constraints = [models.UniqueConstraint(fields=["edition", "label"], name="article_once")]
        indexes = [words_index("article_words")]

    def __str__(self) -> str:
        return f"《{self.edition.statute.title}》{self.label}"

    def get_absolute_url(self) -> str:
        """The page of the article."""
        return reverse("statutes:article", kwargs={"pk": self.pk})

    @property
    def heading(self) -> str:
        """编、章、节 it stands under."""
        return " › ".join(part for part in (self.part, self.chapter, self.section) if part)

    @property
    def excerpt(self) -> str:
        """Its beginning, or that the text is not held."""
        if not self.body:
            return gettext("Text not held")
        text = self.body.replace("\n", " ")
        return text if len(text) <= 120 else f"{text[:120]}…"
