"""Inpatient records: a utilization nurse's sheet, a consultation, charted doses and results."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, typed

from drawn.ruled import Ticks

HEAD = (
    "HOLLOWAY, ERASMUS T   DOB 08-Sep-1959   FIN 20260000418   Loc: MICU-07   Age 66 years   Male"
)
MAR = """
MEDICATION ADMINISTRATION RECORD  (corticosteroids and others, summary 03-Mar to 25-Mar-2026)

Medication                       Dose / route / freq          First given    Last given   Status
------------------------------------------------------------------------------------------------
methylPREDNISolone sod succ      1,000 mg IVPB q24h           03-Mar 10:12   05-Mar 09:58 Complete
predniSONE                       70 mg PO/NG daily            06-Mar 08:30   25-Mar 08:41 Active
pantoprazole                     40 mg IV daily               03-Mar 09:00   25-Mar 08:41 Active
enoxaparin                       40 mg SUBCUT daily           03-Mar 21:00   24-Mar 21:04 Active
insulin lispro                   sliding scale SUBCUT ACHS    03-Mar 18:00   25-Mar 11:30 Active
atovaquone                       1,500 mg NG daily            09-Mar 08:30   25-Mar 08:41 Active
metoprolol tartrate              25 mg NG BID                 03-Mar 21:00   25-Mar 08:41 Active
piperacillin-tazobactam          3.375 g IV q8h               03-Mar 02:00   06-Mar 10:00 Discont'd
acetaminophen                    650 mg NG q6h PRN            04-Mar 15:10   20-Mar 02:22 Active

Home: metoprolol tartrate 25 mg BID; finasteride 5 mg daily (held).
"""
LABS = """
LABORATORY FLOWSHEET
                        02-Mar-2026   10-Mar-2026   24-Mar-2026
                           18:40         05:10         05:22      Reference
---------------------------------------------------------------------------------
CK                        6,210 H       5,480 H       4,905 H     55-170 U/L
AST                         240 H         211 H         188 H     10-42 U/L
ALT                         166 H         160 H         151 H     10-60 U/L
Creatinine                 0.80          0.71          0.66       0.60-1.30 mg/dL
WBC                        12.4 H        14.1 H        11.6 H     4.5-11.0 K/uL
Hgb                        13.1          12.4 L        11.9 L     13.0-17.0 g/dL
Platelets                   270           312           295       150-450 K/uL
Troponin I HS                11                           9       <20 ng/L
pCO2 (arterial)              58 H          55 H          54 H     35-45 mmHg

