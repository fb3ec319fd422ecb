"""A small practice's fine fax: a form filled by hand, a note, a laboratory report."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, doc, gap

from drawn.printed import boxed
from drawn.ruled import Ticks

HAND = "Times-Italic"


def draw(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 10.5, gap=4, centered=True)
    first = doc(
        [
            form.title("KEYHOLE COUNTY GOVERNMENT EMPLOYEES", 14),
            form.title("Injectable Medication Precertification", 12),
            boxed(
                [
                    [
                        ("PATIENT NAME", "Roland Eberhardt"),
                        ("DOB", "2-17-58"),
                        ("ID NO.", "KC 118 3352"),
                    ],
                    [
                        ("PHYSICIAN", "J. Whitcombe-Osei, MD"),
                        ("PHONE", "555-3207"),
                        ("FAX", "555-3208"),
                    ],
                    [
                        ("MEDICATION", "Truxima"),
                        ("J/Q CODE", "Q5115"),
                        ("DOSE AND DIRECTIONS", "1000 mg IV, day 1 and day 15"),
                    ],
                    [("DIAGNOSIS", "Polymyositis"), ("ICD-10", "M33.20"), ("WEIGHT", "142 lb")],
                ],
                hand=HAND,
                size=13,
            ),
            gap(8),
            Ticks([(True, "Office administered"), (False, "Hospital")], [2.4, 2.4], size=11),
            Ticks([(True, "First request"), (False, "Reauthorization")], [2.4, 2.4], size=11),
            gap(6),
            form.p("PRIOR DRUGS FOR THIS DIAGNOSIS (drug, dates, result):"),
            boxed(
                [
                    [("1", "Prednisone 60 mg/day, 3/16/26 to 4/27/26, then taper - not enough")],
                    [("2", "Azathioprine 150 mg/day, 4/6/26 to now - not enough")],
                    [("3", "")],
                ],
                hand=HAND,
                size=13,
            ),
            gap(24),
            form.p(
                "Physician signature &nbsp; <i>J. Whitcombe-Osei</i> &nbsp;&nbsp; Date &nbsp; <i>10/5/26</i>"
            ),
        ],
        head="FROM WHITCOMBE ARTHRITIS 555-3208          OCT 05 2026 16:22          P. {n}",
    )
    note = Face("Times-Roman", "Times-Bold", 12, gap=5)
    second = doc(
        [
            note.title("Whitcombe Arthritis &amp; Rheumatology", 15),
            note.p("Roland Eberhardt, DOB 2/17/1958. Office visit 9/30/2026."),
            note.p(
                "<b>HPI:</b> 68 y/o retired bus driver with polymyositis dx'd 3/2026. Prednisone 60 mg a "
                "day from 3/16 for six weeks, then down: 40 in May, 30 in June, 20 in July, 15 mg a day "
                "since 8/31. Azathioprine 100 mg from 4/6, 150 mg a day since 5/18. Some better at first, "
                "then no further gain. Still weak in spite of both. Needs his arms to get out of a chair, "
                "takes stairs one at a time with the rail, wife puts on his socks and shoes."
            ),
            note.p(
                "<b>ROS:</b> No trouble swallowing, no cough or SOB, no chest pain. No rash. No fever. "
                "Sleeps poorly. Knees ache."
            ),
            note.p(
                "<b>PMH:</b> BPH, hypertension, cataract surgery 2024. No cancer, no immunotherapy. "
                "<b>FH:</b> brother - lupus. <b>SH:</b> quit smoking 1999, 2 beers a week."
            ),
            note.p(
                "<b>Meds:</b> prednisone 15 mg daily, azathioprine 150 mg daily, amlodipine 5 mg daily, "
                "tamsulosin 0.4 mg at bedtime, calcium with vitamin D twice daily. NKDA."
            ),
            note.p(
                "<b>Exam:</b> BP 138/82, P 76, wt 142 lb. Heart regular, lungs clear. Skin clear. "
                "Strength: shoulder abductors 4/5, hip flexors 3/5, neck flexors 4+/5, hands 5/5. "
                "No joint swelling."
            ),
            note.p(
                "<b>EMG 3/4/26</b> (Dr. Sandoval): fibrillations and positive waves in deltoid and "
                "iliopsoas, early recruitment. Active inflammatory myopathy."
            ),
            note.p(
                "<b>Chest CT 3/26:</b> no ILD. <b>Echo 3/26:</b> normal. <b>Labs 9/28:</b> attached."
            ),
            note.p(
                "<b>A/P:</b> Polymyositis, not controlled with prednisone + azathioprine. No lung, heart or "
                "swallowing involvement. Truxima, continue azathioprine, hold prednisone at 15. "
                "Pneumonia and shingles vaccines first. Risks of infection discussed. Back 6 wks."
            ),
            note.p("J. Whitcombe-Osei, MD"),
        ],
        margin=0.9,
        head="FROM WHITCOMBE ARTHRITIS 555-3208          OCT 05 2026 16:23          P. 2",
    )
    lab = Face("Helvetica", "Helvetica-Bold", 11, gap=4)
    third = doc(
        [
            lab.title("Bellmont Clinical Laboratory", 14),
            lab.p("Patient: EBERHARDT, ROLAND &nbsp; DOB: 02/17/1958 &nbsp; Sex: M"),
            lab.p("Collected: 09/28/2026 08:10 &nbsp; Reported: 10/01/2026 &nbsp; Status: FINAL"),
            lab.table(
                [
                    ["Test", "Result", "Flag", "Units", "Reference range"],
                    ["Creatine kinase", "1412", "H", "U/L", "39-308"],
                    ["AST", "66", "H", "U/L", "10-40"],
                    ["ALT", "71", "H", "U/L", "9-46"],
                    ["Creatinine", "0.88", "", "mg/dL", "0.70-1.35"],
                    ["WBC", "5.9", "", "K/uL", "3.8-10.8"],
                    ["Hemoglobin", "13.9", "", "g/dL", "13.2-17.1"],
                    ["Platelets", "214", "", "K/uL", "140-400"],
                    ["HBsAg", "Nonreactive", "", "", "Nonreactive"],
                    ["Hepatitis B surface antibody", "Reactive", "", "", ""],
                    ["Hepatitis C antibody", "Nonreactive", "", "", "Nonreactive"],
                    ["T-SPOT.TB", "Negative", "", "", "Negative"],
                    ["IgG", "884", "", "mg/dL", "600-1540"],
                    ["IgA", "201", "", "mg/dL", "70-320"],
                ],
                [2.4, 1.2, 0.6, 0.9, 1.6],
                "under",
                pad=3,
            ),
            lab.p("End of report"),
        ],
        head="FROM WHITCOMBE ARTHRITIS 555-3208          OCT 05 2026 16:24          P. 3",
    )
    scans.fax(
        [first, second, third],
        folder / "r02_small_practice.tif",
        skews=(0.3, -0.5, 0.2),
        specks=200,
    )
