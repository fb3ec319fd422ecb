"""A one-bit scan: a union fund's form by hand, a dictated note, a telephone slip, serology."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, bind, doc, gap

from drawn.blanks import Blank
from drawn.ruled import Ticks

HAND = "Times-BoldItalic"


def draw(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 10, gap=4)
    grid = Face(HAND, "Helvetica-Bold", 12.5, gap=4)
    first = doc(
        [
            form.title("IRONWOOD TEAMSTERS HEALTH FUND", 15),
            form.p("REQUEST FOR INJECTABLE / INFUSED DRUG &nbsp;&nbsp; Fax 555-4477"),
            form.h("A. PARTICIPANT"),
            Blank([("Name", "Benedict Achterberg", 4.3), ("Birth date", "9/14/62", 2.5)]),
            Blank([("Fund ID", "ITF-508-7714", 3.0), ("Wt", "91 kg", 1.6), ("Sex", "M", 1.2)]),
            form.h("B. DRUG"),
            Blank([("Name", "Truxima", 3.2), ("J/Q code", "Q5115", 1.8), ("Qty", "200", 1.4)]),
            Blank([("Dose and frequency", "1000 mg IV day 1 and day 15", 6.6)]),
            form.h("C. DIAGNOSIS"),
            Blank([("Text", "Polymyositis", 4.3), ("ICD-10", "M33.20", 2.5)]),
            form.h("D. PREVIOUS TREATMENT"),
            grid.table(
                [
                    ["Drug", "Dose", "Start", "Stop", "Outcome"],
                    ["prednisone", "80 mg daily", "11/3/25", "12/15/25", "tapered, relapsed"],
                    ["azathioprine", "150 mg daily", "1/5/26", "5/25/26", "inadequate"],
                    ["", "", "", "", ""],
                ],
                [1.5, 1.5, 1.0, 1.0, 1.8],
                "grid",
                pad=5,
            ),
            form.h("E. CHECK ALL THAT APPLY"),
            Ticks([(True, "Muscle enzymes attached"), (True, "EMG or MRI attached")], [3, 3]),
            Ticks([(True, "Hepatitis B / C results"), (True, "TB test result")], [3, 3]),
            Ticks([(False, "Swallowing or breathing affected"), (False, "Hospitalized")], [3, 3]),
            Ticks([(False, "Drug intolerance (describe)"), (False, "Pregnant")], [3, 3]),
            gap(14),
            Blank([("Physician", "S. Amundsen-Price MD", 4.3), ("Date", "7/27/26", 2.5)]),
        ],
        foot="ITHF-22 (rev 1/25)",
    )
    note = Face("Times-Roman", "Times-Bold", 12, gap=6)
    second = doc(
        [
            note.title("SOLVEIG AMUNDSEN-PRICE, M.D. &nbsp; RHEUMATOLOGY", 14),
            note.p("Achterberg, Benedict &nbsp; DOB 9/14/1962 &nbsp; Seen 7/21/2026"),
            note.p(
                "Mr. Achterberg comes back for polymyositis, found in October 2025. EMG of 10/14/2025 "
                "showed fibrillations, positive sharp waves and small short units in proximal muscles "
                "(report attached). Prednisone 80 mg daily was given from 11/3/2025 to 12/15/2025, then "
                "60-40-30-20 by 2/16/2026."
            ),
            note.p(
                "I have twice tried to get him below 20 mg. On 15 mg in March he flared (CK 1,102 on "
                "3/16/2026) and on 15 mg again in June (CK 1,340 on 6/15/2026, two falls). Since "
                "6/22/2026 he takes 25 mg daily."
            ),
            note.p(
                "Azathioprine 150 mg daily was started 1/5/2026. He took it for three weeks, to "
                "1/26/2026, when the mail-order supply lapsed, and it was not restarted. He had no side "
                "effects from it. No other steroid-sparing drug so far."
            ),
            note.p(
                "He walks with a cane, cannot get up off the floor, cannot raise stock to a shelf and is "
                "on light duty at the depot. His son ties his boots. No choking, no shortness of breath, "
                "no chest pain, no rash."
            ),
            note.p(
                "<b>Medicines:</b> prednisone 5 mg, five tablets (25 mg) each morning; "
                "lisinopril-hydrochlorothiazide 20-12.5 mg, one daily; metformin ER 500 mg, two tablets "
                "(1,000 mg) with supper; glipizide 5 mg before breakfast; aspirin 81 mg daily. "
                "<b>Allergy:</b> codeine (vomiting). <b>Family:</b> sister, thyroid disease."
            ),
            note.p(
                "<b>Exam:</b> 91 kg, 142/86. Deltoids 4/5, triceps 4/5, hip flexors 3+/5, hip extensors "
                "4-/5, neck flexors 4/5, hands 5/5. Skin and lungs clear."
            ),
            note.p(
                "<b>Tests:</b> CT chest 11/2025 without interstitial lung disease. FVC 91 percent of "
                "predicted 11/2025. Echocardiogram 11/2025 normal."
            ),
            note.p(
                "<b>Impression:</b> 1. Polymyositis (M33.20), still weak despite prednisone and unable "
                "to go under 20 mg. Heart, lungs and swallowing are not involved. No cancer; never had "
                "immunotherapy. 2. Type 2 diabetes (E11.9), worse on steroid. 3. Hypertension (I10)."
            ),
            note.p(
                "<b>Plan:</b> Truxima. Azathioprine again once that is arranged, or mycophenolate. "
                "Infection and infusion reactions discussed."
            ),
            note.p("S. Amundsen-Price, M.D."),
        ],
        margin=0.9,
    )
    slip = Face("Courier", "Courier-Bold", 11.5, gap=8)
    third = doc(
        [
            slip.title("TELEPHONE ENCOUNTER", 15),
            *slip.lines(
                "PT: B. ACHTERBERG   DOB: 9/14/62",
                "DATE: 7/24/26  TIME: 3:25 PM  TAKEN BY: Fern",
                "CALLER: patient   PHONE: 555-4462",
                "MSG: Wants to know if Truxima is approved. Should he take the leftover azathioprine "
                "in the meantime? No fever, no cough. Needs prednisone refill.",
                "RESPONSE (Dr. A-P): Not sent to fund yet, going Monday. Do not restart azathioprine "
                "on his own. Refill prednisone 5 mg, 5 tabs qd, #150, 0 RF.",
                "DONE: 7/24/26 4:40 PM  Fern",
            ),
            gap(30),
            slip.title("TELEPHONE ENCOUNTER", 15),
            *slip.lines(
                "PT: B. ACHTERBERG   DOB: 9/14/62",
                "DATE: 7/27/26  TIME: 9:05 AM  TAKEN BY: Fern",
                "CALLER: Ironwood Fund, Marcus",
                "MSG: Form only came through, please resend with notes and labs.",
                "DONE: resent 7/27/26 9:30 AM  Fern",
            ),
        ],
        margin=0.9,
    )
    lab = Face("Helvetica", "Helvetica-Bold", 10, gap=4)
    fourth = doc(
        [
            lab.title("CASTLEROCK CLINICAL LABS", 16),
            lab.p("Patient ACHTERBERG, BENEDICT &nbsp; DOB 09/14/1962 &nbsp; Sex M"),
            lab.p("Drawn 07/20/2026 08:02 &nbsp; Reported 07/23/2026 &nbsp; For AMUNDSEN-PRICE S"),
            lab.h("GENERAL CHEMISTRY AND HEMATOLOGY"),
            lab.table(
                [
                    ["Flag", "Test", "Value", "Units", "Reference"],
                    ["H", "CK, TOTAL", "988", "U/L", "55-170"],
                    ["H", "AST", "47", "U/L", "10-40"],
                    ["", "ALT", "44", "U/L", "9-46"],
                    ["H", "LDH", "301", "U/L", "120-246"],
                    ["", "CREATININE", "1.04", "mg/dL", "0.70-1.30"],
                    ["H", "GLUCOSE", "164", "mg/dL", "65-99"],
                    ["H", "HEMOGLOBIN A1C", "7.6", "%", "4.0-5.6"],
                    ["", "WBC", "8.8", "K/uL", "3.8-10.8"],
                    ["", "HEMOGLOBIN", "14.9", "g/dL", "13.2-17.1"],
                    ["", "PLATELET COUNT", "233", "K/uL", "140-400"],
                    ["", "IGG", "1105", "mg/dL", "600-1640"],
                    ["", "IGA", "240", "mg/dL", "47-310"],
                    ["", "IGM", "61", "mg/dL", "50-300"],
                ],
                [0.6, 2.2, 1.0, 1.0, 1.4],
                "under",
                pad=2,
            ),
            lab.h("INFECTIOUS DISEASE SEROLOGY"),
            lab.table(
                [
                    ["Assay", "Index (S/CO)", "Cutoff", "Interpretation"],
                    ["Hepatitis B surface antigen", "0.18", "&lt;1.00", "NONREACTIVE"],
                    ["Hepatitis B core antibody, total", "0.09", "&lt;1.00", "NONREACTIVE"],
                    ["Hepatitis C antibody", "0.04", "&lt;1.00", "NONREACTIVE"],
                ],
                [2.6, 1.2, 1.0, 1.6],
                "grid",
                pad=2,
            ),
            lab.h("QUANTIFERON-TB GOLD PLUS"),
            lab.table(
                [
                    ["Nil 0.03 IU/mL", "TB1-Nil 0.01", "TB2-Nil 0.00", "Mitogen-Nil &gt;10.00"],
                    ["RESULT:", "NEGATIVE", "", ""],
                ],
                [1.6, 1.6, 1.6, 1.6],
                "box",
                head=False,
                pad=3,
            ),
            lab.p("A negative result does not exclude tuberculosis infection.", size=8),
        ]
    )
    emg = Face("Times-Roman", "Times-Bold", 12, gap=6)
    fifth = doc(
        [
            emg.title("EMG REPORT", 15),
            emg.p(
                "Benedict Achterberg, 9/14/1962. Performed 10/14/2025 by N. Delacroix-Abbott, MD."
            ),
            emg.p(
                "Nerve conduction studies of the right arm and leg are normal. Needle study: "
                "fibrillation potentials and positive sharp waves (2+) in right deltoid, iliacus and "
                "vastus medialis; motor units of short duration and low amplitude with early "
                "recruitment. Distal muscles normal."
            ),
            emg.p(
                "Conclusion: myopathy with muscle membrane irritability, consistent with myositis."
            ),
        ],
        margin=1,
    )
    bind(
        [
            scans.scan(
                [first, second, third, fourth, fifth],
                dpi=200,
                skews=(0.6, -0.8, 0.3, 0.9, -0.4),
                specks=200,
            )
        ],
        folder / "s05_supply_lapse.pdf",
    )
