"""A self-check in a cellar: the network is cut, the page is loaded anew, photos and words wait, all is done once."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from anlan.kernel import clock
from anlan.kernel.files.services import files_of
from anlan.modules.compliance import services
from anlan.modules.compliance.models import CheckAnswer, SelfCheck
from anlan.modules.hazards.models import Hazard
from anlan.modules.statutes import public as statutes
from tests.cast import SYSTEM, Cast
from tests.journeys.test_phone import kept, photo

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


class Cable:
    """A cable between browser and server that can be cut: everything of the browser's passes here, its worker's too."""

    def __init__(self, far: tuple[str, int]) -> None:
        self.far, self.whole, self.open = far, True, set[socket.socket]()
        self.swallow, self.posts = "", 0
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.guard = threading.Lock()
        threading.Thread(target=self._receive, daemon=True).start()

    def _receive(self) -> None:
        while True:
            try:
                near, _address = self.door.accept()
            except OSError:
                return
            if not self.whole:
                near.close()
                continue
            far = socket.create_connection(self.far)
            with self.guard:
                self.open |= {near, far}
            threading.Thread(target=self._there, args=(near, far), daemon=True).start()
            threading.Thread(target=self._back, args=(far, near), daemon=True).start()

    def _there(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := near.recv(65536):
                if not self.whole:  # the browser asks again over another line that is being cut
                    break
                if self.swallow and piece.startswith(f"POST {self.swallow}".encode()):
                    self.posts += 1
                far.sendall(piece)
        self._drop(near, far)

    def _back(self, far: socket.socket, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := far.recv(65536):
                if self.swallow and self.posts == 1 and self.whole:
                    self.cut()  # it was done, and nobody hears of it
                    return
                near.sendall(piece)
        self._drop(near, far)

    def _drop(self, *ends: socket.socket) -> None:
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            with self.guard:
                self.open.discard(end)

    def cut(self) -> None:
        """Nothing passes any more, what is under way neither."""
        self.whole = False
        with self.guard:
            ends = list(self.open)
        self._drop(*ends)

    def mend(self) -> None:
        """It passes again."""
        self.whole = True

    def end(self) -> None:
        """Take it away."""
        self.cut()
        self.door.close()


@pytest.fixture
def cable(live_server: Any) -> Iterator[Cable]:
    """A cable to the server of the test."""
    far = urlsplit(live_server.url)
    made = Cable((str(far.hostname), int(far.port or 80)))
    yield made
    made.end()


@pytest.fixture
def check(cast: Cast) -> SelfCheck:
    """A self-check of a works with combustible dust, due today."""
    statutes.enter_citations(actor=SYSTEM)
    safety = cast.here.actor("unit_safety")
    workspace = services.open_workspace(actor=SYSTEM, unit=cast.here.unit.pk)
    listed = next(one for one in statutes.lists_for(safety, sector="dust"))
    made: SelfCheck = services.plan_check(
        actor=safety, workspace=workspace.pk, site=cast.here.site.pk, check_list=listed.pk, every_days=30,
        due_on=clock.today(),
    )  # fmt: skip
    return made


def opened(page: Page, cable: Cable, live_server: Any, check: SelfCheck) -> Any:
    """The page of all items, kept on the device."""
    host = urlsplit(live_server.url).hostname
    page.goto(f"http://{host}:{cable.port}/compliance/checks/{check.pk}/fill/")
    form = page.locator("main form[data-offline]")
    expect(form).to_have_attribute("data-kept", "", timeout=30_000)
    expect(page.locator("[data-offline-state]")).to_contain_text("没有信号也能打开")
    return form


def test_a_self_check_filled_in_without_signal_is_done_once(
    cast: Cast, enter: Enter, cable: Cable, live_server: Any, check: SelfCheck
) -> None:
    page = enter(cast.here.users["unit_worker"], width=380, phone=True)
    form = opened(page, cable, live_server, check)
    assert not page.evaluate(WIDE)

    cable.cut()
    form.locator("[name=outcome_1][value=fault]").check()
    form.locator("[name=note_1]").fill("除尘器泄爆片锈死")
    form.locator("input[type=file][name=photos_1]").set_input_files(photo((1200, 900)))
    form.locator("[name=outcome_2][value=fine]").check()
    kept(page, '"outcome_2",["fine"]')

    page.reload()  # the phone was put away; there is still no signal
    expect(page.locator(".draft-note")).to_contain_text("草稿")
    expect(form.locator("[name=note_1]")).to_have_value("除尘器泄爆片锈死")
    expect(form.locator("[name=outcome_2][value=fine]")).to_be_checked()
    expect(form.locator(".upload-name")).to_contain_text("IMG_0001.jpg")
    form.locator("button[type=submit]").click()
    expect(page.locator("[data-offline-state]")).to_contain_text("暂无信号")
    assert not Hazard.plain.exists()

    page.reload()  # nor does it come back at once
    expect(form.locator("[name=note_1]")).to_have_value("除尘器泄爆片锈死")
    expect(page.locator("[data-offline-state]")).to_contain_text("暂无信号")
    cable.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page).to_have_url(re.compile(rf"/compliance/checks/{check.pk}/$"), timeout=60_000)
    hazard = Hazard.plain.get()
    first = CheckAnswer.plain.get(self_check=check, position=1)
    assert first.hazard_id == hazard.pk and files_of(first).get().original_sha256
    check.refresh_from_db()
    assert (check.left, check.faults) == (check.items - 2, 1)
    kept(page, "")  # the draft goes with the act


def test_an_answer_lost_on_the_way_does_nothing_twice(
    cast: Cast, enter: Enter, cable: Cable, live_server: Any, check: SelfCheck
) -> None:
    page = enter(cast.here.users["unit_worker"], width=380, phone=True)
    form = opened(page, cable, live_server, check)
    form.locator("[name=outcome_1][value=fault]").check()
    form.locator("[name=note_1]").fill("风管积尘三毫米")
    kept(page, "风管积尘三毫米")
    cable.swallow = f"/compliance/checks/{check.pk}/fill/"
    form.locator("button[type=submit]").click()
    expect(page.locator("[data-offline-state]")).to_contain_text("暂无信号", timeout=30_000)
    expect(form.locator("[name=note_1]")).to_have_value("风管积尘三毫米")
    assert (Hazard.plain.count(), cable.posts) == (1, 1)
    cable.mend()
    cable.posts = 2  # only the first answer is lost
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page).to_have_url(re.compile(rf"/compliance/checks/{check.pk}/$"), timeout=30_000)
    assert (Hazard.plain.count(), cable.posts) == (1, 3), "it was sent again and nothing was done again"
    check.refresh_from_db()
    assert (check.left, check.faults) == (check.items - 1, 1)
    kept(page, "")


def test_another_reader_finds_no_page_of_the_first(
    cast: Cast, enter: Enter, cable: Cable, live_server: Any, check: SelfCheck
) -> None:
    page = enter(cast.here.users["unit_worker"], width=380, phone=True)
    opened(page, cable, live_server, check)
    names = "() => caches.keys().then((all) => all.filter((one) => one.startsWith('anlan-field-')).length)"
    assert page.evaluate(names) == 1
    page.goto(f"http://{urlsplit(live_server.url).hostname}:{cable.port}/account/logout/")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile("/account/login"))
    assert page.evaluate(names) == 0
