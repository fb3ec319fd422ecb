"""A specialty pharmacy's form, a problem-oriented note, results beside the previous ones."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap, turn

from drawn.printed import Strip
from drawn.ruled import Ticks

WHO = "Okonjo-Marsh, Delphine   DOB 04/17/1968   Acct TRG-20918"


def draw(folder: Path) -> None:
    cover = Face("Helvetica", "Helvetica-Bold", 11, gap=6)
    first = doc(
        [
            cover.title("FAX", 30),
            cover.table(
                [
                    [
                        "To:",
                        "Copperline Specialty Rx, prior authorization desk",
                        "Fax:",
                        "555-4109",
                    ],
                    ["From:", "Thornbury Rheumatology Group, P.C.", "Fax:", "555-4021"],
                    ["Attn:", "Intake", "Date:", "6/15/26"],
                    ["Re:", "D. Okonjo-Marsh, new start", "Pages:", "6 with this one"],
                ],
                [0.8, 3.9, 0.8, 1.3],
                "rows",
                head=False,
                pad=5,
            ),
            gap(10),
            Ticks(
                [(False, "Urgent"), (True, "For review"), (False, "Please comment")],
                [1.6, 1.6, 1.8],
                size=11,
            ),
            gap(10),
            cover.p("Enclosed: request form, office note 6/10/26, labs 6/8/26, EMG 9/24/25."),
            cover.p("Dr. Castellane is out 6/22 to 6/26; ask for the covering PA, R. Sandoval."),
            gap(260),
            cover.p(
                "The information in this fax is private. If it reached you by mistake, call 555-4020 "
                "and destroy it. Do not keep copies.",
                size=8,
            ),
        ],
        head="Thornbury Rheum Grp  555-4021      06/15/2026 11:08      page {n} of 6",
    )
    form = Face("Helvetica", "Helvetica-Bold", 9, gap=3)
    second = doc(
        [
            Strip("COPPERLINE SPECIALTY RX", "Rituximab Prior Authorization Form", "#4A4A4A", 11),
            form.p("Serving members of Harrow Lake Health Partners. One form per medication."),
            form.h("STEP 1: MEMBER"),
            form.table(
                [
                    ["Name", "Delphine Okonjo-Marsh", "DOB", "04/17/1968", "Gender", "F"],
                    ["Member #", "HLHP 6 220 4417", "Height", "5 ft 5 in", "Weight", "152 lb"],
                ],
                [0.8, 2.1, 0.7, 1.3, 0.7, 1.1],
                "grid",
                head=False,
                pad=3,
            ),
            form.h("STEP 2: PRESCRIBER"),
            form.table(
                [
                    ["Name", "Yusuf Castellane, MD", "Specialty", "Rheumatology"],
                    ["Phone / Fax", "555-4020 / 555-4021", "Contact", "Lorna (MA)"],
                ],
                [0.9, 2.4, 0.9, 2.5],
                "grid",
                head=False,
                pad=3,
            ),
            form.h("STEP 3: MEDICATION"),
            Ticks(
                [
                    (False, "Rituxan J9312"),
                    (True, "Truxima Q5115"),
                    (False, "Ruxience Q5119"),
                    (False, "Riabni Q5123"),
                ],
                [1.6, 1.6, 1.7, 1.6],
            ),
            form.table(
                [
                    ["Dose", "1,000 mg IV", "Directions", "Day 0 and day 14, one course"],
                    ["Start", "as soon as approved", "Site", "Office infusion suite"],
                ],
                [0.8, 2.1, 0.9, 2.9],
                "grid",
                head=False,
                pad=3,
            ),
            Ticks([(True, "New start"), (False, "Continuation"), (False, "Restart")], [1.6] * 3),
            form.h("STEP 4: DIAGNOSIS"),
            form.p("ICD-10: <b>M33.20</b> &nbsp; Polymyositis, organ involvement unspecified"),
            form.h("STEP 5: WHAT HAS BEEN TRIED"),
            form.table(
                [
                    ["Drug and dose", "From", "To", "Result"],
                    [
                        "Prednisone 70 mg/day",
                        "10/06/2025",
                        "11/17/2025",
                        "then tapered; inadequate",
                    ],
                    ["Methotrexate 25 mg SC weekly", "11/03/2025", "03/30/2026", "no response"],
                    ["Azathioprine 150 mg/day", "04/06/2026", "present", "inadequate"],
                ],
                [2.5, 1.1, 1.1, 2.0],
                "grid",
                pad=3,
            ),
            form.h("STEP 6: QUESTIONS"),
            *(
                part
                for question, answer in (
                    ("Inadequate response to high-dose corticosteroid?", True),
                    ("Intolerance of or contraindication to MTX, AZA or MMF?", False),
                    ("Lung, heart or swallowing failure not answering to steroid?", False),
                    ("Myositis caused by an immune checkpoint inhibitor?", False),
                    ("Hepatitis B, hepatitis C and TB screening done (attach)?", True),
                )
                for part in (
                    form.p(question),
                    Ticks([(answer, "Yes"), (not answer, "No")], [0.8, 0.8], size=8),
                )
            ),
            gap(6),
            form.p("Prescriber signature: <i>Y. Castellane, MD</i> &nbsp;&nbsp; Date: 06/15/2026"),
        ],
        foot="Form CSR-88 rev. 3   Page 1 of 1",
    )
    note = Face("Helvetica", "Helvetica-Bold", 9.5, gap=3)
    strength = [
        ["Group", "R", "L"],
        ["Neck flexors", "4", "4"],
        ["Deltoids", "4-", "4-"],
        ["Hip flexors", "3+", "3"],
        ["Quadriceps", "4", "4"],
        ["Finger flexors", "5", "5"],
    ]
    third = doc(
        [
            note.title("Thornbury Rheumatology Group, P.C.", 13),
            note.p("Office visit 06/10/2026 &nbsp; Provider: Yusuf Castellane, MD"),
            note.h("S"),
            note.p(
                "58 yo F, PM dx 9/2025 (prox weakness from 7/2025, peak CK 7,920 on 9/12/25). F/u."
            ),
            note.p(
                "&bull; Steroid: pred 70 mg qd (1 mg/kg, 69 kg) 10/6/25 - 11/17/25 = 6 wks, then "
                "60-&gt;50-&gt;40-&gt;30-&gt;25 by 2/2/26, 20 mg qd from 3/2/26. Went to 15 mg on 5/4/26: in "
                "2 wks legs buckled twice, CK 1,380 (4/27) to 2,115 (5/18); back to 20 mg qd 5/18/26.",
                indent=10,
            ),
            note.p(
                "&bull; MTX 15 mg SC qwk 11/3/25, 25 mg SC qwk from 12/1/25, d/c 3/30/26 for lack of "
                "effect (21 wks; CK 1,610 on 2/23/26, no gain in strength). Tolerated OK.",
                indent=10,
            ),
            note.p(
                "&bull; AZA 50 mg qd 4/6/26, 150 mg qd since 5/4/26, continues. No benefit so far.",
                indent=10,
            ),
            note.p(
                "&bull; Function: needs raised toilet seat + grab bar, husband washes her hair, can't "
                "lift a skillet, 2 falls. No dysphagia, cough, DOE, CP, palps, rash, fever.",
                indent=10,
            ),
            note.h("PROBLEM LIST"),
            note.table(
                [
                    ["#", "Problem", "Code", "Onset"],
                    ["1", "Polymyositis", "M33.20", "09/2025"],
                    ["2", "Essential hypertension", "I10", "2012"],
                    ["3", "Hypothyroidism, unspecified", "E03.9", "2006"],
                    ["4", "Hyperlipidemia", "E78.5", "2016"],
                    ["5", "Osteopenia", "M85.80", "11/2025"],
                ],
                [0.4, 3.2, 1.2, 1.2],
                "under",
                pad=1,
            ),
            note.h("MEDICATIONS (reconciled 06/10/2026)"),
            *note.lines(
                "1. prednisone 20 mg tab - 1 tab PO qAM",
                "2. azathioprine 50 mg tab - 3 tabs (150 mg) PO qd",
                "3. losartan 50 mg tab - 1 tab PO qd",
                "4. levothyroxine 88 mcg tab - 1 tab PO qAM",
                "5. alendronate 70 mg tab - 1 tab PO q week",
                "6. TMP-SMX DS - 1 tab PO MWF",
                "7. omeprazole 20 mg cap - 1 cap PO qAM ac",
                "Stopped: atorvastatin 40 mg (8/2025, PCP, when CK first high; CK did not change off "
                "it); folic acid 1 mg qd (3/30/26, with MTX).",
                indent=10,
            ),
            note.p("<b>Allergies:</b> penicillin (anaphylaxis as a child)."),
            note.p(
                "<b>FH:</b> sister RA, on Enbrel; father CAD. <b>SH:</b> never smoker, no EtOH."
            ),
            turn(),
            note.h("O"),
            note.p("BP 134/80  HR 78  T 98.1  RR 14  SpO2 98% RA  Wt 69.0 kg (152 lb)"),
            note.p("Skin: no heliotrope, no Gottron. Lungs CTA. Heart RRR. Joints: no synovitis."),
            note.p("MRC grades, out of 5:"),
            note.table(strength, [1.8, 0.6, 0.6], "grid", pad=1.5),
            note.p(
                "Data: CK 6/8/26 1,742. HRCT chest 10/2/25 no ILD. TTE 10/3/25 LVEF 62%, normal. EMG "
                "9/24/25 irritable myopathy (attached). No biopsy."
            ),
            note.h("A / P"),
            note.p(
                "<b>1. Polymyositis, M33.20.</b> Idiopathic; age-appropriate cancer screening neg 11/2025, "
                "never had a checkpoint inhibitor. Refractory to prednisone + MTX, now AZA. Cannot get "
                "under 20 mg. No lung, heart or swallowing involvement. Plan: Truxima 1,000 mg IV d0 and "
                "d14. Continue AZA and pred 20 mg. IVIG and tacrolimus talked over, not tried. Risks "
                "incl. infusion reaction, infection, HBV reactivation and PML explained; med guide given."
            ),
            note.p("<b>2. HTN.</b> At goal. Losartan."),
            note.p("<b>3. Hypothyroid.</b> TSH normal 3/2026 per PCP."),
            note.p("<b>4. Lipids.</b> Statin stays off."),
            note.p("<b>5. Osteopenia.</b> Alendronate, Ca/D. DXA due 11/2027."),
            note.p("RTC 6 wks. E-signed Yusuf Castellane, MD 06/10/2026 18:04"),
        ],
        head=WHO,
        foot="Note of 06/10/2026, page {n} of 2",
    )
    lab = Face("Helvetica", "Helvetica-Bold", 9, gap=3)
    rows = [
        ["Test", "Current Result and Flag", "Previous Result and Date", "Units", "Ref. Interval"],
        ["Creatine Kinase,Total", "1742 &nbsp; High", "2115 &nbsp; 05/18/2026", "U/L", "32-182"],
        ["Aldolase", "13.4 &nbsp; High", "", "U/L", "3.3-10.3"],
        ["AST (SGOT)", "62 &nbsp; High", "71 &nbsp; 05/18/2026", "IU/L", "0-40"],
        ["ALT (SGPT)", "58 &nbsp; High", "66 &nbsp; 05/18/2026", "IU/L", "0-32"],
        ["LDH", "388 &nbsp; High", "", "IU/L", "119-226"],
        ["Creatinine", "0.66", "0.70 &nbsp; 05/18/2026", "mg/dL", "0.57-1.00"],
        ["WBC", "9.2", "", "x10E3/uL", "3.4-10.8"],
        ["Hemoglobin", "11.8", "", "g/dL", "11.1-15.9"],
        ["Platelets", "312", "", "x10E3/uL", "150-450"],
        ["Immunoglobulin G, Qn, Serum", "934", "", "mg/dL", "586-1602"],
        ["Immunoglobulin A, Qn, Serum", "187", "", "mg/dL", "87-352"],
        ["Immunoglobulin M, Qn, Serum", "102", "", "mg/dL", "26-217"],
        ["HBsAg Screen", "Negative", "", "", "Negative"],
        ["Hep B Core Ab, Tot", "Negative", "", "", "Negative"],
        ["Hep C Virus Ab", "Non Reactive", "", "", "Non Reactive"],
        ["QuantiFERON-TB Gold Plus", "Negative", "", "", "Negative"],
    ]
    fourth = doc(
        [
            Strip("Northfold Laboratories", "Patient Report", "#0B5C8C", 12),
            lab.table(
                [
                    ["Patient: Okonjo-Marsh, Delphine", "DOB: 04/17/1968", "Sex: F"],
                    ["Specimen: 160-771-2004-0", "Collected: 06/08/2026 0740", "Fasting: No"],
                    ["Ordering: Y Castellane", "Reported: 06/11/2026 1315", "Account: 30418"],
                ],
                [2.9, 2.5, 1.4],
                "box",
                head=False,
            ),
            lab.table(rows, [2.1, 1.5, 1.6, 0.8, 1.0], "under", pad=2),
            lab.p(
                "Hep C Virus Ab: HCV antibody alone does not differentiate between previously resolved "
                "infection and active infection. Equivocal and Reactive HCV antibody results should be "
                "followed up with an HCV RNA test.",
                size=7.5,
            ),
            lab.p(
                "Final report. Performed at NL01, 7 Coldharbour Road, director I. Vasquez-Lund MD."
            ),
        ],
        foot="Northfold Laboratories   Date created and stored 06/11/26 1316   Page 1 of 1",
    )
    emg = Face("Times-Roman", "Times-Bold", 11, gap=5)
    fifth = doc(
        [
            emg.title("Electrodiagnostic Laboratory, Quarrymead Hospital", 14),
            emg.p("Delphine Okonjo-Marsh, born 4/17/1968. Study date 9/24/2025."),
            emg.p("Referred by Y. Castellane, MD. Question: proximal weakness, high CK."),
            emg.p("<b>Nerve conduction.</b> R median, ulnar, sural, peroneal: normal."),
            emg.table(
                [
                    ["Muscle (right)", "Ins. act.", "Fib", "PSW", "MUP", "Recruitment"],
                    ["Deltoid", "increased", "2+", "2+", "small, short, polyphasic", "early"],
                    ["Biceps", "increased", "1+", "1+", "small, short", "early"],
                    ["Iliopsoas", "increased", "3+", "2+", "small, short", "early"],
                    ["Vastus lateralis", "increased", "2+", "1+", "small, short", "early"],
                    ["First dorsal interosseous", "normal", "0", "0", "normal", "full"],
                ],
                [1.9, 0.9, 0.5, 0.5, 1.9, 1.0],
                "grid",
                pad=3,
            ),
            emg.p(
                "<b>Impression.</b> Irritable proximal myopathy, as seen in active inflammatory "
                "myopathy. No neuropathy; repetitive stimulation normal."
            ),
            gap(20),
            emg.p("Wilhelmina Sato, DO, clinical neurophysiology"),
        ],
        margin=1,
    )
    bind([first, second, third, fourth, fifth], folder / "s01_specialty_form.pdf")
