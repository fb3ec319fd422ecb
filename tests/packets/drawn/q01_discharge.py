"""An order set with boxes, a terse discharge summary, a hospital's results."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap, typed

from drawn.ruled import Ticks


def draw(folder: Path) -> None:
    order = Face("Helvetica", "Helvetica-Bold", 9.5, ink="#223344", gap=3)
    first = doc(
        [
            order.title("SALTMEADOW INFUSION SUITE", 14),
            order.p("Order set 14-B: anti-CD20 infusions. Telephone 555-2101, fax 555-2102"),
            order.table(
                [
                    [
                        "Patient: Marguerite Oyelaran",
                        "DOB: 03/30/1968",
                        "Sex: F",
                        "Order date: 05/27/2026",
                    ],
                    [
                        "Payer: Quillback Alliance",
                        "Wt: 71 kg",
                        "Ht: 163 cm",
                        "Allergy: amoxicillin (hives)",
                    ],
                ],
                [2.2, 1.4, 1.1, 2.2],
                "grid",
                head=False,
                pad=3,
            ),
            order.h("INDICATION (mark one)"),
            Ticks([(False, "M05.79 Rheumatoid arthritis"), (False, "M31.30 GPA")], [3, 3]),
            Ticks(
                [
                    (True, "M33.21 Polymyositis, respiratory involvement"),
                    (False, "M33.22 Polymyositis, myopathy"),
                ],
                [3, 3],
            ),
            order.h("PRODUCT (mark one)"),
            Ticks(
                [
                    (False, "Rituxan J9312"),
                    (False, "Truxima Q5115"),
                    (True, "Ruxience Q5119"),
                    (False, "Riabni Q5123"),
                ],
                [1.6, 1.6, 1.6, 1.6],
            ),
            order.h("DOSE (mark one)"),
            Ticks(
                [
                    (False, "375 mg/m2 IV weekly x 4"),
                    (True, "1,000 mg IV on day 0 and day 14"),
                    (False, "500 mg IV x 1"),
                ],
                [2.2, 2.6, 1.6],
            ),
            order.h("30 MINUTES BEFORE"),
            Ticks(
                [
                    (True, "acetaminophen 650 mg PO"),
                    (True, "diphenhydramine 25 mg IV"),
                    (True, "methylprednisolone 100 mg IV"),
                ],
                [2.2, 2.2, 2.4],
            ),
            order.h("IF A REACTION OCCURS"),
            order.p(
                "Stop the infusion. Epinephrine 0.3 mg IM for anaphylaxis; hydrocortisone 100 mg IV; "
                "call the ordering physician. Vital signs every 15 minutes until stable."
            ),
            order.h("NURSING"),
            Ticks([(True, "Consent on chart"), (False, "Central line care")], [2.2, 2.2]),
            Ticks([(True, "Vital signs each rate change"), (False, "CBC each visit")], [2.2, 2.2]),
            gap(16),
            order.p("Ordered by: Ravindra Castellane, MD (rheumatology) &nbsp; 05/27/2026 11:20"),
        ],
        foot="Saltmeadow Infusion Suite - order set 14-B rev 6 - page {n}",
    )
    note = Face("Times-Roman", "Times-Bold", 10, gap=3)
    second = doc(
        [
            note.title("HARROW POINT REGIONAL MEDICAL CENTER", 13),
            note.title("DISCHARGE SUMMARY", 12),
            note.p(
                "OYELARAN, MARGUERITE | DOB 03/30/1968 | MRN 00418833 | Adm 04/28/2026 | Disch "
                "05/22/2026 | LOS 24 d | Svc: Medicine 4W, Rheum consulting"
            ),
            note.p(
                "<b>PRINCIPAL DX:</b> Polymyositis with interstitial lung disease (M33.21). "
                "<b>SECONDARY:</b> Steroid-induced hyperglycemia. Hypertension. Hypothyroidism."
            ),
            note.p(
                "<b>PRESENTATION:</b> 58F, 6 wks of proximal weakness, 2 wks of dyspnea. SpO2 84% RA "
                "on arrival. No rash. No hx of CA; never on a checkpoint inhibitor."
            ),
            note.p(
                "<b>COURSE BY PROBLEM</b><br/># Myositis: methylprednisolone 1,000 mg IV daily x 3 d "
                "(04/29 - 05/01/2026), then prednisone 80 mg PO daily from 05/02/2026, no taper "
                "attempted. No prior steroid-sparing agent, ever. EMG 05/04/2026: fibs and PSWs "
                "deltoid + iliopsoas, short small polyphasic MUPs, c/w active myositis. Bx deferred."
                "<br/># Lung: HRCT 04/30/2026 NSIP-pattern ILD, moderate, both bases, due to the "
                "myositis. FVC 52% pred 05/01, 49% 05/18. O2 4 L NC at rest throughout. On 05/18, "
                "after 19 d of high-dose steroid, no response: FVC lower, still O2-dependent, CK flat."
                "<br/># Swallow: SLP 05/06, no dysphagia, regular diet. # Heart: TTE EF 60%, no "
                "myocarditis. # Glucose: to 290 on steroid, glargine. # Na 129 on HCTZ: stopped."
            ),
            note.p(
                "<b>AT DISCHARGE:</b> BP 138/80, HR 92, SpO2 93% on 4 L. Wt 71 kg. MRC: neck flexors "
                "3/5, deltoids 3+/5 bilat, hip flexors 3-/5 bilat, grip 5/5. Help of one to transfer "
                "and to dress; 20 ft with walker."
            ),
            note.h("MEDICATION RECONCILIATION"),
            note.table(
                [
                    ["Medication", "Before admission", "At discharge", "Action"],
                    ["Prednisone", "-", "80 mg PO daily", "NEW"],
                    ["Insulin glargine", "-", "14 units SC at bedtime", "NEW"],
                    ["Pantoprazole", "-", "40 mg PO daily", "NEW"],
                    ["Atovaquone", "-", "1,500 mg PO daily", "NEW (PJP prophylaxis)"],
                    ["Levothyroxine", "88 mcg PO daily", "88 mcg PO daily", "CONTINUE"],
                    ["Amlodipine", "5 mg PO daily", "10 mg PO daily", "CHANGE"],
                    ["Hydrochlorothiazide", "25 mg PO daily", "-", "STOP (hyponatremia)"],
                    ["Ibuprofen", "400 mg PO PRN", "-", "STOP"],
                ],
                [1.8, 1.6, 1.9, 1.6],
                "grid",
                pad=1.5,
            ),
            note.p(
                "<b>DISPO:</b> Home with husband, home O2, PT. <b>F/U:</b> Rheum 1 wk; pulm 3 wks. "
                "Rituximab to be set up as outpatient; mycophenolate may follow once it is in. "
                "Rituximab risks incl. PML reviewed with pt and husband 05/20/2026."
            ),
            note.p(
                "<b>PT INSTRUCTIONS:</b> Return for fever, worse breathing, choking. No live vaccines."
            ),
            note.p("Dictated: K. Lindholm, PA-C. Cosigned: R. Castellane, MD 05/22/2026 16:05"),
        ],
        margin=0.75,
        font="Times-Roman",
    )
    third = doc(
        [
            typed(
                """
