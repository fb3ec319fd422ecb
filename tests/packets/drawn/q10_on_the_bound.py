"""A grey scan: answers to the plan's questions, a flow sheet of results with dates as columns."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, bind, doc, gap


def draw(folder: Path) -> None:
    text = Face("Times-Roman", "Times-Bold", 12, gap=5)
    first = doc(
        [
            text.title("Moorcroft &amp; Ibekwe, Rheumatologists", 16),
            text.p("Telephone 555-3001 &nbsp; Fax 555-3002 &nbsp;&nbsp; June 30, 2026"),
            text.p("To Greywether Trades Health Plan. Our answers to your questionnaire:"),
            text.p("<b>Who is the patient?</b> Saoirse Lindqvist-Adu, born June 19, 1983, 66 kg."),
            text.p(
                "<b>What do you request?</b> Truxima (rituximab-abbs, Q5115), 1,000 mg intravenously on "
                "day 1 and day 15."
            ),
            text.p("<b>For which diagnosis?</b> Polymyositis with myopathy, M33.22, idiopathic."),
            text.p(
                "<b>Which corticosteroid, how much, how long?</b> Prednisone 60 mg daily from 10/06/2025 to "
                "11/03/2025, four weeks. 40 mg followed, then 30, 20 and 15 mg."
            ),
            text.p(
                "<b>Can it be tapered?</b> On reducing prednisone to 10 mg daily in March 2026 she flared, "
                "with thigh weakness and a rise of CK. She now takes 15 mg daily."
            ),
            text.p(
                "<b>Which immunosuppressant, how long?</b> Methotrexate 15 mg weekly from 11/10/2025 to "
                "12/08/2025, no benefit. Azathioprine 100 mg daily was tried in January 2026 and she did not "
                "tolerate it."
            ),
            text.p(
                "<b>Has treatment failed?</b> Yes. Active disease in spite of prednisone and methotrexate."
            ),
            text.p("<b>Checkpoint inhibitor?</b> Never."),
            gap(10),
            text.p("Oluchi Ibekwe, MD"),
        ],
        margin=1,
    )
    second = doc(
        [
            text.p(
                "<b>Clinic visit June 25, 2026</b> &nbsp; Lindqvist-Adu, Saoirse &nbsp; 06/19/1983"
            ),
            text.p(
                "She stands up from a low sofa only on the second try. HAQ-DI 0.625. No trouble swallowing, "
                "no shortness of breath. Type 2 diabetes on metformin 850 mg twice daily; asthma, "
                "albuterol inhaler as needed. Prednisone 15 mg daily. Father has Crohn disease."
            ),
            text.p(
                "Strength: deltoids 4+/5, hip flexors 4+/5, quadriceps 5/5, neck flexors 5/5, hands 5/5. No "
                "rash. Chest clear. Weight 66 kg."
            ),
            text.p(
                "EMG of 09/30/2025 was normal. MRI of the thighs on 10/02/2025: edema of the hamstrings and "
                "vastus medialis on STIR, active myositis."
            ),
            text.p(
                "Lung function 02/2026 normal; no interstitial lung disease. Echocardiogram 02/2026 normal, "
                "no cardiac involvement. Hepatitis B surface antigen and core antibody negative 04/01/2026; "
                "hepatitis C antibody negative 04/01/2026."
            ),
            text.p(
                "Risks discussed: infection, hepatitis B reactivation, PML. Truxima requested. O.I."
            ),
        ],
        margin=1,
    )
    lab = Face("Helvetica", "Helvetica-Bold", 11, gap=6)
    third = doc(
        [
            lab.title("Tollgate Community Hospital", 15),
            lab.p("Laboratory flow sheet &nbsp; LINDQVIST-ADU, SAOIRSE &nbsp; 06/19/1983"),
            lab.table(
                [
                    ["", "10/01/2025", "12/08/2025", "04/01/2026", "Reference"],
                    ["CK", "2,210 H", "410 H", "603 H", "30-201 U/L"],
                    ["AST", "90 H", "41 H", "44 H", "8-40 U/L"],
                    ["ALT", "84 H", "39", "43 H", "7-40 U/L"],
                    ["Creatinine", "0.8", "0.8", "0.7", "0.5-1.1 mg/dL"],
                    ["Hemoglobin", "13.1", "12.8", "12.5", "12.0-15.5 g/dL"],
                    ["IgG", "", "", "700", "700-1600 mg/dL"],
                    ["IgA", "", "", "70", "70-400 mg/dL"],
                    ["IgM", "", "", "41", "40-230 mg/dL"],
                    ["T-SPOT.TB", "", "", "Negative", "Negative"],
                ],
                [1.3, 1.25, 1.25, 1.25, 1.6],
                "grid",
                pad=4,
            ),
        ]
    )
    bind(
        [scans.scan([first, second, third], 170, (0.5, -0.4, 0.7), 120, grey=True)],
        folder / "q10_on_the_bound.pdf",
    )
