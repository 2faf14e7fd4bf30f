"""Load jurisdictions, official texts or the year's holidays: `anlan load seeds | statute FILE… | holidays FILE`.

Each may be repeated. `seeds` sets up the five jurisdictions of the planning documents. `statute` loads texts of laws
from Markdown or plain text, and with no file only enters the citations of this release. A text that is there already
changes nothing; a changed text is a new edition and needs `--replaces`. `holidays` takes the yearly notice on days off
as a table (CSV, UTF-8: date, kind, name_zh), and counts every time limit anew that leaned on the year. The same notice
again changes nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from anlan.runtime.screen import warn

if TYPE_CHECKING:
    from anlan.kernel.regions.models import Region

LEVELS = {"province": "province", "prefecture": "city", "county": "county", "town": "town", "park": "park"}


def add(parser: argparse.ArgumentParser) -> None:
    """What is to be loaded."""
    whats = parser.add_subparsers(dest="what", required=True)
    whats.add_parser("seeds", help="the five jurisdictions of the planning documents")
    parser = whats.add_parser("statute", help="the citations of this release, and official texts")
    told = "texts, Markdown or plain, UTF-8 or GB 18030"
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=told)
    parser.add_argument("--replaces", default="", help="the edition a text replaces: its day or number, or `earlier`")
    day = dt.date.fromisoformat
    parser.add_argument("--adopted", type=day, metavar="DAY", help="day of adoption (else from the file's name)")
    parser.add_argument("--valid-from", type=day, metavar="DAY", help="first day of force (else as the text says)")
    parser.add_argument("--kind", default="", help="law, regulation, order, standard, notice, provincial, local")
    parser.add_argument("--number", default="", help="the text's number, such as GB 18218-2018 (one file)")
    holidays = whats.add_parser("holidays", help="the yearly notice on days off")
    holidays.add_argument("file", type=Path, metavar="FILE", help="the notice as CSV, UTF-8: date,kind,name_zh")


def handle(arguments: argparse.Namespace) -> int:
    """Load, and say what stands now; 2 when a file was refused."""
    if arguments.what == "statute":
        return _statutes(arguments)
    return _holidays(arguments.file) if arguments.what == "holidays" else _seeds()


def _statutes(arguments: argparse.Namespace) -> int:
    """Each text in a transaction of its own: one that is refused keeps none of the others out."""
    from anlan.kernel.actor import Actor
    from anlan.kernel.errors import Refused
    from anlan.modules.statutes.public import coverage, enter_citations, load_text
    from anlan.rules.refusal import BadInput
    from anlan.rules.statute_text import decoded
    from anlan.ui.refusals import sentence_of

    actor, refused = Actor.system("load statute"), 0
    added = enter_citations(actor=actor)
    print(f"citations: {added['editions']} editions, {added['articles']} articles, {added['lists']} check lists added")
    for path in sorted(arguments.files):
        try:
            text = decoded(path.read_bytes())
            loaded = load_text(
                actor=actor, text=text, source=path.name, adopted=arguments.adopted, valid_from=arguments.valid_from,
                replaces=arguments.replaces, kind=arguments.kind, number=arguments.number,
            )  # fmt: skip
        except (OSError, BadInput) as why:
            warn(f"{path.name}: cannot be read as text ({why})")
            refused += 1
        except Refused as why:
            warn(f"{path.name}: {sentence_of(why)}")
            refused += 1
        else:
            print(f"{path.name}: {loaded.title} {loaded.period}, {loaded.articles} articles, {loaded.outcome}")
    stand = coverage(actor)
    print(
        f"library: {stand.texts} texts with {stand.articles} articles, {stand.not_held} cited and not held; "
        f"{stand.found} of {stand.links} citations found in the texts held"
    )
    for citation in stand.lost:
        warn(f"not found in its text: {citation}")
    return 2 if refused else 0


def _holidays(path: Path) -> int:
    from anlan.kernel.actor import Actor
    from anlan.kernel.deadlines.notices import held_notices, load_notice
    from anlan.kernel.errors import Refused
    from anlan.rules import working_days
    from anlan.rules.holiday_notice import read_notice
    from anlan.rules.refusal import BadInput
    from anlan.ui.refusals import sentence_of

    working_days.hold(held_notices())
    try:
        notice = read_notice(path.read_text(encoding="utf-8"))
        told = load_notice(actor=Actor.system("load holidays"), notice=notice, source=path.name)
    except (OSError, UnicodeDecodeError) as why:
        warn(f"{path.name}: cannot be read as UTF-8 text ({why})")
    except BadInput as why:
        warn(f"{path.name}: {why}")
    except Refused as why:
        warn(f"{path.name}: {sentence_of(why)}")
    else:
        print(f"{notice.year}: {len(notice.off)} days off, {len(notice.made_up)} make-up working days")
        print(f"time limits counted anew: {told['recounted']}, of these moved: {told['moved']}")
        return 0
    return 2


def _seeds() -> int:
    from anlan.rules import hazard_list, obligations

    added, known = load_seeds()
    held = len(hazard_list.sets()) - len(hazard_list.not_held())
    print(f"regions: {added} added, {known} already there")
    print(f"statutory lists of major hazards: {held} editions held, {len(hazard_list.not_held())} not held")
    print(f"obligations of the planning documents: {len(obligations.obligations())}")
    return 0


def load_seeds() -> tuple[int, int]:
    """Put the five jurisdictions, their superiors and their known parts into the tree; (added, already there).

    A place is recognised by its code, else by its name, or a name it once had, under the same superior; one that was
    merged is the one it went to. A second run therefore adds nothing and undoes nothing an administrator has decided.
    """
    from django.db import transaction

    from anlan.kernel.actor import Actor
    from anlan.kernel.regions.services import add_region
    from anlan.rules.jurisdictions import jurisdictions

    actor = Actor.system("load seeds")
    stands: dict[str, Region] = {}
    added = known = 0
    with transaction.atomic():
        for place in jurisdictions():
            parent = stands[place.parent] if place.parent else None
            region = _there(place.code, place.name.zh, parent)
            if region is None:
                region = add_region(
                    actor=actor,
                    parent=parent,
                    name=place.name.zh,
                    short_name=place.short_name,
                    kind=LEVELS[place.level.value],
                    code=place.code,
                )
                added += 1
            else:
                known += 1
            if place.code:
                stands[place.code] = region
    return added, known


def _there(code: str, name: str, parent: Region | None) -> Region | None:
    """The region that stands for a place today, when there is one."""
    from anlan.kernel.regions.models import Region, RegionChange

    beside = Region.objects.get_children(parent) if parent else Region.objects.get_root_nodes()
    found = Region.objects.filter(code=code).order_by("-pk").first() if code else None
    found = found or beside.filter(name=name).order_by("-pk").first()
    if found is None:
        renamed = RegionChange.objects.filter(region__in=beside, kind="rename", old_name=name).order_by("-pk").first()
        found = renamed.region if renamed else None
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found
