"""The phone: three taps from home, photos made ready on the device, a lost signal, a reload, built-in browsers."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from anlan.kernel.files.models import PartialUpload, StoredFile
from anlan.kernel.files.services import files_of, open_file, part_of
from anlan.modules.hazards import services
from anlan.modules.hazards.models import Hazard
from tests.cast import Cast, picture

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]
RECORD = re.compile(r"/hazards/\d+/$")
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
HERE = {"longitude": 116.336181, "latitude": 29.504306, "accuracy": 8}
WECHAT = (
    "Mozilla/5.0 (Linux; Android 13; M2102K1C Build/TKQ1.220829.002; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/109.0.5414.86 MQQBrowser/6.2 TBS/046613 Mobile Safari/537.36 MMWEBID/4521 MicroMessenger/8.0.40.2420(0x28002837) "
    "WeChat/arm64 Weixin NetType/4G Language/zh_CN ABI/arm64"
)


def photo(size: tuple[int, int] = (2600, 1950), *, side: bool = False, place: bool = False) -> dict[str, Any]:
    """A photo as a phone takes it: large, with its maker and serial number, perhaps on its side, perhaps with a place."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Xiaomi"
    if side:
        exif[ExifTags.Base.Orientation] = 6
    if place:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:03:04 05:06:07"
        exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (29.0, 30.0, 15.5), 3: "E", 4: (116.0, 20.0, 10.25)})
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, "JPEG", exif=exif, quality=90)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


