"""A health system's progress note with result components, after a payer's boxed form."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap, turn

from drawn.printed import Strip, boxed

WHO = "Varga-Tolliver, Anneliese (MRN 7710923) DOB: 7/22/1965"


def draw(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 9.5, gap=3)
    first = doc(
        [
            form.title("Ashgrove Mutual of the Plains", 14),
            form.p("Medical Benefit Drug Request. Fax completed form and records to 555-3018."),
            Strip("1 Patient", ink="#555555", size=9),
            boxed(
                [
                    [
                        ("Last name", "Varga-Tolliver"),
                        ("First name", "Anneliese"),
                        ("Date of birth", "07/22/1965"),
                    ],
                    [("Member ID", "AMP 440-21-7786"), ("Sex", "F"), ("Weight", "81.6 kg")],
                ]
            ),
            Strip("2 Prescriber", ink="#555555", size=9),
            boxed(
                [
                    [
                        ("Name", "Gideon Falk, MD"),
                        ("Specialty", "Rheumatology"),
                        ("Contact", "Marla P., RN"),
                    ],
                    [
                        ("Phone", "555-3140"),
                        ("Fax", "555-3141"),
                        ("Facility", "Corrant River Infusion East"),
                    ],
                ]
            ),
            Strip("3 Drug", ink="#555555", size=9),
            boxed(
                [
                    [
                        ("Drug name", "Riabni (rituximab-arrx)"),
                        ("HCPCS", "Q5123"),
                        ("Units", "100 per visit"),
                    ],
                    [
                        ("Dose", "1,000 mg"),
                        ("Route", "IV infusion"),
                        ("Frequency", "Day 0 and day 14"),
                    ],
                    [
                        ("New or renewal", "New"),
                        ("ICD-10", "M33.22"),
                        ("Diagnosis", "Polymyositis with myopathy"),
                    ],
                ]
            ),
            Strip("4 Clinical", ink="#555555", size=9),
            boxed(
                [
                    [
                        (
                            "Previous therapy for this condition",
                            "Prednisone and methotrexate, inadequate response. See note 8/19/2026.",
                        )
                    ],
                    [("Is the request for a clinical trial?", "No")],
                ]
            ),
            gap(20),
            form.p("Signature: <i>Gideon Falk MD</i> &nbsp;&nbsp;&nbsp; Date: 08/24/2026"),
        ]
    )
    note = Face("Helvetica", "Helvetica-Bold", 9.5, ink="#2A5D84", gap=3)
    rest = doc(
        [
            Strip("Progress Notes", "Gideon Falk, MD (Physician) - Rheumatology", "#2A5D84"),
            note.p(
                "Encounter Date: 8/19/2026 &nbsp; Signed &nbsp; Creation Time: 8/19/2026 1:52 PM"
            ),
            note.h("Reason for Visit"),
            note.p("Follow-up (Polymyositis)"),
            note.h("Subjective"),
            note.p(
                "Anneliese Varga-Tolliver is a 61 y.o. female who returns for polymyositis, diagnosed "
                "November 2025. Last seen 5/13/2026."
            ),
            note.p(
                "Prednisone 80 mg daily (1 mg/kg) was started 12/8/2025 and continued at 80 mg through "
                "1/19/2026, then reduced stepwise: 60 mg in late January, 40 mg in February, 30 mg in "
                "April. She has taken 20 mg daily since 5/13/2026. Methotrexate 15 mg once a week by "
                "mouth was added 1/12/2026 and raised to 25 mg weekly on 3/2/2026. She takes it every "
                "Sunday, tolerating it well."
            ),
            note.p(
                "After seven months of methotrexate with prednisone she is still weak and her CK has "
                "never been normal. She cannot lift her grandson, goes up stairs on hands and knees, "
                "and her husband washes and dries her hair. She gets out of the car by pulling on the "
                "door frame. Denies choking or food sticking, cough, shortness of breath, chest pain, "
                "palpitations, rash, Raynaud's, fever."
            ),
            note.h("Patient Active Problem List"),
            note.table(
                [
                    ["Diagnosis", "ICD-10", "Date Noted"],
                    ["Polymyositis with myopathy", "M33.22", "11/2025"],
                    ["Essential hypertension", "I10", "2014"],
                    ["Hypothyroidism", "E03.9", "2009"],
                    ["Prediabetes", "R73.03", "2/2026"],
                ],
                [3.4, 1.2, 1.2],
                "rows",
                pad=1,
            ),
            note.h("Current Outpatient Medications on File Prior to Visit"),
            note.table(
                [
                    ["Medication", "Sig", "Dispense", "Refill"],
                    ["predniSONE 10 mg tablet", "Take 2 tablets (20 mg) by mouth daily", "60", "2"],
                    [
                        "methotrexate 2.5 mg tablet",
                        "Take 10 tablets (25 mg) by mouth once a week",
                        "40",
                        "2",
                    ],
                    ["folic acid 1 mg tablet", "Take 1 tablet by mouth daily", "90", "3"],
                    ["lisinopriL 20 mg tablet", "Take 1 tablet by mouth daily", "90", "3"],
                    ["levothyroxine 100 mcg tablet", "Take 1 tablet by mouth daily", "90", "3"],
                    [
                        "sulfamethoxazole-trimethoprim DS",
                        "Take 1 tablet by mouth three times a week",
                        "36",
                        "1",
                    ],
                ],
                [2.3, 3.2, 0.8, 0.6],
                "rows",
                pad=1,
            ),
            note.p("No current facility-administered medications. Allergies: codeine (nausea)."),
            note.h("Objective"),
            note.p(
                "BP 132/78 | Pulse 84 | Temp 36.6 C (97.9 F) | Resp 16 | Ht 165 cm | Wt 81.6 kg (179 lb "
                "14.4 oz) | SpO2 98% | BMI 29.97"
            ),
            note.p(
                "General: no distress. HENT: oropharynx clear. CV: regular rhythm, no murmur. Lungs: "
                "clear, no crackles. Skin: no heliotrope, no Gottron papules. MSK: no synovitis."
            ),
            note.p(
                "Neuro: Motor - deltoids 4-/5 bilaterally, biceps 4/5, hip flexors 3+/5 bilaterally, "
                "quadriceps 4/5, neck flexors 4/5, distal 5/5. Reflexes and sensation normal."
            ),
            note.h("Family History / Social History"),
            note.p(
                "Mother: polymyalgia rheumatica. Father: stroke. Sister: multiple sclerosis. Tobacco: "
                "never. Alcohol: 1 glass of wine per week. Occupation: retired school principal. Lives "
                "with husband; two-story house."
            ),
            note.h("Health Maintenance"),
            note.p(
                "Mammogram due 11/2026. Colonoscopy 2023. Recombinant zoster vaccine 2/2. Influenza due."
            ),
            turn(),
            Strip("Results Review", "", "#2A5D84"),
            note.table(
                [
                    ["Component", "Latest Ref Rng", "5/11/2026", "8/17/2026"],
                    ["CK TOTAL", "26 - 192 U/L", "1,302 (H)", "1,146 (H)"],
                    ["ALDOLASE", "1.5 - 8.1 U/L", "", "11.9 (H)"],
                    ["AST", "13 - 35 U/L", "60 (H)", "55 (H)"],
                    ["ALT", "7 - 35 U/L", "66 (H)", "58 (H)"],
                    ["CREATININE", "0.50 - 1.10 mg/dL", "0.74", "0.70"],
                    ["WBC", "4.0 - 11.0 K/uL", "8.1", "7.7"],
                    ["HEMOGLOBIN", "12.0 - 16.0 g/dL", "12.9", "13.0"],
                    ["PLATELETS", "150 - 400 K/uL", "301", "288"],
                    ["GLUCOSE", "70 - 99 mg/dL", "118 (H)", "109 (H)"],
                ],
                [2.0, 1.9, 1.3, 1.3],
                "rows",
                pad=1.5,
            ),
            note.table(
                [
                    ["Component", "Latest Ref Rng", "8/17/2026"],
                    ["HEPATITIS B SURFACE AG", "Non Reactive", "Non Reactive"],
                    ["HEPATITIS B CORE AB, TOTAL", "Non Reactive", "Non Reactive"],
                    ["HEPATITIS C AB", "Non Reactive", "Non Reactive"],
                    ["QUANTIFERON-TB GOLD PLUS", "Negative", "Negative"],
                    ["IGG", "610 - 1,616 mg/dL", "902"],
                    ["IGA", "84 - 499 mg/dL", "177"],
                    ["IGM", "35 - 242 mg/dL", "93"],
                ],
                [2.6, 2.0, 1.6],
                "rows",
                pad=1.5,
            ),
            note.h("MRI Thigh Bilateral without Contrast (7/30/2026)"),
            note.p(
                "IMPRESSION: Patchy intramuscular edema of the vastus lateralis and adductor magnus "
                "bilaterally, in keeping with active inflammatory myositis. No fatty atrophy."
            ),
            note.h("Other studies"),
            note.p(
                "PFT 2/2026: FVC 94%, DLCO 88% predicted, normal. Echocardiogram 2/2026: EF 62%, "
                "normal. CT chest, abdomen and pelvis 12/2025: no malignancy, no interstitial change."
            ),
            note.h("Assessment & Plan"),
            note.p(
                "<b>1. Polymyositis (M33.22)</b> - idiopathic; no cancer, no immunotherapy ever. Refractory "
                "to prednisone and methotrexate. No pulmonary, cardiac or esophageal involvement. Start "
                "Riabni 1,000 mg IV, two doses two weeks apart. Stay on prednisone 20 mg and methotrexate "
                "meanwhile; would think about IVIG if this does not help. Counseled on infusion "
                "reactions, infections, hepatitis B reactivation and PML; she wishes to go ahead."
            ),
            note.p("<b>2. Prediabetes</b> - on steroid. PCP to repeat A1c in October."),
            note.p(
                "<b>3. Long-term steroid use</b> - DXA ordered. Calcium and vitamin D in the diet."
            ),
            note.h("Patient Instructions"),
            note.p(
                "Call for a temperature over 100.4 F, painful urination, new rash, trouble swallowing or "
                "shortness of breath. Do not stop prednisone suddenly. No live vaccines."
            ),
            note.p("Return in about 3 months (around 11/19/2026)."),
            note.p("Electronically signed by Gideon Falk, MD at 8/19/2026 2:31 PM"),
        ],
        head=WHO,
        foot="Corrant River Health. Printed by Marla P., RN at 8/24/2026 9:05 AM. Page {n}",
    )
    bind([first, rest], folder / "r01_health_system.pdf")
