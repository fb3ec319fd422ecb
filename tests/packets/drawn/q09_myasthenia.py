"""Another drug for another disease: an exception form with numbered boxes, a note, results."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap

from drawn.ruled import Ticks


def draw(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 9.5, ink="#2B5D34", gap=4)
    first = doc(
        [
            form.title("Palisade Federal Employees Plan", 15),
            form.p("Medical drug exception, form PF-88. Write in block letters."),
            form.table(
                [
                    [
                        "1. Name<br/>TOMASINA ELDERKIN",
                        "2. Birth date<br/>05/29/1990",
                        "3. Plan number<br/>R 6021 8844",
                    ],
                    [
                        "4. Doctor<br/>AUGUSTIN KOVALENKO, MD",
                        "5. Specialty<br/>NEUROLOGY",
                        "6. Date<br/>02/17/2026",
                    ],
                    [
                        "7. Drug<br/>VYVGART (EFGARTIGIMOD ALFA-FCAB)",
                        "8. Code<br/>J9332",
                        "9. Weight<br/>68 KG",
                    ],
                    [
                        "10. Dose and schedule<br/>10 MG/KG IV WEEKLY X 4, CYCLE OF 8 WEEKS",
                        "11. Diagnosis<br/>MYASTHENIA GRAVIS",
                        "12. ICD-10<br/>G70.01",
                    ],
                ],
                [3.0, 2.0, 1.8],
                "grid",
                head=False,
                pad=4,
            ),
            form.p("13. AChR antibody"),
            Ticks([(True, "positive"), (False, "negative"), (False, "not done")], [1.2, 1.2, 1.2]),
            form.p("14. Has the patient had rituximab or eculizumab?"),
            Ticks([(False, "Yes"), (True, "No")], [1.2, 1.2]),
            form.p("15. MG-ADL score at the last visit: 9"),
            gap(12),
            form.p("16. Signature: A. KOVALENKO"),
        ],
    )
    note = Face("Times-Roman", "Times-Bold", 11, gap=5)
    second = doc(
        [
            note.p(
                "<b>KOVALENKO NEUROLOGY</b> &nbsp; Elderkin, Tomasina &nbsp; 05/29/1990 &nbsp; 02/12/2026"
            ),
            note.p(
                "<b>S:</b> 35-year-old with generalized myasthenia gravis since 2023, thymectomy 03/2024. "
                "Drooping lids by noon, chews with pauses, tires climbing one flight. Two hospital stays in "
                "2025. Pyridostigmine 60 mg four times daily. Prednisone 25 mg daily, not able to go lower. "
                "Azathioprine 150 mg daily 06/2023 to 01/2025 without benefit. Mycophenolate 1,000 mg twice daily "
                "since 02/2025, still exacerbating. IVIG 2 g/kg in 07/2025 helped for five weeks. Plasma exchange "
                "in 11/2025, five sessions. Norgestimate-ethinyl estradiol daily. Calcium carbonate 500 mg twice daily."
            ),
            note.p(
                "<b>O:</b> 68 kg. Bilateral ptosis after 20 s of upgaze. Deltoids 4/5, hip flexors 4/5, neck "
                "flexors 4-/5. No atrophy. FVC 78%. MG-ADL 9, QMG 17."
            ),
            note.p(
                "<b>A:</b> Generalized MG, AChR positive, refractory. Depression, stable on sertraline 50 mg daily. "
                "Polymyositis was considered in 2023 and excluded (CK normal, EMG with decrement only)."
            ),
            note.p(
                "<b>P:</b> Efgartigimod 10 mg/kg weekly x 4. Avoid aminoglycosides and quinolones. Flu shot done 10/2025."
            ),
        ],
        margin=1,
    )
    lab = Face("Helvetica", "Helvetica-Bold", 10, gap=4)
    third = doc(
        [
            lab.title("Corbel &amp; Sons Laboratory", 14),
            lab.p("T. ELDERKIN &nbsp; 05/29/1990 &nbsp; taken 02/10/2026"),
            lab.table(
                [
                    ["AChR binding antibody", "12.4 nmol/L", "below 0.40"],
                    ["CK", "88 U/L", "26 to 192"],
                    ["IgG", "1,240 mg/dL", "700 to 1600"],
                    ["Hepatitis B surface antigen", "Negative", ""],
                    ["Hepatitis B core antibody", "Negative", ""],
                    ["TSH", "1.9 mIU/L", "0.4 to 4.0"],
                    ["WBC", "6.0 K/uL", "4.0 to 11.0"],
                    ["Hemoglobin", "12.9 g/dL", "12.0 to 15.5"],
                ],
                [2.8, 1.8, 1.6],
                "rows",
                head=False,
                pad=4,
            ),
        ]
    )
    bind([first, second, third], folder / "q09_myasthenia.pdf")