HARROW POINT REGIONAL MED CTR              DEPT OF LABORATORY MEDICINE
OYELARAN,MARGUERITE   F 03/30/1968   MRN 00418833   LOC 4W   FINAL

COLLECTED 05/19/2026 0540     CHEMISTRY
CK TOTAL              9105 *H     [26-192]        U/L
AST                    402 *H     [13-39]         U/L
ALT                    188 *H     [7-52]          U/L
CREATININE            0.61        [0.60-1.20]     mg/dL
GLUCOSE                211 *H     [70-99]         mg/dL
SODIUM                 136        [136-145]       mmol/L

COLLECTED 05/19/2026 0540     HEMATOLOGY
WBC                   12.9 *H     [4.0-10.5]      K/uL
HGB                   11.9 *L     [12.0-15.5]     g/dL
PLT                    301        [150-400]       K/uL

COLLECTED 05/02/2026 0615     SEROLOGY / IMMUNOLOGY
HEP B SURFACE AG      NONREACTIVE [NONREACTIVE]
HEP B CORE AB TOTAL   NONREACTIVE [NONREACTIVE]
HEP C AB              NONREACTIVE [NONREACTIVE]
QUANTIFERON TB GOLD+  NEGATIVE    [NEGATIVE]
IGG                   1244        [700-1600]      mg/dL
IGA                    214        [70-400]        mg/dL
IGM                    131        [40-230]        mg/dL

*H HIGH  *L LOW  PATIENT LAB SUMMARY PRINTED 05/22/2026 1402
""",
                10,
            )
        ]
    )
    bind([first, second, third], folder / "q01_discharge.pdf")
