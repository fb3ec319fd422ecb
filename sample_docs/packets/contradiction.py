"""Form and note give different courses, and a page of another patient went through with them."""

from __future__ import annotations

from pathlib import Path

from paper import Paper


def draw(target: Path) -> None:
    """Draw the packet."""
    paper = Paper(target, left=50)
    _form(paper)
    paper.turn()
    _note(paper)
    paper.turn()
    _results_of_another(paper)
    paper.save()


def _form(p: Paper) -> None:
    p.title("HEDGEROW MUTUAL - Medical drug prior authorization", 14)
    p.cells(
        (
            ("Date", "07/06/2026", 0.2),
            ("Member", "Winifred Oakenshaw", 0.5),
            ("Date of birth", "04/25/1970", 0.3),
        )
    )
    p.cells(
        (
            ("Prescriber", "Lionel Brasher, MD", 0.5),
            ("Phone", "555-0136", 0.25),
            ("Fax", "555-0137", 0.25),
        )
    )
    p.cells((("Drug", "Ruxience (rituximab-pvvr)", 0.5), ("HCPCS", "Q5119", 0.5)))
    p.cells((("Dose", "1,000 mg IV", 0.5), ("Schedule", "day 1 and day 15", 0.5)))
    p.cells((("ICD-10", "M33.22", 0.2), ("Diagnosis", "Polymyositis with myopathy", 0.8)))
    p.heading("Treatments so far")
    p.table(
        (120, 110, 80, 80, 110),
        (
            ("Drug", "Dose", "Start", "Stop", "Outcome"),
            ("prednisone", "60 mg daily", "03/02/2026", "04/26/2026", "no response"),
            ("methotrexate", "15 mg weekly", "03/16/2026", "06/14/2026", "no response"),
        ),
    )
    p.lines("Signed: L. Brasher, MD    07/06/2026")


def _note(p: Paper) -> None:
    p.title("Dunnock Lane Rheumatology", 13)
    p.lines("Patient: Winifred Oakenshaw    DOB: 04/25/1970    Visit: 07/01/2026")
    p.heading("History")
    p.prose(
        "Polymyositis since February 2026. Prednisone 60 mg daily from 03/02/2026 to 04/26/2026, "
        "then tapered; now prednisone 20 mg daily. Methotrexate 15 mg by mouth once weekly was "
        "taken for 3 weeks only, from 03/16/2026 to 04/05/2026. Persistent proximal weakness "
        "despite prednisone."
    )
    p.prose(
        "Cannot step onto a bus and needs her arms to leave a chair. No dysphagia, no "
        "interstitial lung disease, no cardiac involvement."
    )
    p.heading("Medications")
    p.lines("prednisone 20 mg daily", "losartan 50 mg daily", indent=12)
    p.heading("Examination")
    p.prose("Weight 60 kg. MRC grades: deltoids 4/5, hip flexors 4-/5, neck flexors 4/5.")
    p.heading("Results")
    p.prose(
        "CK 06/29/2026: 1,320 U/L (reference 30-165). EMG 02/18/2026: irritable myopathy, "
        "consistent with active myositis."
    )
    p.heading("Plan")
    p.prose(
        "Polymyositis (M33.22). Ruxience 1,000 mg IV on day 1 and day 15. Infection and PML risk "
        "discussed. Hypertension: continue losartan."
    )
    p.lines("Lionel Brasher, MD")


def _results_of_another(p: Paper) -> None:
    p.title("TEASEL VALLEY LABORATORY", 13)
    p.lines("Patient: Gawain Pellow    DOB: 01/19/1950    Collected: 06/30/2026")
    p.table(
        (190, 90, 110, 70),
        (
            ("Test", "Result", "Reference", "Units"),
            ("Hepatitis B surface antigen", "Reactive", "Nonreactive", ""),
            ("Hepatitis B core antibody", "Reactive", "Nonreactive", ""),
            ("Hepatitis C antibody", "Nonreactive", "Nonreactive", ""),
            ("QuantiFERON-TB Gold", "Negative", "Negative", ""),
            ("IgG", "690", "700 - 1600", "mg/dL"),
            ("IgA", "88", "70 - 400", "mg/dL"),
            ("IgM", "51", "40 - 230", "mg/dL"),
        ),
    )
