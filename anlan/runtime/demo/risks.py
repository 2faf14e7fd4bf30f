"""Risks of the demo city: about two points a site, made inside the database in a statement a table.

Each kind of point is scored once by the judging of the acts (``risk_templates``), so that every copy carries a real
finding; which sites have which points, when they were assessed and how far they came follows from hashes
(``risk_statements``). Of the hazards found since, those on a site with points lie on one of them; some come from a
measure that failed, and three of them raise a point. Floor plans with zones and the assessments of areas are played by
the acts. Past ``multiply.FULL`` times the city one unit in fifty has points, every fiftieth of these keeps its working,
and nobody's steps are told.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext_noop
from PIL import Image, ImageDraw
from psycopg.types.json import Jsonb

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.bulk import history_set_aside
from anlan.kernel.codes.services import set_parameter
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant
from anlan.kernel.journal.record import bulk_load
from anlan.kernel.tallies.keeping import compare
from anlan.modules.risks import services
from anlan.modules.risks.choices import AREA_YEARS
from anlan.modules.risks.models import (
    Assessment,
    ColourChange,
    Factor,
    HazardTie,
    Measure,
    MeasureCheck,
    Register,
    RiskPoint,
)
from anlan.modules.risks.services._judging import controlled, gravest, judged, keep
from anlan.rules.accident_class import NEW_FROM
from anlan.runtime.demo.multiply import LEAN, bare
from anlan.runtime.demo.pictures import Picture, picture
from anlan.runtime.demo.risk_statements import EVERY, TEMPORARY, TOLD
from anlan.runtime.demo.risk_templates import TEMPLATES
from anlan.runtime.demo.world import World

BUILDER = Actor.system("demo city")
WHY = gettext_noop("the risk points of the demo city")
TABLES: list[Any] = [
    RiskPoint, Assessment, Factor, Measure, MeasureCheck, HazardTie, ColourChange, Register,
]  # fmt: skip
COLUMNS = (
    "code int", "flag text", "line text", "name text", "kind text", "part text", "factor text", "accident text",
    "inherent_given jsonb", "residual_given jsonb", "inherent text", "residual text", "inherent_score numeric",
    "residual_score numeric", "finding jsonb", "finding_before jsonb", "settled jsonb", "settled_before jsonb",
    "control text", "measures jsonb",
)  # fmt: skip
OFTEN, SELDOM = 4, 20  # one point of so many is checked
PLANS = 2
# Which area, what was found, how many days ago: three years are nearly over in the first.
AREAS = (
    (
        "区域内重点企业和人员密集场所",
        "yellow",
        3 * 365 - 25,
        "总体风险可控，老旧厂房消防基础薄弱，已列入整治。",
    ),
    ("化工园区", "orange", 400, "大型储罐区相邻布置，外部安全防护距离满足要求，需完善园区封闭管理和应急联动。"),
    ("港口和危险货物作业区", "orange", 150, "装卸高峰期车辆密集，建议实行错峰预约并增设监测点位。"),
)


def build(world: World, *, told: bool = True) -> None:
    """Points, assessments, measures, registers, what is due; the hazards since; plans, cards and areas.

    ``told`` False is for cities many times the size: no history, and the tables filled without their indexes.
    """
    morning = world.at(9)
    # No placeholders: the setting that sets the history aside is put before each statement, with one of its own.
    given = {":as_of": f"date '{world.as_of.isoformat()}'", ":told": str(told).lower(),
             ":often": str(OFTEN if told else SELDOM), ":lean": str(LEAN)}  # fmt: skip
    with clock.moved_to(morning), bulk_load(BUILDER, WHY), connection.cursor() as cursor:
        if not told:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with history_set_aside(RiskPoint) if told else bare(cursor, TABLES):
            _templates(cursor, world.as_of)
            for statement in (*EVERY, *(TOLD if told else ())):
                for name, value in given.items():
                    statement = statement.replace(name, value)
                cursor.execute(statement)
                if "CREATE TEMP TABLE" in statement:
                    cursor.execute(f"ANALYZE {statement.split()[3]}")
            if told:
                _history(cursor)
            cursor.execute(f"DROP TABLE {', '.join(TEMPORARY)}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT count(*) FROM risks_riskpoint")
        world.report(f"risk points: {cursor.fetchone()[0]}")
    if not told:
        compare(["risks"])  # the triggers that keep the numbers were set aside with the indexes
    with clock.moved_to(morning):
        _plans()
    _areas(world)


def _templates(cursor: Any, as_of: dt.date) -> None:
    """Score each kind of point once."""
    cursor.execute(f"CREATE TEMP TABLE risk_template ({', '.join(COLUMNS)}) ON COMMIT DROP")
    for code, one in enumerate(TEMPLATES, 1):
        before, after = (dict(zip("LEC", side, strict=True)) for side in (one.inherent, one.residual))
        scored, first = judged("lec", before, after), judged("lec", before, before)
        cursor.execute(
            f"INSERT INTO risk_template VALUES ({', '.join(['%s'] * len(COLUMNS))})",
            [
                code, one.flag, one.sector, one.name, one.kind, one.part, one.factor,
                one.accident[1 if as_of >= NEW_FROM else 0], Jsonb(scored.inherent_given), Jsonb(scored.residual_given),
                scored.inherent, scored.residual, scored.inherent_score, scored.residual_score, Jsonb(scored.kept),
                Jsonb(first.kept), Jsonb(_settled(one.part, scored, one.control)),
                Jsonb(_settled(one.part, first, "company")), one.control,
                Jsonb([list(measure) for measure in one.measures]),
            ],
        )  # fmt: skip


def _settled(part: str, scored: Any, control: str) -> dict[str, Any]:
    """What an assessment of one factor keeps once it is settled."""
    return {
        "inherent": keep("risk_place", gravest([(part, scored.inherent)])),
        "residual": keep("risk_place", gravest([(part, scored.residual)])),
        "control": keep("risk_control", controlled(scored.residual, control)),
    }


def _history(cursor: Any) -> None:
    """The first row of each point's history, at its own time."""
    event: Any = apps.get_model("risks.RiskPointEvent")
    columns = [f.column for f in event._meta.concrete_fields if not f.name.startswith("pgh_")]
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(
        f"INSERT INTO {event._meta.db_table} (pgh_created_at, pgh_label, pgh_obj_id, {names}) "
        f"SELECT created_at, 'insert', id, {names} FROM risks_riskpoint ORDER BY id"
    )


