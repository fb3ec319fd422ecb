"""A fine fax: ruled form, note, upside-down results without a header."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, doc


def draw(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 11.5, gap=7)
    first = doc(
        [
            form.title("Fernhollow Preferred - PRECERTIFICATION, PART B DRUGS", 14),
            form.table(
                [
                    ["PATIENT", "Anneliese Thackeray", "BORN", "02/28/1977"],
                    ["PLAN NO", "FP 3390-1164", "DATE", "03/05/2026"],
                    ["DRUG", "Truxima", "CODE", "Q5115"],
                    ["DOSE", "1000 mg IV", "FREQ", "day 1, day 15"],
                    ["DX", "Polymyositis", "ICD-10", "M33.20"],
                    ["MD", "Gideon Alvarsson", "FAX", "555-1022"],
                ],
                [1, 2.6, 1, 2],
                "grid",
                head=False,
                pad=5,
            ),
            form.p("I certify that the above is correct. G. Alvarsson, MD 03/05/2026"),
        ]
    )
    note = Face("Times-Roman", "Times-Bold", 12, gap=7)
    second = doc(
        [
            note.title("Alvarsson Dermatology and Rheumatology, PC", 15),
            note.p("Thackeray, Anneliese. Born 02/28/1977. Seen 02/26/2026."),
            note.p(
                "<b>Diagnosis:</b> Dermatomyositis, biopsy-supported (skin, 07/2025), anti-Mi-2 "
                "positive."
            ),
            note.p(
                "<b>Course:</b> Began 06/2025 with heliotrope rash, Gottron papules over the knuckles "
                "and shawl erythema, then proximal weakness. Methylprednisolone 500 mg IV daily for 3 "
                "days from 07/14/2025, then prednisone 40 mg daily for 8 weeks with slow taper. "
                "Methotrexate 20 mg weekly 08/04/2025 to 11/24/2025, no benefit. Azathioprine 150 mg "
                "daily from 12/01/2025 to 02/23/2026, failed. IVIG 2 g/kg monthly x 3 (12/2025 to "
                "02/2026), no response. Prednisone 15 mg daily now."
            ),
            note.p(
                "<b>Today:</b> rash persists, cannot comb hair or climb a step stool. No dysphagia, "
                "no dyspnea. Chest CT 01/2026: no ILD. ECG normal, no cardiac involvement."
            ),
            note.p(
                "<b>Exam:</b> weight 61 kg. Deltoids 3+/5, hip flexors 4-/5, neck flexors 4/5. CK "
                "02/24/2026 was 14x ULN."
            ),
            note.p(
                "<b>MRI</b> thighs 01/15/2026: muscle and fascial edema consistent with active "
                "myositis."
            ),
            note.p(
                "<b>Other:</b> eczema as a child. Melatonin 3 mg at bedtime. Father: lung cancer."
            ),
            note.p("<b>Plan:</b> rituximab. PML risk explained."),
        ],
        margin=1,
    )
    lab = Face("Helvetica", "Helvetica-Bold", 11.5, gap=6)
    third = doc(
        [
            lab.title("CENTRAL VALLEY PATHOLOGY"),
            lab.p("THACKERAY, ANNELIESE &nbsp; DOB 02/28/1977 &nbsp; Collected 02/24/2026"),
            lab.table(
                [
                    ["Hepatitis B surface antigen", "negative", ""],
                    ["Hepatitis B core antibody", "negative", ""],
                    ["Hepatitis C antibody", "negative", ""],
                    ["T-SPOT.TB", "negative", ""],
                    ["IgG", "990 mg/dL", "(600 - 1500)"],
                    ["IgA", "less than 5 mg/dL  LOW", "(60 - 400)"],
                    ["IgM", "84 mg/dL", "(40 - 240)"],
                ],
                [2.8, 2.2, 1.4],
                "none",
                head=False,
                pad=4,
            ),
            lab.p(
                "IgA below 7 mg/dL: patients with anti-IgA antibodies may react to blood products."
            ),
        ]
    )
    scans.fax(
        [first, second, third],
        folder / "p10_dermatomyositis_fax.tif",
        skews=(-0.9, 0.7, -0.3),
        turns={3: 180},
        specks=400,
    )
