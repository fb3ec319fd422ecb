"""Pathway 4: a folder of a form with typed boxes, a clinic note and a photographed result."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from fax import write_photo
from paper import Paper


def draw(target: Path) -> None:
    """Draw the three files into the folder `target`."""
    target.mkdir(parents=True, exist_ok=True)
    form = Paper(target / "1_request_form.pdf")
    _form(form)
    form.save()
    note = Paper(target / "2_clinic_note.pdf", family="Times-Roman")
    _note(note)
    note.save()
    sheet = BytesIO()
    laboratory = Paper(sheet)
    _laboratory(laboratory)
    laboratory.save()
    write_photo(sheet.getvalue(), target / "3_laboratory.jpg")


def _form(p: Paper) -> None:
    p.title("Kestrel Valley Health Fund: Specialty Infusion Request", 14)
    p.lines("Send to 555-0190. Print clearly. One drug per form.", size=9)
    p.heading("Member")
    p.lines("Name: Peregrine Holloway-Stubbs          DOB: 02/17/1981          Sex: M")
    p.lines("Member ID: KVH 0081-5567          Group: 220          Weight: 64 kg")
    p.heading("Prescriber")
    p.lines("Name: Theodora Wickett, MD          Specialty: Rheumatology")
    p.lines("Phone: 555-0191          Fax: 555-0192")
    p.heading("Drug requested")
    p.lines("Drug: Truxima (rituximab-abbs)          HCPCS: Q5115")
    p.lines("Dose: 1,000 mg IV          Schedule: day 1 and day 15")
    p.ticks("Request:", (("New start", True), ("Continuation", False)), style="bracket")
    p.heading("Diagnosis")
    p.lines("ICD-10: M33.22          Description: Polymyositis with myopathy")
    p.heading("Questions")
    p.ticks("1. High-dose corticosteroid given?", (("Yes", True), ("No", False)), style="bracket")
    p.ticks(
        "2. Conventional immunosuppressant for 4 weeks or longer?",
        (("Yes", False), ("No", True)),
        style="bracket",
    )
    p.ticks(
        "3. Contraindication or intolerance to a conventional agent?",
        (("Yes", True), ("No", False)),
        style="bracket",
    )
    p.lines("If yes, explain: liver toxicity on methotrexate; TPMT deficiency", indent=14)
    p.ticks("4. Caused by a checkpoint inhibitor?", (("Yes", False), ("No", True)), style="bracket")
    p.gap(14)
    p.lines("Prescriber signature: T. Wickett MD          Date: 06/08/2026")


def _note(p: Paper) -> None:
    p.title("Larkhill Rheumatology Clinic", 14)
    p.lines("Patient: Peregrine Holloway-Stubbs     DOB: 02/17/1981     Visit date: 06/03/2026")
    p.heading("Interval history")
    p.prose(
        "45-year-old carpenter with polymyositis since January 2026. Prednisone 65 mg daily from "
        "01/19/2026 through 03/29/2026 (10 weeks), then lowered by 5 mg every two weeks without a"
        " flare; today prednisone 30 mg daily. He remains weak in spite of it."
    )
    p.prose(
        "Methotrexate 15 mg by mouth once weekly was started on 02/09/2026 and stopped on "
        "02/27/2026 after 18 days for hepatotoxicity (ALT 268 U/L, from 41 before). Azathioprine "
        "is contraindicated: TPMT activity is deficient. IVIG 2 g/kg monthly was given for three "
        "months from March to May 2026 with only transient benefit. Cyclosporine and "
        "plasmapheresis were never tried."
    )
    p.prose(
        "He cannot lift a hammer above shoulder height and needs both arms to rise from a chair; "
        "he has stopped work. Denies dysphagia, dyspnea, chest pain and palpitations. No "
        "checkpoint inhibitor exposure."
    )
    p.heading("Medications")
    p.lines(
        "- prednisone 30 mg PO daily",
        "- omeprazole 20 mg PO daily",
        "- sulfamethoxazole-trimethoprim DS 1 tablet PO three times weekly",
        indent=10,
    )
    p.heading("Exam")
    p.prose(
        "Weight 64 kg. No skin rash. Strength (MRC): deltoids 4-/5 bilaterally, hip flexors 3/5 "
        "bilaterally, neck flexors 4/5, finger flexors 5/5. HAQ-DI 1.5. Lungs clear."
    )
    p.heading("Studies")
    p.prose(
        "EMG 01/22/2026: irritable proximal myopathy with fibrillations and short motor units. "
        "Pulmonary function tests 02/2026 normal, no interstitial lung disease. Echocardiogram "
        "02/2026 normal, no cardiac involvement."
    )
    p.heading("Assessment and plan")
    p.prose(
        "Polymyositis (M33.22), active in spite of prednisone; methotrexate not tolerated, "
        "azathioprine contraindicated. Start Truxima 1,000 mg IV on day 1 and day 15. Hepatitis B"
        " core antibody is positive: hepatology will advise on entecavir before the first "
        "infusion. Risks including PML were reviewed. Continue the prednisone taper."
    )
    p.lines("Theodora Wickett, MD     06/03/2026")


def _laboratory(p: Paper) -> None:
    p.title("BELLFOUNDRY MEDICAL LABORATORY", 15)
    p.lines(
        "Patient: Peregrine Holloway-Stubbs    DOB: 02/17/1981",
        "Collected: 05/27/2026    Reported: 05/29/2026",
        size=12,
    )
    p.gap(10)
    p.table(
        (190, 95, 100, 75),
        (
            ("Test", "Result", "Reference", "Units"),
            ("Creatine kinase", "2140 H", "44 - 196", "U/L"),
            ("Aldolase", "15.6 H", "1.5 - 8.1", "U/L"),
            ("AST", "88 H", "10 - 40", "U/L"),
            ("ALT", "74 H", "9 - 46", "U/L"),
            ("Creatinine", "0.81", "0.60 - 1.29", "mg/dL"),
            ("Hepatitis B surface Ag", "Nonreactive", "Nonreactive", ""),
            ("Hepatitis B core Ab", "Reactive", "Nonreactive", ""),
            ("Hepatitis C antibody", "Nonreactive", "Nonreactive", ""),
            ("QuantiFERON-TB Gold", "Negative", "Negative", ""),
            ("IgG", "980", "600 - 1640", "mg/dL"),
            ("IgA", "177", "47 - 310", "mg/dL"),
            ("IgM", "93", "50 - 300", "mg/dL"),
        ),
        size=12,
    )
