"""A scan: form, letter-like note, sideways results of two dates."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, doc, gap


def draw(folder: Path) -> None:
    form = Face("Times-Roman", "Times-Bold", 11.5, gap=6)
    first = doc(
        [
            form.title("CALLOWAY BENEFIT TRUST", 16),
            form.p("Biologic drugs - clinical questionnaire (return by fax 555-0733)"),
            form.table(
                [
                    ["Name of patient", "Horatio Delacroix"],
                    ["Birth date", "06/06/1957"],
                    ["Certificate", "CBT-118-0462"],
                    ["Physician", "Mireille Oduya, MD"],
                    ["Drug", "Ruxience (Q5119)"],
                    ["Strength and route", "1,000 mg, intravenous"],
                    ["To be given", "Day 1 and day 15, repeat at 6 months"],
                    ["Illness", "Polymyositis"],
                    ["ICD-10", "M33.22"],
                    ["Date completed", "02/11/2026"],
                ],
                [2, 4.4],
                "rows",
                head=False,
                pad=4,
            ),
            gap(6),
            form.p(
                "a) Contraindication or intolerance to methotrexate, azathioprine or mycophenolate?"
                "&nbsp;&nbsp; ( ) Yes &nbsp; (X) No"
            ),
            form.p("b) Myositis due to a checkpoint inhibitor? &nbsp;&nbsp; ( ) Yes &nbsp; (X) No"),
            form.p(
                "c) Breathing, heart or swallowing affected? &nbsp;&nbsp; ( ) Yes &nbsp; (X) No"
            ),
            form.p("d) Tuberculosis screening done? &nbsp;&nbsp; (X) Yes &nbsp; ( ) No"),
            gap(14),
            form.p("M. Oduya MD &nbsp;&nbsp; 2/11/26"),
        ],
        margin=0.9,
    )
    note = Face("Helvetica", "Helvetica-Bold", 10.5, gap=5)
    second = doc(
        [
            note.p(
                "<b>Delacroix, Horatio</b> &nbsp; 06/06/1957 &nbsp; Office visit February 5, 2026"
            ),
            note.p(
                "Mr. Delacroix is a 68-year-old retired surveyor whom I follow for idiopathic "
                "polymyositis, recognised in May 2025. Because of his diabetes he was treated from "
                "the outset with a modest steroid dose: prednisone 20 mg daily from 06/02/2025, "
                "which is the most he has ever had, for twelve weeks. It was brought down through "
                "15 and 10 mg. On reaching 7.5 mg in December he flared, and he has been on 10 mg "
                "daily since 12/18/2025."
            ),
            note.p(
                "Methotrexate 15 mg by mouth each week was started 09/08/2025 and continues with "
                "folic acid 1 mg daily. Despite five months of methotrexate he has persistent "
                "weakness."
            ),
            note.p(
                "He cannot lift groceries from the cart and uses a raised toilet seat. He swallows "
                "well, is not short of breath and has no chest symptoms; CT chest and echocardiogram "
                "last autumn were both normal."
            ),
            note.p(
                "<b>Other problems:</b> type 2 diabetes (metformin 1,000 mg twice daily, "
                "empagliflozin 10 mg daily); glaucoma (latanoprost drops at night); knee "
                "osteoarthritis. <b>Allergies:</b> none known. <b>Family:</b> brother with multiple "
                "sclerosis, treated with ocrelizumab."
            ),
            note.p(
                "<b>On examination:</b> weight 80 kg, BP 138/76. Deltoids 4/5, biceps 4+/5, hip "
                "flexors 4-/5, quadriceps 4/5, ankle dorsiflexion 5/5. No rash."
            ),
            note.p(
                "<b>Studies:</b> EMG 05/28/2025, myopathic units with fibrillations in proximal "
                "muscles, active myositis. Chest X-ray 01/2026 clear, no sign of old tuberculosis."
            ),
            note.p(
                "<b>Plan:</b> rituximab-pvvr 1,000 mg twice, two weeks apart. I explained infections "
                "including PML. Prednisone stays at 10 mg."
            ),
            gap(10),
            note.p("<i>Mireille Oduya, MD</i>"),
        ],
        margin=1,
    )
    lab = Face("Courier", "Courier-Bold", 10, gap=5)
    third = doc(
        [
            lab.title("STONECROP LABS - FINAL", 14),
            lab.p("HORATIO DELACROIX  06/06/1957  M    COLLECTED 02/02/2026"),
            lab.table(
                [
                    ["ANALYTE", "02/02/2026", "11/03/2025", "LIMITS"],
                    ["CREATINE KINASE U/L", "475 H", "690 H", "40-198"],
                    ["ALDOLASE U/L", "8.4 H", "", "1.2-7.6"],
                    ["ALT U/L", "38", "41", "7-55"],
                    ["AST U/L", "36", "44", "8-48"],
                    ["CREATININE mg/dL", "0.98", "1.02", "0.74-1.35"],
                    ["GLUCOSE mg/dL", "142 H", "155 H", "70-99"],
                    ["HEMOGLOBIN g/dL", "14.1", "13.9", "13.2-16.6"],
                    ["PLATELETS 10*3/uL", "214", "", "135-317"],
                    ["HBsAg", "NEG", "", ""],
                    ["HEP B CORE AB", "NEG", "", ""],
                    ["HEP C AB", "NEG", "", ""],
                    ["IgG mg/dL", "1204", "", "767-1590"],
                    ["IgA mg/dL", "233", "", "61-356"],
                    ["IgM mg/dL", "109", "", "37-286"],
                ],
                [2.4, 1.3, 1.3, 1.3],
                "box",
                pad=3,
            ),
        ]
    )
    pages = scans.scan(
        [first, second, third], dpi=170, skews=(1.1, -0.8, 0.5), turns={3: 90}, specks=180
    )
    (folder / "p06_low_dose_scan.pdf").write_bytes(pages)
