"""A children's hospital by fine fax: letter with a drug grid, clinic note, results, MRI."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, doc, gap

HEAD = "HALLOWAY CHILDRENS RHEUM   555-4741   10/19/26  4:12p   pg {page}/5"


def draw(folder: Path) -> None:
    cover = Face("Helvetica", "Helvetica-Bold", 13, gap=9)
    first = doc(
        [
            gap(20),
            cover.title("HALLOWAY CHILDREN'S HOSPITAL", 20),
            cover.p("Division of Rheumatology"),
            gap(20),
            *cover.lines(
                "To: Tidewater Family Health, pharmacy review (fax 555-4799)",
                "From: Josune Ibarra-Whitlock, RN, 555-4740",
                "Date: 10/19/2026",
                "Pages: 5",
                "About: Calliope Rasmussen-Adeyemi, ID TFH 0192-55-03",
            ),
            gap(20),
            cover.p("Medical necessity letter, clinic note, labs and MRI for Truxima (Q5115)."),
        ],
        head=HEAD.format(page=1),
    )
    letter = Face("Times-Roman", "Times-Bold", 12, gap=6)
    second = doc(
        [
            letter.p("October 19, 2026"),
            letter.p("Re: Calliope Rasmussen-Adeyemi, date of birth March 22, 2009"),
            letter.p("Dear Medical Director:"),
            letter.p(
                "I am asking you to cover Truxima (rituximab-abbs, Q5115), 750 mg/m2 up to 1,000 mg "
                "intravenously, two doses two weeks apart, for this 17-year-old with juvenile "
                "dermatomyositis with myopathy (M33.02). At a body surface of 1.46 m2 each dose is 1,000 "
                "mg. Her disease is refractory. What she has had:"
            ),
            letter.table(
                [
                    ["Drug", "Dose", "Dates", "Outcome"],
                    ["Methylprednisolone IV", "1 g weekly x 6", "11/2024-12/2024", "brief benefit"],
                    ["Prednisone", "60 mg daily x 6 wks", "from 11/18/2024", "relapse on taper"],
                    [
                        "Methotrexate SC",
                        "20 mg weekly",
                        "12/02/2024-10/13/2025",
                        "no response",
                    ],
                    ["IVIG", "2 g/kg monthly x 8", "02/2025-09/2025", "partial, wore off"],
                    [
                        "Mycophenolate",
                        "1,000 mg BID",
                        "10/20/2025-now",
                        "inadequate",
                    ],
                ],
                [1.8, 1.7, 1.9, 1.5],
                "grid",
                pad=4,
            ),
            letter.p(
                "She is again losing strength and has new calcinosis at both elbows. Cyclophosphamide "
                "was discussed and turned down by the family. Tofacitinib is not covered by your plan."
            ),
            letter.p("Thank you. I can be reached at 555-4740 for a peer-to-peer review."),
            gap(12),
            letter.p("Renske Oduya-Lindgren, MD, Pediatric Rheumatology"),
        ],
        head=HEAD.format(page=2),
        margin=0.95,
    )
    note = Face("Helvetica", "Helvetica-Bold", 11, gap=5)
    third = doc(
        [
            note.title("Rheumatology Clinic Note &nbsp; 10/14/2026", 14),
            note.p("Rasmussen-Adeyemi, Calliope &nbsp; DOB 03/22/2009 &nbsp; 17 yr 6 mo &nbsp; F"),
            note.p(
                "<b>Interval:</b> Here with mom. More tired, needs the elevator at school, stopped "
                "swim team. Can't get off the floor without furniture. Rash on eyelids and knuckles is "
                "back since August. No trouble swallowing, voice normal, no cough, no belly pain."
            ),
            note.p(
                "<b>Meds:</b> prednisone 12.5 mg po qAM; mycophenolate mofetil 500 mg tabs, 2 tabs (1,000 "
                "mg) po BID; hydroxychloroquine 200 mg po daily; tacrolimus 0.1% ointment to face BID; "
                "calcium carbonate 500 mg po BID; vitamin D3 1,000 units po daily. Methotrexate and "
                "folic acid stopped a year ago."
            ),
            note.p("<b>Allergies:</b> amoxicillin (hives). <b>Imm:</b> UTD incl. HPV and MenB."),
            note.p(
                "<b>FHx:</b> maternal grandmother rheumatoid arthritis on leflunomide; father vitiligo."
            ),
            note.p(
                "<b>Exam:</b> Wt 48 kg, Ht 160 cm, BP 112/66. Heliotrope rash, Gottron papules, dilated "
                "nailfold capillaries. Calcinosis R and L elbow. Lungs clear. MRC: neck flexors 3+/5, "
                "deltoids 4/5, hip flexors 4-/5, knee extensors 4/5, grip 5/5. CMAS 34/52, MMT-8 62/80."
            ),
            note.p(
                "<b>Impression:</b> 1. Juvenile dermatomyositis, anti-NXP2 positive, refractory, active "
                "skin and muscle disease despite MMF, prednisone, prior MTX and IVIG. 2. Calcinosis cutis "
                "(L94.2). Not polymyositis; no overlap features."
            ),
            note.p(
                "<b>Plan:</b> Truxima x2. Reviewed with pt and mom: infusion reaction, infection, "
                "hepatitis B, PML. Consent and assent signed. Echo and PFTs 9/2026 normal."
            ),
            note.p("R. Oduya-Lindgren, MD 10/14/2026 17:25"),
        ],
        head=HEAD.format(page=3),
    )
    lab = Face("Courier", "Courier-Bold", 11.5, gap=4)
    rows = [
        ["TEST", "REF RANGE", "UNITS", "10/12/26"],
        ["CREATINE KINASE", "30-145", "U/L", "288 H"],
        ["ALDOLASE", "3.4-8.6", "U/L", "9.9 H"],
        ["LDH", "120-260", "U/L", "377 H"],
        ["AST", "10-30", "U/L", "44 H"],
        ["ALT", "8-24", "U/L", "38 H"],
        ["HEMOGLOBIN", "11.7-15.3", "g/dL", "11.9"],
        ["PLATELETS", "150-450", "K/uL", "390"],
        ["IGG", "608-1572", "mg/dL", "890"],
        ["IGA", "45-325", "mg/dL", "120"],
        ["IGM", "52-242", "mg/dL", "77"],
        ["HEP B SURFACE AG", "NEG", "", "NEG"],
        ["HEP B CORE TOTAL AB", "NEG", "", "NEG"],
        ["HEP C AB", "NEG", "", "NEG"],
        ["QUANTIFERON PLUS", "NEG", "", "NEG"],
    ]
    fourth = doc(
        [
            lab.title("HALLOWAY CHILDREN'S LABORATORY", 14),
            lab.p("RASMUSSEN-ADEYEMI, CALLIOPE"),
            lab.p("DOB 03/22/2009   MRN H-771903"),
            lab.table(rows, [2.8, 1.5, 1.0, 1.2], "under", pad=3),
        ],
        head=HEAD.format(page=4),
    )
    mri = Face("Times-Roman", "Times-Bold", 12.5, gap=7)
    fifth = doc(
        [
            mri.title("IMAGING", 15),
            mri.p("Calliope Rasmussen-Adeyemi &nbsp; 03/22/2009 &nbsp; Exam 09/28/2026"),
            mri.p("MRI PELVIS AND THIGHS WITHOUT CONTRAST"),
            mri.p(
                "Compared with 11/12/2024. Patchy STIR signal in gluteus, quadriceps and adductors on "
                "both sides with fascial and subcutaneous edema. No muscle atrophy."
            ),
            mri.p("IMPRESSION: Active myositis and fasciitis, worse than before."),
            mri.p("Signed: Anselm Farquharson-Diaz, MD"),
        ],
        head=HEAD.format(page=5),
        margin=1,
    )
    scans.fax(
        [first, second, third, fourth, fifth],
        folder / "s08_under_age.tif",
        skews=(0.3, -0.4, 0.2),
        specks=220,
    )
