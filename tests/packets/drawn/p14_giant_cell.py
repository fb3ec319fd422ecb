"""A grey scan of a request for another drug."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, doc, gap


def draw(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 11, gap=6)
    first = doc(
        [
            form.title("Valley Oak Insurance", 15),
            form.p("Prior authorization, office-administered drugs"),
            form.table(
                [
                    ["Patient:", "Augustin Pemberley", "DOB:", "01/09/1951"],
                    ["Drug:", "Actemra (tocilizumab) J3262", "Date:", "07/08/2026"],
                    ["Dose:", "6 mg/kg IV every 4 weeks", "Weight:", "82 kg"],
                    ["Diagnosis:", "Giant cell arteritis", "ICD-10:", "M31.6"],
                    ["Doctor:", "Perpetua Lund, MD", "Fax:", "555-1404"],
                ],
                [1, 2.8, 0.9, 1.8],
                "rows",
                head=False,
                pad=4,
            ),
            form.h("Clinical summary"),
            form.p(
                "75-year-old man with biopsy-proven giant cell arteritis (left temporal artery "
                "05/06/2026): headache, jaw claudication, amaurosis. Prednisone 60 mg daily from "
                "05/04/2026 for 4 weeks, now 30 mg daily. Relapse of headache at each step below 30 mg. "
                "Methotrexate not used because of alcohol intake. No polymyositis, no muscle weakness."
            ),
            form.p(
                "Other medicines: warfarin 4 mg daily, metoprolol succinate 50 mg daily, omeprazole 20 "
                "mg daily. Past history: atrial fibrillation, diverticulosis. Brother has polymyalgia "
                "rheumatica."
            ),
            form.table(
                [
                    ["Result", "06/29/2026", "05/04/2026", "Normal"],
                    ["ESR", "48 mm/h", "96 mm/h", "0-20"],
                    ["CRP", "31 mg/L", "112 mg/L", "0-5"],
                    ["Hemoglobin", "12.1 g/dL", "10.8 g/dL", "13.5-17.5"],
                    ["Platelets", "402 10*3/uL", "560 10*3/uL", "150-400"],
                    ["ALT", "24 U/L", "31 U/L", "0-41"],
                    ["QuantiFERON", "negative", "", ""],
                    ["HBsAg", "negative", "", ""],
                ],
                [1.6, 1.5, 1.5, 1.3],
                "grid",
                pad=3,
            ),
            gap(8),
            form.p("P. Lund, MD"),
        ]
    )
    (folder / "p14_giant_cell.pdf").write_bytes(
        scans.scan([first], dpi=130, skews=(-1.4,), specks=80, grey=True)
    )
