"""Codes of ICD-10-CM and their titles."""

from __future__ import annotations

import pytest
import simple_icd_10_cm as package

from pipeline.icd10 import title


def test_codes_and_titles_are_those_of_the_whole_edition() -> None:
    codes = [code for code in package.get_all_codes() if not package.is_chapter_or_block(code)]
    assert len(codes) > 90_000
    # The package adds to some seventh characters what else they include, after a slash.
    assert [c for c in codes if f"{package.get_description(c)}/".find(f"{title(c)}/") != 0] == []
    assert all(title(c) for c in codes)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("M33.20", "Polymyositis, organ involvement unspecified"),
        ("M3320", "Polymyositis, organ involvement unspecified"),
        ("M33", "Dermatopolymyositis"),
        ("T46.6X5A", "Adverse effect of antihyperlipidemic and antiarteriosclerotic drugs"),
        ("B20", "Human immunodeficiency virus [HIV] disease"),  # alone in its block
    ],
)
def test_a_code_has_its_title_with_or_without_a_dot(code: str, told: str) -> None:
    assert title(code).startswith(told)


@pytest.mark.parametrize("text", ["", "M", "M33.", "M33.2.0", "M33-M36", "13", "M33.200", "M33.98"])
def test_what_is_no_code_has_none(text: str) -> None:
    assert title(text) == ""
