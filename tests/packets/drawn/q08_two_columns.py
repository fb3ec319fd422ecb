"""A consultation in two columns, results in the second of them; a radiology report."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc

from drawn.ruled import columns


def draw(folder: Path) -> None:
    big = Face("Times-Roman", "Times-Bold", 10.5, ink="#1B3A57", gap=3)
    text = Face("Times-Roman", "Times-Bold", 9.5, gap=4)
    first = columns(
        [
            big.title("WYCHWOOD UNIVERSITY MYOSITIS CENTER", 15),
            big.p(
                "Consultation, July 10, 2026 &nbsp; | &nbsp; Hyacinth Ostrowski, MD, PhD &nbsp; | &nbsp; 555-2801, fax 555-2802"
            ),
            big.p(
                "<b>Patient:</b> Leopold Fitzwarren &nbsp; <b>Born:</b> 01/15/1957 &nbsp; <b>Plan:</b> Amberlight Medicare Choice, AMC 300 771 92"
            ),
            big.p(
                "<b>Drug requested with this consultation:</b> Truxima (rituximab-abbs), Q5115, 1,000 mg IV, for myositis, M33.20"
            ),
        ],
        [
            text.h("Reason for consultation"),
            text.p("Inflammatory myopathy, second opinion and authorization of rituximab."),
            text.h("History"),
            text.p(
                "A 69-year-old retired organist with painless weakness of the hips and shoulders since "
                "January 2026. CK 7,900 in March. He had taken rosuvastatin 20 mg daily from 2019 until "
                "January 2026, when it was stopped."
            ),
            text.p(
                "Prednisone 80 mg daily from 04/01/2026 to 04/29/2026, then 60 mg and 40 mg for three weeks "
                "each, and 30 mg daily since 06/10/2026. Weakness has persisted throughout. "
                "Methotrexate 15 mg weekly from 05/06/2026 to 06/02/2026; the pharmacy ran out of it and it "
                "was not renewed. He had no trouble with it. No other agent so far."
            ),
            text.p(
                "No checkpoint inhibitor, no cancer; PET scan in April clean. Swallows without difficulty. "
                "No cough, no dyspnea. He uses a walker, and needs help with bathing."
            ),
            text.h("Other history"),
            text.p(
                "Coronary stent 2019. Hyperlipidemia. Benign essential tremor. Brother: Parkinson disease. "
                "Never smoked. No drug allergies."
            ),
            text.h("Medicines"),
            text.p("1. Prednisone 30 mg daily"),
            text.p("2. Clopidogrel 75 mg daily"),
            text.p("3. Ezetimibe 10 mg daily"),
            text.p("4. Propranolol 20 mg twice daily"),
            text.p("5. Trimethoprim-sulfamethoxazole DS, one tablet three times a week"),
            text.h("Examination"),
            text.p(
                "82 kg, 132/70. No rash, no mechanic's hands. Lungs clear. Arm abductors 4-/5, elbow flexors "
                "4/5, hip flexors 3/5, hip extensors 3/5, neck flexors 4-/5, finger flexors 5/5. Fine tremor."
            ),
        ],
        [
            text.h("Results, July 6, 2026"),
            text.table(
                [
                    ["Test", "Result", "Range"],
                    ["CK, U/L", "4,400 *", "39-308"],
                    ["AST, U/L", "150 *", "&lt;40"],
                    ["ALT, U/L", "171 *", "&lt;41"],
                    ["Creatinine, mg/dL", "0.7", "0.7-1.3"],
                    ["Hemoglobin, g/dL", "14.0", "13.5-17.5"],
                    ["QuantiFERON Gold Plus", "negative", ""],
                    ["Hepatitis C antibody", "negative", ""],
                    ["Hepatitis B panel", "pending", ""],
                    ["IgG, mg/dL", "940", "700-1600"],
                    ["IgA, mg/dL", "180", "70-400"],
                    ["IgM, mg/dL", "66", "40-230"],
                    ["Anti-HMGCR", "pending", ""],
                    ["Anti-SRP", "negative", ""],
                ],
                [1.6, 0.9, 0.9],
                "under",
                pad=1.5,
                size=9,
            ),
            text.p("* outside the range"),
            text.h("Studies"),
            text.p(
                "EMG elsewhere in March; the report is not available to us. MRI: see the report overleaf. "
                "Chest CT 04/2026 without interstitial lung disease. Echocardiogram 04/2026 normal; no cardiac "
                "involvement."
            ),
            text.h("Impression"),
            text.p(
                "Probable polymyositis. Immune-mediated necrotizing myopathy after statin is not excluded while "
                "anti-HMGCR is pending; inclusion body myositis is unlikely with strong finger flexors. A "
                "muscle biopsy has been proposed."
            ),
            text.h("Advice"),
            text.p(
                "1. Biopsy of the left vastus lateralis. 2. Azathioprine to be started once TPMT is known. "
                "3. Rituximab, schedule to be settled with the infusion unit. 4. IVIG if the antibody returns "
                "positive. 5. Prednisone: stay at 30 mg for now. 6. Physiotherapy."
            ),
            text.p("H. Ostrowski (dictated, not read)"),
        ],
        1.25,
        "Wychwood University Myositis Center - consultation - L. Fitzwarren - 1 of 2",
    )
    film = Face("Courier", "Courier-Bold", 10, gap=7)
    second = doc(
        [
            film.p("WYCHWOOD UNIVERSITY HOSPITAL / IMAGING"),
            film.p("FITZWARREN, LEOPOLD / 01/15/1957 / MRI THIGHS W/O CONTRAST / 06/22/2026"),
            film.p("INDICATION: Myopathy, CK 7900. Rule out necrotizing myopathy."),
            film.p("TECHNIQUE: Axial T1, axial and coronal STIR, both thighs."),
            film.p(
                "FINDINGS: Marked symmetric STIR hyperintensity of the quadriceps and the adductors. Little "
                "fatty replacement. No fascial fluid. No mass. Incidental right inguinal hernia."
            ),
            film.p("IMPRESSION: Findings of active myositis. The pattern does not tell its cause."),
            film.p("READ BY: B. Sandoval-Reeve MD 06/22/2026 18:31"),
        ],
        margin=0.9,
        font="Courier",
    )
    bind([first, second], folder / "q08_two_columns.pdf")
