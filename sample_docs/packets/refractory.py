"""Pathway 2: a ruled form, a SOAP note, a laboratory table with two dates, an EMG report."""

from __future__ import annotations

from pathlib import Path

from paper import Paper


def draw(target: Path) -> None:
    """Draw the packet."""
    paper = Paper(target)
    _form(paper)
    paper.turn()
    _note(paper)
    paper.turn()
    _laboratory(paper)
    paper.turn()
    _emg(paper)
    paper.save()


def _form(p: Paper) -> None:
    p.title("THISTLEDOWN HEALTH COOPERATIVE")
    p.lines(
        "Request for authorization of an infused medicine. Fax to 555-0160 with the chart notes.",
        size=9,
    )
    p.bar("1  MEMBER AND PRESCRIBER")
    p.cells(
        (
            ("Date of request", "07/20/2026", 0.25),
            ("Member name", "Ottoline Brackwater", 0.45),
            ("Date of birth", "05/22/1968", 0.3),
        )
    )
    p.cells(
        (
            ("Member number", "THC-4402-918", 0.4),
            ("Sex", "F", 0.15),
            ("Weight", "70 kg", 0.2),
            ("Height", "168 cm", 0.25),
        )
    )
    p.cells(
        (
            ("Prescriber", "Fenwick Aldous, MD", 0.4),
            ("Specialty", "Rheumatology", 0.24),
            ("Office phone", "555-0161", 0.18),
            ("Office fax", "555-0162", 0.18),
        )
    )
    p.bar("2  MEDICINE REQUESTED")
    p.cells((("Medicine", "Ruxience (rituximab-pvvr)", 0.6), ("HCPCS code", "Q5119", 0.4)))
    p.cells(
        (
            ("Dose", "1,000 mg IV", 0.4),
            ("How often", "Day 1 and day 15", 0.35),
            ("First infusion", "08/03/2026", 0.25),
        )
    )
    p.ticks(
        "Type of request:", (("New start", True), ("Continuation", False), ("Dose change", False))
    )
    p.gap()
    p.bar("3  DIAGNOSIS")
    p.cells(
        (("ICD-10-CM", "M33.22", 0.25), ("Diagnosis in words", "Polymyositis with myopathy", 0.75))
    )
    p.bar("4  EARLIER TREATMENT OF THIS DISEASE")
    p.table(
        (110, 120, 75, 75, 124),
        (
            ("Medicine", "Dose", "From", "To", "Result"),
            ("prednisone", "70 mg daily, tapered", "01/12/2026", "ongoing", "inadequate response"),
            ("azathioprine", "150 mg daily", "02/02/2026", "ongoing", "inadequate response"),
        ),
    )
    p.ticks(
        "Contraindication or intolerance to methotrexate, azathioprine or mycophenolate?",
        (("Yes", False), ("No", True)),
    )
    p.ticks(
        "Is the disease caused by an immune checkpoint inhibitor?", (("Yes", False), ("No", True))
    )
    p.ticks("Hepatitis B and C results attached?", (("Yes", True), ("No", False)))
    p.gap(18)
    p.lines("Signed: Fenwick Aldous, MD      Date: 07/20/2026")
    p.furniture("Thistledown Health Cooperative is an invented plan. Form TH-31    Page 1 of 4")


def _note(p: Paper) -> None:
    p.write(p.left, 40, "Patient: Ottoline Brackwater    DOB: 05/22/1968    MRN 77-10442", 8.5)
    p.title("Wexcombe Rheumatology - Follow-up visit", 13)
    p.lines("Date of visit: 07/14/2026    Seen by: Fenwick Aldous, MD")
    p.heading("Subjective")
    p.prose(
        "58-year-old woman with polymyositis, diagnosed in January 2026. Prednisone 70 mg daily "
        "(1 mg/kg) was begun on 01/12/2026 and kept at that dose for 8 weeks, then tapered "
        "slowly; she now takes prednisone 15 mg daily. Azathioprine 150 mg daily was added on "
        "02/02/2026 and continues. After five months on both drugs her weakness persists and the "
        "CK stays raised."
    )
    p.prose(
        "She cannot get up from a low chair without help, takes stairs one at a time with the "
        "rail, and her sister washes her hair. No trouble swallowing. No shortness of breath. No "
        "palpitations. She has never been given a checkpoint inhibitor."
    )
    p.heading("Past and family history")
    p.prose("Hypothyroidism (E03.9). Allergic rhinitis. An aunt has systemic lupus erythematosus.")
    p.heading("Current medications")
    p.lines(
        "prednisone 15 mg by mouth daily",
        "azathioprine 150 mg by mouth daily",
        "levothyroxine 88 mcg by mouth daily",
        "omeprazole 20 mg by mouth daily",
        indent=12,
    )
    p.heading("Objective")
    p.prose(
        "BP 124/78, pulse 76, weight 70 kg. Skin normal, no rash. Lungs clear. Manual muscle "
        "testing (MRC): shoulder abductors 4-/5, hip flexors 3+/5, neck flexors 4/5, ankle "
        "dorsiflexors 5/5."
    )
    p.heading("Assessment")
    p.prose(
        "1. Idiopathic polymyositis (M33.22), refractory to prednisone and azathioprine. "
        "High-resolution CT of the chest in February 2026 showed no interstitial lung disease; "
        "echocardiogram normal, no cardiac involvement. Swallowing normal."
    )
    p.prose("2. Hypothyroidism, stable on replacement.")
    p.heading("Plan")
    p.prose(
        "Rituximab-pvvr (Ruxience) 1,000 mg IV on day 1 and day 15. Continue azathioprine 150 mg "
        "daily. Stay on prednisone 15 mg daily until the second infusion. Risks of infection, "
        "hepatitis B reactivation and progressive multifocal leukoencephalopathy (PML) were "
        "discussed and she wants to go ahead."
    )
    p.lines("Electronically signed by Fenwick Aldous, MD, 07/14/2026 16:40", size=9)
    p.furniture("Page 2 of 4")


