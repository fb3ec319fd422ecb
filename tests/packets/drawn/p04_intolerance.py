"""A folder: fillable form, note, screen capture of results."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import scans
from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas
from sheets import Face, bind, doc


def fillable(
    target: Path,
    heading: str,
    fields: list[tuple[str, str, str, float, float, float]],
    boxes: list[tuple[str, str, bool, float, float]],
    footer: str,
) -> None:
    """An AcroForm page: fields (name, caption, value, x, y, width), boxes (name, caption, on, x, y)."""
    out = BytesIO()
    page = Canvas(out, pagesize=LETTER, invariant=1)
    page.setFillColor(HexColor("#3B2A5A"))
    page.roundRect(36, 730, 540, 34, 8, fill=1, stroke=0)
    page.setFillColor(white)
    page.setFont("Helvetica-Bold", 14)
    page.drawString(48, 742, heading)
    page.setFillColor(black)
    for name, caption, value, x, y, width in fields:
        page.setFont("Helvetica-Oblique", 8)
        page.drawString(x, y + 20, caption)
        page.acroForm.textfield(
            name=name,
            tooltip=caption,
            value=value,
            x=x,
            y=y,
            width=width,
            height=17,
            fontSize=10,
            borderWidth=0.5,
            fillColor=HexColor("#F4F1FA"),
        )
    page.setFont("Helvetica", 9)
    for name, caption, on, x, y in boxes:
        page.acroForm.checkbox(
            name=name,
            tooltip=caption,
            checked=on,
            x=x,
            y=y,
            size=12,
            buttonStyle="check",
            borderWidth=0.8,
        )
        page.drawString(x + 17, y + 2, caption)
    page.setFont("Helvetica", 7)
    page.drawString(36, 30, footer)
    page.save()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(out.getvalue())


def draw(folder: Path) -> None:
    here = folder / "p04_intolerance"
    fillable(
        here / "1_request.pdf",
        "Juniper Ridge Assurance   |   Specialty infusion request",
        [
            ("date", "Date of this request", "03/17/2026", 40, 680, 120),
            ("member", "Member", "Lucasta Penhallow", 180, 680, 200),
            ("dob", "Date of birth", "08/21/1959", 400, 680, 140),
            (
                "drug",
                "Drug requested (name, billing code)",
                "Truxima (rituximab-abbs) Q5115",
                40,
                630,
                250,
            ),
            ("dose", "Dose and route", "1000 mg intravenous", 310, 630, 230),
            ("when", "Schedule", "Day 1 and day 15, one course", 40, 580, 250),
            ("icd", "Diagnosis code and name", "M33.22 polymyositis with myopathy", 310, 580, 230),
            (
                "doctor",
                "Prescriber and specialty",
                "Evander Mukherji, MD, rheumatology",
                40,
                530,
                250,
            ),
            ("phone", "Telephone / fax", "555-0521 / 555-0522", 310, 530, 230),
            ("weight", "Patient weight", "165 lb", 40, 480, 120),
            (
                "why",
                "Agents that cannot be used, and why",
                "MTX: liver enzymes 8x. AZA: TPMT deficient. MMF: diarrhea",
                180,
                480,
                360,
            ),
        ],
        [
            ("new", "New course", True, 40, 445),
            ("renew", "Repeat course", False, 160, 445),
            ("clinic", "Clinic infusion", True, 280, 445),
            ("home", "Home infusion", False, 400, 445),
        ],
        "Juniper Ridge Assurance is fictitious. Form JR-SI 11.",
    )
    note = Face("Vera", "Vera-Bold", 9, band="#DDE8E0", gap=3)
    visit = doc(
        [
            note.title("Copperfield Medical Group - Rheumatology", 13),
            note.p(
                "Penhallow, Lucasta | DOB 08/21/1959 | 66-year-old female | Visit 03/11/2026 | E. "
                "Mukherji MD"
            ),
            note.h("SUBJECTIVE"),
            note.p(
                "Polymyositis diagnosed 11/2025. Prednisone 75 mg daily (165 lb, 1 mg/kg) from "
                "12/01/2025 to 01/05/2026, five weeks, then 60, 50, 40 and 30 mg at ten-day steps, "
                "and 20 mg daily since 02/23/2026. The taper continues; CK has not settled and she "
                "is still weak. She cannot rise from the toilet without the grab bar, cannot reach "
                "the cupboard, and walks with a frame. Swallowing and breathing are normal."
            ),
            note.h("PRIOR AGENTS"),
            note.table(
                [
                    ["Agent", "Dose", "Given", "What happened"],
                    [
                        "Methotrexate",
                        "15 mg PO weekly",
                        "01/05/2026 - 01/26/2026",
                        "ALT 312 (8 x normal) after the third dose. Stopped for liver toxicity.",
                    ],
                    [
                        "Mycophenolate mofetil",
                        "500 mg PO BID",
                        "02/02/2026 - 02/11/2026",
                        "Watery diarrhea eight times daily, not tolerated, stopped.",
                    ],
                    ["Azathioprine", "never given", "", "Contraindicated: TPMT activity absent."],
                ],
                [1.5, 1.3, 1.7, 2.4],
                "rows",
            ),
            note.h("CURRENT MEDICATIONS"),
            note.p(
                "Prednisone 20 mg daily. Losartan 50 mg daily. Apixaban 5 mg BID. Risedronate 35 mg "
                "weekly. Acetaminophen 500 mg PRN."
            ),
            note.h("HISTORY"),
            note.p(
                "Atrial fibrillation (2019). Hypertension. Cholecystectomy. Mother had hepatitis B. "
                "Brother: gout. No cancer, no cancer drugs. Allergy: codeine (nausea)."
            ),
            note.h("OBJECTIVE"),
            note.p(
                "BP 134/78, P 72. Weight 165 lb. No rash. Lungs clear. Power by MRC: deltoids 4-/5, "
                "iliopsoas 3+/5, gluteus maximus 3/5, quadriceps 4-/5, hands 5/5. MRI of thighs "
                "11/20/2025: STIR edema in vasti and hamstrings, active myositis. Chest CT 12/2025 "
                "without ILD. Echo 12/2025 EF 62%, no cardiac involvement."
            ),
            note.h("ASSESSMENT AND PLAN"),
            note.p(
                "Idiopathic polymyositis, active; all three conventional agents excluded. Anti-HBc is "
                "positive with no antigen and no DNA: hepatology will start entecavir 0.5 mg daily a "
                "week ahead of rituximab. PML and infection risk reviewed. IVIG not tried: atrial "
                "fibrillation with a left atrial clot in 2024 makes it unattractive."
            ),
            note.p("Electronically signed, 03/11/2026 17:55"),
        ],
        foot="Copperfield Medical Group   555-0521",
        font="Vera",
        size=7,
    )
    bind([visit], here / "2_visit.pdf")
    lab = Face("Helvetica", "Helvetica-Bold", 10, ink="#00518A")
    results = doc(
        [
            lab.title("MyResults - Ashdown Laboratories"),
            lab.p("Lucasta Penhallow (08/21/1959). Sample taken: March 9, 2026"),
            lab.table(
                [
                    ["Date", "Component", "Value", "Reference interval", ""],
                    ["03/09/2026", "Creatine kinase", "1,730 U/L", "30-223 U/L", "Above"],
                    ["03/09/2026", "ALT", "41 U/L", "0-45 U/L", ""],
                    ["03/09/2026", "AST", "58 U/L", "0-41 U/L", "Above"],
                    ["03/09/2026", "Creatinine", "0.84 mg/dL", "0.55-1.05 mg/dL", ""],
                    ["03/09/2026", "Hemoglobin", "12.2 g/dL", "11.8-15.4 g/dL", ""],
                    [
                        "03/09/2026",
                        "Hepatitis B surface antigen",
                        "Not detected",
                        "Not detected",
                        "",
                    ],
                    [
                        "03/09/2026",
                        "Hepatitis B core antibody, total",
                        "DETECTED",
                        "Not detected",
                        "Abnormal",
                    ],
                    ["03/09/2026", "Hepatitis C antibody", "Not detected", "Not detected", ""],
                    ["03/09/2026", "QuantiFERON-TB Gold Plus", "Negative", "Negative", ""],
                    ["03/09/2026", "Immunoglobulin G", "702 mg/dL", "600-1640 mg/dL", ""],
                    ["03/09/2026", "Immunoglobulin A", "150 mg/dL", "80-450 mg/dL", ""],
                    ["03/09/2026", "Immunoglobulin M", "66 mg/dL", "50-300 mg/dL", ""],
                ],
                [1, 2.4, 1.2, 1.5, 0.8],
                "zebra",
                pad=4,
            ),
        ]
    )
    scans.picture(results, here / "3_results.png")
