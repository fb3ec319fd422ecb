"""A folder: request, dictated note, cumulative results as a fax picture, MRI as a capture."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, bind, doc, gap, turn, typed

from drawn.printed import boxed

WHO = "FARROW-BECK, OTTOLINE / DOB 08/02/1979 / CHART 51-3307"

CHEMISTRY = """
MERIDIAN PATHOLOGY                 CUMULATIVE REPORT          PAGE 1 OF 2
FARROW-BECK, OTTOLINE      BORN 02-AUG-1979   F      NORTHGATE MUSCLE

CHEMISTRY   (* = OUTSIDE REFERENCE RANGE)

                    06-JAN-26  03-MAR-26  05-MAY-26  06-AUG-26   REF RANGE
CK           U/L        6940*      3310*      1920*      1388*   25 - 170
ALDOLASE     U/L        28.4*                              9.6*  1.0 - 7.5
AST          U/L         214*        97*        63*        52*   10 - 36
ALT          U/L         188*        92*        70*        49*    8 - 33
CREATININE   mg/dL      0.58       0.61       0.57       0.60    0.50 - 1.00

                                                   CONTINUED ON NEXT PAGE
"""

BLOOD = """
MERIDIAN PATHOLOGY                 CUMULATIVE REPORT          PAGE 2 OF 2
FARROW-BECK, OTTOLINE      BORN 02-AUG-1979   F      NORTHGATE MUSCLE

HEMATOLOGY  (* = OUTSIDE REFERENCE RANGE)

                    06-JAN-26  03-MAR-26  05-MAY-26  06-AUG-26   REF RANGE
WBC        10*9/L        9.1       12.4*      10.8        9.9    4.0 - 11.0
HEMOGLOBIN   g/dL       12.9       13.1       12.7       12.8   11.5 - 15.5
PLATELETS  10*9/L        288        341        302        295    150 - 400

PROTEINS

                    06-JAN-26  03-MAR-26  05-MAY-26  06-AUG-26   REF RANGE
IGG          mg/dL                                       1020    700 - 1600
IGA          mg/dL                                        210     70 - 400
IGM          mg/dL                                         88     40 - 230

                                                    END OF REPORT 07-AUG-26