def _laboratory(p: Paper) -> None:
    p.title("HARROWGATE CLINICAL LABORATORY", 13)
    p.lines(
        "Patient: BRACKWATER, OTTOLINE    DOB: 05/22/1968    Ordered by: F. Aldous, MD",
        "Final report. Printed 07/08/2026.",
    )
    p.heading("Chemistry and blood count")
    p.table(
        (150, 90, 90, 95, 70),
        (
            ("Test", "05/04/2026", "07/06/2026", "Reference", "Unit"),
            ("Creatine kinase", "2210 H", "1640 H", "30-180", "U/L"),
            ("Aldolase", "13.1 H", "10.9 H", "<=7.7", "U/L"),
            ("AST", "78 H", "61 H", "8-34", "U/L"),
            ("ALT", "72 H", "58 H", "7-33", "U/L"),
            ("Creatinine", "0.66", "0.70", "0.50-1.00", "mg/dL"),
            ("WBC", "7.2", "6.4", "4.0-11.0", "K/uL"),
            ("Hemoglobin", "13.0", "12.8", "12.0-15.5", "g/dL"),
            ("Platelets", "266", "251", "150-400", "K/uL"),
        ),
        ruled=False,
    )
    p.heading("Infection screen, collected 07/06/2026")
    p.table(
        (210, 120, 120),
        (
            ("Test", "Result", "Reference"),
            ("Hepatitis B surface antigen", "Nonreactive", "Nonreactive"),
            ("Hepatitis B core antibody, total", "Nonreactive", "Nonreactive"),
            ("Hepatitis C antibody", "Nonreactive", "Nonreactive"),
            ("QuantiFERON-TB Gold Plus", "Negative", "Negative"),
        ),
        ruled=False,
    )
    p.heading("Immunoglobulins, collected 07/06/2026")
    p.table(
        (150, 90, 120, 70),
        (
            ("Test", "Result", "Reference", "Unit"),
            ("IgG", "1045", "600-1540", "mg/dL"),
            ("IgA", "188", "61-356", "mg/dL"),
            ("IgM", "102", "37-286", "mg/dL"),
        ),
        ruled=False,
    )
    p.furniture("Page 3 of 4")


def _emg(p: Paper) -> None:
    p.title("ELECTRODIAGNOSTIC REPORT", 13)
    p.lines(
        "Patient: Ottoline Brackwater    DOB: 05/22/1968",
        "Date of study: 01/28/2026    Examiner: Odile Marrable, MD, Neurology",
    )
    p.heading("Nerve conduction studies")
    p.prose(
        "Left median, ulnar, tibial and sural responses are normal in latency, amplitude and "
        "velocity."
    )
    p.heading("Needle EMG")
    p.table(
        (120, 90, 90, 110, 90),
        (
            ("Muscle", "Fibrillations", "Sharp waves", "Motor units", "Recruitment"),
            ("L deltoid", "2+", "2+", "small, brief", "early"),
            ("L iliopsoas", "3+", "2+", "small, brief", "early"),
            ("L vastus lateralis", "2+", "1+", "small, brief", "early"),
            ("L tibialis anterior", "0", "0", "normal", "full"),
        ),
    )
    p.heading("Impression")
    p.prose(
        "Abnormal study. Irritable myopathy of proximal muscles, as seen in active inflammatory "
        "myopathy."
    )
    p.furniture("Page 4 of 4")