class Taps:
    """A thumb that counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, what: Locator) -> None:
        what.click()
        self.count += 1


def assessed(cast: Cast) -> Hazard:
    """A hazard that waits to be rectified."""
    here = cast.here
    found: Hazard = services.report_hazard(
        actor=here.actor("unit_safety"), site=here.site.pk, description="配电箱未接地", category="electrical", before=[picture()]
    )
    services.assess_general(actor=here.actor("town_officer"), hazard=found)
    return found


def sender(page: Page) -> Locator:
    return page.locator("main form button[type=submit]").last


def uploaded(page: Page, count: int = 1) -> None:
    """Every file is up."""
    expect(page.locator(".uploader input[type=hidden][name$=_uploads]")).to_have_count(count, timeout=30_000)


DRAFTS = """(wanted) => new Promise((done, failed) => {
    const until = Date.now() + 15000;
    const look = () => {
        const asked = indexedDB.open("anlan-drafts");
        asked.onsuccess = () => {
            const known = asked.result.objectStoreNames.contains("drafts");
            if (!known) { asked.result.close(); tell([]); return; }
            const all = asked.result.transaction("drafts").objectStore("drafts").getAll();
            all.onsuccess = () => { asked.result.close(); tell(all.result); };
        };
    };
    const tell = (drafts) => {
        if (wanted ? JSON.stringify(drafts).includes(wanted) : drafts.length === 0) done(true);
        else if (Date.now() > until) failed(new Error(JSON.stringify(drafts)));
        else setTimeout(look, 50);
    };
    look();
})"""


def kept(page: Page, words: str) -> None:
    """Wait until a draft on the device holds these words; with none, until no draft is left.

    ``wait_for_function`` would take the promise itself for a yes.
    """
    assert page.evaluate(DRAFTS, words)


def begun(page: Page) -> Locator:
    """The form, once it was looked whether there is a draft of it."""
    form = page.locator("form[data-draft=ready]")
    expect(form).to_have_count(1)
    return form


@pytest.mark.parametrize("agent", ["", WECHAT], ids=["browser", "wechat"])
def test_report_rectify_and_verify_within_three_taps_each(cast: Cast, enter: Enter, agent: str) -> None:
    here = cast.here
    phone = {"width": 380, "phone": True, "agent": agent}

    worker, tap = enter(here.users["unit_worker"], **phone), Taps()
    worker.goto("/")
    tap(worker.locator("main a[href='/hazards/report/']").first)
    worker.locator("input[type=file][name=before]").set_input_files(photo((1200, 900)))
    worker.locator("textarea[name=description]").fill("地面油污未清理")
    assert not worker.evaluate(WIDE)
    tap(sender(worker))
    expect(worker).to_have_url(RECORD)
    assert tap.count <= 3
    hazard = Hazard.plain.get()
    services.assess_general(actor=here.actor("town_officer"), hazard=hazard)

    safety, tap = enter(here.users["unit_safety"], **phone), Taps()
    safety.goto("/")
    tap(safety.locator(f".due-list a[href='/hazards/{hazard.pk}/submit-rectification/']"))
    safety.locator("textarea[name=measures]").fill("已清理并撒防滑砂")
    safety.locator("input[name=money_spent_yuan]").fill("50")
    safety.locator("input[type=file][name=after]").set_input_files(photo((1200, 900)))
    assert not safety.evaluate(WIDE)
    tap(sender(safety))
    expect(safety.locator(".page-head")).to_contain_text("待验收")
    assert tap.count <= 3

    # A unit verifies what it found itself, the office what it found.
    found = services.find_hazard(
        actor=here.actor("town_officer"), site=here.site.pk, description="冲压机缺少双手按钮", category="machinery",
    )  # fmt: skip
    services.assess_general(actor=here.actor("town_officer"), hazard=found)
    services.submit_rectification(
        actor=here.actor("unit_safety"), hazard=found, measures="已加装", money_spent_yuan=100, after=[picture()]
    )
    for who, record, step in (("unit_principal", hazard, "accept-own"), ("town_officer", found, "accept")):
        verifier, tap = enter(here.users[who], **phone), Taps()
        verifier.goto("/")
        assert not verifier.evaluate(WIDE)
        tap(verifier.locator(f".due-list a[href='/hazards/{record.pk}/{step}/']"))
        verifier.locator("textarea[name=opinion]").fill("现场复核合格")
        tap(sender(verifier))
        expect(verifier.locator(".page-head")).to_contain_text("待销账")
        assert tap.count <= 3


def test_a_photo_is_made_ready_on_the_device(cast: Cast, enter: Enter) -> None:
    page = enter(cast.here.users["unit_safety"], width=380, phone=True)
    taken = photo(side=True, place=True)
    page.goto("/hazards/report/")
    page.locator("input[type=file][name=before]").set_input_files(taken)
    page.locator("textarea[name=description]").fill("配电箱未接地")
    uploaded(page)
    sender(page).click()
    expect(page).to_have_url(RECORD)
    stored = files_of(Hazard.plain.get()).get()
    assert (stored.width, stored.height) == (1440, 1920), "upright, its longest side 1920"
    assert stored.original_sha256 == hashlib.sha256(taken["buffer"]).hexdigest()
    sent = part_of(PartialUpload.objects.get()).read_bytes()
    assert stored.received_sha256 == hashlib.sha256(sent).hexdigest()
    assert stored.size < len(taken["buffer"]) and b"Xiaomi" not in sent, "it never left the device"
    assert (stored.lon, stored.lat) == (116.336181, 29.504306)
    assert stored.taken_at is not None and stored.taken_at.isoformat().startswith("2026-03-03T21:06:07")
    with open_file(stored) as handle, Image.open(handle) as seen:
        assert set(seen.getexif()) == {ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo}
        mark = seen.convert("L").crop((30, 1920 - 40, 330, 1920 - 20))
        plain = seen.convert("L").crop((1000, 200, 1300, 220))
    assert max(mark.getdata()) > 200, "white words"
    assert sum(mark.getdata()) / 6000 < sum(plain.getdata()) / 6000 - 20, "on a dark ground"


def test_the_words_on_a_photo_say_when_where_and_who(cast: Cast, enter: Enter) -> None:
    """What is painted is what the words of the device say: the canvas itself is asked."""
    hazard, safety = assessed(cast), cast.here.users["unit_safety"]
    page = enter(safety, width=380, phone=True)
    page.add_init_script(
        "window.painted = []; const paint = CanvasRenderingContext2D.prototype.fillText;"
        "CanvasRenderingContext2D.prototype.fillText = function (words, ...rest) {"
        " window.painted.push(words); return paint.call(this, words, ...rest); };"
    )
    page.goto(f"/hazards/{hazard.pk}/submit-rectification/")
    page.locator("input[type=file][name=after]").set_input_files(photo(place=True))
    uploaded(page)
    painted = page.evaluate("window.painted")
    assert painted[:2] == ["拍摄时间：2026-03-04 05:06", "经纬度：116.336181，29.504306"], "the camera's own hour and place"
    where = " ".join(filter(None, (hazard.site.name, hazard.site.address, hazard.place)))
    assert painted[2] == f"地点：{where}" and painted[3].startswith("人员：") and len(painted) == 4
    assert painted[3].removeprefix("人员：") == page.locator("meta[name=reader]").get_attribute("data-name")
    assert safety.name in painted[3]


def test_the_place_is_the_devices_when_it_may_be_asked(cast: Cast, enter: Enter) -> None:
    page = enter(cast.here.users["unit_safety"], width=380, phone=True)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(HERE)
    page.goto("/hazards/report/")
    page.locator("input[type=file][name=before]").set_input_files(photo((1200, 900)))
    uploaded(page)
    told = PartialUpload.objects.get()
    assert (told.lon, told.lat) == (HERE["longitude"], HERE["latitude"]) and told.taken_at is not None


def test_an_upload_goes_on_where_the_signal_was_lost(cast: Cast, enter: Enter) -> None:
    page = enter(cast.here.users["unit_safety"], width=380, phone=True)
    context: BrowserContext = page.context
    pieces: list[tuple[int, int]] = []
    made: list[str] = []

    def passing(route: Route) -> None:
        request = route.request
        if request.method == "POST":
            made.append(request.url)
        if request.method == "PATCH":
            pieces.append((int(request.headers["upload-offset"]), len(request.post_data_buffer or b"")))
            if len(pieces) == 3:  # the third piece never arrives
                context.set_offline(True)
                route.abort("internetdisconnected")
                return
        route.continue_()

    page.route("**/api/v1/uploads/**", passing)
    page.goto("/hazards/report/")
    page.locator("textarea[name=description]").fill("配电箱未接地")
    page.locator("input[type=file][name=before]").set_input_files(photo())
    expect(page.locator(".upload-state")).to_contain_text("暂无信号", timeout=30_000)
    row = PartialUpload.objects.get()
    assert 0 < row.offset < row.size and row.offset == sum(size for _, size in pieces[:2])
    sender(page).click()  # he goes on without waiting
    expect(page.locator("#toasts")).to_contain_text("照片正在上传")
    assert not Hazard.plain.exists()
    context.set_offline(False)
    expect(page).to_have_url(RECORD, timeout=30_000)  # it is sent by itself
    after = pieces[3:]
    assert after[0][0] == row.offset, "from where it stood"
    assert sum(size for _, size in after) == row.size - row.offset, "the rest and nothing else"
    assert len(made) == 1, "no second upload was begun"
    stored = files_of(Hazard.plain.get()).get()
    assert PartialUpload.objects.get().used_at is not None and stored.original_sha256


def test_a_draft_survives_a_reload(cast: Cast, enter: Enter) -> None:
    here = cast.here
    page = enter(here.users["unit_safety"], width=380, phone=True)
    page.goto("/hazards/report/")
    page.locator("textarea[name=description]").fill("压力表超过检定有效期")
    page.locator("select[name=category]").select_option("electrical")
    page.locator("input[type=file][name=before]").set_input_files(photo((1200, 900)))
    uploaded(page)
    key = page.locator("input[name=key]").input_value()
    kept(page, "压力表超过检定有效期")
    page.reload()
    expect(page.locator(".draft-note")).to_contain_text("草稿")
    expect(page.locator("textarea[name=description]")).to_have_value("压力表超过检定有效期")
    expect(page.locator("select[name=category]")).to_have_value("electrical")
    expect(page.locator(".upload-name")).to_contain_text("IMG_0001.jpg")
    expect(page.locator("input[name=key]")).to_have_value(key)
    uploaded(page)
    assert PartialUpload.objects.count() == 1, "what is up is not sent again"
    sender(page).click()
    expect(page).to_have_url(RECORD)
    assert files_of(Hazard.plain.get()).count() == 1
    kept(page, "")  # it goes with the act
    page.goto("/hazards/report/")
    begun(page)
    expect(page.locator("textarea[name=description]")).to_have_value("")
    expect(page.locator(".draft-note")).to_have_count(0)


def test_a_draft_of_a_photo_taken_without_signal_survives(cast: Cast, enter: Enter) -> None:
    page = enter(cast.here.users["unit_safety"], width=380, phone=True)
    page.goto("/hazards/report/")
    page.route("**/api/v1/uploads/**", lambda route: route.abort("internetdisconnected"))
    page.locator("input[type=file][name=before]").set_input_files(photo((1200, 900)))
    expect(page.locator(".upload-state")).to_contain_text("暂无信号", timeout=30_000)
    page.locator("textarea[name=description]").fill("梯台护栏高度不够")
    kept(page, "梯台护栏高度不够")
    page.unroute("**/api/v1/uploads/**")
    page.reload()
    uploaded(page)
    sender(page).click()
    expect(page).to_have_url(RECORD)
    assert files_of(Hazard.plain.get()).get().original_sha256


def test_a_draft_is_its_writers_alone(cast: Cast, enter: Enter) -> None:
    here = cast.here
    page = enter(here.users["unit_safety"], width=380, phone=True)
    page.goto("/hazards/report/")
    page.locator("textarea[name=description]").fill("只给自己看的话")
    kept(page, "只给自己看的话")
    mine = page.context.cookies()
    other = enter(here.users["unit_worker"]).context.cookies()
    page.context.add_cookies([c for c in other if c["name"] == "sessionid"])
    page.goto("/hazards/report/")
    begun(page)
    expect(page.locator("textarea[name=description]")).to_have_value("")
    page.context.add_cookies([c for c in mine if c["name"] == "sessionid"])
    page.goto("/hazards/report/")
    expect(page.locator("textarea[name=description]")).to_have_value("只给自己看的话")
    page.locator(".draft-note button").click()
    expect(page.locator("textarea[name=description]")).to_have_value("")
    page.locator("textarea[name=description]").fill("又一次")
    kept(page, "又一次")
    page.goto("/account/logout/")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile("/account/login"))
    kept(page, "")  # whoever signs out leaves nothing behind


def test_a_form_that_was_sent_back_keeps_its_photos(cast: Cast, enter: Enter) -> None:
    hazard = assessed(cast)
    page = enter(cast.here.users["unit_safety"], width=380, phone=True)
    page.goto(f"/hazards/{hazard.pk}/")
    page.locator(".page-head .btn-primary").click()
    dialog = page.locator("#dialogs dialog[open]")
    dialog.locator("input[type=file][name=after]").set_input_files(photo((1200, 900)))
    uploaded(page)
    dialog.locator("button[type=submit]").last.click()
    expect(dialog.locator("[data-error-summary]")).to_be_visible()
    uploaded(page)
    dialog.locator("textarea[name=measures]").fill("已安装接地线")
    dialog.locator("input[name=money_spent_yuan]").fill("300")
    dialog.locator("button[type=submit]").last.click()
    expect(page.locator(".page-head")).to_contain_text("待验收")
    assert StoredFile.plain.filter(purpose="after").count() == 1


def test_without_scripts_the_plain_field_does(cast: Cast, enter: Enter) -> None:
    page = enter(cast.here.users["unit_safety"], width=380, phone=True, scripts=False)
    page.goto("/hazards/report/")
    field = page.locator("input[type=file][name=before]")
    expect(field).to_be_visible()
    field.set_input_files(photo((640, 480), place=True))
    page.locator("textarea[name=description]").fill("配电箱未接地")
    sender(page).click()
    stored = files_of(Hazard.plain.get()).get()
    assert (stored.lon, stored.lat) == (116.336181, 29.504306) and stored.sha256 != stored.received_sha256
