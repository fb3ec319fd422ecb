"""A specialty pharmacy's referral form full of boxes, with a grid of earlier treatment."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap

from drawn.ruled import Ticks


def draw(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 8.5, ink="#FFFFFF", band="#7A1F3D", gap=3)
    plain = Face("Helvetica", "Helvetica-Bold", 8.5, ink="#7A1F3D", gap=3)
    first = doc(
        [
            plain.title("COPPERLINE SPECIALTY PHARMACY", 14),
            plain.p("Neuromuscular / rheumatology referral. Fax completed form to 555-2550."),
            form.h("1 PATIENT"),
            plain.table(
                [
                    ["Name: Ines Valderrama-Holt", "DOB: 01/22/1975", "Date: 09/30/2026"],
                    ["Weight: 55 kg", "Height: 160 cm", "Allergies: NKDA"],
                    ["Insurance: Stonecrop Mutual", "ID: SC4410-77", "Phone: 555-2561"],
                ],
                [2.8, 2.0, 2.0],
                "grid",
                head=False,
            ),
            Ticks(
                [
                    (True, "Female"),
                    (False, "Male"),
                    (True, "English"),
                    (False, "Interpreter needed"),
                ],
                [1, 1, 1, 2],
            ),
            form.h("2 PRESCRIBER"),
            plain.p("Fenella Broadbent, DO, rheumatology. Office contact: Sunniva. Fax 555-2562"),
            form.h("3 DIAGNOSIS (ICD-10)"),
            Ticks(
                [
                    (True, "M33.20 Polymyositis, organ involvement unspecified"),
                    (False, "M33.22 with myopathy"),
                ],
                [3.6, 2],
            ),
            Ticks(
                [(False, "M33.90 Dermatopolymyositis"), (False, "G72.41 Inclusion body myositis")],
                [3.6, 2],
            ),
            Ticks(
                [
                    (False, "G61.81 CIDP"),
                    (False, "G70.01 Myasthenia gravis"),
                    (False, "Other: ________"),
                ],
                [1.8, 1.8, 2],
            ),
            form.h("4 PRESCRIPTION"),
            Ticks(
                [
                    (False, "Rituxan"),
                    (True, "Riabni (rituximab-arrx) Q5123"),
                    (False, "Truxima"),
                    (False, "Ruxience"),
                ],
                [1.1, 2.5, 1.1, 1.1],
            ),
            Ticks(
                [
                    (True, "1,000 mg IV, day 1 and day 15"),
                    (False, "375 mg/m2 IV weekly x 4"),
                    (False, "Other"),
                ],
                [2.5, 2.2, 1],
            ),
            Ticks(
                [
                    (False, "Gamunex-C 2 g/kg"),
                    (False, "Octagam 10% 2 g/kg"),
                    (False, "Acthar 80 units"),
                ],
                [2.0, 2.0, 2.0],
            ),
            form.h("5 PRIOR STEROID HISTORY"),
            plain.table(
                [
                    ["Steroid", "Start", "Stop", "Daily dose", "Response"],
                    ["prednisone", "01/12/2026", "03/09/2026", "60 mg", "inadequate"],
                    ["prednisone", "03/10/2026", "06/30/2026", "40 to 20 mg (taper)", "partial"],
                    ["prednisone", "07/01/2026", "ongoing", "15 mg", "-"],
                    ["", "", "", "", ""],
                ],
                [1.5, 1.2, 1.2, 1.7, 1.3],
                "grid",
            ),
            form.h("6 OTHER PRIOR THERAPY"),
            plain.table(
                [
                    ["Agent", "Start", "Stop", "Dose", "Outcome"],
                    [
                        "methotrexate",
                        "02/02/2026",
                        "08/24/2026",
                        "20 mg weekly",
                        "inadequate response",
                    ],
                    ["azathioprine", "08/31/2026", "09/10/2026", "50 mg daily", "not tolerated"],
                    ["mycophenolate", "", "", "", ""],
                    ["IVIG", "", "", "", ""],
                ],
                [1.5, 1.2, 1.2, 1.4, 1.6],
                "grid",
            ),
            form.h("7 SCREENING AND SAFETY"),
            Ticks(
                [
                    (True, "Hepatitis B results attached"),
                    (True, "TB result attached"),
                    (False, "Pregnant"),
                ],
                [2.4, 2.0, 1.4],
            ),
            Ticks(
                [
                    (True, "Boxed warnings incl. PML reviewed with patient"),
                    (False, "Live vaccine in last 4 weeks"),
                ],
                [3.4, 2.4],
            ),
            form.h("8 SHIP TO"),
            Ticks(
                [(True, "Prescriber office"), (False, "Patient home"), (False, "Infusion site")],
                [1.8, 1.8, 1.8],
            ),
            gap(10),
            plain.p("Prescriber signature: F. Broadbent DO &nbsp;&nbsp; Dispense as written: ____"),
        ],
        margin=0.7,
        foot="Copperline is an invented pharmacy. Form NR-7 (2026)",
        size=7,
    )
    note = Face("Times-Roman", "Times-Bold", 11, gap=6)
    second = doc(
        [
            note.p(
                "<b>F. Broadbent, DO</b> &nbsp; Office note 09/24/2026 &nbsp; Valderrama-Holt, Ines (01/22/1975)"
            ),
            note.p(
                "Polymyositis, followed since January. No new symptoms; she remains weak. In spite of "
                "more than six months of methotrexate on top of prednisone the weakness persists. She is down to "
                "15 mg of prednisone since July, tapering slowly from 60 mg. Azathioprine for ten days was "
                "not tolerated."
            ),
            note.p(
                "HAQ-DI 1.375. Holds the banister with both hands; cannot lift the kettle when full. Denies "
                "dysphagia. Denies dyspnea. No ILD on chest CT of 02/2026; echocardiogram of 02/2026 normal; "
                "no cardiac involvement."
            ),
            note.p(
                "Exam: 55 kg. Shoulder abductors 4/5, hip flexors 4-/5, hip extensors 3+/5, knee extensors "
                "4/5, grip 5/5. No rash."
            ),
            note.p(
                "MRI of pelvis and thighs 01/20/2026: symmetric muscle edema of gluteal and adductor "
                "groups, active myositis."
            ),
            note.p(
                "Also has vitiligo and seasonal allergic rhinitis. Loratadine 10 mg daily, "
                "folic acid stopped with methotrexate. No statin, no immunotherapy ever."
            ),
            note.p("Plan: rituximab-arrx. Repeat CK at the first infusion."),
        ],
        margin=1,
    )
    lab = Face("Helvetica", "Helvetica-Bold", 10, gap=4)
    third = doc(
        [
            lab.title("Lower Fells Hospital Outpatient Laboratory", 13),
            lab.p("Ines Valderrama-Holt &nbsp; DOB 01/22/1975 &nbsp; Ordering: Broadbent"),
            lab.p("Collection date: 01 Jul 2026 &nbsp; Report status: complete"),
            lab.table(
                [
                    ["Analyte", "Limits", "Measured", "Interpretation"],
                    ["Creatine kinase (U/L)", "26 to 140", "1,120", "high"],
                    ["AST (U/L)", "8 to 33", "61", "high"],
                    ["ALT (U/L)", "7 to 35", "58", "high"],
                    ["Creatinine (mg/dL)", "0.5 to 1.1", "0.6", "normal"],
                    ["Hemoglobin (g/dL)", "12.0 to 16.0", "12.7", "normal"],
                    ["Platelets (10*9/L)", "150 to 400", "266", "normal"],
                    ["Hepatitis B surface antigen", "", "negative", ""],
                    ["Hepatitis B core antibody", "", "negative", ""],
                    ["Hepatitis C antibody", "", "non-reactive", ""],
                    ["QuantiFERON-TB Gold Plus", "", "negative", ""],
                    ["IgG (mg/dL)", "650 to 1600", "1,390", "normal"],
                    ["IgA (mg/dL)", "70 to 380", "205", "normal"],
                    ["IgM (mg/dL)", "45 to 240", "118", "normal"],
                ],
                [2.6, 1.4, 1.4, 1.4],
                "columns",
                pad=3,
            ),
        ]
    )
    bind([first, second, third], folder / "q05_referral_form.pdf")
