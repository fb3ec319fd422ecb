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
    Medication,
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
    "unit and range behind the name, in columns of days": """
        ---
        Test (reference) | 03/02/26 | 05/04/26
        CK U/L (30-200) | 2,150 | 980
        WBC (3.0-9.0 x10(9)/L) | 7.2 | 9.4
        Hemoglobin g/dL [12.0-16.0] | 12.6 |
        =>
        creatine_kinase 2150 U/L 30..200 high 2026-03-02
        creatine_kinase 980 U/L 30..200 high 2026-05-04
        wbc 7.2 10*9/L 3..9 normal 2026-03-02
        wbc 9.4 10*9/L 3..9 high 2026-05-04
        hemoglobin 12.6 g/dL 12..16 normal 2026-03-02
        """,
    "the day of collection among those of receipt and of the final report": """
        Coll: 08/14/2026 07:10 Rec: 08/14/2026 Final: 08/16/2026
        ---
        CK | 2150 H | U/L | (30-200)
        AST | 88 H | U/L | (10-40)
        =>
        creatine_kinase 2150 U/L 30..200 high 2026-08-14
        ast 88 U/L 10..40 high 2026-08-14
        """,
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
    "marks right before the values": """
        Collected: 08/14/2026
        ---
        Name | Value | Reference Range | Date
        CK | *742 U/L | 24 - 173 U/L | 10-AUG-2026
        AST | !45 U/L | 8 - 33 U/L | 10-AUG-2026
        Creatinine | 0.74 mg/dL | 0.50 - 1.05 mg/dL | 10-AUG-2026
        =>
        creatine_kinase 742 U/L 24..173 high 2026-08-10
        ast 45 U/L 8..33 high 2026-08-10
        creatinine 0.74 mg/dL 0.5..1.05 normal 2026-08-10
    """,
    "days in eight figures with the time": """
        ---
        COLLECTED | TEST | RESULT | UNITS | RANGE | FL
        20260519 0510 | CREATINE KINASE | 6230 | U/L | 39-308 | HH
        20260511 0455 | CREATINE KINASE | 8870 | U/L | 39-308 | HH
        20260503 0615 | HEPATITIS B SURFACE AG | NONREACTIVE | | NONREACT |
        =>
        creatine_kinase 6230 U/L 39..308 high 2026-05-19
        creatine_kinase 8870 U/L 39..308 high 2026-05-11
        hbsag negative 2026-05-03
    """,
    "days as columns, in a notation with letters and two figures of the year": """
        ---
        TEST | UNITS | 06-JAN-25 | 03-MAR-25 | 06-AUG-25 | REF RANGE
        CK | U/L | 6940* | 3310* | 1388* | 25 - 170
        ALDOLASE | U/L | 28.4* | | 9.6* | 1.0 - 7.5
        =>
        creatine_kinase 6940 U/L 25..170 high 2025-01-06
        creatine_kinase 3310 U/L 25..170 high 2025-03-03
        creatine_kinase 1388 U/L 25..170 high 2025-08-06
        aldolase 28.4 U/L 1..7.5 high 2025-01-06
        aldolase 9.6 U/L 1..7.5 high 2025-08-06
    """,
    "a range that was cut at its dash": """
        Collected: 08/14/2026
        ---
        Test | Result | Ref Range | | Units
        CK | 1388 | 25 | - 170 | U/L
        AST | 52 | 10 - | 36 | U/L
        ALT | 9 | 8 | - 33 | U/L
        =>
        creatine_kinase 1388 U/L 25..170 high 2026-08-14
        ast 52 U/L 10..36 high 2026-08-14
        alt 9 U/L 8..33 normal 2026-08-14
    """,
    "days and names of columns in two rows of heads": """
        ---
        DATE | 01/06/2025 | 03/03/2025 | |
        TIME | 08:10 | 09:30 | |
        TEST | | | UNITS | RANGE
        CK | 6940 H | 3310 H | U/L | 25-170
        AST | 214 H | | U/L | 10-36
        =>
        creatine_kinase 6940 U/L 25..170 high 2025-01-06
        creatine_kinase 3310 U/L 25..170 high 2025-03-03
        ast 214 U/L 10..36 high 2025-01-06
    """,
    "an assay whose result stands below its steps": """
        Collected: 08/14/2026
        ---
        Test | Result | Units | Reference
        QUANTIFERON-TB GOLD PLUS
        NIL | 0.03 | IU/mL |
        TB1-NIL | 0.01 | IU/mL | <0.35
        MITOGEN-NIL | >10.00 | IU/mL |
        INTERPRETATION | NEGATIVE | | NEGATIVE
        CK, TOTAL | 4512 | U/L | 30-200
        =>
        igra negative 2026-08-14
        igra_nil 0.03 [IU]/mL 2026-08-14
        igra_tb1 0.01 [IU]/mL ..0.35 normal 2026-08-14
        igra_mitogen >10 [IU]/mL 2026-08-14
        creatine_kinase 4512 U/L 30..200 high 2026-08-14
    """,
    "an assay that the caption names": """
        QUANTIFERON-TB GOLD PLUS 08/14/2026
        ---
        NIL | 0.03 | IU/mL
        TB1-Nil | 0.01 | IU/mL
        Mitogen-Nil | >10 | IU/mL
        Result | NEGATIVE |
        =>
        igra negative 2026-08-14
        igra_nil 0.03 [IU]/mL 2026-08-14
        igra_tb1 0.01 [IU]/mL 2026-08-14
        igra_mitogen >10 [IU]/mL 2026-08-14
    """,
    "a result that stands below another test is not the assay's": """
        Collected: 08/14/2026
        ---
        Test | Result | Units
        QUANTIFERON-TB GOLD PLUS
        CK, TOTAL | 4512 | U/L
        RESULT | NEGATIVE |
        =>
        creatine_kinase 4512 U/L 2026-08-14
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
        anticardiolipin_igg 12 0..14 normal 2026-08-14
        measles_igg 220 16.. normal 2026-08-14
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
    "limits in two columns": """
        Collected: 08/14/2026
        ---
        | Low limit | High limit | Result | Unit | Note
        CK | 46 | 171 | 1,322 | U/L | high
        IgG | 700 | 1600 | 480 | mg/dL | low
        HBsAg | | | negative | |
        =>
        creatine_kinase 1322 U/L 46..171 high 2026-08-14
        igg 480 mg/dL 700..1600 low 2026-08-14
        hbsag negative 2026-08-14
    """,
    "only an upper limit": """
        Drawn 08/14/2026
        ---
        Analyte | Value | ULN | Units
        CK | 1322 | 171 | U/L
        ALT | 30 | 40 | U/L
        =>
        creatine_kinase 1322 U/L ..171 high 2026-08-14
        alt 30 U/L ..40 normal 2026-08-14
    """,
    "units beside the names, a section of another day, a result in the name's cell": """
        ---
        ANALYTE | 02/02/2026 | 11/03/2025 | LIMITS
        CHEMISTRY
        CREATINE KINASE U/L | 475 H | 690 H | 40-198
        IMMUNOLOGY, collected 02/05/2026
        IgG mg/dL | 1204 | | 767-1590
        Hep B core Ab total Negative
        HEMATOLOGY
        HEMOGLOBIN g/dL | 14.1 | 13.9 | 13.2-16.6
        =>
        creatine_kinase 475 U/L 40..198 high 2026-02-02
        creatine_kinase 690 U/L 40..198 high 2025-11-03
        igg 1204 mg/dL 767..1590 normal 2026-02-05
        anti_hbc negative 2026-02-05
        hemoglobin 14.1 g/dL 13.2..16.6 normal 2026-02-02
        hemoglobin 13.9 g/dL 13.2..16.6 normal 2025-11-03
    """,
    "the patient in the first row, no heads": """
        CENTRAL LABORATORY
        ---
        DOE, JANE | DOB 02/28/1977 | | Collected 02/24/2026
        Hepatitis B surface antigen | | negative |
        IgG | | 990 mg/dL | (600 - 1500)
        IgA | | less than 5 mg/dL LOW | (60 - 400)
        =>
        hbsag negative 2026-02-24
        igg 990 mg/dL 600..1500 normal 2026-02-24
        iga <5 mg/dL 60..400 low 2026-02-24
    """,
    "no heads, days in the first column, ranges that look like dates": """
        ---
        03/09/2026 | Creatine kinase | 1,730 U/L | 30-223 U/L | Above
        03/09/2026 | Hemoglobin | 12.2 g/dL | 11.8-15.4 g/dL |
        03/09/2026 | Hepatitis B surface antigen | Not detected | Not detected |
        03/09/2026 | Hepatitis B core antibody, total | DETECTED | Not detected | Abnormal
        =>
        creatine_kinase 1730 U/L 30..223 high 2026-03-09
        hemoglobin 12.2 g/dL 11.8..15.4 normal 2026-03-09
        hbsag negative 2026-03-09
        anti_hbc positive 2026-03-09
    """,
    "one test named by the title": """
        CREATINE KINASE, EARLIER RESULTS (U/L)
        ---
        DATE | VALUE | COMMENT
        2025-09-29 | 7412 | HIGH
        2025-12-15 | 1905 | HIGH
        =>
        creatine_kinase 7412 U/L high 2025-09-29
        creatine_kinase 1905 U/L high 2025-12-15
    """,
    "the ranges in the last row": """
        ---
        Date | CK (U/L) | Aldolase (U/L)
        03/23/2026 | 1,260 | 10.4
        02/09/2026 | 1,480 | 7.1
        Normal | 25-170 | 1.0-7.5
        =>
        creatine_kinase 1260 U/L 25..170 high 2026-03-23
        aldolase 10.4 U/L 1..7.5 high 2026-03-23
        creatine_kinase 1480 U/L 25..170 high 2026-02-09
        aldolase 7.1 U/L 1..7.5 normal 2026-02-09
    """,
    "values that look like years": """
        Collected: 08/14/2026
        ---
        TEST | NORMAL RANGE | RESULT | UNIT
        CK | 29 - 168 | 1905 | U/L
        IgG | 600 - 1560 | 2015 | mg/dL
        =>
        creatine_kinase 1905 U/L 29..168 high 2026-08-14
        igg 2015 mg/dL 600..1560 high 2026-08-14
    """,
    "words in a column of interpretations": """
        Collected: 08/14/2026
        ---
        Test | Result | Interpretation
        HBsAg | 0.12 | Non-reactive
        QuantiFERON-TB Gold Plus | | Negative
        =>
        hbsag 0.12 negative 2026-08-14
        igra negative 2026-08-14
    """,
    "a goal is no reference range": """
        ---
        Lab | Goal | Result
        CK | <200 | 890
        LDL | <100 | 80
        =>
        creatine_kinase 890
        ldl 80
    """,
    "lines like rows, below and without a table": """
        Specimen 10/05/2026
        HBsAg\tnon-reactive
        Hepatitis B core antibody ....... non-reactive
        CK\t1,322\tH\t30-200\tU/L
        PLATELETS\t10*3/uL\t214\t135-317
        Glucose\tpatient fasting
        ---
        Name | Remark
        =>
        hbsag negative 2026-10-05
        anti_hbc negative 2026-10-05
        creatine_kinase 1322 U/L 30..200 high 2026-10-05
        platelets 214 10*3/uL 135..317 normal 2026-10-05
    """,
    "a list of drugs that are also tests": """
        ---
        Calcium | 600 mg twice daily
        Vitamin D | 2000 units daily
        Iron | 325 mg daily
        =>
    """,
    "what a study asks for is no result": """
        ---
        Monitoring | Frequency | Threshold
        CK | every 4 weeks | 1000
        CBC | every 8 weeks | WBC <3.0
        =>
    """,
    "marks after the value that no letter names": """
        Collected: 08/14/2026
        ---
        | Result | Reference | Prior (11/24/2025)
        CK (U/L) | 1,288 ^ | 34 - 145 | 1,633 ^
        AST (U/L) | 58 # | 8 - 33 | -
        =>
        creatine_kinase 1288 U/L 34..145 high 2026-08-14
        creatine_kinase 1633 U/L 34..145 high 2025-11-24
        ast 58 U/L 8..33 high 2026-08-14
    """,
    "days with time and specimen beside each test": """
        ---
        Collection DT | Specimen | Test Name | Result | Units | Ref Range
        05/11/2026 07:40 SERUM | | CREATINE KINASE | 812 H | U/L | 38 - 174
        03/16/2026 08:05 SERUM | | CREATINE KINASE | 940 H | U/L | 38 - 174
        10/20/2025 08:11 | SERUM | HBSAG | NEG | | NEG
        10/20/2025 08:11 | URINE | CREATININE | 88 | mg/dL | 20 - 320
        10/20/2025 08:11 | CSF | IGG | 3.1 | mg/dL | 0 - 4.5
        10/20/2025 08:11 | URINE | IGA | 3.1 | mg/dL |
        =>
        creatine_kinase 812 U/L 38..174 high 2026-05-11
        creatine_kinase 940 U/L 38..174 high 2026-03-16
        hbsag negative 2025-10-20
        urine_creatinine 88 mg/dL 20..320 normal 2025-10-20
        csf_igg 3.1 mg/dL 0..4.5 normal 2025-10-20
    """,
    "under columns of days, a section with result and range": """
        ---
        | 02-Mar-2026 | 10-Mar-2026 | 24-Mar-2026 |
        | 18:40 | 05:10 | 05:22 | Reference
        CK | 6,210 H | 5,480 H | 4,905 H | 55-170 U/L
        Hgb | 13.1 | 12.4 L | | 13.0-17.0 g/dL
        SEROLOGY / IMMUNOLOGY | collected 04-Mar-2026
        HBsAg | Non-reactive
        IgG | 1,204 | 700-1,600 mg/dL
        =>
        creatine_kinase 6210 U/L 55..170 high 2026-03-02
        creatine_kinase 5480 U/L 55..170 high 2026-03-10
        creatine_kinase 4905 U/L 55..170 high 2026-03-24
        hemoglobin 13.1 g/dL 13..17 normal 2026-03-02
        hemoglobin 12.4 g/dL 13..17 low 2026-03-10
        hbsag negative 2026-03-04
        igg 1204 mg/dL 700..1600 normal 2026-03-04
    """,
    "the year only in the last head, the range in the test's cell": """
        ---
        Test (range) | 11/28 | 12/25 | 01/22 | 03/03/2026
        CK (30-150 U/L) | 7,840 H | 2,110 H | 3,360 H | 1,904 H
        Troponin I (<0.04 ng/mL) | <0.01 | | | 0.06 H
        =>
        creatine_kinase 7840 U/L 30..150 high 2025-11-28
        creatine_kinase 2110 U/L 30..150 high 2025-12-25
        creatine_kinase 3360 U/L 30..150 high 2026-01-22
        creatine_kinase 1904 U/L 30..150 high 2026-03-03
        troponin_i <0.01 ng/mL ..0.04 normal 2025-11-28
        troponin_i 0.06 ng/mL ..0.04 high 2026-03-03
    """,
    "two heads, of which either may be the later one": """
        ---
        Test | 01/22 | 03/03/2026
        CK | 2,110 H | 1,904 H
        =>
        creatine_kinase 2110 high
        creatine_kinase 1904 high 2026-03-03
    """,
    "several tests in a row, their ranges below": """
        ---
        Screening | Date | Result
        HBsAg / anti-HBc / anti-HCV | 02/03/2026 | negative / negative / positive
        T-SPOT.TB | 07/29/2026 | negative
        IgG / IgA / IgM (mg/dL) | 07/29/2026 | 799 / 165 / 60
        normal range | | 700-1600 / 70-400 / 40-230
        CK (U/L) | 07/29/2026 | 410
        Ref. range | | 30-200
        AST, ALT | 07/29/2026 | both elevated
        HBV DNA, HCV RNA | 07/29/2026 | not detected
        =>
        hbsag negative 2026-02-03
        anti_hbc negative 2026-02-03
        anti_hcv positive 2026-02-03
        igra negative 2026-07-29
        igg 799 mg/dL 700..1600 normal 2026-07-29
        iga 165 mg/dL 70..400 normal 2026-07-29
        igm 60 mg/dL 40..230 normal 2026-07-29
        creatine_kinase 410 U/L 30..200 high 2026-07-29
        ast high 2026-07-29
        alt high 2026-07-29
        hbv_dna negative 2026-07-29
        hcv_rna negative 2026-07-29
    """,
    "ranges in words, cut into cells": """
        Collected: 08/14/2026
        ---
        CK | 2130 | U/L | (normal | to | 200)
        AST | 92 U/L | | (normal | to | 40)
        Creatinine | 0.84 mg/dL | | (0.50 - 1.10) | |
        Hemoglobin | 12.6 g/dL | | (12.0 - | 16.0) |
        IgG | 1020 mg/dL | | (normal 700 | - 1600) |
        =>
        creatine_kinase 2130 U/L ..200 high 2026-08-14
        ast 92 U/L ..40 high 2026-08-14
        creatinine 0.84 mg/dL 0.5..1.1 normal 2026-08-14
        hemoglobin 12.6 g/dL 12..16 normal 2026-08-14
        igg 1020 mg/dL 700..1600 normal 2026-08-14
    """,
    "what is expected in brackets after what was found": """
        Collected: 08/14/2026
        ---
        HEP B SURFACE AG | NONREACTIVE [NONREACTIVE]
        HEP B CORE AB TOTAL | REACTIVE [NONREACTIVE]
        HEP C AB | Negative (Ref: Negative)
        Surface antigen, hepatitis B | Negative
        T-SPOT.TB Interpretation | Negative (normal: negative)
        =>
        hbsag negative 2026-08-14
        anti_hbc positive 2026-08-14
        anti_hcv negative 2026-08-14
        igra negative 2026-08-14
    """,
    "a time beside the day of each row": """
        ---
        Date | CK (U/L) | Aldolase
        06/01/2026 07:15 | 6800 | 22.4
        07/01/2026 07:50 | 5210 | 9.1
        =>
        creatine_kinase 6800 U/L 2026-06-01
        aldolase 22.4 2026-06-01
        creatine_kinase 5210 U/L 2026-07-01
        aldolase 9.1 2026-07-01
    """,
    "misread names of immunoglobulins": """
        Collected: 08/14/2026
        ---
        Test | Value | Range | Unit
        CK | 166 | 20-200 | U/L
        \u201c166 | 512 | 600-1540 | mg/dL
        lgA | 122 | 70-400 | mg/dL
        1GM | 58 | 40-230 | mg/dL
        166 | 512 | |
        =>
        creatine_kinase 166 U/L 20..200 normal 2026-08-14
        igg 512 mg/dL 600..1540 low 2026-08-14
        iga 122 mg/dL 70..400 normal 2026-08-14
        igm 58 mg/dL 40..230 normal 2026-08-14
    """,
    "the day of each test in the cell of its name": """
        Wexcombe Reference Laboratory
        ---
        ANALYTE | RESULT | NORMAL
        Aldolase 04/02/2026 | 12.2U/LH | 1.5-8.1
        CK 04/02/2026 | 1975 U/L H | 26-192
        IgG (03/19/2026) | 988 mg/dL | 700-1600
        03/19/2026 IgM | 71 mg/dL | 40-230
        =>
        aldolase 12.2 U/L 1.5..8.1 high 2026-04-02
        creatine_kinase 1975 U/L 26..192 high 2026-04-02
        igg 988 mg/dL 700..1600 normal 2026-03-19
        igm 71 mg/dL 40..230 normal 2026-03-19
    """,
    "a name that a comma cuts, with what is run next": """
        Drawn: 05/11/2026
        ---
        LDH | 377 | H | U/L | [120 - 240]
        HEPATITIS B CORE AB, TOTAL,
        REFLEX TO IGM | NONREACTIVE
        (IGM REFLEX NOT PERFORMED)
        HCV AB, REFLEX RNA | NONREACTIVE
        HBV DNA, PCR | Not detected
        =>
        ldh 377 U/L 120..240 high 2026-05-11
        anti_hbc negative 2026-05-11
        anti_hcv negative 2026-05-11
        hbv_dna negative 2026-05-11
    """,
    "days printed day first, thousands apart, two languages": """
        Taken / Pris: 27.05.2026
        ---
        Analyse / Test | Result | Unit | Reference | Taken
        Créatine kinase / CK | 2 417 ↑ | U/L | 25 - 170 | 03.06.2026
        Créatine kinase / CK | 1 090 | U/L | 25 - 170 | 27.05.2026
        AgHBs / HBsAg | négatif / negative | | | 03.06.2026
        anti-HBc | positif / positive | | | 03.06.2026
        IgG | 11.2 | g/L | 7.0 - 16.0 | 03.06.2026
        =>
        creatine_kinase 2417 U/L 25..170 high 2026-06-03
        creatine_kinase 1090 U/L 25..170 high 2026-05-27
        hbsag negative 2026-06-03
        anti_hbc positive 2026-06-03
        igg 11.2 g/L 7..16 normal 2026-06-03
    """,
    "dotted days of which none shows the order": """
        Results
        ---
        Test | Result | Unit | Reference | Taken
        CK | 2417 | U/L | 25 - 170 | 03.06.2026
        IgG | 11.2 | g/L | 7.0 - 16.0 | 05.05.2026
        =>
        creatine_kinase 2417 U/L 25..170 high
        igg 11.2 g/L 7..16 normal 2026-05-05
    """,
    "the answer names the test that an infection was screened with": """
        Infection screening
        ---
        Screening | Result | Date
        Hepatitis B | HBsAg nonreactive | 05/14/2026
        TB: blood test or skin test | QuantiFERON-Plus negative | 05/20/2026
        Tuberculosis screen required | IGRA negative | 05/21/2026
        IgA | 172 mg/dL | 05/14/2026
        IgM | 61 mg/dL | 05/14/2026
        =>
        hbsag negative 2026-05-14
        igra negative 2026-05-20
        iga 172 mg/dL 2026-05-14
        igm 61 mg/dL 2026-05-14
    """,
    "a line with a day of its own among the rows": """
        Collected: 05/14/2026
        ---
        Test | Result | Reference
        IgM | 61 | 50-300
        Coll. 02/06/2026 Reported 02/08/2026
        Test | Result | Reference
        HBsAg | Negative | Negative
        Remark: the sheet of 02/06/2026 was sent by fax
        =>
        igm 61 50..300 normal 2026-05-14
        hbsag negative 2026-02-06
    """,
    "a word that recognition tore apart": """
        Collected: 05/14/2026
        ---
        Test | Result | Expected
        HBsAg | NON - REACTIVE | NON - REACTIVE
        HCV Ab | NON -REACTIVE | NONREACTIVE
        Hep B core Ab, total | REACTIVE | NON - REACTIVE
        =>
        hbsag negative 2026-05-14
        anti_hcv negative 2026-05-14
        anti_hbc positive 2026-05-14
    """,
    "unit and range in one cell, under a head of two": """
        Collected: 05/14/2026 07:20
        ---
        TEST | RESULT | FLAG REFERENCE
        HEPATITIS C AB | NEGATIVE | NEGATIVE
        IMMUNOGLOBULIN G | 903 | mg/dL 600-1540
        WBC | 7.7 | K/uL 4.0-11.0
        HEMOGLOBIN | 12.1 | g/dL 12.0-15.5
        =>
        anti_hcv negative 2026-05-14
        igg 903 mg/dL 600..1540 normal 2026-05-14
        wbc 7.7 10*3/uL 4..11 normal 2026-05-14
        hemoglobin 12.1 g/dL 12..15.5 normal 2026-05-14
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
            box = (100 * column, 0, 100 * column + 80, 1)
            cells.append(
                Cell(row=number, column=column, start=start, end=start + len(clean), box=box)
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


def test_a_day_in_a_table_holds_for_the_tables_below() -> None:
    upper, _ = sheet(SHEETS["a line with a day of its own among the rows"])
    lower, _ = sheet("---\nIgG | 902 | 600-1600\nHCV Ab | Negative | Negative\n=>")
    (page,), (below,), at = upper.pages, lower.pages, len(upper.text)

    def moved(part: Block | Cell) -> dict[str, int]:
        return {"start": part.start + at, "end": part.end + at}

    words = [w.model_copy(update={"start": w.start + at}) for w in below.words]
    blocks = [b.model_copy(update=moved(b)) for b in below.blocks]
    cells = [c.model_copy(update=moved(c)) for c in below.tables[0].cells]
    table = below.tables[0].model_copy(update={"cells": tuple(cells)})
    both = {
        "end": at + below.end, "words": (*page.words, *words), "blocks": (*page.blocks, *blocks),
        "tables": (*page.tables, table),
    }  # fmt: skip
    document = upper.model_copy(
        update={"text": upper.text + lower.text, "pages": (page.model_copy(update=both),)}
    )
    case = build_case("sample", document, extract_mentions(document))
    days = {lab.analyte: lab.collected.iso for lab in case.labs if lab.collected is not None}
    assert days == {
        "igm": "2026-05-14", "hbsag": "2026-02-06", "igg": "2026-02-06", "anti_hcv": "2026-02-06",
    }  # fmt: skip


# Each table: rows with cells between bars, `=>`, one line for each episode: drug, dose, days or
# months of start and end, length in days, status, outcome; `-` where the row does not say.
TREATMENTS = {
    "rows that go on in the next line": """
        Agent | Dose | Given | What happened
        Methotrexate | 15 mg PO weekly | 01/05/2026 - 01/26/2026 | ALT 312 (8 x normal) after the third
        | | | dose. Stopped for liver toxicity.
        Mycophenolate | 500 mg PO BID | 02/02/2026 - 02/11/2026 | Watery diarrhea eight times daily,
        mofetil | | | not tolerated, stopped.
        Azathioprine | never given | | Contraindicated: TPMT activity absent
        =>
        methotrexate 15 2026-01-05 2026-01-26 - past intolerant
        mycophenolate_mofetil 500 2026-02-02 2026-02-11 - past intolerant
        azathioprine - - - - not_taken contraindicated
    """,
    "outcomes of a word or two": """
        Treatment | Dates | Regimen | Outcome
        Prednisone | 05/2024 - 07/2024 | 60 mg daily, 10 weeks (56 kg) | partial; flares on taper
        Cyclosporine | 08/2024 - 12/2024 | 90 mg twice daily | none
        Leflunomide | 01/2025 - 03/2025 | 20 mg daily | helped, then wore off
        Azathioprine | 04/2025 - 06/2025 | 150 mg daily | good
        Tacrolimus | 07/2025 - 09/2025 | 3 mg twice daily | good, then relapsed
        IVIG | - | - | contraindicated: ischemic stroke
        Unheardofumab | 01/2023 - 03/2023 | 5 mg | no effect
        =>
        prednisone 60 2024-05 2024-07 70 past partial_response
        cyclosporine 90 2024-08 2024-12 - past failed
        leflunomide 20 2025-01 2025-03 - past failed
        azathioprine 150 2025-04 2025-06 - past responded
        tacrolimus 3 2025-07 2025-09 - past unknown
        immune_globulin - - - - not_taken contraindicated
    """,
    "a second course below the name, reasons for stopping": """
        Drug | Dose | Start | Stop | Reason stopped
        Methotrexate | 20 mg weekly | 01/2025 | 06/2025 | none given
        Azathioprine | 150 mg daily | 07/2025 | 08/2025 | elevated LFTs
        Prednisone | 60 mg daily | 01/2025 | 03/2025 | tapered
        | 20 mg daily | 03/2025 | present |
        =>
        methotrexate 20 2025-01 2025-06 - past unknown
        azathioprine 150 2025-07 2025-08 - past intolerant
        prednisone 60 2025-01 2025-03 - past unknown
        prednisone 20 2025-03 - - current unknown
    """,
    "a record of administrations": """
        Medication / order | Start | 03/08 | 03/09 | 03/10
        famotidine 20 mg IV q12h | 03/05/2026 | 0900 2100 | 0900 2100 | 0900 due
        heparin 5,000 units subcut q8h | 03/05/2026 | 0600 1400 | 0600 D/C'd | -
        lisinopril 10 mg PO daily | 03/04/2026 | 0900 | 0900 | 0900 HELD
        ondansetron 4 mg IV q8h PRN nausea | 03/05/2026 | - | 1120 | -
        =>
        famotidine 20 2026-03-05 - - current unknown
        heparin 5000 2026-03-05 - - past unknown
        lisinopril 10 2026-03-04 - - current unknown
        ondansetron 4 2026-03-05 - - current unknown
    """,
    "a volume with the mass in it": """
        Medication | Directions
        Methotrexate 25 mg/mL | 0.6 mL (15 mg) subcutaneously once a week
        Lisinopril 10 mg | 1 tab daily
        =>
        methotrexate 15 - - - past unknown
        lisinopril 10 - - - past unknown
    """,
}


@pytest.mark.parametrize("name", TREATMENTS)
def test_a_table_of_treatments_states(name: str) -> None:
    document, episodes = sheet(
        "Visit 03/11/2026\nPRIOR AGENTS\n---\n" + TREATMENTS[name].lstrip("\n")
    )
    page = document.pages[0].model_copy(update={"kind": PageKind.NOTE})
    document = document.model_copy(update={"pages": (page,)})
    case = build_case("sample", document, extract_mentions(document))
    assert {episode(m) for m in case.medications} == {
        " ".join(line.split()) for line in told(TREATMENTS[name])
    }
    assert len(episodes) == len(case.medications)


def told(text: str) -> list[str]:
    """The lines after `=>`."""
    return [line for line in text.partition("=>")[2].splitlines() if line.strip()]


def episode(m: Medication) -> str:
    """An episode in the notation above."""
    dose = f"{m.dose_value:g}" if m.dose_value is not None else "-"
    days = f"{m.stated_duration.high:g}" if m.stated_duration and m.stated_duration.high else "-"
    start, stop = (when.iso if when is not None else "-" for when in (m.start, m.stop))
    return f"{m.ingredient.replace(' ', '_')} {dose} {start} {stop} {days} {m.status} {m.outcome}"


QUESTIONS = """
        Question | Yes | No
        Has methotrexate been given? | x |
        Was plasma exchange tried? | | xX
        Was the patient screened for tuberculosis? | X | x
        Has immune globulin been given? | : |
        Is the myositis drug-induced? | |
        =>
"""


def test_marks_under_yes_and_no_are_answers_and_unclear_ones_are_unreadable() -> None:
    document, _ = sheet("Request\n---\n" + QUESTIONS.lstrip("\n"))
    case = build_case("sample", document, extract_mentions(document))
    assert {(a.topic, a.value) for a in case.answers} == {
        ("immunosuppressant_trial", "yes"),
        ("plasmapheresis_trial", "no"),
        ("tuberculosis", "unreadable"),
        ("immune_globulin_trial", "unreadable"),
        ("drug_induced", "blank"),
    }


def test_a_column_of_problems_names_diseases_that_no_table_of_ours_has() -> None:
    """With their codes where they stand beside them; "Status" says what is no more."""
    document, _ = sheet("""
        ---
        Problem | ICD-10 | Since | Status
        Vitreous degeneration | | 2019 | active
        Essential hypertension | I10 | 2014 | active
        Hirsutism | L68.0 | 2020 | active
        Next visit in May | | |
        =>
    """)
    page = document.pages[0].model_copy(update={"kind": PageKind.NOTE})
    document = document.model_copy(update={"pages": (page,)})
    case = build_case("sample", document, extract_mentions(document))
    assert {(d.name, d.icd10, d.linked_icd10) for d in case.diagnoses} == {
        ("Vitreous degeneration", "", "H43.81"),
        ("hypertension", "I10", ""),
        ("Hirsutism", "L68.0", ""),
    }


GRADED = [
    (
        "Goal | Target | Status\nKnee extension strength | 4/5 | open\nElbow flexion | 4-/5 | open",
        set(),
    ),
    ("Muscle | Today | Target\nDeltoid | 3/5 | 4/5\nIliopsoas | 3+/5 | 4+/5", {"3/5", "3+/5"}),
    ("Item | What a good example looks like\nStrength | deltoid 3/5, iliopsoas 3-/5", set()),
]


@pytest.mark.parametrize(("rows", "grades"), GRADED)
def test_goals_and_examples_in_tables_are_no_grades(rows: str, grades: set[str]) -> None:
    """A column of what shall be reached, or of what would do, tells of no examination."""
    document, _ = sheet(f"---\n{rows}\n=>\n")
    case = build_case("note-00000000", document, extract_mentions(document))
    stated = [f for f in case.findings if f.finding == "muscle_strength"]
    assert {f.value for f in stated} == grades
