"""Every component on one page, with good data, bad data and none; only where DEBUG is on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from anlan.kernel import clock
from anlan.kernel.errors import RuleBroken, Stale
from anlan.ui.context import MenuEntry, MenuGroup
from anlan.ui.gallery_words import WORDS

TOWNS = ["城东镇", "沙河镇", "青溪街道", "永宁镇", "临江开发区", "白石镇", "东湖街道", "安福镇"]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="名称", max_length=60, help_text="与营业执照一致。")
    kind = forms.ChoiceField(label="类别", choices=[("a", "工业企业"), ("b", "个体工商户"), ("c", "无证场所")])
    headcount = forms.IntegerField(label="从业人数", min_value=0, required=False)
    founded = forms.DateField(label="成立日期", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    level = forms.ChoiceField(
        label="隐患级别", widget=forms.RadioSelect, choices=[("general", "一般隐患"), ("major", "重大隐患")]
    )
    flags = forms.MultipleChoiceField(
        label="标签",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("dust", "涉粉尘"), ("ammonia", "涉氨制冷"), ("confined", "有限空间")],
    )
    text = forms.CharField(label="隐患描述", widget=forms.Textarea(attrs={"maxlength": 200}))
    agreed = forms.BooleanField(label="我已核对以上内容")


def menu_sample() -> list[MenuGroup]:
    """A side bar as a county inspector sees it."""
    return [
        MenuGroup(
            "", [MenuEntry("首页", "/ui/gallery/", "home", active=True), MenuEntry("消息", "#", "inbox", count=7)]
        ),
        MenuGroup(
            "监管业务",
            [
                MenuEntry("一企一档", "#", "building-factory-2"),
                MenuEntry("隐患治理", "#", "alert-triangle", count=128, tone="red"),
                MenuEntry("执法检查", "#", "clipboard-check"),
                MenuEntry("行政处罚", "#", "gavel"),
            ],
        ),
        MenuGroup("分析决策", [MenuEntry("一张图", "#", "map-2"), MenuEntry("统计报表", "#", "chart-bar")]),
    ]


def _sample() -> dict[str, Any]:
    now, today = clock.now(), clock.today()
    photo = "data:image/svg+xml;utf8," + (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 300'><rect width='400' height='300' fill='%23{}'/>"
        "<path d='M0 220 120 120 220 210 300 140 400 230V300H0Z' fill='%23{}'/></svg>"
    )
    photos = [
        {"url": photo.format("7a93ab", "4b6276"), "caption": "配电箱门缺失", "at": now, "kind": "before"},
        {"url": photo.format("93ab7a", "62764b"), "caption": "疏散通道堆放杂物", "at": now, "kind": "before"},
        {"url": photo.format("ab937a", "76624b"), "caption": "已加装防护门", "at": now, "kind": "after"},
    ]
    return {
        "breadcrumbs": [("首页", "/"), ("隐患治理", "#"), ("YH-2026-004812", "")],
        "tones": ["red", "orange", "yellow", "blue", "green", "teal", "purple", "grey"],
        "spark": [3, 5, 4, 8, 7, 9, 12, 11, 14, 13],
        "steps": [
            {"label": "登记", "state": "done", "who": "李建国", "at": now},
            {"label": "评估", "state": "done", "who": "王敏", "at": now},
            {"label": "治理", "state": "current", "who": "华安机械有限公司"},
            {"label": "验收", "state": "todo"},
            {"label": "销账", "state": "todo"},
        ],
        "entries": [
            {
                "title": "县应急管理局挂牌督办",
                "who": "陈志远",
                "when": now - dt.timedelta(hours=2),
                "tone": "red",
                "icon": "flag",
            },
            {
                "title": "退回补充整改方案",
                "who": "王敏",
                "when": now - dt.timedelta(days=1),
                "tone": "orange",
                "icon": "arrow-back-up",
                "body": "方案缺少资金落实和责任人，请补充后重新提交。",
            },
            {
                "title": "企业自查上报",
                "who": "李建国",
                "when": now - dt.timedelta(days=6),
                "tone": "blue",
                "icon": "send",
            },
        ],
        "facts": [
            ("统一社会信用代码", "91441481MA4UK3XH7P"),
            ("行业", "C3411 锅炉及辅助设备制造"),
            ("从业人数", 218),
            ("涉粉尘", True),
            ("有限空间", False),
            ("主要负责人", None),
        ],
        "dues": [
            (today - dt.timedelta(days=12), "重大隐患治理完成期限"),
            (today, "复查"),
            (today + dt.timedelta(days=2), "整改方案报送"),
            (today + dt.timedelta(days=6), "季度自查"),
            (today + dt.timedelta(days=40), "应急预案备案到期"),
        ],
        "yesterday": today - dt.timedelta(days=1),
        "today": today,
        "photos": photos,
        "before": photos[:2],
        "after": photos[2:],
        "rows": [
            {
                "id": n,
                "no": f"YH-2026-{4812 - n * 37:06}",
                "unit": f"{TOWNS[n]}华安{'机械化工电子建材'[n % 4 * 2 :][:2]}有限公司",
                "town": TOWNS[n],
                "tone": ["red", "orange", "yellow", "blue"][n % 4],
                "due": today + dt.timedelta(days=n * 5 - 8),
                "state": ["治理中", "待验收", "已销账"][n % 3],
                "state_tone": ["orange", "blue", "green"][n % 3],
                "cost": 12500 * (n + 1),
            }
            for n in range(8)
        ],
        "tabs": [
            {"label": "全部", "url": "#", "active": True, "count": 128},
            {"label": "已逾期", "url": "#", "count": 9},
            {"label": "待我处理", "url": "#", "count": 3},
        ],
        "tabset": [("basic", "基本情况"), ("risk", "风险管控")],
        "chips": [{"label": "级别：重大", "url": "?"}, {"label": "街道：青溪街道", "url": "?"}],
        "saved": [{"label": "本月逾期", "url": "?saved=1", "active": True}, {"label": "涉粉企业", "url": "?saved=2"}],
        "option": {
            "xAxis": {"type": "category", "data": TOWNS},
            "yAxis": {"type": "value"},
            "series": [
                {"type": "bar", "name": "应整改", "tone": "blue", "data": [32, 41, 18, 26, 55, 12, 30, 21]},
                {"type": "bar", "name": "已逾期", "tone": "red", "data": [4, 2, 0, 3, 9, 1, 2, 0]},
            ],
        },
        "errors": [("id_name", "名称：请按营业执照填写单位名称。"), ("", "整改期限早于发现日期。")],
        "clauses": ["《中华人民共和国安全生产法》第四十一条", "《安全生产事故隐患排查治理暂行规定》第十四条"],
        "picked": [{"id": 3, "text": "青溪街道华安电子有限公司"}],
        "several": [{"id": 1, "text": "涉粉尘"}, {"id": 2, "text": "涉氨制冷"}],
        "stored": [{"id": 9, "name": "整改方案（盖章版）.pdf", "url": "#"}],
    }


def show(request: HttpRequest) -> HttpResponse:
    """The gallery; ``?empty=1`` shows the components without data."""
    good = SampleForm(
        initial={"name": "华安机械有限公司", "kind": "a", "level": "major", "text": "配电箱门缺失", "agreed": True}
    )
    bad = SampleForm({"name": "", "headcount": "-3", "text": ""}, prefix="bad")
    if "message" in request.GET:
        messages.success(request, "已提交镇（街道）应急办审核。")
    return render(
        request,
        "ui/gallery.html",
        {"form": good, "bad": bad, "narrow": SampleForm(prefix="narrow"), "w": WORDS, **_sample()},
    )


def part(request: HttpRequest, part: str) -> HttpResponse:
    """What the gallery's components fetch: search results, branches, pictures, refusals."""
    parts = {
        "search": _search,
        "branch": _branch,
        "chart": _chart,
        "map": _map,
        "progress": _progress,
        "unmask": _unmask,
        "panel": _panel,
        "stale": _stale,
        "clause": _clause,
        "invalid": _invalid,
    }
    if part not in parts:
        raise Http404
    return parts[part](request)


