"""A fine fax whose results page is smeared."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, doc, gap


def draw(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 12, gap=8)
    first = doc(
        [
            form.title("Glasswort Public Employees - Drug Prior Approval", 15),
            form.p("Requested on: 10/05/2026"),
            form.p("Patient: Ephraim Castlemaine (02/22/1975)"),
            form.p("Number: GPE 611-203-9"),
            form.p("Clinician: Delphine Ruiz-Tanaka, MD, tel. 555-2021"),
            form.p("Drug: Truxima (Q5115), 1,000 mg IV, day 1 and day 15"),
            form.p("Diagnosis: polymyositis with myopathy (M33.22)"),
            form.p("Attachments: visit note, laboratory results (page 3)"),
        ],
        margin=1,
    )
    second = doc(
        [
            form.p("<b>Visit note, 09/30/2026</b> &nbsp; Ephraim Castlemaine &nbsp; 02/22/1975"),
            form.p(
                "Idiopathic polymyositis since June 2026; never had a checkpoint inhibitor. Prednisone 80 "
                "mg daily (78 kg) from 06/22/2026 for 8 weeks, then tapered by 10 mg each week without a "
                "flare; 30 mg daily now. Azathioprine 150 mg daily was begun 07/13/2026 and stopped "
                "07/25/2026 for acute pancreatitis. No other immunosuppressant so far. Weakness persists."
            ),
            form.p(
                "Cannot lift a pan or climb into his truck. No dysphagia. No dyspnea. CT chest and "
                "echocardiogram 07/2026 normal, no organ involvement."
            ),
            form.p(
                "Weight 78 kg. Deltoids 4-/5, hip flexors 3+/5, neck flexors 4/5. EMG is booked for "
                "October 20."
            ),
            form.p("Gout: febuxostat 40 mg daily. Allergy: shellfish."),
            form.p(
                "CK, hepatitis, tuberculosis and immunoglobulin results: see page 3. PML discussed."
            ),
            gap(8),
            form.p("D. Ruiz-Tanaka, MD"),
        ],
        margin=1,
    )
    lab = Face("Helvetica", "Helvetica-Bold", 11, gap=5)
    third = doc(
        [
            lab.title("COASTLINE CLINICAL LABS", 14),
            lab.p("Castlemaine, Ephraim 02/22/1975 09/28/2026"),
            lab.table(
                [
                    ["Creatine kinase", "1,604", "30-200"],
                    ["HBsAg", "negative", ""],
                    ["Anti-HBc", "negative", ""],
                    ["Anti-HCV", "negative", ""],
                    ["T-SPOT.TB", "negative", ""],
                    ["IgG", "1,002", "600-1600"],
                    ["IgA", "188", "70-400"],
                    ["IgM", "95", "40-230"],
                ],
                [2.2, 1.4, 1.4],
                "rows",
                head=False,
                pad=3,
            ),
        ],
        margin=1,
    )
    scans.fax(
        [first, second, third],
        folder / "p20_ruined_results.tif",
        skews=(0.5, -0.4, 1.2),
        specks=350,
        ruined=(3,),
    )
