"""A coarse fax: cover sheet, form, telegraphic note, ruled results."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, doc, gap


def draw(folder: Path) -> None:
    big = Face("Helvetica", "Helvetica-Bold", 12, gap=7)
    cover = doc(
        [
            big.title("FACSIMILE", 24),
            gap(20),
            big.table(
                [
                    ["To", "Ostrava County Benefit Fund, drug review"],
                    ["Fax", "555-0402"],
                    ["From", "Brambleside Rheumatology"],
                    ["Phone", "555-0411"],
                    ["Date", "July 14, 2026"],
                    ["Pages", "4 with this one"],
                ],
                [1, 4.5],
                "rows",
                head=False,
                pad=5,
                size=12,
            ),
            gap(30),
            big.p("New request for member Philippa Ainscough. Form, note and results follow."),
        ]
    )
    form = doc(
        [
            big.title("OSTRAVA COUNTY BENEFIT FUND", 16),
            big.p("Prior approval, drugs given by a clinician"),
            big.p("Date of request: 07/14/2026"),
            big.p(
                "Member: Philippa Ainscough &nbsp;&nbsp; Born: 12/05/1981 &nbsp;&nbsp; No. OC 2281907"
            ),
            big.p("Prescriber: Tobiah Renshaw, DO &nbsp;&nbsp; Brambleside Rheumatology"),
            big.h("1. What is asked for"),
            big.p("Drug: Truxima &nbsp;&nbsp; HCPCS: Q5115 &nbsp;&nbsp; Dose: 1000 mg IV"),
            big.p("How often: 2 infusions, two weeks apart (day 1, day 15)"),
            big.h("2. For what"),
            big.p("Polymyositis with myopathy, ICD-10 M33.22"),
            big.h("3. Questions"),
            big.p("Has the patient taken a corticosteroid? &nbsp; [X] Yes &nbsp; [ ] No"),
            big.p("Can the corticosteroid be lowered below 10 mg? &nbsp; [ ] Yes &nbsp; [X] No"),
            big.p(
                "Has the patient taken methotrexate, azathioprine or mycophenolate? &nbsp; [X] Yes "
                "&nbsp; [ ] No"
            ),
            big.p("Is the disease caused by a drug? &nbsp; [ ] Yes &nbsp; [X] No"),
            gap(20),
            big.p("Signed: T. Renshaw DO, 7/14/26"),
        ]
    )
    note = Face("Courier", "Courier-Bold", 11, gap=6)
    visit = doc(
        [
            note.p("BRAMBLESIDE RHEUMATOLOGY     AINSCOUGH, PHILIPPA     DOB 12/05/1981"),
            note.p("OV 07/09/2026     T RENSHAW DO     WT 58 KG"),
            note.p("CC: PM f/u, weaker again."),
            note.p(
                "HPI: 44F, polymyositis dx 09/2025. Pred 60 mg qd started 09/22/2025 x 6 wks, then "
                "taper. MTX 25 mg SQ q wk since 11/10/2025, still on it, partial response only. "
                "Flare #1 02/2026 on reaching 20 mg: CK 390 to 1210, arms gave out; back up to 40. "
                "Flare #2 06/2026 at 17.5 mg; up to 25 mg. On pred 25 mg qd now. Still weak despite "
                "both drugs. No SOB, swallows OK, no palps. PFT and echo 05/2026 normal, no ILD."
            ),
            note.p(
                "FXN: lifts leg into car by hand. Cannot carry toddler. Off work since 03/2026."
            ),
            note.p(
                "PMH: hypothyroid. GERD. MEDS: levothyroxine 100 mcg qd, famotidine 20 mg bid, "
                "folic acid 1 mg qd, calcium 600 mg bid. NKDA."
            ),
            note.p("FH: neg for autoimmune dz. SH: no tob, no EtOH."),
            note.p(
                "EXAM: BP 118/70. No rash. Lungs CTA. Delts 4-/5 B, hip flexors 4-/5 B, quads 4/5 B, "
                "neck flex 4/5, distal 5/5."
            ),
            note.p("EMG 09/18/2025: fibs + PSWs, small short MUPs, active myositis."),
            note.p(
                "A/P: Idiopathic PM, steroid-dependent, fails taper x2. Truxima 1 g d1, d15. D/w pt "
                "risks incl PML. Cont MTX + pred. Labs done 07/07."
            ),
        ]
    )
    lab = Face("Helvetica", "Helvetica-Bold", 12, gap=6)
    results = doc(
        [
            lab.title("Tidewater Reference Lab", 15),
            lab.p("Ainscough, Philippa &nbsp; F &nbsp; 12/05/1981 &nbsp; Collected 07/07/2026"),
            lab.table(
                [
                    ["Test", "Result", "Flag", "Expected", "Unit"],
                    ["CK, total", "840", "H", "24-173", "U/L"],
                    ["Aldolase", "9.9", "H", "1.5-8.1", "U/L"],
                    ["AST", "44", "H", "5-40", "U/L"],
                    ["ALT", "39", "", "5-40", "U/L"],
                    ["Creatinine", "0.66", "", "0.50-1.10", "mg/dL"],
                    ["WBC", "8.8", "", "3.8-10.8", "10*3/uL"],
                    ["Hemoglobin", "13.0", "", "11.7-15.5", "g/dL"],
                    ["Hep B surface antigen", "Non-reactive", "", "", ""],
                    ["Hep B core antibody", "Non-reactive", "", "", ""],
                    ["HCV RNA, PCR", "Not detected", "", "", ""],
                    ["IgG", "890", "", "600-1640", "mg/dL"],
                    ["IgM", "75", "", "50-300", "mg/dL"],
                ],
                [2.3, 1.4, 0.6, 1.3, 1.0],
                "grid",
                pad=3,
                size=11,
            ),
            lab.p("Tuberculin skin test read 07/09/2026: 0 mm, negative."),
        ]
    )
    scans.fax(
        [cover, form, visit, results],
        folder / "p03_taper_flare.tif",
        fine=False,
        skews=(0.3, -0.5, 0.4, -0.2),
        specks=200,
    )
