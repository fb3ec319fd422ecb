"""Laboratory results in prose, sentence by sentence: `labs.txt` says what each one states."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.quantities import DateRange
from pipeline.schema import Assertion, LabResult, Standing
from tests.notes import case_of

MARKED = Path(__file__).with_name("labs.txt")
HEAD = "Date of visit: 09/01/2026"


def marked() -> list[tuple[str, set[frozenset[str]]]]:
    """(sentence, results) of every line; a result is the set of its marks."""
    pairs = []
    for line in MARKED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sentence, _, told = line.rpartition(" => ")
            results = {frozenset(r.split()) for r in told.split(" ; ") if r.strip() != "nothing"}
            pairs.append((sentence, results))
    return pairs


def marks(lab: LabResult) -> frozenset[str]:
    """A result in the notation of the file; what follows from the range is left out."""
    found = {lab.analyte, lab.unit, lab.interpretation, day(lab.collected)}
    if lab.value is not None:
        found.add(f"{lab.comparator}{lab.value:g}" if lab.value < 1e5 else f"{lab.value:.0f}")
    if lab.ref_low is not None or lab.ref_high is not None:
        found.add("..".join("" if v is None else f"{v:g}" for v in (lab.ref_low, lab.ref_high)))
    elif lab.ratio_to_uln is not None:
        sign = lab.comparator if lab.value is None else ""
        found.add(f"{sign}{lab.ratio_to_uln:g}x")
    if lab.assertion is not Assertion.AFFIRMED:
        found.add(lab.assertion.value)
    return frozenset(found - {""})


def day(when: DateRange | None) -> str:
    """The printed precision of a date: a day, a month, a year, or ''."""
    return when.iso if when is not None else ""


@pytest.mark.parametrize(("sentence", "results"), marked(), ids=[s[:60] for s, _ in marked()])
def test_a_sentence_states(sentence: str, results: set[frozenset[str]]) -> None:
    case = case_of(f"{HEAD}\n{sentence}\n")
    assert {marks(lab) for lab in case.labs} == results


# Each page: its lines, `=>`, its results in the notation of labs.txt, one a line.
PAGES = {
    "a list under a dated heading": """
        Measures
        BP 116/72
        Bloods 05/04/2026
        CK 655 (30-170)
        AST 41 (0-35)
        Hgb 12.4 (12-16) HBsAg neg
        Impression
        CK 9,400 at diagnosis.
        =>
        creatine_kinase 655 30..170 high 2026-05-04
        ast 41 0..35 high 2026-05-04
        hemoglobin 12.4 12..16 normal 2026-05-04
        hbsag negative 2026-05-04
        creatine_kinase 9400
    """,
    "another time is told below the heading": """
        Labs 08/14/2026: CK 4512, aldolase 9.1.
        AST 145. CK was 12,400 at diagnosis. ALT 88.
        =>
        creatine_kinase 4512 2026-08-14
        aldolase 9.1 2026-08-14
        ast 145 2026-08-14
        creatine_kinase 12400
        alt 88
    """,
    "two days of collection": """
        COLLECTED 05/19/2026 0540	CHEMISTRY
        CREATINE KINASE	9105 *H	[26-192]	U/L
        COLLECTED 05/02/2026 0615	SEROLOGY / IMMUNOLOGY
        HEP B SURFACE AG	NONREACTIVE [NONREACTIVE]
        QUANTIFERON TB GOLD+ NEGATIVE	[NEGATIVE]
        HEP C AB	REACTIVE	[NONREACTIVE]
        PREVIOUS RESULTS
        AST	88	[10-40]	U/L
        =>
        creatine_kinase 9105 U/L 26..192 high 2026-05-19
        hbsag negative 2026-05-02
        igra negative 2026-05-02
        anti_hcv positive 2026-05-02
        ast 88 U/L 10..40 high
    """,
    "the ways a head tells the day": """
        Specimen drawn: 03/02/2026
        CK	655	30-170	U/L
        Coll. date 03/03/2026
        AST	41	0-35	U/L
        Results from March 4, 2026
        ALT	39	0-40	U/L
        Laboratory data of March 5, 2026
        IgG	1020 mg/dL	(700 - 1600)
        Sample taken on 6 March 2026 at 7:55
        IgA	188 mg/dL	(70 - 400)
        =>
        creatine_kinase 655 U/L 30..170 high 2026-03-02
        ast 41 U/L 0..35 high 2026-03-03
        alt 39 U/L 0..40 normal 2026-03-04
        igg 1020 mg/dL 700..1600 normal 2026-03-05
        iga 188 mg/dL 70..400 normal 2026-03-06
    """,
    "days of reports, visits and births are none of collection": """
        DOB: 01/02/1960
        Reported 03/09/2026
        Office visit 03/10/2026
        CK	655	30-170	U/L
        =>
        creatine_kinase 655 U/L 30..170 high
    """,
    "days of studies, drugs and tests to come are none of collection": """
        Echocardiogram obtained 07/30/2026
        Methotrexate taken until 01/05/2026
        Next labs 10/05/2026
        Labs due 10/06/2026
        AST	41	0-35	U/L
        =>
        ast 41 U/L 0..35 high
    """,
    "cards: the range beside the name, the value below": """
        Test Results	Collected April 13, 2026 at 7:55 AM
        CK, TOTAL	Normal range: 30 - 223 U/L
        Your value: 1,020 U/L High
        HEPATITIS B SURFACE ANTIGEN	Normal value: Negative
        Your value: Negative
        HEPATITIS C ANTIBODY	Normal value: Negative
        IMMUNOGLOBULIN G	Normal range: 700 - 1,600 mg/dL
        Your value: 1,011 mg/dL
        =>
        creatine_kinase 1020 U/L 30..223 high 2026-04-13
        hbsag negative 2026-04-13
        igg 1011 mg/dL 700..1600 normal 2026-04-13
    """,
    "cards: words behind labels without a colon": """
        Collected on 04/13/2026
        HEPATITIS B CORE AB, TOTAL
        Your value Negative	Standard range Negative
        HEPATITIS B SURFACE ANTIGEN
        Your result Not detected	Normal range Not detected
        =>
        anti_hbc negative 2026-04-13
        hbsag negative 2026-04-13
    """,
    "cards: name, value and range in lines of their own": """
        Collected on 04/13/2026
        CREATINE KINASE
        1,020 U/L (H)
        Reference range: 30 - 223 U/L
        AST
        Value: 49
        Units: U/L
        Standard range: 0 - 34 U/L
        Flag: High
        HEPATITIS B CORE ANTIBODY, TOTAL
        Result: Non-reactive
        Expected: Non-reactive
        Next visit in 4 weeks
        =>
        creatine_kinase 1020 U/L 30..223 high 2026-04-13
        ast 49 U/L 0..34 high 2026-04-13
        anti_hbc negative 2026-04-13
    """,
    "cards: every part with its label, the day too": """
        Test: Creatine kinase
        Result: 1,020
        Units: U/L
        Reference range: 30-223
        Collected: 04/13/2026
        Test: HBsAg
        Result: Negative
        Collected: 04/14/2026
        =>
        creatine_kinase 1020 U/L 30..223 high 2026-04-13
        hbsag negative 2026-04-14
    """,
    "cards side by side": """
        Collected 04/13/2026
        CK	AST	HBsAg
        1,020 U/L High	49 U/L High	Negative
        Ref: 30-223	Ref: 0-34	Ref: Negative
        =>
        creatine_kinase 1020 U/L 30..223 high 2026-04-13
        ast 49 U/L 0..34 high 2026-04-13
        hbsag negative 2026-04-13
    """,
    "cards: an assay's steps stand between its name and its result": """
        Collected 04/13/2026
        QUANTIFERON-TB GOLD PLUS
        Nil 0.03 IU/mL	TB1-Nil 0.01	TB2-Nil 0.00	Mitogen-Nil >10.00
        RESULT:	NEGATIVE
        A negative result does not exclude infection.
        =>
        igra negative 2026-04-13
    """,
    "cards: a step by itself is not the assay's result": """
        Collected 04/13/2026
        QUANTIFERON-TB GOLD PLUS
        Nil 0.03 IU/mL	Mitogen-Nil >10.00
        Specimen stored for 7 days.
        =>
        igra_mitogen >10
    """,
    "a paragraph that begins with its day": """
        Results
        05/06/2026: CK 2,310 U/L. QuantiFERON negative. IgG 744 mg/dL. CK was 9,900 at onset. IgA 120 mg/dL.
        5/6/26: aldolase 11.2. LDH was 402 before treatment.
        4/2/26: CK 7.2x ULN (3/1: 5.9x; 2/4: 6.4x). AST 81.
        =>
        creatine_kinase 2310 U/L 2026-05-06
        igra negative 2026-05-06
        igg 744 mg/dL 2026-05-06
        creatine_kinase 9900
        iga 120 mg/dL
        aldolase 11.2 2026-05-06
        ldh 402
        creatine_kinase high 7.2x 2026-04-02
        ast 81 2026-04-02
    """,
    "a foot that takes back one result, and one that takes back all": """
        Collected: 05/06/2026
        CK	2310	30-170	U/L
        IgG	744	600-1540	mg/dL
        Tube for IgG bore two labels. Result withdrawn, recollect.
        =>
        creatine_kinase 2310 U/L 30..170 high 2026-05-06
        igg 744 mg/dL 600..1540 normal negated 2026-05-06
    """,
    "a day of venipuncture and one of release": """
        LABORATORY REPORT
        Phlebotomy date 05/06/2026 Time 06:50  Released 05/09/2026
        Creatine kinase 2,310 U/L (30-170) H
        =>
        creatine_kinase 2310 U/L 30..170 high 2026-05-06
    """,
    "a name over a range, or over prose, is no card": """
        CREATINE KINASE
        Normal range: 30 - 223 U/L
        AST
        will be repeated in 4 weeks
        IgG
        4 doses of 400 mg
        =>
    """,
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_states(name: str) -> None:
    text, _, told = PAGES[name].partition("=>")
    case = case_of("\n".join(line.strip() for line in text.strip().splitlines()) + "\n")
    assert {marks(lab) for lab in case.labs} == {
        frozenset(line.split()) for line in told.splitlines() if line.strip()
    }


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("T-SPOT negative 07/10/2026. The laboratory telephoned on 07/12/2026: wrong tube labeled, result void.", False),
        ("HBsAg nonreactive 07/10/2026. The sample was another patient's and has to be drawn again.", False),
        ("QuantiFERON negative 07/10/2026. The sample was taken here and the result was phoned to us.", True),
    ],
)  # fmt: skip
def test_the_next_sentence_takes_back_a_result(text: str, stands: bool) -> None:
    (lab,) = case_of("Date of visit: 09/01/2026\n" + text + "\n").labs
    assert (lab.standing is Standing.STATED) is stands
