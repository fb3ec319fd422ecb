"""A payer's web form as printed from the browser, against the clinic's note."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap

from drawn.ruled import Choice

NONE = "-- Select --"


def draw(folder: Path) -> None:
    web = Face("Helvetica", "Helvetica-Bold", 10, ink="#0A4FA3", gap=3)
    first = doc(
        [
            web.title("Tallgrass Provider Gateway", 15),
            web.p("Home &gt; Authorizations &gt; Medical drug &gt; New request"),
            web.h("Member"),
            Choice("Member name", "Gwendolyn Sarpong", False),
            Choice("Date of birth (MM/DD/YYYY)", "10/11/1958", False),
            Choice("Request date", "06/15/2026", False),
            Choice("Review type", "Standard"),
            web.h("Drug"),
            Choice("Drug and billing code", "RUXIENCE (rituximab-pvvr) Q5119"),
            Choice("Dose per administration", "1000 mg", False),
            Choice("Route", "Intravenous infusion"),
            Choice("Schedule", "2 doses, 14 days apart"),
            Choice("Primary diagnosis", "M33.22 - Polymyositis with myopathy"),
            Choice("Secondary diagnosis", NONE),
            web.h("Clinical questions"),
            Choice("Systemic corticosteroid tried?", "Yes"),
            Choice("Corticosteroid, daily dose", "Prednisone 60 mg daily", False),
            Choice("Corticosteroid, length of trial", "14 weeks", False),
            Choice("Outcome of corticosteroid", "Inadequate response"),
            Choice("Methotrexate, azathioprine or mycophenolate tried?", "Yes"),
            Choice("Agent", "Methotrexate"),
            Choice("Length of trial", "3 weeks", False),
            Choice("Outcome", "Intolerance (describe): pancytopenia"),
            Choice("Disease caused by a checkpoint inhibitor?", "No"),
        ],
        head="6/15/26, 9:14 AM                    Tallgrass Provider Gateway - New request",
        foot="https://gateway.tallgrass.example/auth/new?step=4                                   {n}/2",
        size=7.5,
    )
    second = doc(
        [
            web.h("Screening"),
            Choice("Hepatitis B screening result", NONE),
            Choice("Hepatitis C screening result", NONE),
            Choice("Tuberculosis screening result", "Indeterminate"),
            web.h("Site of care"),
            Choice("Place of service", "11 - Office"),
            Choice("Servicing provider", "Ptarmigan Rheumatology Group", False),
            Choice("Contact telephone", "555-2620", False),
            gap(),
            web.p("[ Save draft ] &nbsp;&nbsp; [ Submit ]"),
            web.p("Confirmation TG-20260615-0093. Attachments: 2 files."),
        ],
        head="6/15/26, 9:14 AM                    Tallgrass Provider Gateway - New request",
        foot="https://gateway.tallgrass.example/auth/new?step=4                                   2/2",
        size=7.5,
    )
    note = Face("Times-Roman", "Times-Bold", 11, gap=5)
    third = doc(
        [
            note.title("Ptarmigan Rheumatology Group", 14),
            note.p(
                "Gwendolyn Sarpong. Born 10/11/1958. Consultation of 06/10/2026, Alaric Venn, MD."
            ),
            note.p(
                "<b>Muscle disease.</b> Polymyositis since February 2026, no skin disease, no malignancy "
                "found, never treated with a checkpoint inhibitor. Prednisone 60 mg daily was begun on "
                "03/02/2026 and given for 18 days; on 03/20/2026 it was stopped outright because of acute "
                "glaucoma (pressure 44 in the right eye), and ophthalmology forbids more. She has taken no "
                "corticosteroid since, and no taper was attempted."
            ),
            note.p(
                "Methotrexate 15 mg weekly from 03/23/2026 to 04/13/2026, three doses: pancytopenia, with "
                "white cells 1.9 and platelets 48, two units transfused, recovered by May. Not to be "
                "given again. Azathioprine is contraindicated because she needs febuxostat for gout."
            ),
            note.p(
                "<b>Now.</b> Weakness is getting worse. She needs two hands to bring a cup to her mouth and "
                "has stopped going out alone; bathing with an aide. No dysphagia, no breathlessness. CT "
                "03/2026 without interstitial lung disease. Echocardiogram 03/2026 normal, no cardiac "
                "involvement."
            ),
            note.p(
                "<b>Examination.</b> 60 kg. Deltoid 3/5 right, 3+/5 left; iliopsoas 3/5 both; quadriceps "
                "4-/5; neck flexors 3+/5. Sensation normal."
            ),
            note.p(
                "<b>Investigations.</b> EMG 02/24/2026 irritative myopathic pattern in three proximal "
                "muscles, consistent with active myositis. Laboratory sheet enclosed."
            ),
            note.p(
                "<b>Other conditions and drugs.</b> Gout: febuxostat 40 mg daily. Glaucoma: timolol 0.5% "
                "eye drops twice daily. Chronic kidney disease stage 3a. Husband had shingles last year."
            ),
            note.p(
                "<b>Advice.</b> Ruxience 1,000 mg, two doses. We went over infection, infusion reactions "
                "and PML. Repeat QuantiFERON, skin test if again indeterminate."
            ),
        ],
        margin=1,
    )
    lab = Face("Vera", "Vera-Bold", 9, ink="#444444", gap=4)
    fourth = doc(
        [
            lab.title("Juniperdale Clinical Laboratory", 13),
            lab.p("SARPONG GWENDOLYN / F / 10-11-1958 / drawn 06-08-2026 / final 06-11-2026"),
            lab.table(
                [
                    ["", "Value", "Unit", "Low", "High", "Remark"],
                    ["CK", "905", "U/L", "30", "135", "above"],
                    ["AST", "48", "U/L", "5", "34", "above"],
                    ["ALT", "40", "U/L", "5", "35", "above"],
                    ["Creatinine", "1.24", "mg/dL", "0.50", "1.00", "above"],
                    ["WBC", "5.2", "10*3/uL", "4.0", "10.0", ""],
                    ["Platelets", "188", "10*3/uL", "150", "400", ""],
                    ["IgG", "1,120", "mg/dL", "700", "1,600", ""],
                    ["IgA", "260", "mg/dL", "70", "400", ""],
                    ["IgM", "77", "mg/dL", "40", "230", ""],
                    ["HBsAg", "not reactive", "", "", "", ""],
                    ["anti-HBc total", "not reactive", "", "", "", ""],
                    ["anti-HCV", "not reactive", "", "", "", ""],
                    ["QuantiFERON", "indeterminate", "", "", "", "mitogen response low"],
                ],
                [1.6, 1.3, 0.9, 0.7, 0.7, 1.7],
                "zebra",
                pad=3,
            ),
        ],
        font="Vera",
    )
    bind([first, second, third, fourth], folder / "q06_web_form.pdf")
