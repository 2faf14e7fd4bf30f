"""The one cast of the tests: a small city played by the real acts.

One city, two counties of the same shape, three towns, four villages. *Here* everything has everyday names; *there*, in
the other county, every unit, site, person, user, place, hazard, file, filter and batch carries ``CANARY``: whoever
works here must never read that word. Both counties have a user of every role, a hazard at every state and companions
of every kind, so that whatever is asked of one side can be asked of the other.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.files.models import StoredFile
from anlan.kernel.files.services import begin_upload
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import ApiToken, Grant, Post, User
from anlan.kernel.identity.services import add_post, delegate, give_grant, issue_token
from anlan.kernel.intake.models import Batch
from anlan.kernel.intake.services import open_batch
from anlan.kernel.regions.models import Region, RegionChange
from anlan.kernel.regions.services import add_region, rename_region
from anlan.modules.hazards import services as hazards
from anlan.modules.hazards.models import Hazard
from anlan.modules.registry import services as registry
from anlan.modules.welcome import services as welcome
from anlan.rules.uscc import make_valid
from anlan.ui.models import BulkRun, SavedFilter
from anlan.ui.services import save_filter, start_bulk_run
from tests.cast_chemicals import keep_chemicals
from tests.cast_compliance import adopt_plan, follow_duties
from tests.cast_duty import stand_duty
from tests.cast_installations import hold_hazards
from tests.cast_law import keep_the_law
from tests.cast_risks import grade_risks

CANARY = "金丝雀禁区"
PASSWORD = "Anlan-Test-2026"  # of every user of the cast
SYSTEM = Actor.system("tests")
LINE = "industry_trade:machinery"
SETTLED = {
    "responsibility": "主要负责人", "funds": "3万元", "measures": "加装报警器", "time_limit": "一个月内", "contingency": "停产撤人",
}  # fmt: skip
PLAN = {
    "goals": "消除隐患", "methods": "加装报警器", "resources": "3万元", "people": "安全管理员", "time_limit": "一个月内",
    "safety": "专人监护",
}  # fmt: skip
# One hazard at each state and one for each companion; the words differ, since likeness on one site is looked for.
WORDS = {
    "registered": "配电箱未接地且柜门缺失", "returned_report": "消防通道堆放原料阻塞", "planning": "污水池作业未先通风后检测",
    "plan_review": "除尘系统无泄爆装置", "rectifying": "冲压机缺少双手按钮", "in_review": "叉车驾驶员无证上岗",
    "accepted": "危化品库房无防静电措施", "closed": "氧气瓶与乙炔瓶间距不足", "withdrawal_proposed": "行车限位器失灵",
    "withdrawn": "梯台护栏高度不够", "merged": "应急照明灯损坏", "offered": "打磨工位粉尘堆积过厚", "requested": "高温熔融金属吊运路线穿越会议室",
    "listed": "有限空间未设警示标志和审批", "delisting": "喷漆房电气设备不防爆", "given": "员工宿舍设在车间楼上", "answered": "煤气柜周边违规动火",
    "asked": "储气罐安全阀超期未检", "twin": "焊接作业区灭火器失效过期",
}  # fmt: skip


def picture(colour: str = "red", name: str = "photo.png") -> SimpleUploadedFile:
    """A small picture; the colour tells it from others."""
    out = io.BytesIO()
    Image.new("RGB", (16, 16), colour).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


@dataclass
class County:
    """One county with its people and records. ``mark`` stands before every name ("" here, ``CANARY`` there)."""

    mark: str
    region: Region
    town: Region
    village: Region
    users: dict[str, User] = field(default_factory=dict)
    unit: Any = None
    site: Any = None
    person: Any = None
    certificate: Any = None
    hazards: dict[str, Hazard] = field(default_factory=dict)
    companions: dict[str, Any] = field(default_factory=dict)
    files: list[StoredFile] = field(default_factory=list)
    upload: Any = None
    batches: list[Batch] = field(default_factory=list)
    filter: SavedFilter | None = None
    token: ApiToken | None = None
    run: BulkRun | None = None
    post: Post | None = None
    renaming: RegionChange | None = None
    newcomer: Any = None
    invitation: Any = None
    duty: dict[str, Any] = field(default_factory=dict)
    law: dict[str, Any] = field(default_factory=dict)
    risks: dict[str, Any] = field(default_factory=dict)
    chemicals: dict[str, Any] = field(default_factory=dict)
    installations: dict[str, Any] = field(default_factory=dict)
    compliance: dict[str, Any] = field(default_factory=dict)
    lent: Grant | None = None
    known: dict[int, Actor] = field(default_factory=dict)

    def as_played(self, user: User) -> Actor:
        """The actor somebody was when first asked for; for many questions about grants that stay as they are."""
        if user.pk not in self.known:
            self.known[user.pk] = actor_for(user)
        return self.known[user.pk]

    def actor(self, name: str) -> Actor:
        """The actor behind a user of this county, with the grants he has now."""
        return actor_for(self.users[name])

    def of_role(self, role: str) -> User:
        """The county's user of a role."""
        return self.users[role]

    def may(self, permissions: Iterable[str], row: Any = None) -> list[User]:
        """The users who hold any of the permissions, on a row when one is given; a user of each role at most."""
        wanted = tuple(permissions)
        found = []
        for role in settings.ANLAN_ROLES:
            user = self.users.get(role)
            if user is None:
                continue
            actor = self.as_played(user)
            scoped = row if hasattr(type(row), "scope_by") else None
            if actor.may_any(wanted, scoped) if wanted else actor.signed_in:
                found.append(user)
        return found

    def may_not(self, permissions: Iterable[str]) -> list[User]:
        """The users of the county's roles who hold none of the permissions anywhere."""
        wanted = tuple(permissions)
        return [u for role, u in self.users.items() if role in settings.ANLAN_ROLES and not self.as_played(u).may_any(wanted)]


