"""A form filled by hand, a muscle clinic's letter that names another disease; scanned."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, doc, gap

from drawn.printed import boxed
from drawn.ruled import Ticks

HAND = "Times-Italic"


def draw(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 10, gap=4)
    first = doc(
        [
            form.title("COPPERLINE UNION HEALTH &amp; WELFARE FUND", 13),
            form.p("Specialty drug review. Print clearly. Incomplete forms are returned."),
            boxed(
                [
                    [
                        ("Participant", "Dashiell Rourke-Nakamura"),
                        ("Birth date", "12/30/1951"),
                        ("Fund no.", "CU 20-8841-7"),
                    ],
                    [
                        ("Prescriber", "P. Lindqvist, MD (internal medicine)"),
                        ("Telephone", "555-3802"),
                        ("Date", "11/03/2026"),
                    ],
                    [("Drug", "Ruxience"), ("Code", "Q5119"), ("Strength / dose", "1000 mg IV")],
                    [
                        ("Directions", "2 doses, 2 weeks apart"),
                        ("ICD-10 code", "M33.20"),
                        ("Diagnosis in words", "Polymyositis"),
                    ],
                ],
                hand=HAND,
                size=12.5,
            ),
            gap(6),
            form.p("Drugs already tried:"),
            Ticks(
                [(True, "corticosteroid"), (True, "methotrexate"), (False, "azathioprine")],
                [2.1, 2.1, 2.1],
                size=10.5,
            ),
            Ticks(
                [(False, "mycophenolate"), (False, "IVIG"), (False, "other")],
                [2.1, 2.1, 2.1],
                size=10.5,
            ),
            gap(6),
            boxed(
                [[("Remarks", "See consult from University muscle clinic and labs. Not better.")]],
                hand=HAND,
                size=12.5,
            ),
            gap(26),
            form.p("Prescriber's signature &nbsp; <i>P. Lindqvist</i>"),
        ],
        margin=0.85,
    )
    letter = Face("Times-Roman", "Times-Bold", 11.5, gap=6)
    second = doc(
        [
            letter.p(
                "<b>UNIVERSITY OF WESTMERE</b><br/>Neuromuscular Clinic, Floor 5<br/>October 12, 2026"
            ),
            letter.p("Dr. P. Lindqvist<br/>Re: Dashiell ROURKE-NAKAMURA, born 30 December 1951"),
            letter.p("Dear Dr. Lindqvist,"),
            letter.p(
                "Thank you for sending this 74-year-old retired surveyor for a second opinion on presumed "
                "polymyositis that has not answered to treatment."
            ),
            letter.p(
                "The history is of three years of slowly increasing trouble with jars, keys and buttons "
                "and, over the same time, of knees that give way; he falls about once a month and cannot "
                "rise from the ground alone. He took prednisone 60 mg daily from 10 November 2025 for "
                "twelve weeks (weight 66 kg) and it was then lowered by 10 mg a month and ended in July "
                "2026, with no change either way on the way down. Methotrexate 20 mg weekly ran from 8 "
                "December 2025 to 8 June 2026 without any effect, and without side effects. His CK in "
                "March 2026, on both drugs, was 710 U/L."
            ),
            letter.p(
                "He swallows normally and a video study this month shows no dysphagia. There is no "
                "breathlessness; vital capacity is 91%. Cardiac review was normal. He has never had "
                "cancer or received a checkpoint inhibitor. His medicines are tamsulosin 0.4 mg daily, "
                "apixaban 5 mg twice daily for atrial fibrillation, and vitamin B12 1,000 mcg daily. His "
                "father had Parkinson disease."
            ),
            letter.p(
                "Strength (MRC): finger flexors 2/5 right and 3-/5 left, wrist flexors 3/5, quadriceps "
                "3/5 right and 3+/5 left, hip flexors 4/5, deltoids 4+/5, neck flexors 4+/5. The forearms "
                "and thighs are visibly thin."
            ),
        ],
        margin=1,
    )
    third = doc(
        [
            letter.p("<b>ROURKE-NAKAMURA, Dashiell</b> - page 2"),
            letter.p(
                "EMG, 2 October 2026: fibrillations with mixed short and long duration units, forearm "
                "flexors and vastus; chronic irritative myopathy. MRI of the thighs, 5 October 2026: STIR "
                "edema in both quadriceps, active myositis, with marked fatty replacement distally."
            ),
            letter.p(
                "Left vastus lateralis biopsy, 22 September 2026: endomysial inflammation, rimmed "
                "vacuoles, p62-positive aggregates, COX-negative fibers."
            ),
            letter.p(
                "<b>Opinion.</b> This is inclusion body myositis (G72.41), clinically and on biopsy. The "
                "earlier diagnosis of polymyositis is withdrawn. I would not expect benefit from further "
                "immunosuppression, and would rather put the effort into hand splints, knee bracing and "
                "a falls program."
            ),
            letter.p("With kind regards,"),
            gap(16),
            letter.p("Ottoline Mbeki-Strand, MD, PhD"),
            letter.p("cc: patient"),
        ],
        margin=1,
    )
    lab = Face("Courier", "Courier-Bold", 10.5, gap=4)
    fourth = doc(
        [
            lab.title("WESTMERE UNIVERSITY LABORATORIES", 13),
            lab.p("ROURKE-NAKAMURA, DASHIELL   M   12/30/1951"),
            lab.p("DRAWN 10/05/2026   RESULTED 10/08/2026"),
            lab.table(
                [
                    ["TEST", "VALUE", "RANGE", "UNIT"],
                    ["CK", "640 *", "20-200", "U/L"],
                    ["AST", "46 *", "10-40", "U/L"],
                    ["ALT", "44", "10-50", "U/L"],
                    ["CREATININE", "0.77", "0.70-1.30", "mg/dL"],
                    ["HEMOGLOBIN", "14.4", "13.5-17.5", "g/dL"],
                    ["HEPATITIS B SURFACE AG", "NEGATIVE", "NEGATIVE", ""],
                    ["HEPATITIS B CORE AB", "NEGATIVE", "NEGATIVE", ""],
                    ["HEPATITIS C AB", "NEGATIVE", "NEGATIVE", ""],
                    ["T-SPOT TB", "NEGATIVE", "NEGATIVE", ""],
                    ["IGG", "512 *", "600-1540", "mg/dL"],
                    ["IGA", "122", "70-400", "mg/dL"],
                    ["IGM", "58", "40-230", "mg/dL"],
                ],
                [2.7, 1.4, 1.5, 0.9],
                "rows",
                pad=3,
            ),
            lab.p("* OUTSIDE RANGE"),
        ],
        margin=0.9,
    )
    pdf = scans.scan([first, second, third, fourth], 150, (0.5, -0.4, 0.3, -0.6), 180)
    (folder / "r08_second_opinion.pdf").write_bytes(pdf)
