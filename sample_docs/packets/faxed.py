"""A scanned fax whose fourth page went through upside down; the creatine kinase is too old."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from fax import write_fax
from paper import Paper


def draw(target: Path) -> None:
    """Draw the packet."""
    sheets = BytesIO()
    paper = Paper(sheets, left=60)
    _cover(paper)
    paper.turn()
    _form(paper)
    paper.turn()
    _note(paper)
    paper.turn()
    _imaging(paper)
    paper.turn()
    _laboratory(paper)
    paper.save()
    write_fax(sheets.getvalue(), target, upside_down=(3,), skews=(0.2, 0.5, -0.4, 0.3, -0.6))


def _cover(p: Paper) -> None:
    p.title("FAX", 30)
    p.gap(10)
    p.table(
        (70, 300),
        (
            ("To", "Brambledown Insurance Company, 555-0100"),
            ("From", "Millstream Rheumatology, 555-0102"),
            ("Date", "10/05/2026"),
            ("Pages", "5 with this cover"),
            ("About", "Hester Loxley, request for Truxima"),
        ),
        size=12,
    )
    p.prose(
        "This fax holds confidential health information. If it reached you by mistake, call "
        "555-0101 and destroy it.",
        size=10,
    )


def _form(p: Paper) -> None:
    p.title("BRAMBLEDOWN INSURANCE COMPANY", 16)
    p.lines("Prior authorization for an infused drug", "Fax to 555-0100", size=12)
    p.gap(10)
    p.blanks(("Patient name:", "Hester Loxley", 160), ("DOB:", "03/02/1965", 90), size=12)
    p.blanks(("Member ID:", "BIC 33817", 120), ("Weight:", "66 kg", 60), size=12)
    p.blanks(("Prescriber:", "Jonas Mellor, MD", 150), ("Phone:", "555-0101", 90), size=12)
    p.blanks(("Drug:", "Truxima (rituximab-abbs)", 190), ("HCPCS:", "Q5115", 70), size=12)
    p.blanks(("Dose:", "1,000 mg IV", 120), ("Schedule:", "day 1 and day 15", 140), size=12)
    p.blanks(("ICD-10:", "M33.22", 80), ("Diagnosis:", "Polymyositis", 160), size=12)
    p.gap(20)
    p.lines("Signature: J. Mellor MD        Date: 10/05/2026", size=12)


def _note(p: Paper) -> None:
    p.title("Millstream Rheumatology", 15)
    p.lines("Patient: Hester Loxley     DOB: 03/02/1965", "Visit date: 09/30/2026", size=12)
    p.heading("History", 12)
    p.prose(
        "Polymyositis since November 2025. Prednisone 70 mg daily for 6 weeks from 12/01/2025, "
        "then tapered; now prednisone 15 mg daily. Methotrexate 20 mg by mouth once weekly from "
        "01/05/2026 to 08/30/2026, stopped because it failed. Persistent weakness in spite of "
        "both drugs.",
        size=12,
    )
    p.prose(
        "She cannot climb stairs or lift a kettle. No dysphagia. No dyspnea. No checkpoint "
        "inhibitor was ever given.",
        size=12,
    )
    p.heading("Medications", 12)
    p.lines(
        "prednisone 15 mg daily",
        "folic acid 1 mg daily",
        "amlodipine 5 mg daily",
        size=12,
        indent=12,
    )
    p.heading("Examination", 12)
    p.prose(
        "Weight 66 kg. Strength: deltoids 4/5, hip flexors 3/5, neck flexors 4/5. Lungs clear. No"
        " rash.",
        size=12,
    )
    p.heading("Assessment and plan", 12)
    p.prose(
        "Polymyositis (M33.22), refractory. No lung, heart or swallowing involvement. Truxima "
        "1,000 mg IV on day 1 and day 15. Infection risk and PML discussed. Hypertension, "
        "controlled.",
        size=12,
    )
    p.lines("Jonas Mellor, MD", size=12)


def _imaging(p: Paper) -> None:
    p.title("MRI REPORT", 15)
    p.lines(
        "Patient: Hester Loxley     DOB: 03/02/1965",
        "MRI of the thighs     Date: 12/10/2025",
        size=12,
    )
    p.heading("Findings", 12)
    p.prose("Symmetric muscle edema of both thighs on STIR images. No fatty replacement.", size=12)
    p.heading("Impression", 12)
    p.prose("Findings consistent with active myositis.", size=12)
    p.lines("Read by Tamar Eddowes, MD", size=12)


def _laboratory(p: Paper) -> None:
    p.title("WATERMEAD LABORATORY", 15)
    p.lines("Patient: Hester Loxley     DOB: 03/02/1965", "Collected: 05/11/2026", size=12)
    p.gap(10)
    p.table(
        (190, 105, 105, 80),
        (
            ("Test", "Result", "Reference", "Units"),
            ("Creatine kinase", "1850", "26 - 192", "U/L"),
            ("AST", "64", "10 - 35", "U/L"),
            ("Hepatitis B surface antigen", "Negative", "Negative", ""),
            ("Hepatitis B core antibody", "Negative", "Negative", ""),
            ("Hepatitis C antibody", "Negative", "Negative", ""),
            ("QuantiFERON-TB Gold", "Negative", "Negative", ""),
            ("IgG", "1130", "700 - 1600", "mg/dL"),
            ("IgA", "210", "70 - 400", "mg/dL"),
            ("IgM", "95", "40 - 230", "mg/dL"),
        ),
        size=12,
    )
