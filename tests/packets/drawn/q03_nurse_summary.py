"""A nurse's narrative for the plan, a note with the plan first, results with long comments."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc


def draw(folder: Path) -> None:
    sheet = Face("Vera", "Vera-Bold", 9.5, gap=5)
    first = doc(
        [
            sheet.title("PA Clinical Summary", 15),
            sheet.p("Prepared 08/03/2026 by T. Wickenden, RN, prior authorization nurse, 555-2307"),
            sheet.p("For: Larkmoor County Schools Health Fund, medical drug unit"),
            sheet.table(
                [
                    ["Member", "Yevgenia Marchetti-Boone, DOB 02/09/1977"],
                    ["Ordering", "Cormac Delahunt, MD, Threeways Rheumatology"],
                    ["Medication", "Truxima (rituximab-abbs), Q5115, 100 billing units per dose"],
                    ["Regimen", "1,000 mg IV on day 1 and day 15, again after 6 months"],
                    ["Dx", "M33.22, polymyositis with myopathy"],
                    ["Site", "Office infusion"],
                ],
                [1.2, 5.4],
                "rows",
                head=False,
                pad=3,
            ),
            sheet.h("Narrative"),
            sheet.p(
                "Member is a 49 y/o female dx'd with polymyositis 10/2024 by Dr. Delahunt. She was "
                "started on prednisone 60 mg/day on 11/04/2024 and kept on that dose for 8 weeks "
                "(weight then and now 62 kg). Every attempt to come off steroids has failed: per "
                "chart she flared at 15 mg in 04/2025, at 12.5 mg in 11/2025 and again at 12.5 mg in "
                "05/2026. She is on 20 mg/day since 05/18/2026."
            ),
            sheet.p(
                "MTX 25 mg SC once weekly was added 01/13/2025 and is ongoing, partial benefit only. "
                "Azathioprine 100 mg/day was added on 03/03/2025 and d/c'd 06/23/2025 for lack of "
                "effect. No other agents tried. IVIG was requested under her former plan and never given."
            ),
            sheet.p(
                "Provider documents persistent weakness, MRC grades on page 2, MRI on page 2, labs on "
                "page 3. Member needs help to wash her hair and cannot manage the bus step (page 2). "
                "Provider rules out checkpoint inhibitor as a cause; member never had cancer treatment. "
                "Hep B, hep C, TB and immunoglobulins are on page 3."
            ),
            sheet.p(
                "I spoke with the member 07/31/2026; she has read the Medication Guide including PML. "
                "She asks that we call after 3 pm."
            ),
            sheet.h("Attached"),
            sheet.p("Office note 07/29/2026 (page 2). Laboratory report 07/27/2026 (page 3)."),
        ],
        font="Vera",
        size=7,
    )
    note = Face("Helvetica", "Helvetica-Bold", 10, gap=4)
    second = doc(
        [
            note.p("<b>Threeways Rheumatology</b> - C. Delahunt, MD - 07/29/2026 - return visit"),
            note.p("<b>Yevgenia Marchetti-Boone</b>, F, DOB 02/09/1977"),
            note.p(
                "<b>A:</b> 1) Polymyositis, idiopathic, seronegative - active, cannot get below 12.5 mg "
                "of prednisone. 2) Steroid-induced osteoporosis. 3) Migraine. 4) Latex allergy."
            ),
            note.p(
                "<b>P:</b> 1) Truxima as soon as approved. MTX stays at 25 mg SC weekly. Prednisone 20 mg "
                "daily until the second infusion. 2) Zoledronic acid 5 mg IV was given 02/2026, next "
                "02/2027. 3) Sumatriptan 50 mg PRN. Bloods in 8 wks. Zoster vaccine dose 2 before infusion."
            ),
            note.p(
                "<b>S:</b> Third relapse in May on going from 15 to 12.5 mg: stairs became impossible "
                "within ten days, CK from 260 to 1,105. Better on 20 mg, never well. Still cannot climb "
                "onto the bus without a pull, and her daughter washes her hair. No cough, no dyspnea, no "
                "trouble swallowing, no palpitations. No rash. Weight steady. Mother: rheumatoid arthritis. "
                "Does not smoke."
            ),
            note.p(
                "<b>O:</b> 62 kg, 118/74. Skin clear. Chest clear, heart regular. MRC: deltoids 4/5, "
                "triceps 4+/5, hip flexors 4-/5, hip abductors 4-/5, neck flexors 4/5, wrist extensors "
                "5/5. MRI both thighs 06/08/2026: patchy STIR bright signal in vastus lateralis and "
                "adductors, active myositis, mild fatty change. PFTs 06/2026: FVC 99%, DLCO 91%, no ILD. "
                "Echo 06/2026 normal, no cardiac involvement."
            ),
            note.p(
                "<b>Meds:</b> prednisone 20 mg daily; methotrexate 25 mg SC weekly; folic acid 1 mg daily; "
                "calcium citrate 630 mg BID; cholecalciferol 2000 IU daily; sumatriptan 50 mg PRN; "
                "norethindrone 0.35 mg daily."
            ),
            note.p("CD / signed 07/29/2026"),
        ]
    )
    lab = Face("Courier", "Courier-Bold", 9, gap=3)
    third = doc(
        [
            lab.title("VESTRY BIOMEDICAL LABORATORIES", 13),
            lab.p("Marchetti-Boone, Yevgenia   DOB 02/09/1977   Age 49   Sex F"),
            lab.p(
                "Date collected: 07/27/2026   Date entered: 07/27/2026   Date reported: 07/30/2026"
            ),
            lab.table(
                [
                    ["TESTS", "RESULT", "FLAG", "UNITS", "REFERENCE INTERVAL", "LAB"],
                    ["<b>Comp. Metabolic Panel</b>", "", "", "", "", ""],
                    ["Creatinine", "0.73", "", "mg/dL", "0.57 - 1.00", "01"],
                    ["AST (SGOT)", "52", "High", "IU/L", "0 - 40", "01"],
                    ["ALT (SGPT)", "47", "High", "IU/L", "0 - 32", "01"],
                    ["Albumin", "4.2", "", "g/dL", "3.9 - 4.9", "01"],
                    ["<b>Creatine Kinase,Total</b>", "744", "High", "U/L", "29 - 168", "01"],
                    ["<b>Immunoglobulins A/G/M, Qn, Ser</b>", "", "", "", "", ""],
                    ["Immunoglobulin G, Qn", "903", "", "mg/dL", "586 - 1602", "01"],
                    ["Immunoglobulin A, Qn", "167", "", "mg/dL", "87 - 352", "01"],
                    ["Immunoglobulin M, Qn", "88", "", "mg/dL", "26 - 217", "01"],
                    ["<b>Hepatitis Panel</b>", "", "", "", "", ""],
                    ["HBsAg Screen", "Negative", "", "", "Negative", "01"],
                    ["Hep B Core Ab, Tot", "Negative", "", "", "Negative", "01"],
                    ["HCV Ab", "Non Reactive", "", "", "Non Reactive", "01"],
                    ["<b>QuantiFERON-TB Gold Plus</b>", "Negative", "", "", "Negative", "02"],
                    ["QuantiFERON Nil Value", "0.03", "", "IU/mL", "", "02"],
                    ["QuantiFERON TB1 Ag Value", "0.05", "", "IU/mL", "", "02"],
                    ["QuantiFERON Mitogen Value", "&gt;10.00", "", "IU/mL", "", "02"],
                ],
                [2.4, 1.1, 0.6, 0.7, 1.5, 0.5],
                "none",
                pad=1,
                size=8.5,
            ),
            lab.p(
                "HCV antibody alone does not differentiate resolved infection from active infection; "
                "a positive result should be followed by HCV RNA.",
                size=7.5,
            ),
            lab.p(
                "A negative QuantiFERON result suggests that infection with M. tuberculosis is unlikely; "
                "&lt;0.35 IU/mL after subtraction of Nil.",
                size=7.5,
            ),
        ],
        margin=0.75,
        font="Courier",
    )
    bind([first, second, third], folder / "q03_nurse_summary.pdf")
