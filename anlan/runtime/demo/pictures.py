"""The stock of pictures handed in by the people of the demo city: drawn, and marked as drawn."""

from __future__ import annotations

import functools
import io
import random

from PIL import Image, ImageDraw

SIZE = (960, 720)
PALETTE = {"before": ((214, 178, 140), (176, 58, 46)), "after": ((186, 205, 190), (39, 120, 84))}


class Picture:
    """A stock picture, as an upload."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.content = name, content

    def read(self, most: int = -1) -> bytes:
        """The bytes."""
        return self.content


@functools.cache
def picture(purpose: str, number: int) -> Picture:
    """The stock picture of a purpose and number: the same bytes every time."""
    if purpose in ("plan", "evaluation"):
        return Picture(f"{purpose}.pdf", _paper(purpose))
    dice = random.Random(f"{purpose}:{number}")
    wall, mark = PALETTE[purpose]
    image = Image.new("RGB", SIZE, wall)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 500, *SIZE), fill=tuple(c - 40 for c in wall))
    for _ in range(7):
        x, y = dice.randint(0, 860), dice.randint(140, 520)
        width, height = dice.randint(60, 240), dice.randint(80, 260)
        shade = dice.randint(70, 190)
        draw.rectangle(
            (x, y, x + width, y + height), fill=(shade, shade + 8, shade + 14), outline=(60, 60, 66), width=3
        )
    x, y = dice.randint(200, 600), dice.randint(200, 420)
    draw.ellipse((x, y, x + 190, y + 190), outline=mark, width=12)
    if purpose == "after":
        draw.line((x + 45, y + 100, x + 85, y + 145, x + 150, y + 55), fill=mark, width=14)
    else:
        draw.line((x + 95, y + 40, x + 95, y + 115), fill=mark, width=14)
        draw.ellipse((x + 86, y + 135, x + 106, y + 155), fill=mark)
    draw.rectangle((0, 684, SIZE[0], SIZE[1]), fill=(24, 28, 36))
    draw.text((16, 694), f"DEMO  {purpose.upper()}  No. {number + 1:02d}", fill=(235, 235, 235))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=62)
    return Picture(f"{purpose}-{number + 1:02d}.jpg", out.getvalue())


def _paper(purpose: str) -> bytes:
    import typst

    titles = {"plan": "隐患治理方案（演示）", "evaluation": "治理效果评估报告（演示）"}
    source = (
        f'#set page("a5")\n#set text(font: "Noto Sans SC")\n= {titles[purpose]}\n本文件为演示城市澜州市的虚构材料。'
    )
    return typst.compile(source.encode(), format="pdf")
