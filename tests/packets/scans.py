"""Paper as machines send it: fax TIFF, scanned PDF, photographed page."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from time import gmtime

import pypdfium2
from PIL import Image, ImageFilter

INCHES = (8.5, 11.0)


def pages(parts: Sequence[bytes], dpi: int = 200) -> list[Image.Image]:
    """The pages of the parts as grey pictures."""
    pictures = []
    for part in parts:
        pdf = pypdfium2.PdfDocument(part)
        pictures += [
            page.render(scale=dpi / 72, may_draw_forms=True).to_pil().convert("L") for page in pdf
        ]
        pdf.close()
    return pictures


def worn(
    page: Image.Image,
    seed: int,
    skew: float = 0,
    specks: int = 0,
    turn: int = 0,
    streak: bool = False,
) -> Image.Image:
    """The page skewed (degrees), specked, streaked and turned (90, 180, 270 degrees)."""
    chance = random.Random(seed)
    page = page.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
    wide, high = page.size
    dots = page.load()
    for _ in range(specks):
        x, y = chance.randrange(wide - 2), chance.randrange(high - 2)
        shade = chance.choice((0, 0, 60, 255))
        for dx in range(chance.choice((1, 1, 2))):
            dots[x + dx, y] = shade
    if streak:  # a dirty scanner glass: a thin line down the page, off the text
        column = int(wide * 0.965)
        for y in range(high):
            if chance.random() < 0.85:
                dots[column, y] = 0
    return page.rotate(turn, expand=True) if turn else page


def fax(
    parts: Sequence[bytes],
    target: Path,
    fine: bool = True,
    skews: Sequence[float] = (0,),
    specks: int = 250,
    turns: Mapping[int, int] | None = None,
    ruined: Collection[int] = (),
) -> None:
    """A G4 TIFF of 204 x 196 dpi, or 204 x 98 where not `fine`; pages counted from 1.

    What stood on a `ruined` page shows only as smears.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    frames = []
    down = 196 if fine else 98
    for number, page in enumerate(pages(parts, 204), 1):
        if number in ruined:
            page = page.filter(ImageFilter.BoxBlur(11)).point(lambda v: 0 if v < 236 else 255)
        page = worn(
            page,
            number,
            skews[(number - 1) % len(skews)],
            specks,
            (turns or {}).get(number, 0),
            streak=number % 2 == 0,
        )
        size = (int(INCHES[0] * 204), int(INCHES[1] * down))
        page = page.resize(size, Image.Resampling.LANCZOS)
        frames.append(page.point(lambda v: 255 if v > 150 else 0).convert("1"))
    frames[0].save(
        target,
        "TIFF",
        save_all=True,
        append_images=frames[1:],
        compression="group4",
        dpi=(204, down),
    )


def scan(
    parts: Sequence[bytes],
    dpi: int = 150,
    skews: Sequence[float] = (0,),
    specks: int = 150,
    turns: Mapping[int, int] | None = None,
    grey: bool = False,
) -> bytes:
    """A PDF of pictures only: 1-bit G4 pages, or grey JPEG ones."""
    frames = []
    for number, page in enumerate(pages(parts, dpi), 1):
        page = worn(
            page,
            40 + number,
            skews[(number - 1) % len(skews)],
            specks,
            (turns or {}).get(number, 0),
        )
        if grey:
            page = page.filter(ImageFilter.GaussianBlur(0.5)).point(lambda v: int(v * 0.9 + 12))
        else:
            page = page.point(lambda v: 255 if v > 160 else 0).convert("1")
        frames.append(page)
    out = BytesIO()
    jpeg = {"quality": 60} if grey else {}
    frames[0].save(
        out,
        "PDF",
        save_all=True,
        append_images=frames[1:],
        resolution=dpi,
        creationDate=gmtime(0),
        modDate=gmtime(0),
        **jpeg,
    )
    return out.getvalue()


def photo(part: bytes, target: Path, seed: int = 7, dpi: int = 170) -> None:
    """The first page as a telephone photographs it: perspective, shade, table around it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    page = pages([part], dpi)[0]
    wide, high = page.size
    room = int(wide * 0.06)
    # The page's corners lie where the quadrilateral maps them: a slight keystone and turn.
    quad = (
        -room,
        -room * 1.2,
        -room * 0.5,
        high + room,
        wide + room,
        high + room * 0.6,
        wide + room * 0.7,
        -room * 0.7,
    )
    page = page.transform(
        (wide, high), Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=92
    )
    shade = Image.linear_gradient("L").rotate(115).resize((wide, high))
    shade = shade.point(lambda v: 175 + int(v * 0.3))
    pixels = Image.composite(page, Image.new("L", page.size, 0), shade)
    chance = random.Random(seed)
    grain = Image.frombytes(
        "L",
        (wide // 4, high // 4),
        bytes(chance.randrange(246, 256) for _ in range((wide // 4) * (high // 4))),
    )
    pixels = Image.composite(pixels, Image.new("L", page.size, 0), grain.resize(page.size))
    pixels.filter(ImageFilter.GaussianBlur(0.6)).convert("RGB").save(
        target, "JPEG", quality=72, dpi=(dpi, dpi)
    )


def picture(part: bytes, target: Path, dpi: int = 130) -> None:
    """The first page as a grey PNG, as a screen capture is sent."""
    target.parent.mkdir(parents=True, exist_ok=True)
    pages([part], dpi)[0].quantize(8).save(target, "PNG", optimize=True, dpi=(dpi, dpi))
