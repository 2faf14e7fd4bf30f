"""The cast's library: the citations of the release, one official text, and a check list of each town."""

from __future__ import annotations

from typing import Any

from anlan.kernel.actor import Actor
from anlan.modules.statutes import services

SYSTEM = Actor.system("tests")
TEXT = """# 安澜市安全检查办法

第一条 为了规范安全检查，制定本办法。

第二条 检查人员应当：

（一）出示证件；

（二）制作记录。

第三条 本办法自2024年5月1日起施行。
"""


def keep_the_law(county: Any) -> None:
    """The text is the same for both counties; the town's list names its clause."""
    edition = services.load_text(actor=SYSTEM, text=TEXT, source="安澜市安全检查办法(2024-04-01).md", kind="local")
    article = edition.articles.get(label="第二条")
    made = services.put_check_list(
        actor=county.actor("town_officer"), region=county.town, title=f"{county.mark}现场检查表", sector="general",
        rows="《安澜市安全检查办法》第二条第一款第二项\t制作检查记录\t查阅记录\t检查记录原件",
    )  # fmt: skip
    officer = county.actor("town_officer")
    draft = services.draft_check_list(actor=officer, region=county.town, title=f"{county.mark}草拟检查表", sector="general")
    services.add_item(
        actor=officer, check_list=draft, clause="《安澜市安全检查办法》第二条第一款第一项", asked=f"{county.mark}出示证件",
        method="查看证件", evidence="证件照片",
    )  # fmt: skip
    draft.refresh_from_db()
    county.law = {"edition": edition, "article": article, "list": made, "draft": draft, "item": draft.items.get()}
