"""Laboratory sheets as tables: which cell is whose result, unit, range, flag and date."""

from __future__ import annotations

import pytest

from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from pipeline.schema import (
    Block,
    BlockKind,
    Cell,
    Document,
    Page,
    PageKind,
    SourceFile,
    Span,
    Table,
    Word,
)
from tests.nlp.test_labs import marks

# Each sheet: lines above the table, `---`, rows with cells between bars, `=>`, its results in
# the notation of labs.txt, one a line.
SHEETS = {
    "value, range and unit in columns of their own": """
        Collected: 08/14/2026
        ---
        Test | Result | Flag | Units | Reference Range
        Creatine Kinase, Total | 4,512 | H | U/L | 30-200
        Aldolase | 6.1 | | U/L | <=8.1
        HBsAg Screen | Negative | | | Negative
        =>
        creatine_kinase 4512 U/L 30..200 high 2026-08-14
        aldolase 6.1 U/L ..8.1 normal 2026-08-14
        hbsag negative 2026-08-14
    """,
    "results in range and out of range in two columns": """
        COLLECTED: 08/14/2026   REPORTED: 08/16/2026
        ---
        Test Name | In Range | Out Of Range | Reference Range | Lab
        CREATINE KINASE, TOTAL | | 4512 H | 44-196 U/L | AT
        ALDOLASE | 5.2 | | < OR = 8.1 U/L | AT
        HEPATITIS B SURFACE ANTIGEN | NON-REACTIVE | | NON-REACTIVE | AT
        IMMUNOGLOBULIN A | 188 | | 47-310 mg/dL | AT
        =>
        creatine_kinase 4512 U/L 44..196 high 2026-08-14
        aldolase 5.2 U/L ..8.1 normal 2026-08-14
        hbsag negative 2026-08-14
        iga 188 mg/dL 47..310 normal 2026-08-14
    """,
    "result with flag, and the previous result with its date": """
        Date Collected: 08/14/2026   Date Received: 08/15/2026   Date Reported: 08/16/2026
        ---
        Test | Current Result and Flag | Previous Result and Date | Units | Reference Interval
        Creatine Kinase,Total | 4512 High | 3890 06/15/2026 | U/L | 32-182
        Hep B Core Ab, Tot | Negative | | | Negative
        =>
        creatine_kinase 4512 U/L 32..182 high 2026-08-14
        creatine_kinase 3890 U/L 32..182 high 2026-06-15
        anti_hbc negative 2026-08-14
    """,
    "range and unit in one cell": """
        Collected 8/14/2026 9:15 AM
        ---
        Component | Value | Ref Range & Units | Status
        CK | 4,512 (H) | 30 - 200 U/L | Final
        IgG | 890 | 700 - 1,600 mg/dL | Final
        eGFR | >60 | >=60 mL/min/1.73m2 | Final
        Hep C Ab | Non-reactive | Non-reactive | Final
        =>
        creatine_kinase 4512 U/L 30..200 high 2026-08-14
        igg 890 mg/dL 700..1600 normal 2026-08-14
        egfr >60 mL/min/{1.73_m2} 60.. normal 2026-08-14
        anti_hcv negative 2026-08-14
    """,
    "days as columns": """
        ---
        Test | 06/01/2026 | 07/01/2026 | 08/14/2026 | Ref | Units
        CK | 6800 H | 5210 H | 4512 H | 30-200 | U/L
        AST | 145 H | | 98 H | 10-40 | U/L
        WBC | 7.2 | 8.8 | 9.1 | 4.0-11.0 | K/uL
        =>
        creatine_kinase 6800 U/L 30..200 high 2026-06-01
        creatine_kinase 5210 U/L 30..200 high 2026-07-01
        creatine_kinase 4512 U/L 30..200 high 2026-08-14
        ast 145 U/L 10..40 high 2026-06-01
        ast 98 U/L 10..40 high 2026-08-14
        wbc 7.2 10*3/uL 4..11 normal 2026-06-01
        wbc 8.8 10*3/uL 4..11 normal 2026-07-01
        wbc 9.1 10*3/uL 4..11 normal 2026-08-14
    """,
    "days as rows, tests as columns": """
        ---
        Date | CK (U/L) | Aldolase | AST | Prednisone dose
        06/01/2026 | 6800 | 22.4 | 145 | 60 mg
        07/01/2026 | 5210 | | 120 | 40 mg
        08/14/2026 | 4512 H | 14.2 | 98 | 40 mg
        =>
        creatine_kinase 6800 U/L 2026-06-01
        creatine_kinase 5210 U/L 2026-07-01
        creatine_kinase 4512 U/L high 2026-08-14
        aldolase 22.4 2026-06-01
        aldolase 14.2 2026-08-14
        ast 145 2026-06-01
        ast 120 2026-07-01
        ast 98 2026-08-14
    """,
    "days as rows, the range in a row of its own": """
        ---
        Date | CK | Aldolase
        Reference | 30-200 U/L | <7.7
        06/01/2026 | 6800 | 6.4
        =>
        creatine_kinase 6800 U/L 30..200 high 2026-06-01
        aldolase 6.4 ..7.7 normal 2026-06-01
    """,
    "no heads": """
        Collected: 08/14/2026
        ---
        Creatine kinase | 4512 | H | 30-200 | U/L
        AST | 145 | H | 10-40 | U/L
        Creatinine | 0.8 | | 0.5-1.1 | mg/dL
        =>
        creatine_kinase 4512 U/L 30..200 high 2026-08-14
        ast 145 U/L 10..40 high 2026-08-14
        creatinine 0.8 mg/dL 0.5..1.1 normal 2026-08-14
    """,
    "no heads, the range before the result": """
        Collected: 08/14/2026
        ---
        Creatine kinase | 30-200 | 4512 H
        AST | 10-40 | 145 H
        Creatinine | 0.5-1.1 | 0.8
        =>
        creatine_kinase 4512 30..200 high 2026-08-14
        ast 145 10..40 high 2026-08-14
        creatinine 0.8 0.5..1.1 normal 2026-08-14
    """,
    "range before result, flag before value": """
        ---
        Date | Test | Reference | Flag | Result | Units
        08/14/2026 | CK | 30-200 | H | 4512 | U/L
        08/14/2026 | Troponin I | 0.00-0.04 | | 0.01 | ng/mL
        08/14/2026 | CRP | 0.0-0.5 | HH | H 2.1 | mg/dL
        =>
        creatine_kinase 4512 U/L 30..200 high 2026-08-14
        troponin_i 0.01 ng/mL 0..0.04 normal 2026-08-14
        crp 2.1 mg/dL 0..0.5 high 2026-08-14
    """,
    "unit in the result cell": """
        Collected: 08/14/2026
        ---
        Test | Result | Normal Range
        CK | 4,512 U/L (H) | 30-200 U/L
        CRP | <0.2 mg/dL | 0.0-0.5
        ANA | 1:160 | <1:40
        HBV DNA, Quantitative | Not Detected | Not Detected
        =>
        creatine_kinase 4512 U/L 30..200 high 2026-08-14
        crp <0.2 mg/dL 0..0.5 normal 2026-08-14
        ana 160 {titer} ..40 high 2026-08-14
        hbv_dna negative 2026-08-14
    """,
    "what was not resulted": """
        Collected: 08/14/2026
        ---
        Test | Result | Reference Range
        HBsAg | See note | Non Reactive
        Hepatitis B core Ab | TNP | Non Reactive
        Hepatitis C Ab | Pending | Non Reactive
        CK | Specimen hemolyzed | 30-200
        IgG | | 700-1600
        IgA | Comment: repeat in 2 weeks | 70-400
        =>
        anti_hbc pending 2026-08-14
        anti_hcv pending 2026-08-14
    """,
    "an interferon release assay with its tubes": """
        Collected: 08/14/2026
        ---
        Test | Result | Reference
        QuantiFERON-TB Gold Plus | Negative | Negative
        QuantiFERON Nil Value | 0.03 IU/mL |
        QuantiFERON TB1 Ag Value | 0.05 IU/mL |
        TB2-NIL | 0.00 IU/mL |
        MITOGEN-NIL | >10.00 IU/mL |
        QuantiFERON Criteria | Comment: positive if TB1 minus nil is 0.35 or more |
        =>
        igra negative 2026-08-14
        igra_nil 0.03 [IU]/mL 2026-08-14
        igra_tb1 0.05 [IU]/mL 2026-08-14
        igra_tb2 0 [IU]/mL 2026-08-14
        igra_mitogen >10 [IU]/mL 2026-08-14
    """,
    "a word and its number in one cell": """
        Collected: 08/14/2026
        ---
        Test | Result | Reference
        HBsAb | Reactive (125 mIU/mL) | >=10 mIU/mL
        Anti-HCV | 0.1 Non-reactive | 0.0-0.9
        T-SPOT.TB | Borderline | Negative
        =>
        anti_hbs 125 m[IU]/mL 10.. positive 2026-08-14
        anti_hcv 0.1 0..0.9 negative 2026-08-14
        igra indeterminate 2026-08-14
    """,
    "a previous result in a line below its test": """
        Collected: 08/14/2026
        ---
        Test | Result | Units | Reference
        CK | 4512 H | U/L | 30-200
        Previous result 06/15/2026: 6800 High
        AST | 98 H | U/L | 10-40
        =>
        creatine_kinase 4512 U/L 30..200 high 2026-08-14
        creatine_kinase 6800 high 2026-06-15
        ast 98 U/L 10..40 high 2026-08-14
    """,
    "columns run together": """
        Collected: 08/14/2026
        ---
        Test | Result | Range | Units
        CK | 4512 H 30-200 | | U/L
        IgG | 890 | 700-1600 | mg/dL
        IgM | 77 40-230 | | mg/dL
        =>
        creatine_kinase 4512 U/L 30..200 high 2026-08-14
        igg 890 mg/dL 700..1600 normal 2026-08-14
        igm 77 mg/dL 40..230 normal 2026-08-14
    """,
    "tests of another specimen or antibody": """
        Collected: 08/14/2026
        ---
        Test | Result | Reference
        Creatinine, urine | 88 | 20-320
        Cardiolipin Ab (IgG) | 12 | 0-14
        Measles Ab (IgG) | 220 | >16
        Hepatitis B core Ab, IgM | Negative | Negative
        CK-MB | 12 | 0-5
        Immunoglobulin G (IgG) | 890 mg/dL | 700-1600
        =>
        urine_creatinine 88 20..320 normal 2026-08-14
        anti_hbc_igm negative 2026-08-14
        ck_mb 12 0..5 high 2026-08-14
        igg 890 mg/dL 700..1600 normal 2026-08-14
    """,
    "only the dates of report and birth": """
        DOB: 01/02/1960   Reported: 08/16/2026
        ---
        Test | Result | Units | Reference
        CK | 4512 H | U/L | 30-200
        AST | 98 H | U/L | 10-40
        =>
        creatine_kinase 4512 U/L 30..200 high
        ast 98 U/L 10..40 high
    """,
    "what a study asks for is no result": """
        ---
        Monitoring | Frequency | Threshold
        CK | every 4 weeks | 1000
        CBC | every 8 weeks | WBC <3.0
        =>
    """,
}


