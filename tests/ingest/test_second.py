"""Numbers read by two engines: sure when both read the same, doubtful when not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.ingest import ocr
from pipeline.ingest.ocr import Reading
from pipeline.ingest.raster import Gray
from pipeline.ingest.scan import read_scan
from pipeline.ingest.second import checked

LETTER = (612.0, 792.0)


def printed(text: str) -> tuple[Gray, Reading]:
    """A line of type as on a fax, and a reading of it at the place where it stands."""
    size, base = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.8, 2)
    gray = np.full((size[1] + base + 30, size[0] + 40), 255, np.uint8)
    cv2.putText(gray, text, (20, 15 + size[1]), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0,), 2)
    return gray, Reading(text, 20, 15, 20 + size[0], 15 + size[1] + 2, 0.95)


@pytest.mark.parametrize("text", ["0.92", "03/02/2026", "1,250", "3+/5"])
def test_a_number_read_alike_by_both_engines_is_sure(text: str) -> None:
    gray, first = printed(text)
    (reading,) = checked(gray, [first])
    assert reading.text == text
    assert reading.sure


def test_what_a_page_spent_is_no_loss_of_what_is_read_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gray, first = printed("0.92")
    with monkeypatch.context() as patch:
        patch.setattr(ocr, "MOST_SECONDS", -1.0)
        assert "recognition_cut" in read_scan(gray, LETTER).warnings
    assert checked(gray, [first])[0].sure


@pytest.mark.parametrize(("there", "read"), [("1.5", "15"), ("0.92", "0,92"), ("60", "50")])
def test_a_number_read_in_two_ways_is_doubtful_however_confident(there: str, read: str) -> None:
    gray, reading = printed(there)
    (after,) = checked(gray, [reading._replace(text=read, confidence=0.97)])
    assert not after.sure


def test_a_doubtful_reading_never_loses_a_digit() -> None:
    gray, reading = printed("70")
    (after,) = checked(gray, [reading._replace(text="70-99")])
    assert after.text == "70-99"
    assert not after.sure


def test_sure_words_without_numbers_are_left_alone() -> None:
    gray, reading = printed("weakness")
    (after,) = checked(gray, [reading._replace(text="sickness")])
    assert after.text == "sickness"


def test_a_page_keeps_no_picture_once_it_is_read() -> None:
    """Hundreds of fax pages are held at once: 300 of them once took two gigabytes."""
    gray = np.full((2200, 1700), 255, np.uint8)
    cv2.putText(gray, "Prednisone 60 mg daily", (100, 300), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0,), 3)
    page = read_scan(gray, LETTER)
    assert page.words
    held = [*getattr(page.shown, "args", ()), *vars(page).values()]
    assert all(getattr(part, "nbytes", 0) < 1000 for part in held)