SEROLOGY / IMMUNOLOGY   collected 04-Mar-2026
HBsAg                   Non-reactive
Hep B core Ab total     Non-reactive
Hep C Ab                Non-reactive
QuantiFERON Plus        Negative
IgG                     1,204          700-1,600 mg/dL
IgA                       288          70-400 mg/dL
IgM                        64          40-230 mg/dL
"""


def draw(folder: Path) -> None:
    sheet = Face("Helvetica", "Helvetica-Bold", 10, gap=4)
    first = doc(
        [
            sheet.title("TRIDENT SOUND MEDICAL CENTER", 14),
            sheet.p("Utilization Management, 555-3402, fax 555-3403"),
            sheet.h("Drug authorization, concurrent stay"),
            sheet.table(
                [
                    ["Plan", "Larkspur Community Health Plan, attn. nurse reviewer"],
                    ["Date of request", "25-Mar-2026"],
                    ["Patient", "Erasmus T. Holloway, born 08-Sep-1959, member LCH 00918273"],
                    ["Admitted", "02-Mar-2026, medical intensive care"],
                    ["Requested", "Truxima (rituximab-abbs) Q5115, 1,000 mg IV x 2, 14 days apart"],
                    ["First dose wanted", "27-Mar-2026"],
                    ["Diagnosis", "M33.21 Polymyositis with respiratory involvement"],
                    ["Attending", "Yolanda Prewitt, MD; rheumatology Anders Solberg, MD"],
                ],
                [1.5, 5.2],
                "rows",
                head=False,
                pad=4,
            ),
            Ticks([(False, "Standard"), (True, "Urgent: life-threatening")], [1.6, 2.5], size=10),
            sheet.p(
                "Pt on noninvasive ventilation since admission. Not weaning. See rheumatology "
                "consultation 24-Mar, MAR and laboratory flowsheet. Peer-to-peer available any hour."
            ),
            sheet.p("D. Quintanilla, RN, BSN, case manager"),
        ],
        foot="Trident Sound Medical Center - utilization management - page {n} of 5",
    )
    note = Face("Helvetica", "Helvetica-Bold", 9.5, gap=4)
    second = doc(
        [
            note.p(
                "<b>Document Type:</b> Inpatient Consultation &nbsp; <b>Service:</b> Rheumatology<br/>"
                "<b>Result Status:</b> Auth (Verified) &nbsp; <b>Date:</b> 24-Mar-2026 16:20<br/>"
                "<b>Performed by:</b> Solberg MD, Anders"
            ),
            note.h("Reason for consultation"),
            note.p("Follow-up: polymyositis with ventilatory failure, third week."),
            note.h("History of present illness"),
            note.p(
                "66-year-old retired ferry engineer. Since January 2026 progressive difficulty with "
                "stairs and overhead work, since mid-February breathless when lying flat. Brought in on "
                "02-Mar-2026 with hypercapnia (pCO2 58) and placed on BiPAP. CK 6,210. Treated for "
                "possible pneumonia for three days; cultures negative and stopped."
            ),
            note.p(
                "Methylprednisolone 1 g IV daily was given 03-Mar through 05-Mar, followed by prednisone "
                "70 mg daily (74 kg), which continues at full dose; no taper has been attempted. No "
                "steroid-sparing drug has been started, TPMT being outstanding; azathioprine was the "
                "intended agent."
            ),
            note.p(
                "After three weeks of high-dose corticosteroid the respiratory muscles have not "
                "improved: see table. He remains on BiPAP 16 to 18 hours a day."
            ),
            note.table(
                [
                    ["", "03-Mar", "10-Mar", "17-Mar", "24-Mar"],
                    ["FVC (L), % predicted", "1.6, 38%", "1.5, 36%", "1.5, 36%", "1.4, 34%"],
                    ["NIF (cm H2O)", "-24", "-22", "-23", "-20"],
                    ["BiPAP hours/day", "20", "18", "16", "18"],
                ],
                [1.8, 1.1, 1.1, 1.1, 1.1],
                "grid",
                pad=2,
            ),
            note.h("Review of systems"),
            note.p(
                "Swallow evaluated by speech therapy 11-Mar: safe, regular textures, no aspiration. No chest "
                "pain. No rash, no Raynaud phenomenon, no joint swelling. Constipated."
            ),
            note.h("Past history"),
            note.p(
                "Atrial fibrillation 2021, one episode. Benign prostatic hyperplasia. No cancer "
                "(age-appropriate screening and CT negative this admission). Has never received "
                "immunotherapy of any kind. Former smoker, 15 pack-years. Sister with Crohn's disease."
            ),
            note.p("Allergy: sulfa (hives)."),
        ],
        head=HEAD,
        foot="Page {n} of 2 - consultation 24-Mar-2026",
    )
    third = doc(
        [
            note.h("Physical examination"),
            note.p(
                "T 36.9, HR 88 regular, BP 126/74, RR 24 on BiPAP, SpO2 95%. Speaks in short phrases. "
                "Paradoxical abdominal movement. Breath sounds reduced at the bases, no crackles. No skin "
                "lesions. Mental status normal."
            ),
            note.p(
                "Strength (MRC, both sides alike): neck flexion 2+, shoulder abduction 3-, elbow "
                "flexion 3, hip flexion 2, knee extension 3+, ankle dorsiflexion 5. Reflexes 1+."
            ),
            note.h("Function"),
            note.p("Barthel index 30/100. Turned in bed by two. Fed by staff."),
            note.h("Data"),
            note.p(
                "EMG 05-Mar-2026: profuse fibrillation potentials and positive sharp waves, myopathic "
                "units, deltoid, paraspinal, iliopsoas; active necrotizing or inflammatory myopathy. "
                "MRI thighs 06-Mar-2026: diffuse STIR hyperintensity, gluteal and quadriceps, compatible "
                "with active myositis. Biopsy L quadriceps 09-Mar-2026: endomysial CD8 infiltrate, "
                "polymyositis. Anti-SRP and anti-HMGCR negative. HRCT 04-Mar: no interstitial lung disease, "
                "basal atelectasis, raised diaphragms. TTE 04-Mar: EF 60%, no cardiac involvement."
            ),
            note.h("Impression"),
            note.p(
                "1. Polymyositis, biopsy-proven, with severe respiratory muscle involvement and ventilator "
                "dependence, refractory to three weeks of high-dose steroid.<br/>"
                "2. Steroid hyperglycemia.<br/>3. Deconditioning."
            ),
            note.h("Recommendations"),
            note.p(
                "1. Rituximab 1,000 mg, two doses, urgently. Discussed with patient and wife: infection, "
                "PML, late-onset neutropenia, infusion reaction. Both agree.<br/>"
                "2. Prednisone 70 mg unchanged. 3. If rituximab is refused, plasma exchange or IVIG; "
                "neither has been used. 4. Azathioprine when TPMT is back."
            ),
            note.p("Electronically signed by Solberg MD, Anders on 24-Mar-2026 17:05"),
        ],
        head=HEAD,
        foot="Page 2 of 2 - consultation 24-Mar-2026",
    )
    charts = [
        doc([typed(text, 8.3)], head=HEAD, foot="Chart extract", margin=0.7) for text in (MAR, LABS)
    ]
    bind([first, second, third, *charts], folder / "r04_transfer.pdf")
