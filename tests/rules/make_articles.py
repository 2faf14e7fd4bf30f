"""Make ``articles.csv``: which articles, paragraphs and items there are in the official texts that were read.

    python tests/rules/make_articles.py FOLDER

FOLDER holds the texts as Markdown, one article a block that begins with 第…条, the day of the edition in the file's
name. Nothing of their words is kept: title, day, article and the number of items of each of its paragraphs.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

TABLE = Path(__file__).parent / "articles.csv"
NAME = re.compile(r"(?P<title>.+)\((?P<day>\d{4}-\d{2}-\d{2})\)")
ARTICLE = re.compile(r"第(?P<number>[一二三四五六七八九十百千零]+)条[ \u3000]")
ITEM = re.compile(r"[（(][一二三四五六七八九十]+[）)]")
DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
UNITS = {"十": 10, "百": 100, "千": 1000}


def number(text: str) -> int:
    """A Chinese numeral as a number.

    >>> number("十"), number("一百零二"), number("二十一")
    (10, 102, 21)
    """
    total = current = 0
    for sign in text:
        if sign in UNITS:
            total += (current or 1) * UNITS[sign]
            current = 0
        else:
            current = DIGITS[sign]
    return total + current


def articles(text: str) -> Iterator[tuple[int, list[int]]]:
    """Each article with the number of items of each paragraph, in order."""
    at, paragraphs = 0, list[int]()
    for line in (raw.strip() for raw in text.splitlines()):
        if not line or line.startswith("<!--"):
            continue
        opens = ARTICLE.match(line)
        if opens or line.startswith("#"):
            if at:
                yield at, paragraphs
            at, paragraphs = (number(opens["number"]), [0]) if opens else (0, [])
        elif at and ITEM.match(line):
            paragraphs[-1] += 1
        elif at:
            paragraphs.append(0)
    if at:
        yield at, paragraphs


def main(folder: Path) -> None:
    """Writes the table."""
    with TABLE.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["title", "adopted", "article", "items"])
        for path in sorted(folder.glob("*.md")):
            named = NAME.fullmatch(path.stem)
            if named is None:
                continue
            found = list(articles(path.read_text(encoding="utf-8")))
            if [one for one, _ in found] != list(range(1, len(found) + 1)):
                raise SystemExit(f"{path.name}: articles do not follow each other")
            for article, items in found:
                table.writerow([named["title"], named["day"], article, ";".join(map(str, items))])
            print(f"{path.stem}: {len(found)} articles")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
