"""Bulk acts: each row in its own right, every refused row named, nothing twice."""

from __future__ import annotations

from typing import Any

import pytest

from anlan.ui import services
from anlan.ui.models import BulkRun
from anlan.ui.pages import bulk
from tests.ui.conftest import CANARY
from tests.ui.sample import Paper, submit_paper


@pytest.fixture
def ready(cast: Any, paper: Any, actor: Any) -> list[Paper]:
    """Three papers ready to be closed, one still a draft, one in the other county."""
    papers = [paper(cast.town, f"厂{n}") for n in range(3)]
    for one in papers:
        submit_paper(actor=actor(cast.grid_worker), paper=one, opinion="可以")
    return [*papers, paper(cast.town, "草稿厂"), paper(cast.far_town, f"{CANARY}厂")]


def start(browser: Any, papers: list[Paper], **more: Any) -> Any:
    """Ask for the bulk act, then confirm it."""
    ids = [str(p.pk) for p in papers]
    asked = browser.post("/papers/bulk/close/", {"ids": ids, **more})
    assert asked.status_code == 200
    key = asked.context["form"]["key"].value()
    return browser.post(
        "/papers/bulk/close/", {"ids": asked.context["ids"], "confirmed": "1", "opinion": "同意", "key": key}
    )


def test_every_refused_row_is_named(cast: Any, ready: Any, sign_in: Any) -> None:
    browser = sign_in(cast.county_officer)
    begun = start(browser, ready)
    assert begun.status_code == 302
    assert Paper.plain.filter(state="closed").count() == 0
    done = browser.post(begun["Location"], follow=True)
    run = BulkRun.objects.get()
    assert (run.total, run.done, run.acted) == (5, 5, 3)
    assert Paper.plain.filter(state="closed").count() == 3
    body = done.content.decode()
    assert "已办理 3 条" in body and "草稿厂" in body and f"/papers/{ready[3].pk}/" in body
    assert CANARY not in body and str(ready[4].pk) in body  # a foreign row is refused by its number, unnamed
    assert len(done.context["refused"]) == 2 and all(r["why"] for r in done.context["refused"])


def test_nothing_is_done_twice(cast: Any, ready: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BATCH", 2)
    browser = sign_in(cast.county_officer)
    address = start(browser, ready[:3])["Location"]
    browser.post(address)
    assert BulkRun.objects.get().done == 2 and Paper.plain.filter(state="closed").count() == 2
    part = browser.post(address, headers={"HX-Request": "true", "HX-Target": "bulk-run"})
    assert "<html" not in part.content.decode() and part.context["run"].finished_at
    browser.post(address)
    assert BulkRun.objects.get().done == 3
    assert {p.version for p in Paper.plain.filter(state="closed")} == {3}


def test_confirming_twice_starts_once(cast: Any, ready: Any, sign_in: Any) -> None:
    browser = sign_in(cast.county_officer)
    sent = {"ids": [str(ready[0].pk)], "confirmed": "1", "opinion": "同意", "key": "one-key"}
    first, second = browser.post("/papers/bulk/close/", sent), browser.post("/papers/bulk/close/", sent)
    assert first["Location"] == second["Location"] and BulkRun.objects.count() == 1


def test_all_rows_of_the_filtered_list(cast: Any, ready: Any, sign_in: Any) -> None:
    browser = sign_in(cast.county_officer)
    asked = browser.post("/papers/bulk/close/", {"all": "1", "query": "state=review"})
    assert sorted(asked.context["ids"]) == sorted(str(p.pk) for p in ready[:3])


def test_too_many_or_none(cast: Any, ready: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sign_in(cast.county_officer)
    none = browser.post("/papers/bulk/close/", {"ids": ["x", "", "0x"]})
    assert "尚未选择记录" in none.content.decode()
    monkeypatch.setattr(services, "MOST_ROWS", 2)
    sent = {"ids": [str(p.pk) for p in ready[:3]], "confirmed": "1", "opinion": "同意"}
    many = browser.post("/papers/bulk/close/", sent)
    assert many.status_code == 422 and not BulkRun.objects.exists()


def test_the_form_is_asked_for_what_it_needs(cast: Any, ready: Any, sign_in: Any) -> None:
    page = sign_in(cast.county_officer).post(
        "/papers/bulk/close/", {"ids": [str(ready[0].pk)], "confirmed": "1", "opinion": ""}
    )
    assert page.status_code == 422 and "opinion" in page.context["form"].errors


def test_runs_are_private_and_need_the_right(cast: Any, ready: Any, sign_in: Any) -> None:
    browser = sign_in(cast.county_officer)
    address = start(browser, ready[:1])["Location"]
    assert sign_in(cast.city_officer).get(address).status_code == 404
    assert sign_in(cast.grid_worker).get(address).status_code == 403
    assert sign_in(cast.grid_worker).post("/papers/bulk/close/", {"ids": ["1"]}).status_code == 403
    assert browser.post("/papers/bulk/none/", {"ids": ["1"]}).status_code == 404
    assert not sign_in(cast.grid_worker).get("/papers/?all=1").context["bulk"]


def test_urging_many(cast: Any, due: Any, sign_in: Any) -> None:
    late = due(cast.town, -2, title="青溪厂")
    due(cast.far_town, -2, title=f"{CANARY}厂")
    browser = sign_in(cast.county_officer)
    page = browser.get("/deadlines/?when=overdue")
    assert page.context["total"] == 1 and CANARY not in page.content.decode()
    begun = browser.post("/deadlines/bulk/urge/", {"ids": [str(late.pk)], "confirmed": "1", "note": "抓紧", "key": "u"})
    done = browser.post(begun["Location"], follow=True)
    assert done.context["run"].acted == 1
    assert sign_in(cast.town_officer).get("/inbox/").context["waiting"] == 1
