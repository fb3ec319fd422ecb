"""Wrong context: the form says polymyositis, the note says that a cancer drug caused it."""

from __future__ import annotations

from pathlib import Path

from paper import Paper


def draw(target: Path) -> None:
    """Draw the packet."""
    paper = Paper(target, left=58)
    _form(paper)
    paper.turn()
    _note(paper)
    paper.turn()
    _laboratory(paper)
    paper.save()


def _form(p: Paper) -> None:
    p.title("Orrery Health Alliance - drug authorization", 14)
    p.cells(
        (
            ("Patient", "Leopold Crane", 0.5),
            ("Birth date", "07/14/1957", 0.25),
            ("Member", "OHA-20-1187", 0.25),
        )
    )
    p.cells(
        (
            ("Ordering physician", "Sabine Orchard, MD", 0.5),
            ("Phone", "555-0151", 0.25),
            ("Fax", "555-0152", 0.25),
        )
    )
    p.cells(
        (
            ("Drug", "Truxima (rituximab-abbs)", 0.5),
            ("HCPCS", "Q5115", 0.25),
            ("Date of request", "09/28/2026", 0.25),
        )
    )
    p.cells((("Dose", "1,000 mg IV", 0.5), ("Schedule", "day 1 and day 15", 0.5)))
    p.cells((("ICD-10", "M33.22", 0.25), ("Diagnosis", "Polymyositis with myopathy", 0.75)))
    p.ticks("Urgency:", (("Routine", True), ("Urgent", False)))
    p.gap(10)
    p.lines("Signed S. Orchard, MD    09/28/2026")


def _note(p: Paper) -> None:
    p.title("Oncology and rheumatology joint clinic", 13)
    p.lines("Patient: Leopold Crane    DOB: 07/14/1957    Date: 09/22/2026")
    p.heading("History")
    p.prose(
        "69-year-old man with metastatic melanoma (C43.9), treated with pembrolizumab 200 mg IV "
        "every 3 weeks from 05/04/2026 to 07/06/2026. In late July he developed proximal weakness"
        " with a high CK. Pembrolizumab was stopped for good. The polymyositis is attributed to "
        "pembrolizumab (immune-related adverse event, myositis CTCAE grade 3)."
    )
    p.prose(
        "Prednisone 80 mg daily was started on 07/27/2026 and continued at that dose for 6 weeks;"
        " now prednisone 40 mg daily, tapering. The response has been inadequate: weakness "
        "persists. No methotrexate, azathioprine or mycophenolate has been taken."
    )
    p.prose(
        "He needs help to bathe and to get out of bed. No dysphagia. No dyspnea. No chest pain."
    )
    p.heading("Medications")
    p.lines(
        "prednisone 40 mg daily",
        "pantoprazole 40 mg daily",
        "metoprolol succinate 50 mg daily",
        indent=12,
    )
    p.heading("Examination")
    p.prose(
        "Weight 79 kg. Strength (MRC): deltoids 3/5, hip flexors 3-/5, neck flexors 4-/5, hand "
        "grip 5/5. Lungs clear. No rash."
    )
    p.heading("Studies")
    p.prose(
        "MRI thighs 08/03/2026: diffuse muscle edema, consistent with active myositis. Troponin "
        "normal, echocardiogram normal: no myocarditis. CT chest 08/2026: no interstitial lung "
        "disease."
    )
    p.heading("Plan")
    p.prose(
        "Truxima 1,000 mg IV day 1 and day 15. IVIG was considered and not given. Hypertension: "
        "continue metoprolol."
    )
    p.lines("Sabine Orchard, MD")


def _laboratory(p: Paper) -> None:
    p.title("Orrery Hospital Laboratory", 13)
    p.lines("Patient: Leopold Crane    DOB: 07/14/1957    Collected 09/21/2026")
    p.table(
        (190, 90, 110, 70),
        (
            ("Analyte", "Result", "Reference range", "Units"),
            ("CK", "3480 H", "46 - 171", "U/L"),
            ("AST", "132 H", "0 - 50", "U/L"),
            ("ALT", "118 H", "0 - 50", "U/L"),
            ("Hepatitis B surface antigen", "Non-reactive", "Non-reactive", ""),
            ("Hepatitis B core antibody", "Non-reactive", "Non-reactive", ""),
            ("Hepatitis C antibody", "Non-reactive", "Non-reactive", ""),
            ("QuantiFERON-TB Gold Plus", "Negative", "Negative", ""),
            ("IgG", "870", "700 - 1600", "mg/dL"),
            ("IgA", "140", "70 - 400", "mg/dL"),
            ("IgM", "61", "40 - 230", "mg/dL"),
        ),
    )