def _plans() -> None:
    """The first unit and the one whose site has most points have a plan, its zones, and a card at each point on it."""
    rows: Any = RiskPoint.objects.everything(why=WHY).exclude(shown="")
    grants = Grant.objects.filter(role="unit_safety").exclude(holder="").select_related("user")
    first = grants.filter(user__username="unit1-s").first()
    many = rows.values("site_id", "holder").annotate(n=Count("pk")).order_by("-n", "site_id")
    chosen = list(many.filter(holder=first.holder)[:1]) if first else []
    chosen += [site for site in many[:PLANS] if site not in chosen][: PLANS - len(chosen)]
    for site in chosen:
        safety = grants.filter(holder=site["holder"]).order_by("pk").first()
        if safety is None:
            continue
        actor = actor_for(safety.user)
        plan = services.add_plan(actor=actor, site=site["site_id"], name="厂区一层平面", picture=_drawing())
        for number, point in enumerate(rows.filter(site_id=site["site_id"]).order_by("pk")[:4]):
            left, top = 0.06 + 0.46 * (number % 2), 0.08 + 0.46 * (number // 2)
            corners = ((left, top), (left + 0.4, top), (left + 0.4, top + 0.36), (left, top + 0.36))
            services.draw_zone(
                actor=actor, plan=plan, point=point.pk, corners=" ".join(f"{x:.2f},{y:.2f}" for x, y in corners)
            )
            services.issue_card(actor=actor, point=point.pk)


def _areas(world: World) -> None:
    """The city asks for it every three years; each county assessed one of its areas, by its own office."""
    since = world.as_of - dt.timedelta(days=4 * 365)
    with clock.moved_to(dt.datetime.combine(since, dt.time(9), clock.CHINA)):
        set_parameter(
            actor=BUILDER, code=AREA_YEARS, region=world.regions["city"], value=3, valid_from=since,
            basis="市安全风险评估制度",
        )  # fmt: skip
    counties = [region for key, region in world.regions.items() if key != "city"]
    for number, (county, told) in enumerate(zip(counties, AREAS, strict=False), 1):
        subject, colour, ago, conclusion = told
        day = world.as_of - dt.timedelta(days=ago)
        with clock.moved_to(dt.datetime.combine(day, dt.time(16), clock.CHINA)):
            services.record_area_assessment(
                actor=actor_for(world.users[f"county{number}-1"]), region=county, subject=subject, assessed_on=day,
                colour=colour, conclusion=conclusion, assessed_by=f"{county.name}安全生产技术服务中心",
                report=[picture("evaluation", number)],
            )  # fmt: skip


def _drawing() -> Any:
    """A floor plan, drawn."""
    image = Image.new("RGB", (1200, 800), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 30, 1170, 770), outline="black", width=8)
    for wall in ((600, 30, 600, 330), (600, 430, 600, 770), (30, 400, 480, 400), (720, 400, 1170, 400)):
        draw.line(wall, fill="black", width=6)
    for x in range(90, 1150, 120):
        draw.rectangle((x, 690, x + 60, 740), outline="#777777", width=3)
    out = io.BytesIO()
    image.save(out, "PNG")
    return _Drawn("厂区一层平面.png", out.getvalue())


class _Drawn(Picture):
    """A picture that is read from its beginning each time."""

    def seek(self, at: int) -> None:
        """It is always read whole."""
