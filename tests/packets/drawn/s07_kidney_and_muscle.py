"""A grey scan: a plan's form, a note in two columns, an infusion order set, a flowsheet."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, bind, doc, gap

from drawn.ruled import Ticks, columns

RESULTS = (
    ("Creatine Kinase", "1356", "High", "44", "196", "U/L", "04/20/26 08:15"),
    ("Creatine Kinase", "1490", "High", "44", "196", "U/L", "02/02/26 09:05"),
    ("Aldolase", "12.1", "High", "1.5", "8.1", "U/L", "04/20/26 08:15"),
    ("AST", "58", "High", "10", "40", "U/L", "04/20/26 08:15"),
    ("ALT", "55", "High", "9", "46", "U/L", "04/20/26 08:15"),
    ("Creatinine", "2.61", "High", "0.70", "1.30", "mg/dL", "04/20/26 08:15"),
    ("Potassium", "5.0", "", "3.5", "5.1", "mmol/L", "04/20/26 08:15"),
    ("WBC", "7.2", "", "3.8", "10.8", "K/uL", "04/20/26 08:15"),
    ("Hemoglobin", "10.1", "Low", "13.2", "17.1", "g/dL", "04/20/26 08:15"),
    ("Platelets", "201", "", "140", "400", "K/uL", "04/20/26 08:15"),
    ("IgG", "1340", "", "700", "1600", "mg/dL", "04/20/26 08:15"),
    ("IgA", "&lt;5", "Low", "70", "400", "mg/dL", "04/20/26 08:15"),
    ("IgM", "132", "", "40", "230", "mg/dL", "04/20/26 08:15"),
    ("Hepatitis B Surface Antigen", "Negative", "", "", "", "", "04/20/26 08:15"),
    ("Hepatitis B Core Antibody Total", "Negative", "", "", "", "", "04/20/26 08:15"),
    ("Hepatitis C Antibody", "Negative", "", "", "", "", "04/20/26 08:15"),
    ("QuantiFERON TB Gold Plus", "Negative", "", "", "", "", "04/20/26 08:15"),
)


def draw(folder: Path) -> None:
    form = Face("Times-Roman", "Times-Bold", 11.5, gap=6)
    first = doc(
        [
            form.title("Golden Spur Medicare Advantage", 17),
            form.p("Part B drug prior authorization. Return to 555-4691."),
            form.table(
                [
                    ["Enrollee", "Thaddeus Brennick-Ozawa"],
                    ["Date of birth", "12/03/1949"],
                    ["Enrollee number", "GS 4 771 0093 02"],
                    ["Requesting clinician", "Philippa Nwosu-Hart, MD, rheumatology, 555-4660"],
                    ["Drug and HCPCS", "Riabni (rituximab-arrx), Q5123"],
                    ["Dose, route", "1,000 mg IV"],
                    ["Frequency, number of doses", "two weeks apart, 2 doses (day 1, day 15)"],
                    ["Diagnosis and ICD-10-CM", "Polymyositis, M33.20"],
                    ["Weight", "71 kg"],
                    ["Step therapy exception?", "Yes. Methotrexate contraindicated; see note."],
                    ["Date of request", "April 27, 2026"],
                ],
                [2.4, 4.3],
                "grid",
                head=False,
                pad=5,
            ),
            gap(12),
            form.p("Signature: <i>P. Nwosu-Hart, MD</i>"),
        ],
        margin=0.9,
    )
    note = Face("Helvetica", "Helvetica-Bold", 9.5, gap=4)
    side = Face("Helvetica", "Helvetica-Bold", 8.5, gap=2)
    second = columns(
        [
            note.title("Quillon County Physicians Network - Rheumatology", 13),
            note.p("BRENNICK-OZAWA, THADDEUS &nbsp; DOB 12/03/1949 &nbsp; MRN 3300718"),
            note.p("Office Visit Note &nbsp; 04/22/2026 &nbsp; Nwosu-Hart MD, Philippa"),
        ],
        [
            note.h("History of Present Illness"),
            note.p(
                "76-year-old man with polymyositis since August 2025. Methylprednisolone (Medrol) 64 mg "
                "by mouth daily from 09/08/2025 to 10/27/2025, seven weeks, then 48, 32, 24 and since "
                "02/02/2026 16 mg daily. Response inadequate: still weak, CK around 1,400."
            ),
            note.p(
                "Azathioprine 100 mg daily from 11/10/2025: on day 12 fever of 39.4, rash and "
                "hypotension, two nights in hospital, azathioprine hypersensitivity. Stopped "
                "11/22/2025, not to be given again."
            ),
            note.p(
                "Methotrexate contraindicated: CKD stage 4, eGFR 24. Mycophenolate not tried. IVIG "
                "contraindicated: IgA deficiency, anaphylaxis to plasma in 2011."
            ),
            note.p(
                "He walks with a rollator, cannot rise from a chair without a push, cannot lift his "
                "arms to shave. His wife dresses him."
            ),
            note.h("Review of Systems"),
            note.p(
                "No trouble swallowing. No cough, no breathlessness at rest. No chest pain. No fever, no "
                "rash now. Ankle swelling at night."
            ),
            note.h("Physical Exam"),
            note.p("BP 138/66, HR 68, SpO2 96%, Wt 71 kg."),
            note.p("Lungs clear. Soft systolic murmur. 1+ ankle edema. Skin clear."),
            note.p(
                "Strength: deltoids 3+/5, biceps 4/5, hip flexors 3/5, knee extensors 4-/5, neck flexors "
                "4-/5, grip 4+/5."
            ),
        ],
        [
            side.h("Problem List/Past Medical History"),
            *side.lines(
                "<u>Ongoing</u>",
                "Polymyositis",
                "CKD (chronic kidney disease) stage 4",
                "Coronary artery disease",
                "Hypertension",
                "Anemia of chronic kidney disease",
                "Selective IgA deficiency",
                "<u>Historical</u>",
                "CABG 2014",
                "Inguinal hernia",
            ),
            side.h("Medications"),
            *side.lines(
                "methylPREDNISolone 16 mg oral tablet, 16 mg, 1 tab, Oral, Daily",
                "carvedilol 12.5 mg oral tablet, 12.5 mg, 1 tab, Oral, BID",
                "furosemide 40 mg oral tablet, 40 mg, 1 tab, Oral, BID",
                "aspirin 81 mg oral tablet, 81 mg, 1 tab, Oral, Daily",
                "sodium bicarbonate 650 mg oral tablet, 650 mg, 1 tab, Oral, TID",
                "calcitriol 0.25 mcg oral capsule, 0.25 mcg, 1 cap, Oral, Mon-Wed-Fri",
                "epoetin alfa 10,000 units/mL, 10,000 units, Subcutaneous, every 2 weeks",
                "rosuvastatin: discontinued 08/2025",
            ),
            side.h("Allergies"),
            *side.lines("azathioprine (fever, rash)", "plasma (anaphylaxis)"),
            side.h("Social History"),
            side.p("Former smoker, quit 1990. Retired surveyor."),
            side.h("Family History"),
            side.p("Brother: polymyositis? (died 1988, no records). Mother: stroke."),
            side.h("Immunizations"),
            side.p("Influenza 10/2025. Zoster recombinant 2023 x2."),
        ],
        head=0.9,
        foot="Page 1 of 2",
    )
    third = doc(
        [
            note.p("BRENNICK-OZAWA, THADDEUS &nbsp; DOB 12/03/1949 &nbsp; 04/22/2026, continued"),
            note.h("Assessment/Plan"),
            note.p(
                "<b>1. Polymyositis (M33.20)</b><br/>Idiopathic: CT chest/abdomen/pelvis 09/2025 without "
                "malignancy, never any checkpoint inhibitor. CT also without interstitial lung disease. "
                "Echo 09/2025 EF 58%, no myocarditis. Swallow normal. Inadequate response to high-dose "
                "methylprednisolone, azathioprine not tolerated, methotrexate contraindicated. Riabni "
                "1,000 mg x2. Hold Medrol at 16 mg until the second dose. PML, infusion reaction, "
                "infection and hepatitis B reactivation discussed with him and his wife. Infusion "
                "nurses told of the plasma reaction; IgA below detection."
            ),
            note.p("<b>2. CKD stage 4 (N18.4)</b><br/>Nephrology 05/2026. No dose change needed."),
            note.p("<b>3. Coronary artery disease (I25.10)</b><br/>Stable. Slow first infusion."),
            note.p("<b>4. Hypertension (I10)</b><br/>Continue carvedilol."),
            note.p("<b>5. Anemia in CKD (D63.1)</b><br/>On epoetin."),
            gap(8),
            note.p("Electronically Signed on 04/22/2026 05:47 PM, Nwosu-Hart MD, Philippa"),
        ],
        foot="Page 2 of 2",
    )
    order = Face("Helvetica", "Helvetica-Bold", 10.5, gap=4)
    fourth = doc(
        [
            order.title("QUILLON INFUSION CENTER", 15),
            order.title("RITUXIMAB ORDER SET (non-oncology)", 12),
            order.p("Patient: Thaddeus Brennick-Ozawa &nbsp; DOB: 12/03/1949 &nbsp; Wt: 71 kg"),
            order.h("PRODUCT"),
            Ticks(
                [(False, "Rituxan"), (False, "Truxima"), (False, "Ruxience"), (True, "Riabni")],
                [1.6] * 4,
                size=10,
            ),
            Ticks([(True, "1,000 mg day 1, 15"), (False, "375 mg/m2 weekly x 4")], [3, 3], size=10),
            order.h("PREMEDICATION, 30 minutes before"),
            Ticks(
                [(True, "Acetaminophen 650 mg PO"), (False, "Acetaminophen 1,000 mg PO")], [3, 3]
            ),
            Ticks([(True, "Diphenhydramine 25 mg IV"), (False, "Cetirizine 10 mg PO")], [3, 3]),
            Ticks([(True, "Methylprednisolone 100 mg IV"), (False, "None")], [3, 3]),
            order.h("RATE"),
            order.p("First: 50 mg/h, raise by 50 mg/h every 30 min to 400 mg/h."),
            order.p("Second: 100 mg/h, raise by 100 mg/h every 30 min to 400 mg/h."),
            order.h("REACTION (standing)"),
            order.p("Stop. Epinephrine 0.3 mg IM, famotidine 20 mg IV, albuterol neb. Call MD."),
            order.h("BEFORE FIRST DOSE"),
            order.p("Hold if fever over 38.0 C, antibiotic in last 7 days, or positive HBsAg."),
            gap(8),
            order.p("<i>P. Nwosu-Hart, MD</i> &nbsp; 04/27/2026 &nbsp; 0910"),
        ]
    )
    lab = Face("Helvetica", "Helvetica-Bold", 9.5, gap=4)
    fifth = doc(
        [
            lab.title("Flowsheet Print Request", 14),
            lab.p("BRENNICK-OZAWA, THADDEUS &nbsp; DOB 12/03/1949 &nbsp; MRN 3300718"),
            lab.table(
                [
                    ["Event", "Result", "Normality", "Low", "High", "Units", "Date/Time"],
                    *RESULTS,
                ],
                [2.3, 0.8, 0.8, 0.6, 0.6, 0.7, 1.2],
                "grid",
                pad=2.5,
            ),
        ]
    )
    mri = Face("Times-Roman", "Times-Bold", 11.5, gap=6)
    sixth = doc(
        [
            mri.title("Quillon Imaging Partners", 15),
            mri.p("Thaddeus Brennick-Ozawa, 12/03/1949. MRI both thighs, no contrast, 08/26/2025."),
            mri.p(
                "Findings: high STIR signal in both quadriceps and in the adductors, symmetric. Mild fat "
                "in the hamstrings. No abscess, no fracture."
            ),
            mri.p("Impression: active inflammatory myopathy of both thighs."),
            gap(10),
            mri.p("Edgar Villanueva-Stroud, MD"),
        ],
        margin=1,
    )
    bind(
        [
            scans.scan(
                [first, second, third, fourth, fifth, sixth],
                dpi=170,
                skews=(-0.5, 0.4, 0, -0.7, 0.3),
                specks=60,
                grey=True,
            )
        ],
        folder / "s07_kidney_and_muscle.pdf",
    )
