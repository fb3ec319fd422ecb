"""A bare form and a typewriter note."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, typed


def draw(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 10, ink="#5B1010", gap=6)
    first = doc(
        [
            form.title("Drug request - Pennywhistle State Employees", 15),
            form.p("Today's date <b>04/02/2026</b>"),
            form.p(
                "Patient <b>Gwendolyn Sarkissian</b> &nbsp; DOB <b>07/11/1949</b> &nbsp; ID <b>PSE "
                "640-22</b>"
            ),
            form.p(
                "Prescriber <b>Cornelius Abara, MD (family medicine)</b> &nbsp; Phone <b>555-0911</b>"
            ),
            form.p(
                "Drug <b>Rituxan J9312</b> &nbsp; Dose <b>1,000 mg IV</b> &nbsp; Schedule <b>days 1 and "
                "15</b>"
            ),
            form.p("Diagnosis <b>suspected polymyositis</b>"),
            form.p("Drugs already tried <b>prednisone</b>"),
        ],
        margin=1,
    )
    second = doc(
        [
            typed(
                """
RIVERMOUTH FAMILY PRACTICE
SARKISSIAN, GWENDOLYN   F  76Y   DOB 07/11/1949      DOS 03/31/2026

S   6 wks of tired, heavy thighs. Trouble with stairs, needs rail. No rash.
    Statin stopped 3 wks ago, no better yet.
PMH hyperlipidemia, CKD 3a, osteoporosis
MED prednisone 40 mg daily since 3/27; amlodipine 10 mg daily;
    denosumab 60 mg SC q6 months; rosuvastatin - STOPPED 3/10
FH  mother - thyroid disease
ALL ibuprofen (renal)
O   BP 142/70  wt 77 kg  no distress
    proximal legs weak, arms weak, reflexes ok
L   CK 1480 on 3/26, AST 88. TSH normal.
A   Suspect polymyositis. r/o statin myopathy, r/o inclusion body
    myositis.
P   - EMG ordered, date pending
    - muscle bx to be considered
    - hep B / hep C / QuantiFERON / immunoglobulins ordered today
    - rheum referral, earliest June
    - methotrexate will be considered by rheum
    - ask plan for Rituxan in the meantime
    - return 4 wks, sooner if choking or short of breath
C. ABARA MD
""",
                11,
            )
        ],
        margin=0.9,
    )
    bind([first, second], folder / "p09_suspected.pdf")
