"""Reading the text of a statute as published: 编、章、节、条、款、项 from Markdown or plain text.

One article a paragraph group, "第…条" first; headings with or without ``#``. Nothing is guessed: articles that do not
follow one another, a text without articles and a text without a title are refused with the line.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from anlan.rules.refusal import BadInput
from anlan.rules.wording import Wording

_DIGITS = "零一二三四五六七八九"
_UNITS = {"千": 1000, "百": 100, "十": 10}
_N = "[零〇一二三四五六七八九十百千]{1,8}"
_HEADING = re.compile(rf"^(?:#{{2,6}}\s*)?(第{_N}([编章节]))(?:[\s\u3000]+(.*))?$")
_ARTICLE = re.compile(rf"^(第{_N}条(?:之{_N})?)(?:[\s\u3000]+(.*))?$")
_ITEM = re.compile(rf"^[（(]({_N})[）)]\s*")
_ANNEX = re.compile(r"^(?:#{2,6}\s*)?(附[件录表则]?[一二三四五六七八九十\d]{0,3})[:：]?$")
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_NUMBER = re.compile(r"(?:中华人民共和国)?((?:国务院|应急管理部|[\u4e00-\u9fff]{2,20}?)令第?\s*\d+\s*号)")
MOST = 2_000_000  # characters


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One 款: its label, its first line, and its items as (label, text); ``label`` is 第一款 and so on."""

    label: str
    text: str
    items: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleText:
    """One article with the headings it stands under; ``body`` has one line for each paragraph and item."""

    label: str
    part: str
    chapter: str
    section: str
    body: str


@dataclass(frozen=True, slots=True)
class StatuteText:
    """A text: its title as printed, what stands before the first heading (adoption, amendments), its articles.

    ``number`` is that of the order that published it, where printed. ``in_force`` is the day the last articles name,
    ``on_publication`` that they say 自公布之日起施行.
    """

    title: str
    history: tuple[str, ...]
    number: str
    in_force: dt.date | None
    on_publication: bool
    articles: tuple[ArticleText, ...]


def numeral(number: int) -> str:
    """A whole number from 1 to 9999 as laws print it.

    >>> [numeral(n) for n in (1, 10, 11, 20, 101, 110, 119, 1000)]
    ['一', '十', '十一', '二十', '一百零一', '一百一十', '一百一十九', '一千']
    """
    out, gap = "", False
    for name, unit in _UNITS.items():
        digit = number // unit % 10
        if digit:
            out += ("零" if gap and out else "") + _DIGITS[digit] + name
            gap = False
        else:
            gap = bool(out)
    if number % 10:
        out += ("零" if gap and out else "") + _DIGITS[number % 10]
    return out.removeprefix("一") if out.startswith("一十") else out


def number_of(text: str) -> int:
    """The whole number of a Chinese numeral; the ordinal marks around it are left out.

    >>> [number_of(t) for t in ("第一百一十九条", "十", "第二十一条之二", "一百零一")]
    [119, 10, 21, 101]
    """
    total = digit = 0
    for sign in text.partition("之")[0].replace("〇", "零"):
        if sign in _DIGITS:
            digit = _DIGITS.index(sign)
        elif sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
    return total + digit


def short_title(title: str) -> str:
    """The title as it is cited: laws and regulations of the state without the state's name, without brackets.

    >>> short_title("中华人民共和国安全生产法"), short_title("《安全生产许可证条例》")
    ('安全生产法', '安全生产许可证条例')
    """
    bare = re.sub(r"\s", "", title).strip("《》").removesuffix("（全文）")
    named = bare.removeprefix("中华人民共和国")
    return named if named.endswith(("法", "条例")) and len(named) > 1 else bare


def paragraphs(body: str) -> tuple[Paragraph, ...]:
    """The 款 of an article's body with their 项; an item's further lines stay with it.

    >>> [(p.label, [label for label, _ in p.items]) for p in paragraphs("甲：\\n（一）乙；\\n（二）丙。\\n丁。")]
    [('第一款', ['第一项', '第二项']), ('第二款', [])]
    """
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for line in body.split("\n"):
        item = _ITEM.match(line)
        if item and found:
            found[-1][1].append((f"第{item[1]}项", line))
        elif line:
            found.append((line, []))
    return tuple(Paragraph(f"第{numeral(n)}款", text, tuple(items)) for n, (text, items) in enumerate(found, 1))


