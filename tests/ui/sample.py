"""A small module that exists only for these tests: papers that are begun, reviewed, returned and closed."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from typing import Any, ClassVar

from django.apps import AppConfig
from django.db import models

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.deadlines.services import meet, start
from anlan.kernel.errors import BadInput
from anlan.kernel.files.services import attach
from anlan.kernel.intake.kinds import Kind
from anlan.kernel.intake.schema import Choice, Field, RowSchema
from anlan.kernel.journal.facts import Fact
from anlan.kernel.regions.models import Region
from anlan.kernel.workflow import InProcess, begin, remember, take
from anlan.rules.citation import Citation
from anlan.rules.steps import State, Step, Workflow
from anlan.ui import filters, forms, panels, tables
from anlan.ui.pages import (
    Action,
    ActPage,
    BulkAct,
    DataPage,
    Empty,
    Export,
    Item,
    ListPage,
    RecordPage,
    Section,
    StepPage,
    Tab,
    urls,
)

LAW = Citation("安全生产法", "第四十一条")
PAPERS = Workflow(
    name="papers",
    states=(
        State("draft", "Draft", "grey"),
        State("review", "In review", "blue"),
        State("closed", "Closed", "green", final=True),
        State("withdrawn", "Withdrawn", "grey", final=True),
    ),
    steps=(
        Step("begin", "Begin", (), "draft", ("hazards.find",), LAW),
        Step("submit", "Submit", ("draft",), "review", ("hazards.find",), LAW),
        Step("return", "Return", ("review",), "draft", ("hazards.review",), LAW),
        Step("close", "Close the paper", ("review",), "closed", ("hazards.close",), LAW, not_by=("submit",)),
        Step("withdraw", "Withdraw", ("draft",), "withdrawn", ("hazards.withdraw",), LAW),
    ),
)


class Level(models.TextChoices):
    """How grave it is."""

    GENERAL = "general", "General"
    MAJOR = "major", "Major"


class Paper(InProcess):
    """A record of the sample module."""

    view_permission = "hazards.view"
    process = PAPERS

    title = models.CharField("Title", max_length=100)
    text = models.TextField(blank=True, default="")
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.GENERAL)
    headcount = models.IntegerField(null=True)
    phone = models.CharField(max_length=20, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    found_on = models.DateField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    class Meta(InProcess.Meta):
        app_label = "ui_sample"

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True, kw_only=True)
class PaperBegun(Fact):
    """A paper was begun."""

    sentence: ClassVar[str] = "Paper “%(title)s” begun as %(level)s"
    translated: ClassVar[tuple[str, ...]] = ("level",)
    title: str
    level: str


@dataclass(frozen=True, kw_only=True)
class PaperMoved(Fact):
    """A step was taken."""

    sentence: ClassVar[str] = "%(step)s: %(opinion)s"
    translated: ClassVar[tuple[str, ...]] = ("step",)
    colour: ClassVar[str] = "green"
    step: str
    opinion: str = ""


@dataclass(frozen=True, kw_only=True)
class PaperChanged(Fact):
    """Fields were changed."""

    sentence: ClassVar[str] = "Changed"
    changes: dict[str, list[Any]]


@act(may="hazards.find")
def begin_paper(
    work: Work,
    *,
    title: str,
    town: Region,
    level: str = "general",
    headcount: int | None = None,
    text: str = "",
    photos: list[Any] | None = None,
    found_on: dt.date | None = None,
) -> Paper:
    """Begin a paper."""
    if "bad" in title:
        raise BadInput("title", "The title “%(given)s” is bad. Choose another.", given=title)
    paper = Paper(region_path=town.path, title=title, level=level, headcount=headcount, text=text, found_on=found_on)
    begin(work, paper, "begin")
    created(paper)
    remember(work, paper, "begin")
    for upload in photos or []:
        attach(work, paper, upload, purpose="before")
    start(
        work,
        paper,
        kind="review",
        label="Review the paper",
        due=clock.today() + dt.timedelta(days=3),
        duty="hazards.review",
        desk_path=town.path,
        basis=str(LAW),
    )
    work.record(PaperBegun(title=title, level=Level(level).label.__str__()), on=paper)
    return paper


@act(may="hazards.find", on=Paper)
def change_paper(work: Work, paper: Paper, *, title: str, text: str = "") -> None:
    """Change title and text."""
    if (title, text) == (paper.title, paper.text):
        return
    work.record(PaperChanged(changes={"Title": [paper.title, title], "Text": [paper.text, text]}), on=paper)
    paper.title, paper.text = title, text
    paper.save()


def _moving(code: str, may: str) -> Any:
    def body(work: Work, paper: Paper, *, opinion: str = "") -> None:
        step = take(work, paper, code, note=opinion)
        paper.save()
        if code == "close":
            meet(work, paper, "review")
        work.record(PaperMoved(step=step.label, opinion=opinion), on=paper)

    body.__name__ = f"{code}_paper"
    return act(may=may, on=Paper)(body)


submit_paper = _moving("submit", "hazards.find")
return_paper = _moving("return", "hazards.review")
close_paper = _moving("close", "hazards.close")


def papers(actor: Any) -> Any:
    """The papers the actor may see."""
    return Paper.objects.visible_to(actor)


ROW = RowSchema(
    "papers",
    "Papers",
    (
        Field("headcount", "Headcount", Kind.WHOLE, ("从业人数",), unit="人", min=0, max=1000),
        Field("found_on", "Found on", Kind.DAY, ("发现日期",)),
        Field(
            "level",
            "Level",
            Kind.CHOICE,
            ("等级",),
            required=True,
            choices=(Choice("general", "General", ("一般",)), Choice("major", "Major", ("重大",))),
        ),
    ),
)


@ROW.check
def _major_needs_people(values: Any) -> Any:
    if values.get("level") == "major" and values.get("headcount") == 0:
        return ROW.problem("headcount", "people", "%(field)s: a major paper needs people.")
    return None


class BeginForm(forms.Form):
    """A new paper."""

    schema, use = ROW, ("headcount", "found_on", "level")
    title = forms.Text("Title", max_length=100)
    text = forms.LongText("Text", required=False)
    town = forms.RegionChoice("Region", permission="hazards.find", kinds=("town",))
    photos = forms.Files("Photos", purpose="before", least=0, pictures=True)
    sections = (("What", ("title", "level", "text", "headcount", "found_on")), ("Where", ("town", "photos")))


class ChangeForm(forms.Form):
    """What may be changed."""

    title = forms.Text("Title", max_length=100)
    text = forms.LongText("Text", required=False)
    twin = forms.RecordChoice(
        "Twin", lambda actor, record: papers(actor).exclude(pk=record.pk), search=["title"], required=False
    )

    def arguments(self) -> dict[str, Any]:
        """Without the twin, which is only chosen."""
        return {k: v for k, v in super().arguments().items() if k != "twin"}


class OpinionForm(forms.Form):
    """What one has to say to a step."""

    opinion = forms.LongText("Opinion", max_length=50)


class PaperTable(tables.Table):
    """The list."""

    title = tables.LinkColumn("Title", lead=True)
    region_path = tables.RegionColumn()
    level = tables.ChoiceColumn("Level", colours={"major": "red"})
    state = tables.StateColumn(PAPERS)
    due_at = tables.DueColumn()
    found_on = tables.DayColumn("Found on")
    headcount = tables.NumberColumn("Headcount")
    phone = tables.MaskedColumn("Telephone", kind="phone")

    class Meta(tables.Table.Meta):
        model = Paper
        order_by = "-found_on"


class PaperFilters(filters.FilterSet):
    """Its filters."""

    q = filters.Search(["title", "text"], placeholder="Title")
    region = filters.Region(permission="hazards.view")
    state = filters.State(PAPERS)
    level = filters.Choice("level", Level.choices, "Level")
    overdue = filters.Overdue("due_at", open_when=~models.Q(state="closed"))
    found_on = filters.Days("Found on")
    headcount = filters.Span("Headcount")
    twin = filters.Records("pk", papers, "One paper", search=["title"])
    plain = filters.Records("id", papers, "Listed paper")
    sector = filters.Sector("sector", lambda: [("fire", "Fire"), ("mine", "Mines")], permission="hazards.view")


LIST = ListPage(
    name="papers:list",
    path="",
    title="Papers",
    permission="hazards.view",
    selector=papers,
    table=PaperTable,
    filters=PaperFilters,
    tabs=(Tab("All", ""), Tab("Overdue", "overdue=on")),
    lead="Everything",
    empty=Empty(
        "No papers yet", "Begin the first one.", Action("Begin", "papers:begin", permission="hazards.find")
    ),
    actions=(Action("Begin", "papers:begin", icon="plus", permission="hazards.find"),),
    bulk=(BulkAct("close", "Close", close_paper, form=OpinionForm, icon="check"),),
    export=Export(permission="hazards.export", filename="papers"),
)
RECORD = RecordPage(
    name="papers:record",
    path="<int:pk>/",
    permission="hazards.view",
    selector=papers,
    title=lambda p: p.title,
    number=lambda p: f"P-{p.pk}",
    back="papers:list",
    badges=lambda p: [(p.get_level_display(), "red")],
    facts=lambda p, actor: [
        Item("Place", p.region_path, kind="region"),
        Item("Found on", p.found_on),
        Item("Telephone", p.phone, kind="phone"),
        Item("Headcount", p.headcount, unit="people"),
    ],
    sections=(
        Section("Text", items=lambda p, actor: [Item("What", p.text, kind="lines", wide=True)]),
        Section("Others", table=PaperTable, rows=lambda p, actor: papers(actor).exclude(pk=p.pk)),
        Section("Secret", items=lambda p, actor: [Item("What", "secret")], permission="identity.users"),
    ),
    files=(("before", "Before"), ("after", "After")),
    map=lambda p: (p.lon, p.lat),
    line=("draft", "review", "closed"),
    actions=(Action("Change", "papers:change", icon="pencil", permission="hazards.find", dialog=True),),
)
BEGIN = ActPage(
    name="papers:begin",
    path="begin/",
    title="Begin a paper",
    act=begin_paper,
    form=BeginForm,
    message="Begun.",
    submit="Begin",
    wide=True,
)
CHANGE = ActPage(
    name="papers:change",
    path="<int:pk>/change/",
    title="Change",
    act=change_paper,
    form=ChangeForm,
    selector=papers,
    initial=lambda p, actor: {"title": p.title, "text": p.text},
)
SUBMIT = StepPage(
    name="papers:submit", path="<int:pk>/submit/", step="submit", act=submit_paper, selector=papers, form=OpinionForm
)
RETURN = StepPage(
    name="papers:return", path="<int:pk>/return/", step="return", act=return_paper, selector=papers, form=OpinionForm
)
CLOSE = StepPage(
    name="papers:close", path="<int:pk>/close/", step="close", act=close_paper, selector=papers, form=OpinionForm
)
DATA = DataPage(
    name="papers:data",
    path="data/",
    permission="hazards.view",
    model=Paper,
    data=lambda actor, query: {"count": papers(actor).count(), "titles": [p.title for p in papers(actor)]},
)


def known_to(registry: Any) -> None:
    """Let an app registry find the sample's model by its label, as if it were installed."""
    config = AppConfig("tests.ui.sample", sys.modules[__name__])
    config.label, config.apps, config.models = "ui_sample", registry, registry.all_models["ui_sample"]
    registry.app_configs["ui_sample"] = config


urlpatterns = urls(LIST, RECORD, BEGIN, CHANGE, SUBMIT, RETURN, CLOSE, DATA)
panels.register(
    "ui_sample.paper",
    panels.Panel(
        "nearby",
        "Nearby",
        permission="hazards.view",
        table=PaperTable,
        rows=lambda actor, p: papers(actor).exclude(pk=p.pk),
        more=lambda p: "/papers/",
        count=lambda actor, p: papers(actor).count() - 1,
    ),
)
panels.register(
    "ui_sample.paper", panels.Panel("hidden", "Hidden", permission="identity.users", template="ui/panel_empty.html")
)
