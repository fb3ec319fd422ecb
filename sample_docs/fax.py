"""What scanners and fax machines do to a page: noise, skew, 1 bit, pages upside down."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

FAX_DPI = (204, 196)  # ITU-T T.4, fine resolution


def render(pdf: bytes, page: int = 0, dpi: float = 200) -> Image.Image:
    """A page as a grey picture."""
    return pypdfium2.PdfDocument(pdf)[page].render(scale=dpi / 72).to_pil().convert("L")


def as_scan(
    pdf: bytes, page: int = 0, dpi: float = 200, skew: float = 0.4, seed: int = 7
) -> Image.Image:
    """A page turned by `skew` degrees, speckled, in black and white."""
    grey = render(pdf, page, dpi).rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
    pixels = np.asarray(grey.filter(ImageFilter.GaussianBlur(0.5)), dtype=np.float32)
    noise = np.random.default_rng(seed)
    pixels = pixels + noise.normal(0, 18, pixels.shape)
    specks = noise.random(pixels.shape) < 0.0004
    pixels[specks] = 0
    return Image.fromarray(np.where(pixels < 150, 0, 255).astype(np.uint8)).convert("1")


def write_fax(pdf: bytes, target: Path, upside_down: Sequence[int], skews: Sequence[float]) -> None:
    """All pages as a G4 TIFF of 204 x 196 dots per inch, those of `upside_down` (from 0) turned."""
    pages = []
    for number, skew in enumerate(skews):
        page = as_scan(pdf, number, 204, skew, seed=number)
        page = page.resize((page.width, round(page.height * FAX_DPI[1] / FAX_DPI[0])))
        pages.append(page.rotate(180) if number in upside_down else page)
    pages[0].save(
        target,
        "TIFF",
        save_all=True,
        append_images=pages[1:],
        compression="group4",
        dpi=FAX_DPI,
    )


def write_photo(pdf: bytes, target: Path, dpi: float = 150) -> None:
    """The first page as a JPEG under uneven light."""
    grey = np.asarray(render(pdf, 0, dpi).rotate(-0.6, Image.Resampling.BICUBIC, fillcolor=255))
    rows, columns = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]]
    light = 1.0 - 0.18 * (rows / grey.shape[0]) - 0.10 * (columns / grey.shape[1])
    picture = Image.fromarray((grey * light).clip(0, 255).astype(np.uint8))
    out = BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.4)).save(out, "JPEG", quality=70, dpi=(dpi, dpi))
    target.write_bytes(out.getvalue())
