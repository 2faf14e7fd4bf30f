"""Forms of acts: once is once, stale is told, a refusal lands where it belongs, with and without scripts."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from anlan.kernel.actor import Actor
from anlan.kernel.files.models import StoredFile
from anlan.kernel.journal.models import Entry
from tests.ui.sample import Paper, change_paper, submit_paper

DIALOG = {"HX-Request": "true", "HX-Target": "dialogs"}


def hidden(page: Any) -> dict[str, str]:
    """The hidden fields of the form on a page."""
    form = page.context["form"]
    return {
        name: str(form[name].value() if form[name].value() is not None else "") for name in ("version", "key", "seen")
    }


def picture(size: tuple[int, int] = (40, 30)) -> SimpleUploadedFile:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "PNG")
    return SimpleUploadedFile("现场.png", out.getvalue(), content_type="image/png")


@pytest.fixture
def begin(cast: Any) -> dict[str, Any]:
    """What a good form of a new paper holds."""
    return {
        "title": "青溪化工厂",
        "level": "general",
        "headcount": "５０人",
        "found_on": "2026-03-05",
        "town": cast.town.path,
    }


def test_a_form_of_a_new_record(cast: Any, sign_in: Any, begin: Any) -> None:
    browser = sign_in(cast.town_officer)
    page = browser.get("/papers/begin/")
    answer = browser.post("/papers/begin/", {**begin, **hidden(page), "photos": [picture(), picture((50, 30))]})
    made = Paper.plain.get()
    assert answer.status_code == 302 and answer["Location"] == f"/papers/{made.pk}/"
    assert (made.headcount, str(made.found_on), made.region_path) == (50, "2026-03-05", cast.town.path)
    assert StoredFile.plain.filter(subject_id=str(made.pk), purpose="before").count() == 2
    assert "Begun." in browser.get(answer["Location"]).content.decode()


def test_sending_twice_acts_once(cast: Any, sign_in: Any, begin: Any) -> None:
    browser = sign_in(cast.town_officer)
    sent = {**begin, **hidden(browser.get("/papers/begin/"))}
    first, second = browser.post("/papers/begin/", sent), browser.post("/papers/begin/", sent)
    assert first["Location"] == second["Location"]
    assert Paper.plain.count() == 1
    third = browser.post("/papers/begin/", {**sent, "title": "另一厂"})
    assert third.status_code == 422
    assert "该表单已经提交" in third.content.decode()
    assert third.context["form"]["key"].value() != sent["key"]
    again = browser.post("/papers/begin/", {**sent, "title": "另一厂", "key": third.context["form"]["key"].value()})
    assert again.status_code == 302 and Paper.plain.count() == 2


def test_every_bad_field_is_named(cast: Any, sign_in: Any, begin: Any) -> None:
    browser = sign_in(cast.town_officer)
    bad = {"title": "", "level": "none", "headcount": "大约五十", "found_on": "明天", "town": cast.far_town.path}
    page = browser.post("/papers/begin/", {**begin, **bad})
    errors = page.context["form"].errors
    assert page.status_code == 422
    assert set(errors) == {"title", "level", "headcount", "found_on", "town"}
    body = page.content.decode()
    assert "data-error-summary" in body and 'aria-invalid="true"' in body
    assert re.search(r'name="headcount"[^>]*aria-describedby="[^"]*id_headcount_error', body)
    assert 'value="大约五十"' in body
    assert not Paper.plain.exists()


def test_checks_between_fields_and_refusals_of_the_act(cast: Any, sign_in: Any, begin: Any) -> None:
    browser = sign_in(cast.town_officer)
    page = browser.post("/papers/begin/", {**begin, "level": "major", "headcount": "0"})
    assert "needs people" in page.context["form"].errors["headcount"][0]
    page = browser.post("/papers/begin/", {**begin, "title": "bad 厂"})
    assert page.status_code == 422
    assert "bad 厂" in page.context["form"].errors["title"][0]
    assert not Paper.plain.exists()


def test_a_region_of_the_wrong_level_is_refused(cast: Any, sign_in: Any, begin: Any) -> None:
    page = sign_in(cast.county_officer).post("/papers/begin/", {**begin, "town": cast.here.path})
    assert "town" in page.context["form"].errors


@pytest.mark.parametrize(
    ("name", "content"), [("x.png", b"no picture"), ("x.png", b""), ("x.exe", b"MZ" + b"\0" * 100)]
)
def test_bad_files_are_refused_by_their_content(cast: Any, sign_in: Any, begin: Any, name: str, content: bytes) -> None:
    page = sign_in(cast.town_officer).post("/papers/begin/", {**begin, "photos": [SimpleUploadedFile(name, content)]})
    assert page.status_code == 422
    assert "photos" in page.context["form"].errors
    assert "请重新选择" in page.content.decode()
    assert not Paper.plain.exists() and not StoredFile.plain.exists()


def test_a_stale_form_is_told_and_keeps_the_text(cast: Any, paper: Any, sign_in: Any, actor: Any) -> None:
    one = paper(cast.town, "青溪化工厂")
    browser = sign_in(cast.town_officer)
    address = f"/papers/{one.pk}/change/"
    kept = hidden(browser.get(address))
    change_paper(actor=actor(cast.county_officer), paper=one, title="县里改的名")
    page = browser.post(address, {**kept, "title": "我改的名", "text": "我写的话"})
    body = page.content.decode()
    assert page.status_code == 409
    assert "已被他人修改" in body and "县局李" in body and "县里改的名" in body
    assert "我改的名" in body and "我写的话" in body
    assert Paper.plain.get(pk=one.pk).title == "县里改的名"
    again = browser.post(address, {**hidden(page), "title": "我改的名", "text": "我写的话"})
    assert again.status_code == 302
    assert Paper.plain.get(pk=one.pk).title == "我改的名"


def test_changing_nothing_changes_nothing(cast: Any, paper: Any, sign_in: Any) -> None:
    one = paper(cast.town, "青溪化工厂")
    browser = sign_in(cast.town_officer)
    before = Entry.plain.count()
    page = browser.get(f"/papers/{one.pk}/change/")
    assert page.context["form"]["title"].value() == "青溪化工厂"
    browser.post(f"/papers/{one.pk}/change/", {**hidden(page), "title": one.title, "text": one.text})
    assert (Paper.plain.get(pk=one.pk).version, Entry.plain.count()) == (one.version, before)


def test_a_step_shows_its_clause_and_moves_on(cast: Any, paper: Any, sign_in: Any) -> None:
    one = paper(cast.town, "青溪化工厂")
    browser = sign_in(cast.town_officer)
    page = browser.get(f"/papers/{one.pk}/submit/")
    assert "《安全生产法》第四十一条" in page.content.decode()
    answer = browser.post(f"/papers/{one.pk}/submit/", {**hidden(page), "opinion": "可以"})
    assert answer["Location"] == f"/papers/{one.pk}/"
    assert Paper.plain.get(pk=one.pk).state == "review"
    assert browser.get(f"/papers/{one.pk}/submit/").status_code == 409
    assert browser.post(f"/papers/{one.pk}/submit/", {"opinion": "再来", "key": "other"}).status_code == 422


def test_whoever_may_not_take_a_step_is_told_first(cast: Any, paper: Any, sign_in: Any) -> None:
    one = submit_paper(actor=Actor.system("tests"), paper=paper(cast.town, "厂"), opinion="可以")
    assert sign_in(cast.grid_worker).get(f"/papers/{one.pk}/close/").status_code == 404
    page = sign_in(cast.town_officer).get(f"/papers/{one.pk}/close/")
    assert page.status_code == 200


def test_separation_of_duties_lands_above_the_form(cast: Any, paper: Any, sign_in: Any, actor: Any) -> None:
    one = paper(cast.town, "厂")
    submit_paper(actor=actor(cast.town_officer), paper=one, opinion="可以")
    browser = sign_in(cast.town_officer)
    page = browser.post(
        f"/papers/{one.pk}/close/", {**hidden(browser.get(f"/papers/{one.pk}/close/")), "opinion": "可以"}
    )
    assert page.status_code == 422
    assert page.context["form"].non_field_errors()
    assert Paper.plain.get(pk=one.pk).state == "review"


def test_the_same_form_as_a_dialog(cast: Any, paper: Any, sign_in: Any) -> None:
    one = paper(cast.town, "青溪化工厂")
    browser = sign_in(cast.town_officer)
    address = f"/papers/{one.pk}/submit/"
    page = browser.get(address, headers=DIALOG)
    assert page.content.decode().lstrip().startswith("<dialog") and "<html" not in page.content.decode()
    bad = browser.post(address, {**hidden(page), "opinion": ""}, headers=DIALOG)
    assert bad.status_code == 422 and "<dialog" in bad.content.decode()
    assert "“Opinion”为空" in bad.content.decode()
    good = browser.post(address, {**hidden(page), "opinion": "可以"}, headers=DIALOG)
    assert good.status_code == 204 and good["HX-Redirect"] == f"/papers/{one.pk}/"


def test_options_are_found_by_typing_within_scope(cast: Any, paper: Any, sign_in: Any) -> None:
    one, other, far = paper(cast.town, "青溪化工厂"), paper(cast.town, "青溪木器厂"), paper(cast.far_town, "外县青溪厂")
    browser = sign_in(cast.town_officer)
    answer = browser.get(f"/papers/{one.pk}/change/options/twin/?q=青溪").json()
    assert [r["text"] for r in answer["results"]] == [other.title] and answer["more"] is False
    assert browser.get(f"/papers/{one.pk}/change/options/title/?q=x").status_code == 404
    page = browser.post(f"/papers/{one.pk}/change/", {"title": "x", "twin": far.pk})
    assert "twin" in page.context["form"].errors and far.title not in page.content.decode()


def test_prefilled_by_address_but_never_hidden_fields(cast: Any, sign_in: Any) -> None:
    page = sign_in(cast.town_officer).get("/papers/begin/?title=预填&key=stolen&version=9")
    form = page.context["form"]
    assert form["title"].value() == "预填"
    assert form["key"].value() != "stolen"


def test_cancel_leads_only_within_the_house(cast: Any, paper: Any, sign_in: Any) -> None:
    one = paper(cast.town, "厂")
    browser = sign_in(cast.town_officer)
    assert browser.get(f"/papers/{one.pk}/change/?next=https://example.org/").context["cancel"] == f"/papers/{one.pk}/"
    assert browser.get(f"/papers/{one.pk}/change/?next=/papers/").context["cancel"] == "/papers/"


def test_only_these_methods(cast: Any, sign_in: Any) -> None:
    browser = sign_in(cast.town_officer)
    assert browser.put("/papers/begin/").status_code == 405
    assert browser.post("/papers/").status_code == 405
    assert browser.get("/inbox/read/").status_code == 405


def test_long_lists_are_cut_and_say_so(cast: Any, paper: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from anlan.ui.forms import fields

    monkeypatch.setattr(fields, "MOST_LISTED", 2)
    for number in range(4):
        paper(cast.town, f"厂{number}")
    body = sign_in(cast.town_officer).get("/papers/?all=1&filters=1").content.decode()
    listed = body[body.index('<select name="plain"') :]
    listed = listed[: listed.index("</select>")]
    assert listed.count("<option") == 3 and "选项过多" in listed
