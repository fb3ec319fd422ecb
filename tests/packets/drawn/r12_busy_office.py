"""A busy office's chart print, scanned in grey: short form, encounter, results."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, doc, gap

from drawn.printed import boxed


def draw(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 10.5, gap=4)
    first = doc(
        [
            form.title("OLD ORCHARD HEALTH NETWORK", 14),
            form.p("Prior authorization, provider-administered drugs. Fax 555-4233."),
            boxed(
                [
                    [
                        ("Patient", "Candelaria Voss"),
                        ("DOB", "10/23/1979"),
                        ("Member", "OOH 7731-0042"),
                    ],
                    [("Provider", "S. Adeyemi-Clarke, DO"), ("Phone", "555-4230"), ("NPI", "")],
                    [
                        ("Drug requested", "Riabni Q5123"),
                        ("Dose", "1000 mg IV"),
                        ("Schedule", "Weeks 0 and 2"),
                    ],
                    [
                        ("ICD-10", "M33.22"),
                        ("Diagnosis", "Polymyositis"),
                        ("Date of request", "11/16/2026"),
                    ],
                ],
                size=11,
            ),
            gap(6),
            form.p("Reason for request (attach notes):"),
            form.p(
                "Failed high dose steroid and mycophenolate. Chart note 11/10/2026 and labs attached. "
                "EMG report to follow.",
                12,
            ),
            gap(20),
            form.p("Signed: S. Adeyemi-Clarke, DO"),
        ],
        margin=0.9,
    )
    note = Face("Vera", "Vera-Bold", 9.5, gap=4)
    second = doc(
        [
            note.p("<b>Rheumatology Partners of Old Orchard</b>, 9 Canal Street, Ste 120"),
            note.p(
                "<b>Candelaria VOSS</b> (47yo, F) ID# 20418 &nbsp; <b>Appt. Date/Time</b> 11/10/2026 "
                "10:30AM<br/><b>DOB</b> 10/23/1979 &nbsp; <b>Provider</b> SADE ADEYEMI-CLARKE, DO"
            ),
            note.h("Chief Complaint"),
            note.p("Polymyositis, not improving"),
            note.h("HPI"),
            note.p(
                "47 yo with polymyositis since 03/2026, weak thighs and shoulders. Medrol 48 mg daily was "
                "started 04/06/2026 and kept there 8 weeks, then tapered by 4 mg every 2 weeks; on 12 mg "
                "daily since 09/21. Mycophenolate 1,000 mg twice daily since 05/11/2026, taking it faithfully. "
                "Initially a bit stronger, but the last three months no progress: still weak on both drugs, CK "
                "still ten times normal. Cannot carry groceries or climb into the tub; sits on the "
                "bottom step to put on pants. No dysphagia, dyspnea, cough, chest pain, palpitations or rash. "
                "No prior cancer, never had checkpoint inhibitor therapy."
            ),
            note.h("Medications"),
            note.table(
                [
                    ["Name", "Instructions", "Start"],
                    ["Medrol 4 mg tablet", "Take 3 tablets (12 mg) every day", "09/21/26"],
                    [
                        "mycophenolate mofetil 500 mg tablet",
                        "Take 2 tablets twice a day",
                        "05/11/26",
                    ],
                    ["buPROPion XL 150 mg tablet", "Take 1 tablet every morning", "03/12/24"],
                    ["Prilosec OTC 20 mg tablet", "Take 1 tablet every day", "04/06/26"],
                    ["cetirizine 10 mg tablet", "Take 1 tablet every day as needed", "06/01/22"],
                ],
                [2.7, 2.8, 1.0],
                "grid",
                pad=2,
            ),
            note.h("Allergies"),
            note.p("Cefaclor (hives)"),
            note.h("Problems"),
            note.p("Polymyositis. Major depressive disorder. Seasonal allergic rhinitis. GERD."),
            note.h("Immunizations / Screening"),
            note.table(
                [
                    ["Influenza", "10/05/2026", "PHQ-9", "6 (10/05/2026)"],
                    ["Hepatitis B series", "2001", "Mammogram", "03/2026 normal"],
                    ["Pneumococcal (PCV20)", "04/2026", "Pap", "2024 normal"],
                ],
                [1.9, 1.2, 1.3, 1.8],
                "rows",
                head=False,
                pad=1.5,
            ),
            note.h("Family / Social"),
            note.p("Maternal aunt: Sjogren. Never smoker. Teacher's aide. Two children."),
        ],
        font="Vera",
        foot="VOSS, Candelaria (ID# 20418), DOB 10/23/1979          page 1 of 2",
    )
    third = doc(
        [
            note.h("Vitals"),
            note.p("Ht 5 ft 4 in, Wt 134 lbs 8 oz (61 kg), BP 120/78, HR 84, Temp 98.4 F, O2 99%"),
            note.h("Physical Exam"),
            note.p(
                "No acute distress. Skin: no rash. Lungs: clear. CV: RRR. Ext: no edema. Neuro: "
                "shoulder abduction 4/5 bilat, hip flexion 3+/5 bilat, hip extension 4-/5, neck flexion 4/5, "
                "hands 5/5. Reflexes 2+. Gait slow, uses rail."
            ),
            note.h("Assessment / Plan"),
            note.p(
                "<b>1. Polymyositis</b> M33.22 - inadequate response to Medrol and mycophenolate. No cardiac, "
                "pulmonary or swallowing involvement. Submit Riabni. EMG scheduled with neurology 11/19. "
                "If Riabni is denied, could go to tacrolimus or IVIG. Hep B and C negative. Chest x-ray "
                "10/2026 no evidence of TB; she had no exposure. Will get QuantiFERON and immunoglobulins "
                "before first infusion. PML and infection risk reviewed."
            ),
            note.p("<b>2. Major depressive disorder</b> F32.9 - stable, bupropion."),
            note.p("<b>3. GERD</b> K21.9 - omeprazole OTC."),
            note.p("Return to office in 6 weeks. Electronically signed SA 11/10/2026"),
            gap(10),
            note.h("Lab results (interface)"),
            note.table(
                [
                    ["Observation", "Value", "Ref. range", "Abnormal", "Collected"],
                    ["Creatine kinase", "1530 U/L", "20-145", "H", "11/06/2026"],
                    ["Creatine kinase", "1610 U/L", "20-145", "H", "08/10/2026"],
                    ["AST", "61 U/L", "5-34", "H", "11/06/2026"],
                    ["ALT", "57 U/L", "5-38", "H", "11/06/2026"],
                    ["Creatinine", "0.72 mg/dL", "0.52-1.04", "", "11/06/2026"],
                    ["WBC", "6.4 K/uL", "4.0-10.5", "", "11/06/2026"],
                    ["Hemoglobin", "12.1 g/dL", "11.5-15.5", "", "11/06/2026"],
                    ["Hep B surface antigen", "Nonreactive", "Nonreactive", "", "11/06/2026"],
                    ["Hep B core Ab total", "Nonreactive", "Nonreactive", "", "11/06/2026"],
                    ["Hepatitis C Ab", "Nonreactive", "Nonreactive", "", "11/06/2026"],
                ],
                [2.0, 1.2, 1.2, 0.9, 1.2],
                "grid",
                pad=2,
            ),
        ],
        font="Vera",
        foot="VOSS, Candelaria (ID# 20418), DOB 10/23/1979          page 2 of 2",
    )
    pdf = scans.scan([first, second, third], 140, (-0.3, 0.5, -0.2), 80, grey=True)
    (folder / "r12_busy_office.pdf").write_bytes(pdf)
