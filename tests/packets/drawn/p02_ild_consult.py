"""A colon form, an inpatient consultation, results of three dates in monospaced print, an EMG."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, typed


def draw(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 10, ink="#0B4F3C", gap=5)
    first = doc(
        [
            form.title("Wyebridge Health Trust - Urgent drug authorization"),
            form.p("URGENT (inpatient). Reply to pharmacy desk 555-0313, fax 555-0314."),
            form.table(
                [
                    ["Sent on:", "06/23/2026"],
                    ["Patient:", "Dorrance Ikeji"],
                    ["Date of birth:", "09/30/1966"],
                    ["Policy no.:", "WHT 7-4410-28"],
                    ["Hospital:", "Mount Orrin General, ward 6 East"],
                    [
                        "Requesting physician:",
                        "Saoirse Lindqvist-Hale, MD (Rheumatology consult service)",
                    ],
                    ["Drug:", "Rituxan (rituximab), J9312"],
                    [
                        "Dose and schedule:",
                        "375 mg/m2 IV once weekly x 4 doses (BSA 2.0 m2, 750 mg per dose)",
                    ],
                    ["Diagnosis:", "Polymyositis with respiratory involvement"],
                    ["ICD-10-CM:", "M33.21"],
                ],
                [1.9, 4.6],
                "box",
                head=False,
                pad=3,
            ),
            form.p("Attached: consult note, results, EMG summary."),
        ],
        margin=0.9,
    )
    consult = Face("Times-Roman", "Times-Bold", 10.5, gap=3)
    second = doc(
        [
            consult.title("RHEUMATOLOGY CONSULTATION - FOLLOW-UP", 13),
            *consult.lines(
                "<b>Patient:</b> IKEJI, Dorrance &nbsp; <b>DOB:</b> 09/30/1966 &nbsp; <b>Date of "
                "service:</b> 06/22/2026 &nbsp; <b>Hospital day:</b> 22",
                "<b>Reason for consult:</b> polymyositis with interstitial lung disease, failing steroids",
                "<b>Source:</b> patient, wife, chart",
            ),
            consult.p(
                "<b>HISTORY:</b> 59-year-old man admitted 06/01/2026 with ten weeks of proximal "
                "weakness and four weeks of dyspnea. Polymyositis confirmed by EMG and muscle "
                "biopsy (right deltoid, 06/04/2026: endomysial lymphocytic infiltrate invading "
                "non-necrotic fibers). HRCT 06/02/2026: bilateral basal ground glass, NSIP "
                "pattern, consistent with ILD due to the myositis. Never on cancer "
                "immunotherapy; never on a statin."
            ),
            consult.p(
                "<b>TREATMENT SO FAR:</b> methylprednisolone 1,000 mg IV daily 06/02 - 06/04/2026, "
                "then prednisone 80 mg PO daily since 06/05/2026. Now day 21 of high-dose "
                "corticosteroid without respiratory improvement: oxygen need has gone from 2 to "
                "4 L/min, FVC from 58% (06/03) to 51% (06/19) predicted. No taper attempted. No "
                "conventional immunosuppressant has been given to date; mycophenolate 500 mg "
                "twice daily is planned once the first infusion is in."
            ),
            consult.p(
                "<b>REVIEW OF SYSTEMS:</b> Constitutional: no fever. GI: no dysphagia, no reflux. "
                "Cardiac: no palpitations, no orthopnea. Skin: no rash, no ulcers. Joints: no "
                "swelling. Psychiatric: sleeps badly on prednisone."
            ),
            consult.p(
                "<b>PAST HISTORY:</b> Type 2 diabetes mellitus. Benign prostatic hyperplasia. "
                "Appendectomy 1988."
            ),
            consult.p(
                "<b>FAMILY HISTORY:</b> Mother: rheumatoid arthritis, on methotrexate. No muscle "
                "disease."
            ),
            consult.p("<b>ALLERGIES:</b> penicillin (hives)."),
            consult.p(
                "<b>INPATIENT MEDICATIONS:</b> prednisone 80 mg PO daily; pantoprazole 40 mg PO "
                "daily; insulin glargine 18 units SC nightly; tamsulosin 0.4 mg PO daily; "
                "atovaquone 1,500 mg PO daily; enoxaparin 40 mg SC daily."
            ),
            consult.p(
                "<b>EXAM:</b> Wt 84 kg. RR 24, SpO2 91% on 4 L. Fine crackles to mid zones. No "
                "heliotrope, no Gottron sign. Strength (MRC): neck flexion 3/5, shoulder "
                "abduction 3/5 bilaterally, hip flexion 2/5 bilaterally, grip 5/5."
            ),
            consult.p(
                "<b>FUNCTION:</b> one-person assist for all transfers; cannot raise a cup to his "
                "mouth without propping the elbow; bed bath."
            ),
            consult.p("<b>CARDIAC:</b> echo 06/05/2026 normal, EF 60%; troponin I not raised."),
            consult.p("<b>INFECTION:</b> sputum and blood cultures negative, no active infection."),
            consult.p(
                "<b>IMPRESSION:</b> Polymyositis with severe ILD and rising oxygen need, not "
                "responding to three weeks of corticosteroid."
            ),
            consult.p(
                "<b>RECOMMENDATIONS:</b> (1) rituximab 375 mg/m2 weekly x 4. PML, hepatitis B "
                "reactivation and infusion reactions reviewed with patient and wife. (2) Continue "
                "prednisone 80 mg. (3) Mycophenolate as above. (4) Cyclophosphamide if oxygen "
                "need exceeds 6 L."
            ),
            consult.p("S. Lindqvist-Hale, MD. Signed electronically 06/22/2026 18:20"),
        ],
        head="MOUNT ORRIN GENERAL HOSPITAL",
        foot="CONFIDENTIAL   page {n}",
        font="Times-Roman",
        size=9,
    )
    third = doc(
        [
            typed(
                """
