"""An oncology service's worksheet, note with a toxicity table, trend of results, e-consult."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap, turn

from drawn.printed import Strip

INK = "#8A1C2B"
WHO = "Makepeace-Ito, Bronwen   F   04/03/1957   Chart 30-77125"


def draw(folder: Path) -> None:
    work = Face("Helvetica", "Helvetica-Bold", 10, ink=INK, gap=4)
    first = doc(
        [
            Strip("FERNBANK CANCER INSTITUTE", "Drug authorization worksheet", INK, 12),
            gap(6),
            work.table(
                [
                    ["Patient", "Bronwen Makepeace-Ito", "Insurer", "Foxglove Health Partners"],
                    ["Birth date", "04/03/1957", "Policy no.", "FHP-88-30177"],
                    ["Submitted", "08/06/2026", "Contact", "Lionel, 555-3922"],
                    ["Drug", "Rituxan (rituximab)", "HCPCS", "J9312"],
                    [
                        "Regimen",
                        "375 mg/m2 IV once weekly x 4 doses",
                        "BSA",
                        "1.66 m2 (60 kg, 165 cm)",
                    ],
                    ["Diagnosis", "Polymyositis", "ICD-10", "M33.22"],
                    ["Off-label use", "Yes", "Urgency", "72 hours"],
                ],
                [1.0, 2.6, 0.9, 2.2],
                "columns",
                head=False,
                pad=5,
            ),
            work.p(
                "Supporting documents: oncology visit 08/05/2026; result trend; rheumatology "
                "e-consult 07/28/2026."
            ),
            work.p("Physician: Kwabena Strickland, MD, thoracic oncology"),
        ],
        foot="Fernbank Cancer Institute - page {n}",
    )
    note = Face("Helvetica", "Helvetica-Bold", 9.5, ink=INK, gap=4)
    second = doc(
        [
            Strip("Thoracic Oncology - Return Visit", "08/05/2026", INK),
            note.h("Oncologic history"),
            note.table(
                [
                    ["Date", "Event"],
                    ["01/2026", "Stage IIIB adenocarcinoma of the left upper lobe, PD-L1 80%"],
                    ["02/11/2026", "Pembrolizumab 200 mg IV every 3 weeks, cycle 1"],
                    ["04/15/2026", "Cycle 4"],
                    ["04/27/2026", "Proximal weakness, CK 7,840: myositis"],
                    ["05/02/2026", "Admitted; pembrolizumab permanently discontinued"],
                    ["07/15/2026", "CT: partial response of the tumor, no pneumonitis"],
                ],
                [1.1, 5.6],
                "rows",
                pad=1.5,
            ),
            note.h("Toxicity (CTCAE v5.0)"),
            note.table(
                [
                    ["Term", "Grade", "Attribution"],
                    ["Myositis", "3", "pembrolizumab, definite"],
                    ["Myocarditis", "0", "troponin and echocardiogram normal"],
                    ["Dysphagia", "0", ""],
                    ["Pneumonitis", "0", ""],
                    ["Fatigue", "2", "disease, pembrolizumab"],
                    ["Hyperglycemia", "1", "prednisone"],
                ],
                [2.0, 1.0, 3.7],
                "grid",
                pad=1.5,
            ),
            note.h("Course of the myositis"),
            note.p(
                "Pembrolizumab-induced polymyositis. Methylprednisolone 120 mg IV daily (2 mg/kg) from "
                "05/02 to 05/06/2026, then prednisone 60 mg daily from 05/07 for four weeks. The taper "
                "failed: flare at 30 mg on 06/22, back up to 50 mg; flare at 35 mg on 07/20, back up to "
                "45 mg, which she takes today. Mycophenolate 1 g BID since 06/08/2026, without benefit. "
                "Plasma exchange, five sessions, 06/25 to 07/03: CK down for a week, then back. IVIG not "
                "used."
            ),
            note.h("Interval history"),
            note.p(
                "Housebound. Husband lifts her from bed and chair, bathes and dresses her. Eats normally, "
                "no choking. Not short of breath. No chest pain. No diplopia, no ptosis. No rash. Mood low."
            ),
            note.h("Medications"),
            note.p(
                "Prednisone 45 mg daily; mycophenolate mofetil 1 g BID; atovaquone 1,500 mg daily; "
                "esomeprazole 40 mg daily; mirtazapine 15 mg at bedtime; tiotropium 18 mcg inhaled daily. "
                "No drug allergies."
            ),
            turn(),
            note.h("Examination"),
            note.p(
                "ECOG 3. 60 kg, 122/70, 92, 36.7, 96% on room air. Heart regular. Left upper chest "
                "quiet, no crackles. No edema."
            ),
            note.p(
                "<i>Carried forward from 05/04/2026:</i> deltoids 2/5, hip flexors 2/5, neck flexors 3-/5."
            ),
            note.p(
                "<i>Today 08/05/2026:</i> deltoids 3+/5, hip flexors 3/5, quadriceps 4-/5, neck flexors "
                "4-/5, grip 5/5. Acetylcholine receptor antibodies (05/2026) negative."
            ),
            note.h("Studies"),
            note.p(
                "MRI pelvis and thighs 05/03/2026: extensive muscle edema, gluteal, adductor and "
                "quadriceps, active myositis. EMG 05/05/2026: irritable myopathy. CT chest 07/15/2026: no "
                "interstitial lung disease. Echocardiogram 07/30/2026: EF 61%."
            ),
            note.h("Assessment"),
            note.p(
                "Immune checkpoint inhibitor myositis, grade 3, steroid-dependent and refractory to "
                "mycophenolate. Rheumatology recommends rituximab. Risks explained, including infection "
                "and PML; she consents. No further checkpoint inhibitor."
            ),
            note.p("K. Strickland, MD 08/05/2026 14:12"),
            Strip("Result trend", "", INK),
            note.table(
                [
                    ["Test (range)", "05/01", "05/25", "06/22", "07/20", "08/03/2026"],
                    ["CK (30-150 U/L)", "7,840 H", "2,110 H", "3,360 H", "2,480 H", "1,904 H"],
                    ["AST (10-35 U/L)", "301 H", "96 H", "140 H", "108 H", "88 H"],
                    ["ALT (10-40 U/L)", "212 H", "99 H", "120 H", "101 H", "84 H"],
                    ["Creatinine (0.5-1.0 mg/dL)", "0.6", "0.6", "0.6", "0.5", "0.6"],
                    ["Hgb (12.0-15.5 g/dL)", "12.7", "12.1", "12.0", "11.6 L", "11.4 L"],
                    ["Troponin I (&lt;0.04 ng/mL)", "&lt;0.01", "", "", "", "&lt;0.01"],
                ],
                [2.0, 0.9, 0.9, 0.9, 0.9, 1.1],
                "zebra",
            ),
            note.table(
                [
                    ["Screening", "Date", "Result"],
                    ["HBsAg / anti-HBc / anti-HCV", "02/03/2026", "negative / negative / negative"],
                    ["T-SPOT.TB", "07/29/2026", "negative"],
                    ["IgG / IgA / IgM (mg/dL)", "07/29/2026", "799 / 165 / 60"],
                    ["normal range", "", "700-1600 / 70-400 / 40-230"],
                ],
                [2.6, 1.2, 2.9],
                "zebra",
            ),
        ],
        head=WHO,
        foot="Fernbank Cancer Institute - visit note",
    )
    consult = Face("Times-Roman", "Times-Bold", 11, gap=6)
    third = doc(
        [
            consult.title("E-consult, rheumatology", 14),
            consult.p(
                "Bronwen Makepeace-Ito, 04/03/1957. Answered 07/28/2026 by Sunniva Dhaliwal, MD"
            ),
            consult.p(
                "<b>Question:</b> next step in steroid-dependent myositis after pembrolizumab."
            ),
            consult.p(
                "<b>Answer:</b> The time course, four cycles of pembrolizumab and onset twelve days after "
                "the last, makes this immune-related. It behaves as a polymyositis; myositis antibodies "
                "are negative. High-dose prednisone, mycophenolate and plasma exchange have not "
                "held it. I suggest rituximab 375 mg/m2 weekly for four weeks, with mycophenolate carried "
                "on. Methotrexate could be considered later. Please repeat TB and immunoglobulins first."
            ),
            consult.p("Chart review only; the patient was not examined. 20 minutes."),
        ],
        margin=1,
        head=WHO,
    )
    bind([first, second, third], folder / "r09_oncology.pdf")