def sheet(text: str) -> tuple[Document, set[frozenset[str]]]:
    """A laboratory page with one table, and the results that it states."""
    above, _, rest = text.partition("---\n")
    rows, _, told = rest.partition("=>")
    lines = [line.strip() for line in above.splitlines() if line.strip()]
    body = "".join(line + "\n" for line in lines)
    blocks = [Block(kind=BlockKind.PARAGRAPH, start=0, end=len(body) - 1)] if lines else []
    cells, words, top = [], [], len(body)
    for number, row in enumerate(line.strip() for line in rows.splitlines() if line.strip()):
        for column, cell in enumerate(row.split("|")):
            clean = cell.strip()
            start = len(body)
            cells.append(
                Cell(row=number, column=column, start=start, end=start + len(clean), box=(0, 0, 1, 1))
            )
            body += clean + "\t"
        body = body[:-1] + "\n"
    blocks.append(Block(kind=BlockKind.TABLE, start=top, end=len(body) - 1))
    position = 0
    for word in body.split():
        position = body.index(word, position)
        words.append(Word(text=word, start=position, box=(position, 10, position + 5, 20)))
        position += len(word)
    page = Page(
        file="labs.pdf", number=1, width=612, height=792, start=0, end=len(body), origin="text",
        kind=PageKind.LABORATORY, words=tuple(words), blocks=tuple(blocks),
        tables=(Table(box=(0, 0, 1, 1), cells=tuple(cells), caption=_caption(lines, body)),),
    )  # fmt: skip
    source = SourceFile(name="labs.pdf", sha256="0" * 64, kind="pdf", pages=1)
    document = Document(files=(source,), text=body, pages=(page,))
    return document, {frozenset(line.split()) for line in told.splitlines() if line.strip()}


def _caption(lines: list[str], body: str) -> Span | None:
    if not lines:
        return None
    start = body.index(lines[-1])
    return Span(start=start, end=start + len(lines[-1]))


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_states(name: str) -> None:
    document, results = sheet(SHEETS[name])
    case = build_case("sample", document, extract_mentions(document))
    assert {marks(lab) for lab in case.labs} == results
