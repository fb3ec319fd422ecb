"""Pictures for the documents, of the report of a sample: `make screenshots`, then look at them.

Needs Chromium; `OUT` holds a run of the sample packets.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
SAMPLE = "03_steroid_dependence-*"
WIDTH = 1000  # pixels
COLOURS = 64


def main() -> None:
    """Draw the first screen of a report, and its plots."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--chromium", default="chromium")
    given = asked.parse_args()
    (page,) = (given.out.absolute() / "submissions").glob(f"{SAMPLE}/gap_report.html")
    PICTURES.mkdir(exist_ok=True)
    html = page.read_text(encoding="utf-8")
    style = html[html.index("<style>") : html.index("</style>") + 8]
    plots = "".join(re.findall(r'<figure class="plot">.*?</figure>', html, re.DOTALL))
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder) / "plots.html"
        drawn.write_text(f"<!DOCTYPE html><meta charset=utf-8>{style}<main>{plots}</main>", "utf-8")
        _picture(given.chromium, page, PICTURES / "report.png", 800)
        _picture(given.chromium, drawn, PICTURES / "plots.png", 680)


def _picture(chromium: str, page: Path, made: Path, height: int) -> None:
    subprocess.run(
        [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         f"--window-size={WIDTH},{height}", f"--screenshot={made}", page.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with Image.open(made) as picture:
        picture.convert("RGB").quantize(COLOURS).save(made, optimize=True)


if __name__ == "__main__":
    main()
