"""Write the sample submissions of `inbox/`; the same bytes every time. All of it is invented."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from packets import (
    bare_request,
    checkpoint,
    contradiction,
    dependent,
    faxed,
    intolerance,
    other_disease,
    other_drug,
    refractory,
    severe,
)
from paper import Paper

INBOX = Path(__file__).parent / "inbox"


def draw_truncated(target: Path) -> None:
    """The first fifth of a PDF, as a broken transfer leaves it: no catalog, no page tree."""
    whole = BytesIO()
    paper = Paper(whole)
    for number in range(1, 7):
        paper.title("Fernleigh Medical Group")
        paper.prose(f"Page {number} of a request for rituximab that was cut off on its way. " * 20)
        paper.turn()
    paper.save()
    target.write_bytes(whole.getvalue()[: len(whole.getvalue()) // 5])


def main() -> None:
    INBOX.mkdir(exist_ok=True)
    refractory.draw(INBOX / "01_refractory.pdf")
    severe.draw(INBOX / "02_severe_organ_compromise.pdf")
    dependent.draw(INBOX / "03_steroid_dependence.pdf")
    intolerance.draw(INBOX / "04_intolerance")
    bare_request.draw(INBOX / "05_bare_request.pdf")
    checkpoint.draw(INBOX / "06_checkpoint_inhibitor.pdf")
    faxed.draw(INBOX / "07_fax.tif")
    other_disease.draw(INBOX / "08_other_disease.pdf")
    draw_truncated(INBOX / "09_truncated.pdf")
    other_drug.draw(INBOX / "10_other_drug.pdf")
    contradiction.draw(INBOX / "11_contradiction.pdf")


if __name__ == "__main__":
    main()