@dataclass
class Cast:
    """Everybody and everything."""

    city: Region
    here: County
    there: County
    other_town: Region
    other_town_officer: User
    city_officer: User
    leader: User
    nobody: User
    browsers: dict[int, Client] = field(default_factory=dict)

    def browser(self, user: User) -> Client:
        """The browser in which somebody is signed in: the same each time, so that sign-ins are not what takes time."""
        if user.pk not in self.browsers:
            self.browsers[user.pk] = signed_in(user)
        return self.browsers[user.pk]

    def actor(self, user: User) -> Actor:
        """The actor somebody is."""
        return actor_for(user)

    def foreign(self) -> list[str]:
        """What nobody of here may ever read: the canary, and the numbers of what lies there."""
        there = self.there
        numbers = [h.number for h in there.hazards.values()]
        keys = [str(f.pk) for f in there.files]
        return [CANARY, there.unit.uscc, *numbers, *keys]


def signed_in(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def token_of(user: User) -> str:
    """A fresh API token with everything its owner may do."""
    actor = actor_for(user)
    scopes = sorted({p for g in actor.grants for p in g.permissions})
    _token, secret = issue_token(actor=actor, user=user, name="tests", scopes=scopes, days=90)
    return str(secret)


def make_user(username: str, name: str, role: str = "", region: Region | None = None, **grant: Any) -> User:
    """A user with a known password and, when a role is named, one grant."""
    user: User = User.objects.create_user(username, PASSWORD, name=name, email=f"{username}@example.org")
    if role:
        give_grant(
            actor=SYSTEM, user=user, role=role, region=region, valid_from=clock.today() - dt.timedelta(days=400), **grant
        )
    return user


def build(*, records: bool = True) -> Cast:
    """Play the whole cast, which takes a few seconds; without ``records`` only places, people, units."""

    def grow(parent: Region | None, name: str, kind: str, code: str, box: tuple[float, float] | None = None) -> Region:
        outline = None
        if box:
            x, y = box
            ring = [[x, y], [x + 0.4, y], [x + 0.4, y + 0.4], [x, y + 0.4], [x, y]]
            outline = {"type": "Polygon", "coordinates": [ring]}
        made = add_region(actor=SYSTEM, parent=parent, name=name, kind=kind, code=code, outline=outline)
        return Region.objects.get(pk=made.pk)

    city = grow(None, "安澜市", "city", "998800", (115.0, 24.0))
    east = grow(city, "临江县", "county", "998801", (115.0, 24.0))
    west = grow(city, f"{CANARY}县", "county", "998802", (115.4, 24.0))
    town, other_town = grow(east, "青溪镇", "town", "998801001"), grow(east, "和平镇", "town", "998801002")
    far_town = grow(west, f"{CANARY}镇", "town", "998802001")
    adopt_plan(city)
    village = grow(town, "东风村", "village", "998801001001")
    grow(other_town, "新建村", "village", "998801002001")
    far_village = grow(far_town, f"{CANARY}村", "village", "998802001001")
    here = County("", east, town, village)
    there = County(CANARY, west, far_town, far_village)
    cast = Cast(
        city=city,
        here=here,
        there=there,
        other_town=other_town,
        other_town_officer=make_user("other_town", "和平镇安监员", "town_officer", other_town),
        city_officer=make_user("city_officer", "市局科员", "city_officer", city),
        leader=make_user("city_leader", "分管副市长", "leader", city),
        nobody=make_user("nobody", "待岗人员"),
    )
    for county, prefix, serial in ((here, "here", 7), (there, "there", 8)):
        _register(county, serial)
        _people(county, prefix)
        if records:
            _hazards(county)
            _belongings(county)
    return cast


def _register(county: County, serial: int) -> None:
    """A unit with a site in the town, its people and a certificate."""
    mark = county.mark
    data = {
        "name": f"{mark}机械制造有限公司", "uscc": make_valid("91998801", serial), "sector": LINE, "headcount": 86,
        "industry": "3411", "flags": ["dust"], "address": f"{mark}工业路{serial}号", "principal": f"{mark}林小满",
        "legal_representative": f"{mark}陈大文", "principal_phone": f"1380013800{serial}",
    }  # fmt: skip
    unit = registry.register_unit(actor=SYSTEM, data=data, region=county.village)
    site_model = apps.get_model("registry.Site")
    county.unit = unit
    county.site = site_model.plain.get(unit_id=unit.pk)
    county.person = registry.add_person(
        actor=SYSTEM, unit=unit, data={"name": f"{mark}何安全", "phone": f"1392208764{serial}", "posts": ["safety_manager"]}
    )
    county.certificate = registry.add_certificate(
        actor=SYSTEM, person=county.person, data={"kind": "assessment", "number": f"A99880{serial}01", "issuer": f"{mark}考核站"}
    )


def _people(county: County, prefix: str) -> None:
    """A user of every role of the deployment, a second one where a second person is needed, one of another line."""
    mark, unit_holder = county.mark, county.site.holder
    places = {
        "administrator": county.region, "leader": county.region, "city_officer": None, "county_officer": county.region,
        "town_officer": county.town, "inspector": county.town, "grid_worker": county.village, "expert": county.region,
        "auditor": county.region,
    }  # fmt: skip
    for role, declared in settings.ANLAN_ROLES.items():
        name = f"{mark}{declared.label}" if not mark else f"{mark}用户{role}"
        if declared.for_unit:
            county.users[role] = make_user(f"{prefix}_{role}", name, role, holder=unit_holder)
        elif (region := places.get(role, county.region)) is not None:
            county.users[role] = make_user(f"{prefix}_{role}", name, role, region)
    for role, region in (("county_officer", county.region), ("town_officer", county.town)):
        county.users[f"{role}_2"] = make_user(f"{prefix}_{role}_2", f"{mark}副手{role}", role, region)
    county.users["fire_line"] = make_user(
        f"{prefix}_fire_line", f"{mark}消防线", "county_officer", county.region, sector="fire"
    )


class Teller:
    """Takes a hazard of a county as far as a step, each step by the right person."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.due = clock.today() + dt.timedelta(days=20)

    def _by(self, name: str) -> Actor:
        return self.county.actor(name)

    def found(self, key: str) -> Hazard:
        """Found by the town's inspector."""
        words = self.county.mark + WORDS[key]
        found: Hazard = hazards.find_hazard(
            actor=self._by("inspector"), site=self.county.site.pk, description=words, title=words, category="other",
            place=f"{self.county.mark}一车间", found_by=f"{self.county.mark}巡查员", distinct=True,
            before=[picture("red", f"{self.county.mark}整改前.png")],
        )  # fmt: skip
        return found

    def general(self, key: str, days: int = 20) -> Hazard:
        """Assessed as general, with an order to rectify within so many days."""
        due = clock.today() + dt.timedelta(days=days)
        found: Hazard = hazards.assess_general(
            actor=self._by("town_officer"), hazard=self.found(key), due=due, requirements=f"{self.county.mark}限期整改"
        )
        return found

    def major(self, key: str) -> Hazard:
        """Assessed as major."""
        found: Hazard = hazards.assess_major(
            actor=self._by("town_officer"), hazard=self.found(key), judgement=f"{self.county.mark}可能群死群伤"
        )
        return found

    def planned(self, key: str) -> Hazard:
        """A plan was handed in."""
        found: Hazard = hazards.submit_plan(
            actor=self._by("unit_safety"), hazard=self.major(key), settled=SETTLED, plan=PLAN, plan_due=self.due,
            money_needed_yuan="30000",
        )  # fmt: skip
        return found

    def approved(self, key: str) -> Hazard:
        """The county approved it."""
        found: Hazard = hazards.approve_plan(actor=self._by("county_officer"), hazard=self.planned(key), opinion="同意")
        return found

    def rectified(self, hazard: Hazard) -> Hazard:
        """The unit's safety manager says that it is done."""
        done: Hazard = hazards.submit_rectification(
            actor=self._by("unit_safety"), hazard=hazard, measures=f"{self.county.mark}已整改", money_spent_yuan="1200",
            after=[picture("green", f"{self.county.mark}整改后.png")],
        )  # fmt: skip
        return done

    def accepted(self, hazard: Hazard) -> Hazard:
        """The town accepts."""
        done: Hazard = hazards.accept_rectification(
            actor=self._by("town_officer"), hazard=self.rectified(hazard), opinion="现场核查合格"
        )
        return done

    def listed(self, hazard: Hazard) -> Any:
        """Listed by the county."""
        return hazards.list_hazard(
            actor=self._by("county_officer"), hazard=hazard, level="county", leader_name=f"{self.county.mark}王副县长",
            leader_title="副县长", due_on=self.due, reason=f"{self.county.mark}整改难度大", leader_phone="0998-2100001",
        )  # fmt: skip

    def complete(self, hazard: Hazard) -> Hazard:
        """Both reports and the evaluation of a major hazard."""
        safety = self._by("unit_safety")
        for receiver in ("regulator", "workers"):
            hazards.report_major(actor=safety, hazard=hazard, receiver=receiver, on=clock.today())
        done: Hazard = hazards.record_evaluation(
            actor=safety, hazard=hazard, evaluated_on=clock.today(), evaluated_by=f"{self.county.mark}专家组",
            evaluation="治理达到要求", evaluation_files=[picture("blue", f"{self.county.mark}评估.png")],
        )  # fmt: skip
        return done


def _hazards(county: County) -> None:
    """A hazard at every state of the process, and one for every state of its companions that leads on."""
    tell, at, beside, mark = Teller(county), county.hazards, county.companions, county.mark
    town, county_officer, safety = county.actor("town_officer"), county.actor("county_officer"), county.actor("unit_safety")
    at["registered"] = tell.found("registered")
    at["returned_report"] = hazards.return_report(actor=town, hazard=tell.found("returned_report"), reason="照片不清")
    at["planning"] = tell.major("planning")
    at["plan_review"] = tell.planned("plan_review")
    at["rectifying"] = tell.general("rectifying")
    at["in_review"] = tell.rectified(tell.general("in_review"))
    at["accepted"] = tell.accepted(tell.general("accepted"))
    at["closed"] = hazards.close_hazard(actor=town, hazard=tell.accepted(tell.general("closed")))
    doubtful = tell.found("withdrawal_proposed")
    at["withdrawal_proposed"] = hazards.propose_withdrawal(actor=town, hazard=doubtful, reason="现场核实不属隐患")
    dropped = hazards.propose_withdrawal(actor=town, hazard=tell.found("withdrawn"), reason="现场核实不属隐患")
    at["withdrawn"] = hazards.agree_withdrawal(actor=county_officer, hazard=dropped, opinion="同意")
    at["twin"] = tell.found("twin")
    at["merged"] = hazards.merge_hazard(actor=town, hazard=tell.found("merged"), into=at["twin"], reason="同一处隐患")
    at["offered"] = tell.general("offered")
    beside["offered"] = hazards.offer_transfer(
        actor=town, hazard=at["offered"], region=county.region, reason=f"{mark}超出镇级权限"
    )
    at["requested"] = tell.approved("requested")
    beside["requested"] = hazards.request_listing(
        actor=town, hazard=at["requested"], level="county", reason=f"{mark}镇级难以推动"
    )
    at["listed"] = tell.approved("listed")
    beside["listed"] = tell.listed(at["listed"])
    at["delisting"] = tell.approved("delisting")
    listing = tell.listed(at["delisting"])
    tell.accepted(tell.complete(Hazard.plain.get(pk=at["delisting"].pk)))
    beside["delisting_requested"] = hazards.request_delisting(
        actor=safety, listing=listing.pk, evaluation=f"{mark}已整改并评估"
    )
    at["given"], at["answered"] = tell.general("given"), tell.general("answered")
    due = clock.today() + dt.timedelta(days=7)
    leader = county.actor("leader")
    beside["given"] = hazards.instruct(actor=leader, hazard=at["given"], text=f"{mark}请尽快整改", due_on=due)
    answered = hazards.instruct(actor=leader, hazard=at["answered"], text=f"{mark}请报进展", due_on=due)
    beside["answered"] = hazards.answer_instruction(actor=town, instruction=answered, answer=f"{mark}正在整改")
    at["asked"] = tell.general("asked", days=5)  # more time can only be asked for when the limit is near
    beside["asked"] = hazards.ask_extension(
        actor=safety, hazard=at["asked"], asked_due=tell.due, reason=f"{mark}配件未到货",
        safeguards=f"{mark}专人看护",
    )  # fmt: skip
    for name, row in list(at.items()):
        at[name] = Hazard.plain.get(pk=row.pk)
    county.upload = begin_upload(actor=county.actor("unit_safety"), name=f"{county.mark}现场照片.jpg", size=100)
    county.files = list(StoredFile.plain.filter(holder=county.site.holder).order_by("at", "pk"))


def _belongings(county: County) -> None:
    """What belongs to single people of the county: a shared filter, a token, a bulk run; and a ledger taken in."""
    mark = county.mark
    user = county.users["county_officer"]
    actor = actor_for(user)
    county.filter = save_filter(
        actor=actor, page="hazards:list", name=f"{mark}常用筛选", query="state=open", shared=True
    )
    county.post = add_post(
        actor=SYSTEM, region=county.town, office=f"{mark}应急办", title=f"{mark}安监员", role="town_officer"
    )
    county.renaming = rename_region(
        actor=SYSTEM, region=county.village, name=f"{mark}东风新村", on=clock.today(), basis="民政批复"
    )
    county.village = Region.objects.get(pk=county.village.pk)
    _invitations(county)
    stand_duty(county)
    keep_the_law(county)
    grade_risks(county)
    keep_chemicals(county)
    hold_hazards(county)
    follow_duties(county)
    token, _secret = issue_token(actor=actor, user=user, name=f"{mark}接口", scopes=["hazards.view"], days=30)
    county.token = token
    county.run = start_bulk_run(
        actor=actor, page="hazards:list", code="urge", rows=[str(county.hazards["rectifying"].pk)], data=""
    )
    for noun, name in (("enterprises", "企业台账.xlsx"), ("hazards", "隐患台账.xlsx")):
        county.batches.append(
            open_batch(actor=actor, noun=noun, file_name=f"{mark}{name}", content=ledger(noun, mark), region=county.region)
        )


def _invitations(county: County) -> None:
    """A unit nobody has claimed yet, invited; a second round with a row refused; an authority lent by the leader."""
    mark, officer = county.mark, county.actor("town_officer")
    data = {"name": f"{mark}新办五金加工店", "address": f"{mark}工业路99号", "sector": LINE}
    county.newcomer = registry.register_unit(actor=SYSTEM, data=data, region=county.village)
    welcome.invite_units(actor=officer, units=[county.newcomer.pk, county.unit.pk])
    county.invitation = apps.get_model("welcome.Invitation").plain.get(unit_id=county.newcomer.pk)
    leader = county.actor("leader")
    county.lent = delegate(
        actor=leader, authority=Grant.objects.get(user=leader.user_id), user=county.users["county_officer"],
        valid_to=clock.today() + dt.timedelta(days=9), basis=f"{mark}委托书〔2026〕1号",
    )  # fmt: skip


def ledger(noun: str, mark: str = "") -> bytes:
    """A small ledger as an office keeps it."""
    import xlsxwriter

    out = io.BytesIO()
    rows: dict[str, list[list[Any]]] = {
        "enterprises": [["企业名称", "统一社会信用代码", "所属镇街"], [f"{mark}新厂", make_valid("91998801", 55), f"{mark or '青溪'}镇"]],
        "hazards": [["企业名称", "隐患描述", "排查日期"], [f"{mark}机械制造有限公司", f"{mark}踏步松动", "2026-01-05"]],
    }  # fmt: skip
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        for number, row in enumerate(rows[noun]):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def texts_of(content: bytes, media_type: str) -> Iterator[str]:
    """Everything a reader can read in an answer: the text itself, and what spreadsheets, PDFs and archives hold."""
    yield content.decode("utf-8", "ignore")
    if content[:4] == b"PK\x03\x04":
        import zipfile

        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield archive.read(name).decode("utf-8", "ignore")
    elif content[:5] == b"%PDF-":
        from pypdf import PdfReader

        reader = PdfReader(io.BytesIO(content))
        yield from (page.extract_text() for page in reader.pages)
        yield str(reader.metadata or "")
    elif content and "json" in media_type:
        import json

        yield json.dumps(json.loads(content), ensure_ascii=False)