MOUNT ORRIN GENERAL - CUMULATIVE RESULTS            IKEJI, DORRANCE   MRN 0088213
printed 06/22/2026                                  DOB 09/30/1966    M

                      06/01/26    06/15/26    06/22/26    Ref          Unit
CHEMISTRY
 CK                   6120 (H)    5480 (H)    4990 (H)    55-170       U/L
 Aldolase             31.0 (H)                            1.0-7.5      U/L
 AST                  214 (H)     190 (H)     171 (H)     10-40        U/L
 ALT                  188 (H)     176 (H)     160 (H)     9-46         U/L
 LDH                  702 (H)     655 (H)     640 (H)     120-246      U/L
 Creatinine           0.72        0.70        0.75        0.70-1.30    mg/dL
 Glucose              141 (H)     212 (H)     198 (H)     70-99        mg/dL

HEMATOLOGY
 WBC                  9.8         13.9 (H)    12.7 (H)    4.0-11.0     K/uL
 Hgb                  13.9        13.4        13.2 (L)    13.5-17.5    g/dL
 Plt                  310         322         298         150-400      K/uL

IMMUNOLOGY / SEROLOGY, collected 06/03/26
 Hep B surface Ag     Negative
 Hep B core Ab total  Negative
 Hep C Ab             Negative
 T-SPOT.TB            Negative
 Anti-Jo-1            Negative
 IgG                  1320                                700-1600     mg/dL
 IgA                  264                                 70-400       mg/dL
 IgM                  121                                 40-230       mg/dL

(H) above range   (L) below range
""",
                9,
            )
        ],
        margin=0.7,
    )
    emg = Face("Times-Roman", "Times-Bold", 11, gap=5)
    fourth = doc(
        [
            emg.title("Neurodiagnostic Laboratory, Mount Orrin General", 13),
            emg.p("Patient: Dorrance Ikeji (09/30/1966). Study date: 06/03/2026."),
            emg.p(
                "Needle examination of the right deltoid, biceps, iliopsoas and vastus lateralis: 2+ to "
                "3+ fibrillation potentials and positive sharp waves; motor units short, low and "
                "polyphasic with early recruitment. Sensory and motor conduction normal."
            ),
            emg.p("Summary: Irritable proximal myopathy, as in active inflammatory myositis."),
        ],
        margin=1,
    )
    bind([first, second, third, fourth], folder / "p02_ild_consult.pdf")