"""


def draw(folder: Path) -> None:
    inside = folder / "s03_cumulative"
    form = Face("Vera", "Vera-Bold", 9, ink="#39544A", gap=5)
    cover = doc(
        [
            gap(40),
            form.title("Northgate Muscle &amp; Joint", 18),
            form.p("4410 Granary Street, Suite B &nbsp; T 555-4230 &nbsp; F 555-4231"),
            gap(24),
            *form.lines(
                "Fax to: Lantern Coast Insurance, specialty drug team, 555-4299",
                "Sent: November 12, 2026",
                "Subject: Riabni request for Ottoline Farrow-Beck",
                "Contents: request, visit note of 10/29/2026, cumulative labs, MRI report",
            ),
            gap(24),
            form.p("Please reply to Gwendolyn at extension 4."),
            turn(),
            form.title("Lantern Coast Insurance", 14),
            form.p("Physician-administered drug request, version 11"),
            boxed(
                [
                    [("Member", "Ottoline Farrow-Beck"), ("DOB", "08/02/1979"), ("Sex", "F")],
                    [("Member ID", "LCI0077-31-9"), ("Weight (kg)", "52"), ("Height (cm)", "160")],
                    [("Drug", "Riabni (rituximab-arrx)"), ("Code", "Q5123"), ("NDC", "")],
                    [("Dose", "1000 mg"), ("Route", "IV"), ("Interval", "Day 1 and Day 15")],
                    [("ICD-10", "M33.22"), ("Description", "Polymyositis with myopathy")],
                    [("Prescriber", "Ravindra Pell, MD"), ("Request date", "11/12/2026")],
                    [("Failed therapies", "prednisone; methotrexate (see note)")],
                ],
                hand="Courier",
                size=10.5,
            ),
            gap(20),
            form.p("Electronic signature on file: R. Pell"),
        ],
        font="Vera",
        size=7,
    )
    bind([cover], inside / "A request.pdf")
    note = Face("Times-Roman", "Times-Bold", 11, gap=5)
    visit = doc(
        [
            note.title("NORTHGATE MUSCLE &amp; JOINT", 14),
            note.p("DATE OF SERVICE: 10/29/2026 &nbsp;&nbsp; DICTATED BY: Ravindra Pell, MD"),
            note.h("HISTORY OF PRESENT ILLNESS:"),
            note.p(
                "This 47-year-old woman has polymyositis, diagnosed in January 2026. She received "
                "methylprednisolone 1 g IV daily for 3 days (January 9 through 11, 2026) and then "
                "prednisone 60 mg daily from January 12 through March 8, 2026. Prednisone was then "
                "lowered every two to three weeks, 50, 40, 30, 25, 20 mg. She came down to 15 mg daily "
                "in early August and has stayed on it."
            ),
            note.p(
                "Methotrexate 15 mg by mouth once weekly was begun on February 2, 2026, went to 20 mg "
                "weekly in March and to 25 mg subcutaneously weekly on May 5, 2026. She still takes it "
                "and it agrees with her. Despite nearly nine months of methotrexate with prednisone the "
                "response is inadequate: she remains weak."
            ),
            note.p(
                "She cannot put a gallon of milk on the counter, lifts her leg into the car with both "
                "hands, and needs help in the bath. HAQ-DI today is 1.38. No dysphagia, no dyspnea, no "
                "palpitations, no rash, no fever."
            ),
            note.h("CURRENT MEDICATIONS:"),
            note.table(
                [
                    ["Prednisone 5 mg tablets", "3 tablets (15 mg) every morning"],
                    ["Methotrexate 25 mg/mL", "1 mL (25 mg) subcutaneously once a week"],
                    ["Folic acid 1 mg tablets", "2 tablets (2 mg) daily"],
                    ["Sertraline 50 mg tablets", "1-1/2 tablets (75 mg) daily"],
                    ["Montelukast 10 mg tablets", "1 tablet nightly"],
                    ["Albuterol inhaler", "2 puffs every 4 hours as needed"],
                ],
                [2.6, 3.6],
                "rows",
                head=False,
            ),
            note.h("PAST HISTORY:"),
            note.p("Asthma. Depression. Tonsillectomy. No malignancy."),
            note.h("FAMILY HISTORY:"),
            note.p(
                "Mother with systemic lupus, treated with azathioprine. Brother has type 1 diabetes."
            ),
            note.h("ALLERGIES:"),
            note.p("Shellfish. No drug allergies."),
            turn(),
            note.h("EXAMINATION:"),
            note.p("Weight 52 kg, blood pressure 116/70, pulse 76, oxygen saturation 99 percent."),
            note.p("Skin clear. Lungs clear, no wheeze. Heart regular. Manual muscle testing:"),
            note.table(
                [
                    ["", "Right", "Left"],
                    ["Shoulder abduction", "4-/5", "4-/5"],
                    ["Elbow flexion", "4/5", "4/5"],
                    ["Hip flexion", "3/5", "3/5"],
                    ["Knee extension", "4-/5", "4-/5"],
                    ["Ankle dorsiflexion", "5/5", "5/5"],
                ],
                [2.2, 1, 1],
                "grid",
            ),
            note.h("DATA:"),
            note.p(
                "CK on August 6 was 1,388; a repeat is ordered today, result to follow. Hepatitis B "
                "surface antigen, hepatitis B core antibody and hepatitis C antibody were all negative "
                "on January 6, 2026. PPD read January 9, 2026: 0 mm. High-resolution chest CT February "
                "2026: no interstitial lung disease. Echocardiogram February 2026: normal. MRI report "
                "attached."
            ),
            note.h("ASSESSMENT:"),
            *note.lines(
                "1. Polymyositis, idiopathic (M33.22), refractory to high-dose corticosteroid and "
                "methotrexate. No lung, heart or swallowing involvement.",
                "2. Asthma, mild intermittent (J45.20), quiet.",
                "3. Depression (F32.A), stable.",
            ),
            note.h("PLAN:"),
            note.p(
                "Request Riabni 1000 mg IV on day 1 and day 15. Continue methotrexate and prednisone 15 "
                "mg. IVIG was refused by her former plan in June and never given. We went through "
                "infusion reactions, infection, hepatitis B reactivation and progressive multifocal "
                "leukoencephalopathy; she agrees. Zoster vaccine second dose before the first infusion."
            ),
            gap(10),
            note.p("Ravindra Pell, MD. Transcribed 10/30/2026 mk"),
        ],
        head=WHO,
        foot="Page {n}",
        font="Times-Roman",
        size=9,
    )
    bind([visit], inside / "B visit note.pdf")
    scans.fax(
        [doc([typed(CHEMISTRY, 11)]), doc([typed(BLOOD, 11)])],
        inside / "C labs.tif",
        skews=(0.4, -0.3),
        specks=160,
    )
    mri = Face("Vera", "Vera-Bold", 10.5, gap=7)
    scans.picture(
        doc(
            [
                mri.title("RADIOLOGY REPORT", 14),
                mri.p("Patient: FARROW-BECK, OTTOLINE &nbsp; DOB: 08/02/1979"),
                mri.p("Exam: MRI FEMUR BILATERAL WITHOUT CONTRAST"),
                mri.p("Exam date: 01/07/2026 &nbsp; Ordered by: PELL, R"),
                mri.p("HISTORY: Proximal weakness, elevated CK."),
                mri.p(
                    "FINDINGS: Patchy STIR hyperintensity in the vastus lateralis, vastus medialis and "
                    "adductors of both thighs. No collection. No fatty replacement. Marrow signal normal."
                ),
                mri.p("IMPRESSION: Muscle edema in keeping with active myositis, both thighs."),
                gap(14),
                mri.p("Signed: C. Abernethy-Quist, MD 01/07/2026 16:55"),
            ]
        ),
        inside / "D MRI.png",
        dpi=140,
    )
