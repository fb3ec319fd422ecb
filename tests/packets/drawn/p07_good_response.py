"""An EHR printout that also carries the request."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, turn


def draw(folder: Path) -> None:
    ehr = Face("Helvetica", "Helvetica-Bold", 9, ink="#1E3A5F", band="#EEF2F7", gap=2)
    bind(
        [
            doc(
                [
                    ehr.title("Encounter Summary", 14),
                    ehr.table(
                        [
                            ["Patient", "MRN", "DOB", "Sex", "Encounter", "Provider"],
                            [
                                "Solveig Marchetti",
                                "E2098174",
                                "10/25/1985",
                                "F",
                                "08/03/2026 Office Visit",
                                "Amadou Kessler, DO",
                            ],
                        ],
                        [1.4, 0.9, 0.9, 0.5, 1.6, 1.5],
                        "grid",
                    ),
                    ehr.h("Reason for Visit"),
                    ehr.p(
                        "Follow-up polymyositis. Requests prior authorization of maintenance rituximab."
                    ),
                    ehr.h("Assessment &amp; Plan"),
                    ehr.p(
                        "<b>1. Polymyositis with myopathy (M33.22)</b> - idiopathic, in remission on treatment. "
                        "Excellent response to prednisone and mycophenolate. Tapered from 65 mg to 5 mg without "
                        "any flare. Orders: Ruxience (rituximab-pvvr) Q5119, 1,000 mg IV. Interval to be "
                        "decided."
                    ),
                    ehr.p(
                        "<b>2. Iron deficiency anemia (D50.9)</b> - ferrous sulfate 325 mg daily; hemoglobin "
                        "recovering."
                    ),
                    ehr.p("<b>3. Anxiety (F41.9)</b> - escitalopram 10 mg daily."),
                    ehr.h("History of Present Illness"),
                    ehr.p(
                        "40 y.o. female. Polymyositis 2023, treated elsewhere with rituximab 1,000 mg x 2 in "
                        "March 2024. Relapse 11/2025: prednisone 65 mg daily (65 kg) for 6 weeks from "
                        "11/24/2025, then tapered; 5 mg daily since 06/01/2026. Mycophenolate 1,000 mg BID "
                        "since 12/01/2025, well tolerated. Strength is back to normal. Independent in all "
                        "activities of daily living; running 5 km twice a week."
                    ),
                    ehr.h("Review of Systems"),
                    ehr.p(
                        "Constitutional: negative for fever, fatigue, weight loss. HENT: negative for trouble "
                        "swallowing. Respiratory: negative for cough and shortness of breath. Cardiovascular: "
                        "negative for chest pain and palpitations. Musculoskeletal: negative for weakness and "
                        "myalgia. Skin: negative for rash."
                    ),
                    ehr.h("Current Outpatient Medications"),
                    ehr.table(
                        [
                            ["Medication", "Sig"],
                            [
                                "predniSONE (DELTASONE) 5 mg tablet",
                                "Take 1 tablet (5 mg) by mouth daily",
                            ],
                            [
                                "mycophenolate (CELLCEPT) 500 mg tablet",
                                "Take 2 tablets (1,000 mg) by mouth 2 times daily",
                            ],
                            [
                                "ferrous sulfate 325 mg tablet",
                                "Take 1 tablet (325 mg) by mouth daily",
                            ],
                            [
                                "escitalopram (LEXAPRO) 10 mg tablet",
                                "Take 1 tablet (10 mg) by mouth daily",
                            ],
                            ["levonorgestrel IUD", "In place since 2022"],
                        ],
                        [3.1, 3.9],
                        "rows",
                    ),
                    ehr.h("Allergies"),
                    ehr.p("Latex (rash)."),
                    ehr.h("Family History"),
                    ehr.p(
                        "Mother: breast cancer. Father: type 2 diabetes, hypertension. Sister: lupus."
                    ),
                    ehr.h("Immunization History"),
                    ehr.p("COVID-19 10/2025; Influenza 10/2025; Tdap 2021; HPV complete."),
                    turn(),
                    ehr.h("Objective"),
                    ehr.p(
                        "Vitals: BP 112/70, pulse 66, temp 36.7 C, weight 65 kg. Strength 5/5 in neck flexors, "
                        "deltoids, biceps, hip flexors, quadriceps and distal groups bilaterally. Lungs clear. "
                        "Regular rhythm. No rash."
                    ),
                    ehr.h("Results Review"),
                    ehr.table(
                        [
                            ["Component", "Latest Ref Rng", "07/27/2026"],
                            ["CK", "30 - 200 U/L", "148"],
                            ["Aldolase", "&lt;=7.5 U/L", "4.8"],
                            ["AST", "10 - 35 U/L", "22"],
                            ["ALT", "6 - 29 U/L", "19"],
                            ["Creatinine", "0.50 - 1.10 mg/dL", "0.70"],
                            ["WBC", "3.8 - 10.8 K/uL", "5.6"],
                            ["Hemoglobin", "11.7 - 15.5 g/dL", "11.4 (L)"],
                            ["Ferritin", "16 - 154 ng/mL", "14 (L)"],
                            ["Hepatitis B Surface Ag", "Non-Reactive", "Non-Reactive"],
                            ["Hepatitis B Core Ab, Total", "Non-Reactive", "Non-Reactive"],
                            ["Hepatitis C Ab", "Non-Reactive", "Non-Reactive"],
                            ["QuantiFERON-TB Gold Plus", "Negative", "Negative"],
                            ["IgG", "600 - 1640 mg/dL", "811"],
                            ["IgA", "47 - 310 mg/dL", "122"],
                            ["IgM", "50 - 300 mg/dL", "58"],
                        ],
                        [2.4, 2, 1.5],
                        "columns",
                        pad=1.5,
                    ),
                    ehr.p(
                        "EMG 07/20/2026: normal study, no spontaneous activity. MRI thighs 07/22/2026: normal, no "
                        "muscle edema. PFT 07/2026 normal; no evidence of interstitial lung disease."
                    ),
                    ehr.h("Payer questions (Hollin Ford Health, answered 08/04/2026)"),
                    ehr.p(
                        "Intolerance or contraindication to methotrexate, azathioprine or mycophenolate: No"
                    ),
                    ehr.p("Checkpoint inhibitor exposure: No"),
                    ehr.p("Request date: 08/04/2026"),
                    ehr.h("Patient Instructions"),
                    ehr.p(
                        "Take calcium and vitamin D with food. Avoid live vaccines. Call for fever, new "
                        "weakness or trouble swallowing. Do not stop prednisone suddenly."
                    ),
                    ehr.p("Electronically signed by Amadou Kessler, DO at 08/04/2026 09:14"),
                ],
                head="Marchetti, Solveig  MRN E2098174  DOB 10/25/1985",
                foot="Printed 08/04/2026   Page {n} of 2",
            )
        ],
        folder / "p07_good_response.pdf",
    )
