"""An EHR's request and a long templated note with text copied from an earlier visit."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc


def draw(folder: Path) -> None:
    ehr = Face("Helvetica", "Helvetica-Bold", 8.5, ink="#333333", gap=3)
    first = doc(
        [
            ehr.title("Medication Prior Authorization - generated from chart", 12),
            ehr.table(
                [
                    ["Generated", "03/19/2026 08:12", "Status", "Ready to fax"],
                    ["Patient", "Abernethy-Cruz, Lionel", "DOB / Sex", "07/07/1964 / Male"],
                    ["Plan", "Bellweather Mutual of Ohmsby", "Member ID", "BWM 551 20 338"],
                    ["Order", "rituximab (RITUXAN) IV infusion", "HCPCS", "J9312"],
                    ["Dose", "375 mg/m2 (BSA 1.74 m2)", "Frequency", "Weekly x 4 doses"],
                    ["Associated dx", "Polymyositis [M33.20]", "Place", "Outpatient infusion"],
                    ["Authorizing", "Nadezhda Fairweather, MD", "Fax", "555-2418"],
                ],
                [1.1, 2.8, 1.0, 2.0],
                "rows",
                head=False,
                pad=3,
            ),
            ehr.p("The note of 03/18/2026 and results from 03/16/2026 are attached automatically."),
        ],
        margin=0.7,
        foot="Abernethy-Cruz, Lionel (MRN E1190427) - printed 03/19/2026 08:12 - page {n}",
        size=7,
    )
    second = doc(
        [
            ehr.title("Progress Notes - Nadezhda Fairweather, MD at 03/18/2026 10:40 AM", 11),
            ehr.h("Chief Complaint"),
            ehr.p("Polymyositis (follow-up 3 months)"),
            ehr.h("HPI"),
            ehr.p(
                "<i>--- Copied from my note of 11/05/2025 ---</i><br/>Lionel Abernethy-Cruz is a 61 y.o. "
                "male with polymyositis diagnosed 10/2025 (EMG 10/20/2025 with fibrillations and "
                "myopathic units, active myositis; CK 3,900 U/L on 11/03/2025). Prednisone 60 mg daily "
                "since 10/27/2025. He cannot climb stairs and needs help with his socks. Strength hip "
                "flexors 3/5, deltoids 4-/5.<br/><i>--- End of copied text ---</i>"
            ),
            ehr.p(
                "<b>Interval history 03/18/2026:</b> Prednisone 60 mg daily was given for 6 weeks "
                "(10/27/2025 - 12/08/2025) and then lowered by 10 mg, later by 1 mg steps. Methotrexate 20 mg "
                "PO weekly since 12/01/2025. Excellent response to both: strength back to normal, works full "
                "days, independent in all ADLs, climbs three flights. When he got to 9 mg of prednisone on "
                "02/10/2026 his thighs ached and CK rose; he returned to 12.5 mg daily and has been fine "
                "since. That was his only flare. He would like to be rid of prednisone altogether."
            ),
            ehr.h("Review of Systems"),
            ehr.p(
                "Constitutional: Negative for fever, chills and weight loss. HENT: Negative for mouth "
                "sores, hoarseness and trouble swallowing. Eyes: Negative for redness. Respiratory: "
                "Negative for cough and shortness of breath. Cardiovascular: Negative for chest pain, "
                "palpitations and leg swelling. Gastrointestinal: Negative for nausea, diarrhea and blood "
                "in stool. Genitourinary: Negative for dysuria. Musculoskeletal: Negative for joint "
                "swelling. Positive for occasional low back pain. Skin: Negative for rash and Raynaud "
                "phenomenon. Neurological: Negative for seizures, numbness and headaches. Hematological: "
                "Does not bruise easily. Psychiatric: Negative for depression. The patient is not "
                "nervous/anxious."
            ),
            ehr.h("Past Medical History"),
            ehr.p(
                "Diagnosis: Benign prostatic hyperplasia; Hyperlipidemia (diet only); Obstructive sleep "
                "apnea on CPAP. Past Surgical History: appendectomy 1981."
            ),
            ehr.h("Family History"),
            ehr.p(
                "Mother: breast cancer, hypothyroidism. Father: coronary artery disease. Sister: alive and well."
            ),
            ehr.h("Social History"),
            ehr.p("Former smoker, quit 1999. Alcohol: 1 drink/week. Drug use: never."),
            ehr.h("Current Outpatient Medications"),
            ehr.table(
                [
                    ["Medication", "Sig", "Dispense", "Refill"],
                    [
                        "predniSONE 2.5 mg tablet",
                        "Take 5 tablets (12.5 mg) by mouth daily",
                        "150",
                        "2",
                    ],
                    [
                        "methotrexate 2.5 mg tablet",
                        "Take 8 tablets (20 mg) by mouth once a week",
                        "32",
                        "3",
                    ],
                    ["folic acid 1 mg tablet", "Take 1 tablet by mouth daily", "90", "3"],
                    ["tamsulosin 0.4 mg capsule", "Take 1 capsule by mouth nightly", "90", "3"],
                ],
                [2.1, 3.4, 0.8, 0.7],
                "under",
                pad=1.5,
            ),
            ehr.h("Physical Exam"),
            ehr.p(
                "BP 126/78, Pulse 66, Temp 36.7 C, Ht 170 cm, Wt 64 kg, SpO2 98%. Constitutional: Normal "
                "appearance, not in acute distress. HENT: Oropharynx clear. Eyes: Conjunctivae normal. "
                "Neck: Neck supple. Cardiovascular: Normal rate, regular rhythm, no murmur. Pulmonary: "
                "Effort normal, breath sounds normal, no rales. Abdominal: Soft, no tenderness. Skin: Warm, "
                "dry, no rash. Neurological: Alert, oriented x 3. Strength 5/5 in deltoids, biceps, hip "
                "flexors, quadriceps and neck flexors. Psychiatric: Mood and affect normal."
            ),
            ehr.h("Assessment and Plan"),
            ehr.p(
                "1. Polymyositis (M33.20), idiopathic, in remission clinically, responding well; CK still a "
                "little up. Lungs and heart not involved (chest CT 11/2025 no ILD, echo 11/2025 normal). "
                "Wants to stop prednisone: try rituximab. 2. BPH: stable. 3. Immunization: influenza and "
                "pneumococcal vaccines up to date."
            ),
            ehr.p("Electronically signed by Nadezhda Fairweather, MD on 03/18/2026 12:03 PM"),
        ],
        margin=0.7,
        foot="Abernethy-Cruz, Lionel (MRN E1190427) - printed 03/19/2026 08:12",
        size=7,
    )
    third = doc(
        [
            ehr.title("Results Review - last 6 months", 12),
            ehr.p("Abernethy-Cruz, Lionel. All results final."),
            ehr.table(
                [
                    ["Component", "Latest Ref Rng", "11/03/2025", "02/12/2026", "03/16/2026"],
                    ["CK Total", "39 - 200 U/L", "3,900 (H)", "640 (H)", "580 (H)"],
                    ["AST", "0 - 40 U/L", "140 (H)", "38", "35"],
                    ["ALT", "0 - 41 U/L", "122 (H)", "36", "33"],
                    ["Creatinine", "0.70 - 1.30 mg/dL", "0.82", "", "0.86"],
                    ["Hemoglobin", "13.5 - 17.5 g/dL", "14.8", "", "14.5"],
                    ["IgG", "700 - 1,600 mg/dL", "", "", "580 (L)"],
                    ["IgA", "70 - 400 mg/dL", "", "", "131"],
                    ["IgM", "40 - 230 mg/dL", "", "", "52"],
                    ["Hepatitis B Surface Ag", "Nonreactive", "", "", "Nonreactive"],
                    ["Hepatitis B Core Ab, Total", "Nonreactive", "", "", "Nonreactive"],
                    ["Hepatitis C Ab", "Nonreactive", "", "", "Nonreactive"],
                    ["T-SPOT.TB Interpretation", "Negative", "", "", "Negative"],
                ],
                [2.1, 1.6, 1.1, 1.1, 1.1],
                "grid",
                pad=3,
            ),
        ],
        margin=0.7,
        foot="Abernethy-Cruz, Lionel (MRN E1190427) - printed 03/19/2026 08:12",
        size=7,
    )
    bind([first, second, third], folder / "q04_copied_forward.pdf")
