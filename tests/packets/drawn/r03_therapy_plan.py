"""A letter with bullets, a therapy plan as the infusion center prints it, results as cards."""

from __future__ import annotations

from pathlib import Path

from reportlab.platypus import Flowable
from sheets import Face, bind, doc, gap, turn

from drawn.printed import Strip

INK = "#6B2D5C"
RESULTS = (
    ("CK, TOTAL", "1,020 U/L", "Normal range: 30 - 223 U/L", "High"),
    ("AST", "49 U/L", "Normal range: 0 - 34 U/L", "High"),
    ("ALT", "36 U/L", "Normal range: 0 - 40 U/L", ""),
    ("CREATININE", "0.61 mg/dL", "Normal range: 0.50 - 1.00 mg/dL", ""),
    ("WHITE BLOOD CELL COUNT", "10.9 x10E3/uL", "Normal range: 3.4 - 10.8 x10E3/uL", "High"),
    ("HEMOGLOBIN", "12.2 g/dL", "Normal range: 11.1 - 15.9 g/dL", ""),
    ("HEPATITIS B SURFACE ANTIGEN", "Negative", "Normal value: Negative", ""),
    ("HEPATITIS B CORE TOTAL ANTIBODY", "Negative", "Normal value: Negative", ""),
    ("HEPATITIS C ANTIBODY", "Negative", "Normal value: Negative", ""),
    ("QUANTIFERON-TB GOLD", "Negative", "Normal value: Negative", ""),
    ("IMMUNOGLOBULIN G", "1,011 mg/dL", "Normal range: 700 - 1,600 mg/dL", ""),
    ("IMMUNOGLOBULIN A", "134 mg/dL", "Normal range: 70 - 400 mg/dL", ""),
    ("IMMUNOGLOBULIN M", "122 mg/dL", "Normal range: 40 - 230 mg/dL", ""),
)


def cards(sheet: Face) -> list[Flowable]:
    return [
        sheet.table(
            [[f"<b>{name}</b><br/>Your value: <b>{value}</b> {flag}", span]],
            [3.6, 3.1],
            "box",
            head=False,
            pad=3,
        )
        for name, value, span, flag in RESULTS
    ]


