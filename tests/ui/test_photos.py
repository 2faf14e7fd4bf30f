"""A photo opened on its record says when and where it was taken, and the digests by which its original is known."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
from django.utils import translation

from anlan.kernel.files.models import StoredFile
from anlan.ui.items import told_of
from tests.cast import Cast

ORIGINAL, RECEIVED = "ab" * 32, "cd" * 32
NOON = dt.datetime(2026, 3, 4, 4, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (
            {"taken_at": NOON, "lon": 116.5, "lat": 29.25, "original_sha256": ORIGINAL, "received_sha256": RECEIVED},
            [
                "照片自述拍摄于 2026-03-04 12:05 · 位置 116.500000，29.250000（WGS-84）",
                f"原件 SHA-256 摘要（设备申报）：{ORIGINAL}",
                f"接收件 SHA-256 摘要：{RECEIVED}",
            ],
        ),
        ({"lon": 0.0, "lat": 29.25, "received_sha256": RECEIVED}, ["位置 0.000000，29.250000（WGS-84）", f"接收件 SHA-256 摘要：{RECEIVED}"]),
        ({}, ["照片未带拍摄时间和位置。"]),
    ],
)
def test_what_a_picture_says(known: dict[str, object], said: list[str]) -> None:
    with translation.override("zh-hans"):
        assert told_of(StoredFile(**known)) == said


@pytest.mark.django_db
def test_the_record_tells_it_with_each_photo(world: Cast) -> None:
    stored = next(file for file in world.here.files if file.is_image and file.subject_type == "hazards.hazard")
    page = unescape(world.browser(world.here.users["county_officer"]).get(f"/hazards/{stored.subject_id}/").content.decode())
    (told,) = [part.partition('"')[0] for part in page.split('data-told="')[1:] if stored.received_sha256 in part.partition('"')[0]][:1]
    assert told.startswith("照片") and stored.received_sha256 and "\n" in told
