"""`anlan load seeds`: the five jurisdictions by their real names, codes and levels; `anlan load statute`: texts."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from pathlib import Path

import pytest

from anlan.kernel.actor import Actor
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import merge_region, rename_region
from anlan.modules.statutes.models import Article, Edition
from anlan.modules.statutes.public import coverage
from anlan.rules.citation import Citation
from anlan.runtime import cli, prepare
from anlan.runtime.commands.load import load_seeds

links = import_module("anlan.modules.statutes.selectors.uses")  # the package has a function of that name
pytestmark = pytest.mark.django_db
ON = dt.date(2026, 6, 1)
SYSTEM = Actor.system("tests")


def told() -> set[tuple[str, str, str, str]]:
    """Every region: superior, name, code, level."""
    names = dict(Region.objects.values_list("path", "name"))
    return {
        (names.get(path[:-4], ""), name, code, kind)
        for path, name, code, kind in Region.objects.values_list("path", "name", "code", "kind")
    }


def test_the_five_stand_below_their_superiors_with_the_statutory_lists(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["load", "seeds"]) == 0
    said = capsys.readouterr().out
    assert "28 added, 0 already there" in said
    assert "statutory lists" in said and "obligations" in said
    assert {
        ("广东省", "阳江市", "441700000000", "city"), ("广东省", "东莞市", "441900000000", "city"),
        ("梅州市", "兴宁市", "441481000000", "county"), ("云南省", "玉溪市", "530400000000", "city"),
        ("佛山市", "南海区", "440605000000", "county"), ("东莞市", "立沙岛精细化工园区", "", "park"),
        ("南海区", "里水镇", "", "town"),
    } <= told()  # fmt: skip


def test_a_second_run_changes_nothing() -> None:
    assert load_seeds() == (28, 0)
    before = told()
    assert load_seeds() == (0, 28)
    assert told() == before


def test_what_an_administrator_decided_since_is_kept() -> None:
    load_seeds()
    renamed = Region.objects.get(name="里水镇")  # no code of it is held
    rename_region(actor=SYSTEM, region=renamed, name="里水街道", on=ON, basis="粤府函〔2026〕1号")
    raised = Region.objects.get(code="530423000000")
    rename_region(actor=SYSTEM, region=raised, name="通海市", code="530482", on=ON, basis="国函〔2026〕2号")
    gone, into = Region.objects.get(code="441704000000"), Region.objects.get(code="441702000000")
    merge_region(actor=SYSTEM, region=gone, into=into, on=ON, basis="国函〔2026〕3号")
    before = told()
    assert load_seeds() == (0, 28)
    assert told() == before


LAW = "# 中华人民共和国试验法\n\n## 第一章 总则\n\n第一条 甲。\n\n第二条 本法自2020年5月1日起施行。\n"


def test_texts_are_loaded_once_and_a_changed_one_says_what_it_replaces(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, broken = (tmp_path / f"试验法({day}).md" for day in ("2020-01-02", "2024-01-02", "2025-01-02"))
    first.write_text(LAW, "utf-8")
    second.write_text(LAW.replace("甲", "乙").replace("2020年", "2024年"), "utf-8")
    broken.write_bytes(b"\xff\xff\x00")
    assert cli.main(["load", "statute", str(first)]) == 0
    said = capsys.readouterr().out
    assert "citations:" in said and "2 articles, loaded" in said
    assert cli.main(["load", "statute", str(first)]) == 0
    assert "2 articles, unchanged" in capsys.readouterr().out
    assert cli.main(["load", "statute", str(first), str(second), str(broken)]) == 2
    told = capsys.readouterr()
    assert "unchanged" in told.out and "earlier" in told.err and "UTF-8" in told.err
    assert cli.main(["load", "statute", "--replaces", "earlier", str(second)]) == 0
    assert "2024-05-01–, 2 articles, loaded" in capsys.readouterr().out


def test_the_citations_of_a_release_enter_the_library_at_its_start(capsys: pytest.CaptureFixture[str]) -> None:
    """A rule that came with an upgrade is in the library without anybody's doing; a start that finds all says nothing."""
    prepare.enter_citations()
    assert "editions" in capsys.readouterr().out
    gone = Edition.objects.filter(statute__title="安全生产许可证条例", articles__label="第七条").first()
    assert gone is not None
    Article.objects.filter(edition=gone, items=None).delete()
    prepare.enter_citations()
    assert "articles" in capsys.readouterr().out and gone.articles.exists()
    prepare.enter_citations()
    assert capsys.readouterr().out == ""


def test_a_load_says_how_far_the_texts_answer_what_is_cited(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two texts of two articles, one of them replaced: articles counted, citations found in their text, the lost named."""
    cited = tuple(Citation("试验法", at, valid_from=dt.date(2024, 5, 1)) for at in ("第一条", "第二条", "第九条"))
    monkeypatch.setitem(links._DOCUMENTS, "tests.paper", ("Paper", (*cited, Citation("另一试验法", "第一条"))))
    links.uses.cache_clear()
    try:
        files = [tmp_path / f"试验法({day}).md" for day in ("2020-01-02", "2024-01-02")]
        files[0].write_text(LAW, "utf-8")
        files[1].write_text(LAW.replace("甲", "乙").replace("2020年", "2024年"), "utf-8")
        assert cli.main(["load", "statute", "--replaces", "earlier", *map(str, files)]) == 0
        said = capsys.readouterr()
        assert "2 texts with 4 articles" in said.out and "2 of 3 citations found in the texts held" in said.out
        assert "《试验法》第九条" in said.err and "第二条" not in said.err
        stand = coverage(SYSTEM)
        assert (stand.texts, stand.articles, stand.links, stand.found) == (2, 4, 3, 2)
        assert stand.not_held == Edition.objects.filter(sha256="").count() > 40
    finally:
        monkeypatch.undo()
        links.uses.cache_clear()