def draw(folder: Path) -> None:
    letter = Face("Helvetica", "Helvetica-Bold", 10.5, ink=INK, gap=6)
    first = doc(
        [
            letter.title("Sablewood Autoimmune Care", 17),
            letter.p("Suite 6, 200 Quarry Street &nbsp; Telephone 555-3310 &nbsp; Fax 555-3311"),
            gap(6),
            letter.p("April 20, 2026"),
            letter.p("Prior Authorization, Blue Heron Health Cooperative"),
            letter.p(
                "<b>Patient:</b> Priyanka Ellsworth-Dunne &nbsp; <b>DOB:</b> November 3, 1984 &nbsp; "
                "<b>ID:</b> BHH-70023-15"
            ),
            letter.p(
                "I am requesting Ruxience (rituximab-pvvr, Q5119), 1,000 mg IV on day 1 and day 15, for "
                "Ms. Ellsworth-Dunne, who has polymyositis (M33.22). The therapy plan, today's note and "
                "the results of April 13 follow. In short:"
            ),
            letter.p(
                "&bull; Prednisone 60 mg daily (56 kg) from January 8, 2025 for eight weeks, then a taper. "
                "She has not been able to get off: the disease flared at 17.5 mg in July 2025 and at 12.5 "
                "mg in January 2026, each time with a fall and a doubling of her CK. She is on 20 mg daily "
                "now.",
                indent=12,
            ),
            letter.p(
                "&bull; Methotrexate 15 mg weekly, February to May 2025. Stopped because her ALT rose to "
                "210, and normalized once she was off it.",
                indent=12,
            ),
            letter.p(
                "&bull; Mycophenolate 1,000 mg twice daily since June 16, 2025. She takes it still and "
                "has had only a partial response.",
                indent=12,
            ),
            letter.p(
                "&bull; She works as a dental hygienist and cannot hold her arms up for a cleaning; she "
                "has been on half time since February. At home she cannot lift her three-year-old.",
                indent=12,
            ),
            letter.p(
                "There is no heart, lung or swallowing disease. Her screening is complete and negative. I "
                "have explained the risks, including serious infection and progressive multifocal "
                "leukoencephalopathy."
            ),
            letter.p("Please call me for a peer-to-peer if you need one."),
            gap(14),
            letter.p("Marguerite Oduya, PA-C, for Stellan Brandt, MD"),
        ],
        margin=1,
        foot="Sablewood Autoimmune Care - page {n} of 4",
    )
    plan = Face("Helvetica", "Helvetica-Bold", 9, ink=INK, gap=3)
    second = doc(
        [
            Strip("Therapy Plan", "Ellsworth-Dunne, Priyanka   11/3/1984", INK),
            plan.p(
                "Plan: RITUXIMAB (RUXIENCE) 1,000 MG - RHEUMATOLOGY &nbsp; Status: pending auth"
            ),
            plan.p("Ordering: Stellan Brandt, MD &nbsp; Entered by: M. Oduya, PA-C 04/20/2026"),
            plan.h("Treatment days"),
            plan.table(
                [
                    ["Day", "Order", "Dose", "Route", "Comment"],
                    ["1, 15", "riTUXimab-pvvr (RUXIENCE)", "1,000 mg", "IV", "per rate table 2"],
                ],
                [0.8, 2.4, 1.0, 0.8, 1.8],
                "grid",
            ),
            plan.h("Pre-medications, 30 minutes before each dose"),
            plan.table(
                [
                    ["acetaminophen", "650 mg", "oral", "once"],
                    ["cetirizine", "10 mg", "oral", "once"],
                    ["methylprednisolone sod succ", "100 mg", "IV push", "once"],
                ],
                [2.4, 1.2, 1.2, 1.2],
                "grid",
                head=False,
            ),
            plan.h("Treatment conditions"),
            plan.p("Do not release day 1 until: HBsAg and anti-HBc resulted; ANC over 1,000."),
            plan.p("Hold and call if temperature over 38.0 C, or signs of active infection."),
            plan.h("Hypersensitivity (as needed)"),
            plan.p("diphenhydramine 50 mg IV; famotidine 20 mg IV; epinephrine 0.3 mg IM."),
            plan.h("Nursing communication"),
            plan.p("Weight each visit. Vital signs every 30 minutes and with each rate change."),
            plan.p(
                "Give the patient the rituximab leaflet. Observe one hour after the first dose."
            ),
        ],
        foot="Sablewood Autoimmune Care - page 2 of 4",
    )
    note = Face("Helvetica", "Helvetica-Bold", 10, ink=INK, gap=4)
    third = doc(
        [
            Strip("Clinic Note 04/20/2026", "Ellsworth-Dunne, Priyanka   11/3/1984", INK),
            note.p(
                "<b>Interval history.</b> Three months since her January flare. Got through a cold "
                "without trouble. Slow to get up from the floor; needs the banister. No fever. Eats "
                "normally. No cough or breathlessness. No palpitations."
            ),
            note.p(
                "<b>Medications.</b> Prednisone 20 mg daily. Mycophenolate mofetil 1,000 mg twice daily. "
                "Omeprazole 20 mg daily. Ferrous sulfate 325 mg every other day. Levonorgestrel IUD. "
                "Vitamin D3 2,000 units daily."
            ),
            note.p("<b>Allergies.</b> Latex (contact rash). <b>Weight</b> 56 kg. BP 112/70."),
            note.p(
                "<b>Past history.</b> Iron deficiency anemia. Gestational diabetes 2022. Never had "
                "cancer; never had an immune checkpoint inhibitor. <b>Family.</b> Mother has "
                "dermatomyositis. <b>Social.</b> Does not smoke or drink."
            ),
            note.p(
                "<b>Examination.</b> No rash on lids, knuckles or chest. Lungs clear. Regular heart "
                "rhythm. No synovitis."
            ),
            note.table(
                [
                    ["Manual muscle test", "Right", "Left"],
                    ["Shoulder abduction", "4-/5", "4-/5"],
                    ["Elbow flexion", "4/5", "4+/5"],
                    ["Hip flexion", "4-/5", "3+/5"],
                    ["Knee extension", "4/5", "4/5"],
                    ["Grip", "5/5", "5/5"],
                ],
                [2.2, 1.2, 1.2],
                "grid",
            ),
            note.p(
                "<b>Studies.</b> EMG December 19, 2024: spontaneous activity and small, brief, early "
                "recruited units in proximal muscles; active inflammatory myopathy. Muscle biopsy not "
                "done. High-resolution CT January 2025: no interstitial lung disease. Echocardiogram "
                "January 2025: normal."
            ),
            note.p(
                "<b>Impression.</b> Polymyositis, steroid-dependent, incomplete response to mycophenolate. "
                "<b>Plan.</b> Ruxience. Keep mycophenolate. Keep prednisone at 20 mg until four weeks after "
                "the second dose. Recheck CK in six weeks."
            ),
            note.p("Signed M. Oduya, PA-C, 04/20/2026 15:40. Reviewed S. Brandt, MD."),
            turn(),
            Strip("Test Results", "Collected April 13, 2026 at 7:55 AM", INK),
            *cards(note),
        ],
        foot="Sablewood Autoimmune Care",
    )
    bind([first, second, third], folder / "r03_therapy_plan.pdf")
