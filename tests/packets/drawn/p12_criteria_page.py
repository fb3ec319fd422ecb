"""A fillable form left half empty, printed criteria, a thin note, a leaflet."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas
from sheets import Face, bind, doc


def blank_form(values: dict[str, str]) -> bytes:
    """A fillable request whose clinical part is left empty."""
    out = BytesIO()
    page = Canvas(out, pagesize=LETTER, invariant=1)
    page.setFont("Times-Bold", 15)
    page.drawString(60, 735, "Copperline Mutual Aid: Infused Drug Request")
    rows = (
        "Date",
        "Patient name",
        "Patient birth date",
        "Doctor",
        "Drug and billing code",
        "Dose per infusion",
        "How often",
        "Diagnosis and ICD-10-CM code",
        "Corticosteroid: dose and weeks",
        "Immunosuppressant: name, dose and weeks",
        "Creatine kinase (value, date, range)",
        "Hepatitis B / C, TB, immunoglobulins",
    )
    for place, caption in enumerate(rows):
        y = 690 - 42 * place
        page.setFont("Times-Roman", 11)
        page.drawString(60, y + 4, caption)
        page.acroForm.textfield(
            name=f"f{place}",
            tooltip=caption,
            value=values.get(caption, ""),
            x=300,
            y=y,
            width=250,
            height=20,
            fontSize=10,
            borderWidth=0.6,
        )
    page.setFont("Times-Italic", 9)
    page.drawString(60, 160, "Fax to 555-1208. Incomplete requests take longer.")
    page.save()
    return out.getvalue()


def draw(folder: Path) -> None:
    form = blank_form(
        {
            "Date": "09/29/2026",
            "Patient name": "Thelonius Brack",
            "Patient birth date": "12/30/1990",
            "Doctor": "Imogen Castellane, MD",
            "Drug and billing code": "Ruxience Q5119",
            "Diagnosis and ICD-10-CM code": "Polymyositis M33.20",
        }
    )
    print_ = Face("Times-Roman", "Times-Bold", 10.5, gap=4)
    policy = doc(
        [
            print_.title(
                "Copperline Mutual Aid - Coverage criteria, rituximab in polymyositis", 13
            ),
            print_.p("Approval requires documentation of ALL of the following:"),
            *[
                print_.p(t, indent=14)
                for t in (
                    "1. Diagnosis of polymyositis confirmed by EMG, MRI or biopsy.",
                    "2. Creatine kinase at least 3 times the upper limit of normal.",
                    "3. Muscle strength grade 4/5 or lower in a proximal group.",
                    "4. Failure of prednisone 1 mg/kg daily for at least 4 weeks.",
                    "5. Failure of methotrexate 15-25 mg weekly, azathioprine 2 mg/kg daily or mycophenolate "
                    "2 g daily for at least 12 weeks.",
                    "6. HBsAg and anti-HBc negative; hepatitis C antibody negative; QuantiFERON negative.",
                    "7. IgG, IgA and IgM measured.",
                    "8. Patient counselled on progressive multifocal leukoencephalopathy (PML).",
                )
            ],
            print_.p(
                "Not covered: myositis caused by nivolumab, pembrolizumab or other checkpoint "
                "inhibitors; dermatomyositis; inclusion body myositis."
            ),
            print_.p("Usual course: 1,000 mg intravenously on day 1 and day 15."),
        ],
        margin=0.9,
        foot="CMA-RTX criteria, effective 01/2026. For provider reference only.",
    )
    ehr = Face("Helvetica", "Helvetica-Bold", 10, ink="#114488", gap=4)
    note = doc(
        [
            ehr.title("Quick visit note", 14),
            ehr.p(
                "Thelonius Brack &nbsp; DOB 12/30/1990 &nbsp; 09/24/2026 &nbsp; I. Castellane, MD"
            ),
            ehr.h("HPI"),
            ehr.p(
                "35-year-old man with polymyositis, new to this office after a move; old chart "
                "requested. Says his shoulders are heavy. Works as a joiner."
            ),
            ehr.h("Exam"),
            ehr.p("Deltoids 4/5, hip flexors 4-/5, hands 5/5. No rash."),
            ehr.h("Data"),
            ehr.p(
                "MRI shoulders 09/18/2026: bilateral deltoid edema, active myositis. CK to be drawn."
            ),
            ehr.h("Meds"),
            ehr.p("Cetirizine 10 mg daily. Fluticasone nasal spray daily."),
            ehr.h("Problems"),
            ehr.p("Polymyositis. Seasonal allergic rhinitis."),
            ehr.h("Plan"),
            ehr.p("Obtain records of earlier treatment. Start authorization for Ruxience."),
        ],
        margin=0.9,
    )
    leaflet = doc(
        [
            print_.title("About your rituximab infusion", 15),
            print_.p(
                "Before the infusion you will be given acetaminophen 650 mg, diphenhydramine 50 mg "
                "and methylprednisolone 100 mg. Tell your nurse if you have fever, hives, chest pain "
                "or trouble breathing. You should have been tested for hepatitis B. Rarely, rituximab "
                "causes PML, a serious brain infection. Avoid live vaccines."
            ),
        ],
        margin=1,
    )
    bind([form, policy, note, leaflet], folder / "p12_criteria_page.pdf")
