"""A home infusion company's papers for immune globulin: no policy serves the request."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap, typed

from drawn.blanks import running
from drawn.printed import Strip

PLAN = """
HEARTHSIDE HOME INFUSION          PLAN OF TREATMENT          PAGE 1 OF 1

1. PATIENT      Winifred Strand-Palladino        2. DOB      11-FEB-1966
3. PAYER        Copperhead Federated Plan        4. ID       CFP-90-441-72
5. ORDER DATE   17-AUG-2026                      6. WEIGHT   64 kg
7. PRESCRIBER   Alasdair Quintero-Boyd, MD       8. PHONE    555-4930
------------------------------------------------------------------------
9.  DIAGNOSIS   M33.22  Polymyositis with myopathy
10. DRUG        Privigen 10% (immune globulin intravenous, human)
11. HCPCS       J1459
12. ORDER       2 g/kg (128 g) IV divided over 2 days, every 4 weeks x 6
13. RATE        0.5 mg/kg/min, raise as tolerated to 4 mg/kg/min
14. PREMEDS     acetaminophen 650 mg PO; loratadine 10 mg PO
15. HYDRATION   normal saline 500 mL IV before each dose
16. ACCESS      peripheral
17. SUPPLIES    pump, tubing, anaphylaxis kit
------------------------------------------------------------------------
18. GOALS       Lower prednisone, keep walking without a cane
19. NURSE       2 visits every 4 weeks

SIGNED  A. Quintero-Boyd, MD                      DATE  17-AUG-2026
"""


def draw(folder: Path) -> None:
    first = doc([typed(PLAN, 9.6)], margin=0.8)
    rows = [
        ["Name", "Value", "Reference Range", "Date"],
        ["CK", "*742 U/L", "24 - 173 U/L", "10-AUG-2026"],
        ["CK", "*801 U/L", "24 - 173 U/L", "18-MAY-2026"],
        ["AST", "*45 U/L", "8 - 33 U/L", "10-AUG-2026"],
        ["ALT", "*52 U/L", "7 - 35 U/L", "10-AUG-2026"],
        ["Creatinine", "0.74 mg/dL", "0.50 - 1.05 mg/dL", "10-AUG-2026"],
        ["BUN", "15 mg/dL", "7 - 25 mg/dL", "10-AUG-2026"],
        ["Hemoglobin", "12.6 g/dL", "11.7 - 15.5 g/dL", "10-AUG-2026"],
        ["WBC", "6.8 K/uL", "3.8 - 10.8 K/uL", "10-AUG-2026"],
        ["Platelets", "244 K/uL", "140 - 400 K/uL", "10-AUG-2026"],
        ["IgG", "812 mg/dL", "600 - 1640 mg/dL", "10-AUG-2026"],
        ["IgA", "155 mg/dL", "47 - 310 mg/dL", "10-AUG-2026"],
        ["IgM", "90 mg/dL", "50 - 300 mg/dL", "10-AUG-2026"],
        ["HBsAg", "Nonreactive", "Nonreactive", "10-AUG-2026"],
        ["Hepatitis C Ab", "Nonreactive", "Nonreactive", "10-AUG-2026"],
    ]
    note = Face("Helvetica", "Helvetica-Bold", 10, ink="#444441", gap=5)
    second = doc(
        [
            note.title("Larkhaven Neuromuscular Clinic", 15),
            note.p("Winifred Strand-Palladino &nbsp; DOB 02/11/1966 &nbsp; Visit 08/11/2026"),
            Strip("WHY IMMUNE GLOBULIN", "", "#444441"),
            note.p(
                "60-year-old teacher with polymyositis (M33.22) since 2024. Prednisone 60 mg daily from "
                "04/15/2024 for 6 weeks helped in part; she is on 17.5 mg daily and relapses on less than "
                "15 mg. Methotrexate 20 mg weekly for nine months (2024-2025) failed. Azathioprine 100 mg "
                "daily was stopped after 3 weeks in 2025 for pancreatitis. Mycophenolate 1,500 mg twice "
                "daily since 01/2026 has not been enough."
            ),
            note.p(
                "I thought of rituximab, and put it off: four courses of antibiotics for sinusitis since "
                "January. Immune globulin is the better choice. It was given once, in 2024, 1 g/kg, with "
                "a headache and no other trouble."
            ),
            Strip("MEDICATION LIST", "", "#444441"),
            note.table(
                [
                    ["Drug", "Directions"],
                    ["prednisone 5 mg", "3 1/2 tabs (17.5 mg) every morning"],
                    ["mycophenolate mofetil 500 mg", "3 tabs (1,500 mg) twice a day"],
                    ["risedronate 35 mg", "1 tab once a week"],
                    ["venlafaxine XR 75 mg", "1 cap daily"],
                    ["sumatriptan 50 mg", "1 tab at onset of migraine, as needed"],
                    ["fluticasone nasal 50 mcg", "2 sprays each nostril daily"],
                ],
                [2.6, 3.8],
                "grid",
                pad=3,
            ),
            Strip("HISTORY", "", "#444441"),
            note.p(
                "Migraine. Recurrent sinusitis. Osteoporosis. Anxiety. No kidney disease, no thrombosis, "
                "no diabetes. Penicillin: rash. Mother had myasthenia gravis. Does not smoke."
            ),
            Strip("EXAM 08/11/2026", "", "#444441"),
            note.p(
                "Weight 64 kg. BP 124/76. Neck flexion 4/5, shoulder abduction 4-/5, hip flexion 4-/5, "
                "knee extension 4/5, finger flexion 5/5. Gait waddling, without a cane. Rises from a "
                "chair at the third try. Cannot reach the top shelf of her classroom. Swallowing and "
                "breathing normal. No rash."
            ),
            note.p(
                "EMG 03/28/2024: irritable myopathy. Biopsy 04/02/2024: endomysial inflammation, no "
                "vacuoles. Chest CT 04/2024: no interstitial lung disease."
            ),
            Strip("ASSESSMENT AND PLAN", "", "#444441"),
            note.p(
                "1. Polymyositis, active. Privigen 2 g/kg every 4 weeks for 6 months; stop if no gain by "
                "the third. Prednisone down by 2.5 mg a month after the second. Mycophenolate goes on. "
                "2. Migraine: slow rate, hydration. 3. Sinusitis: ENT, no antibiotic today. 4. "
                "Osteoporosis: risedronate."
            ),
            note.p("Alasdair Quintero-Boyd, MD, 08/11/2026"),
            Strip("RESULTS (* = out of range)", "", "#444441"),
            running(note.table(rows, [1.8, 1.4, 1.8, 1.4], "columns", pad=3)),
            gap(6),
            note.p("Printed 17-AUG-2026 for Hearthside Home Infusion, intake"),
        ],
        foot="Larkhaven Neuromuscular Clinic   Strand-Palladino   {n}",
    )
    bind([first, second], folder / "s10_globulin_at_home.pdf")
