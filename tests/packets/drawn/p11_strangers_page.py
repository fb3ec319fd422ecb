"""A folder: form, note, laboratory file with another patient's page."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap


def draw(folder: Path) -> None:
    here = folder / "p11_strangers_page"
    form = Face("Helvetica", "Helvetica-Bold", 10, ink="#6A4A00", gap=5)
    bind(
        [
            doc(
                [
                    form.title("Ironbark Health Alliance"),
                    form.p("Medical drug review. Phone 555-1100."),
                    form.table(
                        [
                            ["Request date: 05/20/2026", "Type: first request"],
                            ["Patient: Marguerite Dalloway-Finch", "Date of birth: 03/03/1965"],
                            ["ID: IHA 20-7781", "Physician: Benedikt Osei, MD"],
                            ["Product: Riabni (rituximab-arrx) Q5123", "Dose: 1,000 mg IV"],
                            [
                                "Schedule: day 1 and day 15",
                                "Diagnosis: M33.22 polymyositis with myopathy",
                            ],
                        ],
                        [3.4, 3.4],
                        "box",
                        head=False,
                        pad=5,
                    ),
                ]
            )
        ],
        here / "01 form.pdf",
    )
    note = Face("Times-Roman", "Times-Bold", 11, gap=5)
    bind(
        [
            doc(
                [
                    note.title("Osei Rheumatology", 14),
                    note.p("DALLOWAY-FINCH, Marguerite. DOB 03/03/1965. Visit 05/13/2026."),
                    note.p(
                        "<u>Current status.</u> Polymyositis since early 2025. She has become dependent on "
                        "prednisone. It was started at 64 mg daily (1 mg/kg, weight 64 kg) on 02/10/2025 and "
                        "kept there for six weeks. Three attempts to go lower ended in relapse at 12.5 mg "
                        "(09/2025), 15 mg (12/2025) and 12.5 mg (03/2026). Dose now 20 mg daily."
                    ),
                    note.p(
                        "<u>Immunosuppressant.</u> Azathioprine 125 mg daily from 03/2025 to 10/2025 without "
                        "sufficient effect. Methotrexate 20 mg weekly since 11/03/2025, tolerated, with the two "
                        "last relapses on it."
                    ),
                    note.p(
                        "<u>Function.</u> HAQ-DI 1.5. Needs help with stockings and bathing; cannot lift the "
                        "watering can."
                    ),
                    note.p(
                        "<u>Systems.</u> No trouble swallowing. No dyspnea. No palpitations. Chest CT and "
                        "echocardiogram in 02/2026 showed no lung or heart involvement."
                    ),
                    note.p(
                        "<u>Exam.</u> Neck flexors 4/5. Deltoids 4-/5. Iliopsoas 3+/5. Quadriceps 4-/5. Ankles "
                        "5/5. No rash."
                    ),
                    note.p(
                        "<u>EMG</u> 02/04/2025: fibrillations, short polyphasic units; active inflammatory "
                        "myopathy."
                    ),
                    note.p(
                        "<u>Other.</u> Osteoporosis, zoledronic acid 5 mg IV yearly. Hypothyroidism, "
                        "levothyroxine 50 mcg daily. Allergic to cephalexin (rash). Aunt with polymyositis. No "
                        "cancer, no immunotherapy."
                    ),
                    note.p(
                        "<u>Plan.</u> Riabni. PML and infection reviewed. Screening bloods sent, please see "
                        "the laboratory file."
                    ),
                    gap(6),
                    note.p("Benedikt Osei, MD"),
                ],
                margin=1,
            )
        ],
        here / "02 note.pdf",
    )
    lab = Face("Helvetica", "Helvetica-Bold", 10, gap=4)
    own = doc(
        [
            lab.title("Greyfriars Laboratory Services", 14),
            lab.p(
                "<b>Patient</b> Dalloway-Finch, Marguerite &nbsp; <b>DOB</b> 03/03/1965 &nbsp; "
                "<b>Collected</b> 05/11/2026"
            ),
            lab.table(
                [
                    ["Test", "Result", "Range", ""],
                    ["Creatine kinase", "990 U/L", "26-192", "High"],
                    ["Aldolase", "11.0 U/L", "1.2-7.6", "High"],
                    ["Hemoglobin", "12.9 g/dL", "11.7-15.5", ""],
                    ["Platelets", "241 10*3/uL", "140-400", ""],
                    ["IgG", "1,101 mg/dL", "600-1640", ""],
                    ["IgA", "190 mg/dL", "70-400", ""],
                    ["IgM", "77 mg/dL", "40-230", ""],
                ],
                [2.3, 1.6, 1.4, 0.8],
                "grid",
                pad=3,
            ),
        ]
    )
    other = doc(
        [
            lab.title("Greyfriars Laboratory Services", 14),
            lab.p(
                "<b>Patient</b> Dallow, Margaret &nbsp; <b>DOB</b> 11/19/1971 &nbsp; <b>Collected</b> "
                "05/11/2026"
            ),
            lab.table(
                [
                    ["Test", "Result", "Range", ""],
                    ["Creatine kinase", "88 U/L", "26-192", ""],
                    ["Hepatitis B surface antigen", "Negative", "Negative", ""],
                    ["Hepatitis B core antibody", "Negative", "Negative", ""],
                    ["Hepatitis C antibody", "Negative", "Negative", ""],
                    ["QuantiFERON-TB Gold", "Negative", "Negative", ""],
                    ["Hemoglobin A1c", "8.1 %", "4.0-5.6", "High"],
                ],
                [2.3, 1.6, 1.4, 0.8],
                "grid",
                pad=3,
            ),
        ]
    )
    bind([own, other], here / "03 laboratory.pdf")