def _search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "")
    found = [
        {"id": n, "text": f"{town}华安电子有限公司", "hint": f"9144148{n}MA4UK3XH7P"}
        for n, town in enumerate(TOWNS)
        if words in town
    ]
    return JsonResponse({"results": found, "more": not words})


def _branch(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "ui/gallery_branch.html",
        {
            "city": "安澜市",
            "counties": ["临江县", "青溪区"],
            "towns": TOWNS,
            "root": "of" not in request.GET,
            "q": request.GET.get("q"),
        },
    )


def _chart(request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        {
            "series": [
                {
                    "type": "pie",
                    "radius": ["45%", "70%"],
                    "data": [
                        {"name": "重大", "value": 6, "itemStyle": {"color": "tone:red"}, "url": "#major"},
                        {"name": "较大", "value": 21, "itemStyle": {"color": "tone:orange"}},
                        {"name": "一般", "value": 64, "itemStyle": {"color": "tone:yellow"}},
                        {"name": "低", "value": 130, "itemStyle": {"color": "tone:blue"}},
                    ],
                }
            ],
        }
    )


def _map(request: HttpRequest) -> HttpResponse:
    areas, points = [], []
    tones = ["red", "orange", "yellow", "blue"]
    for n, town in enumerate(TOWNS):
        west, south = 115.6 + n % 4 * 0.1, 24.1 + n // 4 * 0.1
        ring = [[west, south], [west + 0.1, south], [west + 0.1, south + 0.1], [west, south + 0.1], [west, south]]
        told = {"name": town, "tone": tones[n % 4], "label": town, "url": f"#{n}", "lines": [f"重大隐患 {n} 项"]}
        areas.append({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": told})
        place = {"type": "Point", "coordinates": [west + 0.05, south + 0.03]}
        points.append(
            {
                "type": "Feature",
                "geometry": place,
                "properties": {"name": f"{town}华安公司", "tone": "purple", "url": "#"},
            }
        )
    return JsonResponse(
        {
            "layers": [
                {"id": "towns", "kind": "area", "data": {"type": "FeatureCollection", "features": areas}},
                {
                    "id": "sites",
                    "kind": "point",
                    "cluster": True,
                    "data": {"type": "FeatureCollection", "features": points},
                },
            ],
            "legend": [
                {"label": "高", "tone": "red"},
                {"label": "较高", "tone": "orange"},
                {"label": "中", "tone": "yellow"},
                {"label": "低", "tone": "blue"},
            ],
        }
    )


def _progress(request: HttpRequest) -> HttpResponse:
    return render(
        request, "ui/gallery_progress.html", {"w": WORDS, "value": min(int(request.GET.get("at", "0")) + 20, 100)}
    )


def _unmask(request: HttpRequest) -> HttpResponse:
    if not request.POST.get("reason", "").strip():
        raise RuleBroken("Please give a reason: it is kept with the record.")
    return render(request, "ui/gallery_unmasked.html", {"w": WORDS})


def _panel(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/gallery_panel.html", {"w": WORDS})


def _stale(request: HttpRequest) -> HttpResponse:
    raise Stale


def _clause(request: HttpRequest) -> HttpResponse:
    raise RuleBroken("A major hazard cannot be closed without an acceptance by the authority.")


def _invalid(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/gallery_panel.html", {"w": WORDS}, status=422)
