"""Pathway 1: underlined blanks, an inpatient note, an MRI report, a scanned laboratory page."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from fax import as_scan
from paper import HEIGHT, Paper
from reportlab.lib.utils import ImageReader


def draw(target: Path) -> None:
    """Draw the packet."""
    paper = Paper(target, family="Times-Roman", left=60)
    _form(paper)
    paper.turn()
    _note(paper)
    paper.turn()
    _imaging(paper)
    paper.turn()
    sheet = BytesIO()
    scanned = Paper(sheet, left=60)
    _laboratory(scanned)
    scanned.save()
    picture = BytesIO()
    as_scan(sheet.getvalue(), dpi=150).save(picture, "PNG", optimize=True)
    paper.canvas.drawImage(ImageReader(picture), 0, 0, paper.left + paper.right, HEIGHT)
    paper.save()


def _form(p: Paper) -> None:
    p.title("Marrowfield Benefit Trust", 16)
    p.lines("Medical drug request - hospital and infusion services - fax 555-0170", size=10)
    p.heading("Patient", underline=True)
    p.blanks(("Name:", "Lucan Ashgrove", 170), ("Date of birth:", "11/02/1959", 90))
    p.blanks(
        ("Member ID:", "MBT 60 2218", 110),
        ("Weight:", "82 kg", 60),
        ("Allergies:", "none known", 90),
    )
    p.heading("Prescriber", underline=True)
    p.blanks(("Name:", "Isaura Penhale, MD", 160), ("Specialty:", "Rheumatology", 110))
    p.blanks(("Phone:", "555-0171", 90), ("Fax:", "555-0172", 90), ("NPI:", "9990061234", 90))
    p.heading("Drug", underline=True)
    p.blanks(("Drug name:", "Rituxan (rituximab)", 160), ("HCPCS:", "J9312", 70))
    p.blanks(("Dose:", "1,000 mg IV", 120), ("Frequency:", "day 1 and day 15", 130))
    p.ticks("", (("Standard", False), ("Urgent", True)), style="bracket")
    p.heading("Diagnosis", underline=True)
    p.blanks(
        ("ICD-10:", "M33.21", 60),
        ("Description:", "Polymyositis with respiratory involvement", 230),
    )
    p.heading("Clinical summary", underline=True)
    p.prose(
        "Polymyositis with interstitial lung disease and dysphagia. No response to pulse "
        "methylprednisolone followed by prednisone 80 mg daily. See the progress note of "
        "03/24/2026.",
        size=10.5,
    )
    p.blanks(("Signature:", "I. Penhale MD", 150), ("Date:", "03/25/2026", 90))


def _note(p: Paper) -> None:
    p.write(
        p.left,
        40,
        "Saltmarsh General Hospital    ASHGROVE, Lucan    DOB 11/02/1959    MRN SG-20931",
        9,
    )
    p.title("Rheumatology consult - progress note", 13)
    p.lines("03/24/2026, hospital day 24")
    p.heading("Interval history")
    p.prose(
        "66-year-old man with polymyositis, first seen here on 03/01/2026 with proximal weakness,"
        " trouble swallowing and breathlessness. Methylprednisolone 1,000 mg IV daily was given "
        "for 3 days from 03/02/2026 to 03/04/2026, then prednisone 80 mg daily by mouth since "
        "03/05/2026. There has been no response to three weeks of corticosteroids: he still "
        "chokes on thin liquids, is fed through a nasogastric tube since 03/18/2026, and now "
        "needs 3 L/min of oxygen."
    )
    p.prose(
        "None of methotrexate, azathioprine and mycophenolate has been taken. He has never "
        "received a checkpoint inhibitor. He cannot turn in bed or transfer without two helpers."
    )
    p.heading("Medications")
    p.lines(
        "prednisone 80 mg by mouth daily (since 03/05/2026)",
        "pantoprazole 40 mg IV daily",
        "enoxaparin 40 mg subcutaneous daily",
        "amlodipine 5 mg by mouth daily",
        indent=12,
    )
    p.heading("Examination")
    p.prose(
        "Weight 82 kg. SpO2 91 % on 3 L. Fine crackles at both bases. No rash. Muscle strength "
        "(MRC): deltoids 3/5, hip flexors 2/5, neck flexors 2/5, grip 5/5. Heart sounds normal; "
        "echocardiogram 03/06/2026 normal, no cardiac involvement."
    )
    p.heading("Pulmonary function")
    p.prose(
        "FVC 71 % of predicted on 03/03/2026 and 58 % on 03/22/2026. CT chest 03/04/2026: "
        "interstitial lung disease, NSIP pattern."
    )
    p.heading("Impression and plan")
    p.prose(
        "Severe polymyositis (M33.21) with interstitial lung disease and dysphagia, not "
        "responding to more than two weeks of high-dose corticosteroids. Rituximab 1,000 mg IV "
        "day 1 and day 15. Keep prednisone 80 mg daily; no taper has been attempted. Infusion "
        "reactions, infections and PML were explained to him and his wife. Hypertension: continue"
        " amlodipine."
    )
    p.lines("Isaura Penhale, MD, 03/24/2026")


def _imaging(p: Paper) -> None:
    p.title("MAGNETIC RESONANCE IMAGING", 13)
    p.lines(
        "Saltmarsh General Hospital, Department of Radiology",
        "Patient: Lucan Ashgrove    DOB: 11/02/1959",
    )
    p.lines("Examination: MRI of both thighs without contrast    Date: 03/05/2026")
    p.heading("Findings")
    p.prose(
        "Patchy high STIR signal in the quadriceps and hamstrings on both sides. No fatty "
        "atrophy. No fluid collection."
    )
    p.heading("Impression")
    p.prose("Bilateral muscle edema, consistent with active myositis.")
    p.lines("Read by Corin Talbright, MD")


def _laboratory(p: Paper) -> None:
    p.title("Saltmarsh General Hospital - Laboratory", 13)
    p.lines(
        "Patient: Lucan Ashgrove     DOB: 11/02/1959",
        "Collected: 03/21/2026     Reported: 03/22/2026",
        size=11,
    )
    p.gap(10)
    p.table(
        (180, 90, 50, 90, 70),
        (
            ("Test", "Result", "Flag", "Range", "Units"),
            ("Creatine kinase", "6240", "H", "39 - 308", "U/L"),
            ("AST", "214", "H", "10 - 40", "U/L"),
            ("ALT", "188", "H", "9 - 46", "U/L"),
            ("Creatinine", "0.92", "", "0.70 - 1.30", "mg/dL"),
            ("HBsAg", "Negative", "", "Negative", ""),
            ("Anti-HBc, total", "Negative", "", "Negative", ""),
            ("Anti-HCV", "Negative", "", "Negative", ""),
            ("QuantiFERON-TB Gold", "Negative", "", "Negative", ""),
            ("IgG", "912", "", "700 - 1600", "mg/dL"),
            ("IgA", "164", "", "70 - 400", "mg/dL"),
            ("IgM", "88", "", "40 - 230", "mg/dL"),
        ),
        size=11,
    )
