"""The journal in the reader's language, for timelines."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from anlan.kernel import clock
from anlan.kernel.journal.facts import FACTS
from anlan.kernel.journal.models import Entry
from anlan.ui import formats
from anlan.ui.templatetags.anlan import icon, tone

SYSTEM = "system"


@dataclass(frozen=True)
class Change:
    """One field that was changed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """A journal entry as a reader sees it."""

    title: str
    when: Any
    who: str
    icon: str
    tone: str
    changes: tuple[Change, ...] = ()


def sentence(entry: Entry) -> str:
    """The entry's sentence; a type that was withdrawn since is told by its name."""
    kind = FACTS.get(entry.fact_type)
    if kind is None:
        return gettext("Recorded: %(what)s") % {"what": entry.fact_type}
    known = {f.name for f in fields(kind)}
    data: dict[str, str] = defaultdict(str)
    for name, value in entry.data.items():
        if name in known:
            data[name] = _said(value, translate=name in kind.translated)
    text = gettext(kind.sentence)
    return (text % data if "%(" in text else text).strip(" :：,，")


def _said(value: Any, *, translate: bool) -> str:
    if isinstance(value, list):
        return ("、" if formats.is_chinese() else ", ").join(_said(part, translate=translate) for part in value)
    if isinstance(value, dict):
        if value.keys() == {"msgid"}:
            return gettext(str(value["msgid"]))
        if value.keys() == {"en", "zh"}:
            return str(value["zh" if formats.is_chinese() else "en"])
        return ("；" if formats.is_chinese() else "; ").join(
            f"{k} {_said(v, translate=translate)}" for k, v in value.items()
        )
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    text = force_str(value)
    return gettext(text) if translate and text else text


def changes(entry: Entry) -> tuple[Change, ...]:
    """The fields an entry says were changed."""
    listed = entry.data.get("changes")
    if not isinstance(listed, dict):
        return ()
    found = []
    for label, pair in listed.items():
        if isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1]:
            before, after = (formats.DASH if v in (None, "", []) else _said(v, translate=False) for v in pair)
            found.append(Change(gettext(label), before, after))
    return tuple(found)


def told(entries: Iterable[Entry]) -> list[Told]:
    """Entries ready for a timeline."""
    result = []
    for entry in entries:
        kind = FACTS.get(entry.fact_type)
        who = gettext("System") if entry.actor_key == SYSTEM else entry.actor_name
        result.append(
            Told(
                title=sentence(entry),
                when=entry.at,
                who=who,
                icon=kind.icon if kind else "point",
                tone=kind.colour if kind else "grey",
                changes=changes(entry),
            )
        )
    return result


def drawn(entries: Iterable[Told]) -> SafeString:
    """The items of a timeline; a record shows thirty of them, so they are written here and not by a component."""
    now = clock.now()
    return mark_safe("".join([_item(entry, now) for entry in entries]))  # each is escaped below


def _item(entry: Told, now: dt.datetime) -> SafeString:
    who = format_html('<span class="story-who">{}</span>', entry.who) if entry.who else ""
    when = (
        format_html(
            '<time class="story-when" datetime="{}" title="{}">{}</time>',
            timezone.localtime(entry.when).isoformat(), formats.since(entry.when, now), formats.moment(entry.when),
        )
        if entry.when
        else ""
    )  # fmt: skip
    changed = format_html_join(
        "", "<li>{}: <del>{}</del> → <ins>{}</ins></li>", ((c.label, c.before, c.after) for c in entry.changes)
    )
    return format_html(
        '<li class="tone-{}"><span class="story-mark">{}</span><div><div class="story-head">'
        '<p class="story-title">{}</p>{}{}</div>{}</div></li>',
        tone(entry.tone),
        icon(entry.icon),
        entry.title,
        who,
        when,
        format_html('<div class="story-body"><ul>{}</ul></div>', changed) if changed else "",
    )
