"""A payer portal's print-out over a hospital's progress note, administration record, results."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap, turn, typed

from drawn.printed import Strip

WHO = "NAKAGAWA-FINCH, LEOPOLD  |  MRN 0098417  |  DOB 01/25/1960  |  5 WEST 5112-B"

RESULTS = """
ST BRANNOCK MEDICAL CENTER    RESULTS INQUIRY PRINT    05/20/2026 09:40
PT NAKAGAWA-FINCH, LEOPOLD    MRN 0098417    DOB 19600125    SEX M
---------------------------------------------------------------------------
COLLECTED    |TEST                     |RESULT        |UNITS   |RANGE     |FL
---------------------------------------------------------------------------
20260519 0510|CREATINE KINASE          |6230          |U/L     |39-308    |HH
20260519 0510|AST                      |402           |U/L     |15-37     |H
20260519 0510|ALT                      |318           |U/L     |16-63     |H
20260519 0510|CREATININE               |0.58          |mg/dL   |0.70-1.30 |L
20260519 0510|ALBUMIN                  |2.9           |g/dL    |3.4-5.0   |L
20260519 0510|GLUCOSE                  |188           |mg/dL   |74-106    |H
20260519 0510|WBC                      |13.1          |K/uL    |4.5-11.0  |H
20260519 0510|HEMOGLOBIN               |12.0          |g/dL    |13.5-17.5 |L
20260519 0510|PLATELET COUNT           |342           |K/uL    |150-400   |
20260512 0600|QUANTIFERON-TB GOLD PLUS |NEGATIVE      |        |NEGATIVE  |
20260511 0455|CREATINE KINASE          |8870          |U/L     |39-308    |HH
20260503 0615|HEPATITIS B SURFACE AG   |NONREACTIVE   |        |NONREACT  |
20260503 0615|HEPATITIS B CORE AB TOTAL|NONREACTIVE   |        |NONREACT  |
20260503 0615|HEPATITIS C AB           |NONREACTIVE   |        |NONREACT  |
20260503 0615|QUANTIFERON-TB GOLD PLUS |INDETERMINATE |        |NEGATIVE  |A
20260503 0615|IGG                      |1180          |mg/dL   |700-1600  |
20260503 0615|IGA                      |244           |mg/dL   |70-400    |
20260503 0615|IGM                      |75            |mg/dL   |40-230    |
20260503 0615|TROPONIN I               |0.02          |ng/mL   |<0.04     |
20260502 0330|CREATINE KINASE          |11480         |U/L     |39-308    |HH
20260502 0330|ALDOLASE                 |41.6          |U/L     |1.5-8.1   |H
---------------------------------------------------------------------------
FL: H high  L low  HH critical high  A abnormal         21 LINES   END
"""


def draw(folder: Path) -> None:
    web = Face("Helvetica", "Helvetica-Bold", 9, ink="#00527C", gap=3)
    first = doc(
        [
            Strip("PlainsConnect", "Authorizations  >  New request"),
            web.title("Medical drug authorization - submitted", 13),
            web.p(
                "Reference 260520-118834 &nbsp; Submitted 05/20/2026 10:14 AM CT &nbsp; Expedited"
            ),
            web.h("Member"),
            web.table(
                [
                    ["Name", "LEOPOLD NAKAGAWA-FINCH", "Date of birth", "01/25/1960"],
                    ["Member ID", "CPA 90417726-01", "Product line", "Crestview Plains Advantage"],
                ],
                [1.1, 2.4, 1.2, 2.1],
                "rows",
                head=False,
            ),
            web.h("Requesting provider"),
            web.table(
                [
                    ["Facility", "St. Brannock Medical Center", "Status", "Inpatient, bed 5112-B"],
                    ["Physician", "Imani Rutherford-Oyelaran, MD", "Callback", "555-4350 pager 7"],
                ],
                [1.1, 2.4, 1.2, 2.1],
                "rows",
                head=False,
            ),
            web.h("Service"),
            web.table(
                [
                    ["Line", "Code", "Description", "Dose", "Frequency", "Qty"],
                    [
                        "1",
                        "J9312",
                        "Rituxan (rituximab) 10 mg",
                        "375 mg/m2 IV (700 mg)",
                        "once weekly x 4",
                        "280",
                    ],
                ],
                [0.5, 0.7, 2.0, 1.6, 1.4, 0.6],
                "grid",
            ),
            web.p("Diagnosis 1: M33.29 Polymyositis with other organ involvement"),
            web.h("Clinical questions"),
            web.table(
                [
                    ["Question", "Your answer"],
                    ["Is this a new start?", "Yes"],
                    ["Patient weight", "73 kg"],
                    ["Patient body surface area", "1.86 m2"],
                    ["Reason for expedited review", "Cannot swallow, tube fed"],
                    [
                        "Prior immunosuppressive therapy",
                        "Methylprednisolone IV 5/2-5/4, prednisone 80 mg since 5/5, IVIG 5/9-5/13",
                    ],
                    ["Hepatitis B screening completed?", "Yes"],
                    ["Documents attached", "4"],
                ],
                [2.8, 4.0],
                "zebra",
                pad=3,
            ),
            gap(10),
            web.p(
                "Submission of this request does not guarantee payment. Approval depends on "
                "eligibility, benefit limits and medical necessity."
            ),
        ],
        foot="https://provider.plainsconnect.invalid/auth/260520-118834        page {n} of 1",
    )
    note = Face("Vera", "Vera-Bold", 8.5, gap=3)
    second = doc(
        [
            note.title("RHEUMATOLOGY CONSULT - PROGRESS NOTE", 11),
            note.p("05/20/2026 08:05 &nbsp; Hospital day 20 &nbsp; I. Rutherford-Oyelaran, MD"),
            note.h("Subjective"),
            note.p(
                "66M admitted 5/1 w/ new polymyositis: 6 wks of proximal weakness, 3 wks of dysphagia, "
                "14-lb wt loss. Still cannot handle own secretions; Yankauer at bedside. NPO, all feeds "
                "and meds by NG. FEES 5/18 no change vs 5/4: severe pharyngeal residue, silent "
                "aspiration of thins and purees. No CP, no SOB at rest."
            ),
            note.h("Course"),
            note.p(
                "Methylpred 1 g IV qd x3 (5/2-5/4), then pred 80 mg qd (1.1 mg/kg) since 5/5; today is "
                "day 19 of steroid. No response of swallow or strength. No taper attempted. IVIG 0.4 "
                "g/kg/d x 5 d (5/9-5/13, 2 g/kg total): no benefit at 1 wk. Aspiration pneumonitis 5/6, "
                "amp-sulbactam completed 5/13; afebrile since, CXR 5/18 clear, off O2."
            ),
            note.p(
                "No MTX, AZA or MMF so far. MMF to be started once PEG is in. Prior to admission: "
                "rosuvastatin 20 mg (discontinued on admission; HMGCR Ab neg), lisinopril 10 mg qd and "
                "tamsulosin 0.4 mg qhs (both held). NKDA. FH: father Parkinson disease; no myositis."
            ),
            note.h("Objective"),
            note.p("T 36.9 HR 88 BP 128/70 RR 18 SpO2 97% RA. Wt 73 kg. Ht 170 cm."),
            note.p("NAD, thin, wet voice. No rash. RRR. Clear ant/lat. Abd soft."),
            note.p(
                "Motor: neck flexors 2+/5, deltoids 3/5 b/l, biceps 3+/5, hip flexors 2/5 b/l, "
                "quadriceps 3-/5, ankle dorsiflexors 4+/5. Two-person assist to stand; cannot sit up "
                "from supine, cannot turn in bed; dependent for all transfers."
            ),
            note.p(
                "CK 11,480 (5/2) -&gt; 8,870 (5/11) -&gt; 6,230 (5/19). Full results, MRI, EMG, biopsy behind."
            ),
            note.h("Assessment / Plan"),
            note.p(
                "<b># Polymyositis (M33.29)</b> with life-threatening oropharyngeal dysphagia, "
                "unresponsive to 18 days of high-dose corticosteroid and to IVIG. No ILD on CT, TTE "
                "normal. Idiopathic: CT C/A/P no malignancy, never on immunotherapy. Rituximab 375 mg/m2 "
                "weekly x4, first dose as soon as approved. Continue pred 80 mg per NG. Consent talk w/ "
                "pt and daughter: infusion reaction, infection, HBV, PML."
            ),
            note.p("<b># Nutrition</b> - PEG by IR 5/22. <b># DVT ppx</b> - enoxaparin."),
            note.p(
                "<b># Steroid hyperglycemia</b> - glargine 14 u qhs + lispro scale. <b># HTN</b> - "
                "metoprolol per NG, lisinopril held. <b># BPH</b> - Foley out 5/16, voiding."
            ),
            note.p("<b># PJP ppx</b> - atovaquone. First QuantiFERON indeterminate, repeat neg."),
            note.p("Signed: Imani Rutherford-Oyelaran, MD 05/20/2026 08:41"),
        ],
        head=WHO,
        font="Vera",
        size=7,
    )
    mar = Face("Helvetica", "Helvetica-Bold", 8.5, gap=3)
    days = ["05/17", "05/18", "05/19", "05/20"]
    third = doc(
        [
            Strip("MEDICATION ADMINISTRATION RECORD", "05/17/2026 - 05/20/2026", "#333333"),
            mar.h("SCHEDULED"),
            mar.table(
                [
                    ["Medication / order", "Start", *days],
                    ["predniSONE 80 mg per NG daily", "05/05", "0900", "0900", "0900", "0900"],
                    [
                        "pantoprazole 40 mg IV daily",
                        "05/02",
                        "0600",
                        "0600",
                        "0600",
                        "0600",
                    ],
                    [
                        "enoxaparin 40 mg subcut daily",
                        "05/02",
                        "2100",
                        "2100",
                        "2100",
                        "due",
                    ],
                    [
                        "atovaquone 1,500 mg per NG daily",
                        "05/06",
                        "0900",
                        "0900",
                        "0900",
                        "0900",
                    ],
                    [
                        "metoprolol tartrate 25 mg per NG q12h",
                        "05/03",
                        "0900 2100",
                        "0900 2100",
                        "0900 HELD",
                        "0900 due",
                    ],
                    [
                        "insulin glargine 14 units subcut nightly",
                        "05/10",
                        "2100",
                        "2100",
                        "2100",
                        "due",
                    ],
                    [
                        "insulin lispro per scale subcut q6h",
                        "05/03",
                        "4 u, 2 u, 6 u",
                        "2 u, 6 u",
                        "4 u, 4 u",
                        "2 u",
                    ],
                ],
                [2.6, 0.6, 0.95, 0.95, 0.95, 0.85],
                "grid",
                pad=3,
            ),
            mar.h("AS NEEDED"),
            mar.table(
                [
                    ["Medication / order", "Start", *days],
                    ["acetaminophen 650 mg per NG q6h PRN", "05/02", "-", "1410", "-", "-"],
                    ["ondansetron 4 mg IV q8h PRN nausea", "05/02", "-", "-", "1120", "-"],
                ],
                [2.6, 0.6, 0.95, 0.95, 0.95, 0.85],
                "grid",
                pad=3,
            ),
            mar.h("COMPLETED / DISCONTINUED THIS ADMISSION"),
            mar.table(
                [
                    ["Medication / order", "First dose", "Last dose", "Doses"],
                    [
                        "methylPREDNISolone sod succ 1,000 mg IV daily",
                        "05/02/26 1000",
                        "05/04/26 0915",
                        "3",
                    ],
                    [
                        "immune globulin (human) 10% 30 g IV daily",
                        "05/09/26 1100",
                        "05/13/26 1045",
                        "5",
                    ],
                    [
                        "ampicillin-sulbactam 3 g IV q6h",
                        "05/06/26 1800",
                        "05/13/26 1200",
                        "28",
                    ],
                ],
                [3.3, 1.3, 1.3, 0.9],
                "grid",
                pad=3,
            ),
            mar.p("RN initials on file. HELD 05/19 0900: SBP 98. &nbsp; Allergies: NKDA"),
        ],
        head=WHO,
        foot="Printed 05/20/2026 09:38 by J. Petrossian RN",
    )
    fourth = doc([typed(RESULTS, 8.6)], margin=0.8)
    report = Face("Times-Roman", "Times-Bold", 10.5, gap=5)
    fifth = doc(
        [
            report.title("Diagnostic reports", 13),
            report.h("MRI PELVIS AND THIGHS WITHOUT CONTRAST, 05/04/2026"),
            report.p(
                "Extensive symmetric T2/STIR hyperintensity of the gluteal, adductor and anterior thigh "
                "muscles. IMPRESSION: active myositis. A. Lindqvist, MD"
            ),
            report.h("NERVE CONDUCTION AND EMG, 05/03/2026"),
            report.p(
                "Fibrillations and positive sharp waves 2-3+ in deltoid, biceps, iliopsoas and thoracic "
                "paraspinals; small polyphasic units, early recruitment. IMPRESSION: irritable myopathy. "
                "G. Prabhakar-Wynn, MD"
            ),
            report.h("SURGICAL PATHOLOGY, right vastus lateralis, collected 05/05/2026"),
            report.p(
                "Endomysial lymphocytes invading non-necrotic fibers, MHC-I up-regulated. No rimmed "
                "vacuoles, no perifascicular atrophy. DIAGNOSIS: inflammatory myopathy, polymyositis "
                "pattern."
            ),
            report.h("FEES, 05/18/2026"),
            report.p(
                "Compared with 05/04/2026: unchanged. Absent pharyngeal squeeze, pooling in both "
                "pyriform sinuses, silent aspiration of thin liquid and puree. Keep NPO. T. Marchbanks, "
                "CCC-SLP"
            ),
            report.h("CT CHEST, ABDOMEN, PELVIS, 05/04/2026"),
            report.p(
                "No interstitial lung disease. No mass or adenopathy. Dilated fluid-filled esophagus."
            ),
            report.h("ECHOCARDIOGRAM, 05/04/2026"),
            report.p("LVEF 60 percent, normal wall motion. Normal study."),
            turn(),
            report.title("Fax confirmation", 13),
            report.p("05/20/2026 10:20 &nbsp; Sent to 555-4398 &nbsp; Result OK &nbsp; 5 pages"),
        ],
        head=WHO,
    )
    bind([first, second, third, fourth, fifth], folder / "s04_inpatient_orders.pdf")