def read_statute(text: str) -> StatuteText:
    """The text taken apart; ``BadInput`` (``text``) naming the line where it cannot be.

    >>> law = read_statute("# 某条例\\n\\n## 第一章 总则\\n\\n第一条 甲。\\n\\n第二条 本条例自2024年5月1日起施行。")
    >>> law.title, [a.label for a in law.articles], law.articles[0].chapter, law.in_force
    ('某条例', ['第一条', '第二条'], '第一章 总则', datetime.date(2024, 5, 1))
    """
    if len(text) > MOST:
        raise BadInput("text", Wording("is too long", "过长"), Wording(f"up to {MOST} characters", f"不超过{MOST}字"))
    title, history, found = "", [], _Found()
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        line = raw.replace("\u3000", " ").replace("**", "").strip()
        if not line or line.startswith("<!--"):
            continue
        if not title:
            title = line.lstrip("# ").strip()
        elif not found.take(line, number):
            history.append(line)
    if not short_title(title) or len(title) > 120:
        raise BadInput("text", Wording("has no title", "没有标题"), Wording("the title first", "首行为标题"))
    articles = found.done()
    if not articles:
        raise BadInput(
            "text", Wording("has no article", "没有条文"), Wording("lines such as 第一条 …", "以“第一条 ”等开头的条文")
        )
    last = [a.body for a in articles if not a.label.startswith("附")][-3:]
    days = [day for body in last if "施行" in body for day in _in_force(body)]
    published = next((m[1] for line in history if (m := _NUMBER.search(line))), "")
    return StatuteText(
        title, tuple(history), re.sub(r"\s", "", published), days[-1] if days else None,
        any("自公布之日起施行" in body for body in last), articles,
    )  # fmt: skip


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, else GB 18030 as Chinese office machines write it; ``BadInput`` for neither.

    >>> decoded("第一条".encode("gb18030")), decoded(b"\\xef\\xbb\\xbf" + "第一条".encode())
    ('第一条', '第一条')
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadInput(
        "text",
        Wording("is no text", "不是文本"),
        Wording("Markdown or plain text in UTF-8 or GB 18030", "UTF-8或GB 18030编码的Markdown或纯文本"),
    )


def first_day(text: StatuteText, adopted: dt.date | None) -> dt.date | None:
    """The first day of force of this edition as far as its own text says it; ``None`` where it does not.

    The closing article of an amended law keeps the day of the first edition: a day before the edition's own adoption
    says nothing of the edition.
    """
    if text.in_force is not None and (adopted is None or text.in_force >= adopted):
        return text.in_force
    published = any(day_in(line) == adopted and ("公布" in line or "发布" in line) for line in text.history)
    return adopted if text.on_publication and published else None


def day_in(text: str) -> dt.date | None:
    """The first day named in a text as 2021年6月10日 or 2021-06-10; ``None`` without one.

    >>> day_in("安全生产法(2021-06-10).md")
    datetime.date(2021, 6, 10)
    """
    found = _DAY.search(text) or re.search(r"(\d{4})-(\d{2})-(\d{2})", text)
    try:
        return dt.date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _in_force(body: str) -> list[dt.date]:
    sentences = [part for part in re.split(r"[。；]", body) if re.search(r"自.*起施行", part)]
    return [day for part in sentences if (day := day_in(part.partition("自")[2])) is not None]


class _Found:
    """Articles as they are read, line by line."""

    def __init__(self) -> None:
        self.heads = {"编": "", "章": "", "节": ""}
        self.rows: list[tuple[str, str, str, str, list[str]]] = []
        self.last = 0
        self.annex = False

    def take(self, line: str, number: int) -> bool:
        """Whether the line belongs to the tree: a heading, an article, or what continues one."""
        if (annex := _ANNEX.match(line)) and self.rows:
            self.annex = True
            self.rows.append((annex[1], "", "", "", []))
            return True
        if not self.annex and (heading := _HEADING.match(line)):
            return self._heading(heading[1], heading[2], (heading[3] or "").strip())
        if not self.annex and (article := _ARTICLE.match(line)):
            self._article(article[1], (article[2] or "").strip(), number)
            return True
        if self.rows:
            self.rows[-1][4].append(line.lstrip("# ").strip())
            return True
        return any(self.heads.values())

    def _heading(self, label: str, kind: str, name: str) -> bool:
        self.heads[kind] = f"{label} {re.sub(r' ', '', name)}".strip()
        for lower in {"编": "章节", "章": "节", "节": ""}[kind]:
            self.heads[lower] = ""
        return True

    def _article(self, label: str, text: str, line: int) -> None:
        number, inserted = number_of(label), "之" in label
        if number != self.last + (0 if inserted else 1):
            raise BadInput(
                "text",
                Wording(
                    f"has {label} in line {line} after article {self.last}",
                    f"第{line}行为{label}，其前一条为第{numeral(self.last)}条" if self.last else f"第{line}行为{label}",
                ),
                Wording("articles that follow one another", "条号连续的条文"),
            )
        self.last = number
        self.rows.append((label, self.heads["编"], self.heads["章"], self.heads["节"], [text] if text else []))

    def done(self) -> tuple[ArticleText, ...]:
        """The articles."""
        seen: dict[str, int] = {}
        out = []
        for label, part, chapter, section, lines in self.rows:
            seen[label] = seen.get(label, 0) + 1
            own = label if seen[label] == 1 else f"{label}（{seen[label]}）"
            out.append(ArticleText(own, part, chapter, section, "\n".join(lines)))
        return tuple(out)
