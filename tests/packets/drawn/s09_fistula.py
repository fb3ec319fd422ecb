"""An infusion company's referral, a gastroenterologist's note, results, a stool panel, MRI."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap

from drawn.printed import Strip, boxed
from drawn.ruled import Ticks

WHO = "Akintola-Reyes, Desmond | 7/8/1997 | M | PID 88120"


def draw(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 9.5, gap=3)
    first = doc(
        [
            Strip("VESPER INFUSION SUITES", "Infliximab referral - fax 555-4866", "#7A1F3D", 13),
            boxed(
                [
                    [
                        ("Patient name", "Desmond Akintola-Reyes"),
                        ("DOB", "07/08/1997"),
                        ("Sex", "M"),
                        ("Weight", "68 kg"),
                    ],
                    [
                        ("Insurance", "Prairie Union Health"),
                        ("ID", "PUH 61-330-8874"),
                        ("Group", "2207"),
                        ("Allergies", "NKDA"),
                    ],
                ]
            ),
            form.h("Diagnosis"),
            Ticks(
                [
                    (False, "K50.00 small intestine"),
                    (False, "K50.10 large intestine"),
                    (True, "Other: K50.113"),
                ],
                [2.1, 2.1, 2.2],
            ),
            form.p("Crohn's disease of large intestine with fistula"),
            form.h("Infliximab product"),
            Ticks(
                [
                    (False, "Remicade J1745"),
                    (False, "Inflectra Q5103"),
                    (False, "Renflexis Q5104"),
                    (True, "Avsola Q5121"),
                ],
                [1.65] * 4,
            ),
            form.h("Dose and frequency"),
            Ticks([(True, "5 mg/kg"), (False, "10 mg/kg"), (False, "Other")], [1.65] * 3),
            Ticks(
                [(True, "Weeks 0, 2, 6, then every 8 weeks"), (False, "Maintenance every 8 weeks")],
                [3.3, 3.3],
            ),
            form.h("Pre-medication"),
            Ticks(
                [
                    (True, "Acetaminophen 650 mg PO"),
                    (True, "Cetirizine 10 mg PO"),
                    (False, "Hydrocortisone 100 mg IV"),
                ],
                [2.2, 2.2, 2.2],
            ),
            form.h("Nursing"),
            form.p(
                "Start IV. Infuse over at least 2 hours with a 1.2 micron filter. Vital signs before, every "
                "30 minutes and after. Anaphylaxis kit per company protocol."
            ),
            form.h("Attach"),
            Ticks(
                [
                    (True, "Clinical notes"),
                    (True, "TB and hepatitis B results"),
                    (True, "Insurance"),
                ],
                [2.2, 2.2, 2.2],
            ),
            gap(10),
            form.p(
                "Prescriber: Ingeborg Matsuda-Flynn, MD &nbsp; 555-4860 &nbsp; Date: 02/09/2026"
            ),
        ],
        foot="VIS-031",
    )
    note = Face("Times-Roman", "Times-Bold", 10.5, ink="#7A1F3D", gap=4)
    second = doc(
        [
            note.title("Sedgemoor Digestive Health - Follow-up visit", 14),
            note.p("02/04/2026 &nbsp; Ingeborg Matsuda-Flynn, MD"),
            note.h("IMPRESSION"),
            note.p(
                "1. Crohn's colitis with active perianal fistula (K50.113). 2. Iron deficiency anemia "
                "(D50.9). 3. Vitamin D deficiency (E55.9)."
            ),
            note.h("PLAN"),
            note.p(
                "Avsola 5 mg/kg (340 mg) at 0, 2 and 6 weeks, then every 8 weeks. Seton stays. "
                "Azathioprine to be added later if drug levels are low; not started. Ustekinumab would be "
                "the next line. Iron every other day, ergocalciferol weekly for 12 weeks."
            ),
            note.h("HISTORY"),
            note.p(
                "28-year-old graduate student. Crohn's disease of the colon found in June 2024, mild at "
                "first. Mesalamine 4.8 g daily from 7/2024 to 10/2025 made no difference. Perianal pain "
                "and drainage since 11/2025. Ciprofloxacin 500 mg BID and metronidazole 500 mg TID for 8 "
                "weeks (11/17/2025 to 1/12/2026): drainage less, back within a week of stopping. "
                "Examination under anesthesia 1/14/2026: transsphincteric fistula at 7 o'clock, abscess "
                "drained, seton placed. He has never had a steroid, thiopurine or methotrexate."
            ),
            note.p(
                "Four to five loose stools a day, some at night. Has lost 5 kg. Still drains into a pad. No "
                "fever since the drainage. No joint pain, no eye trouble, no mouth ulcers."
            ),
            note.p(
                "<b>Medicines now:</b> ferrous sulfate 325 mg every other day; ergocalciferol 50,000 units "
                "weekly; loperamide 2 mg as needed. <b>Stopped:</b> mesalamine, ciprofloxacin, "
                "metronidazole. <b>Allergies:</b> none."
            ),
            note.p(
                "<b>Family:</b> brother with Crohn's disease on infliximab, doing well; father ulcerative "
                "colitis, colectomy. <b>Social:</b> stopped smoking 2024."
            ),
            note.h("EXAM"),
            note.p(
                "Wt 68 kg (was 73 kg in 9/2025), BP 118/70, T 36.8. Abdomen soft, mild tenderness on the "
                "left. Perianal: seton in place, scant drainage, no fluctuance."
            ),
            note.p("Colonoscopy 12/03/2025: deep ulcers in sigmoid and left colon; ileum normal."),
            gap(6),
            note.p("Signed 02/04/2026 13:12"),
        ],
        head=WHO,
        margin=0.9,
    )
    lab = Face("Helvetica", "Helvetica-Bold", 9, gap=3)
    rows = [
        ["Analyte", "Flag", "Result", "Units", "Normal", "Collected"],
        ["C-reactive protein", "H", "22.4", "mg/L", "0.0-8.0", "02/02/2026"],
        ["Sedimentation rate", "H", "38", "mm/h", "0-15", "02/02/2026"],
        ["WBC", "", "10.9", "K/uL", "4.0-11.0", "02/02/2026"],
        ["Hemoglobin", "L", "11.6", "g/dL", "13.5-17.5", "02/02/2026"],
        ["Platelets", "H", "455", "K/uL", "150-400", "02/02/2026"],
        ["Ferritin", "L", "9", "ng/mL", "30-400", "02/02/2026"],
        ["25-OH vitamin D", "L", "18", "ng/mL", "30-100", "02/02/2026"],
        ["Albumin", "L", "3.3", "g/dL", "3.5-5.2", "02/02/2026"],
        ["ALT", "", "20", "U/L", "0-44", "02/02/2026"],
        ["Creatinine", "", "0.81", "mg/dL", "0.70-1.30", "02/02/2026"],
        ["Hepatitis B surface antigen", "", "Negative", "", "Negative", "01/20/2026"],
        ["Hepatitis B core antibody", "", "Negative", "", "Negative", "01/20/2026"],
        ["Hepatitis B surface antibody", "", "45.2", "mIU/mL", "&gt;=10.0 immune", "01/20/2026"],
        ["Hepatitis C antibody", "", "Negative", "", "Negative", "01/20/2026"],
        ["QuantiFERON-TB Gold Plus", "", "Negative", "", "Negative", "01/20/2026"],
    ]
    third = doc(
        [
            Strip("RESULTS", "Akintola-Reyes, Desmond   DOB 07/08/1997", "#7A1F3D"),
            lab.table(rows, [2.2, 0.5, 0.9, 0.8, 1.3, 1.1], "zebra", pad=3),
            lab.h("MICROBIOLOGY / STOOL, collected 01/27/2026"),
            lab.table(
                [
                    ["Test", "Result", "Status"],
                    ["C. difficile toxin gene, PCR", "Not detected", "Final"],
                    ["Stool culture", "No Salmonella, Shigella or Campylobacter", "Final"],
                    ["Calprotectin, fecal", "860 ug/g (normal &lt;50)", "Final"],
                ],
                [2.4, 3.2, 1.2],
                "grid",
                pad=3,
            ),
        ],
        head=WHO,
    )
    mri = Face("Times-Roman", "Times-Bold", 11, gap=6)
    fourth = doc(
        [
            mri.title("MRI PELVIS WITH AND WITHOUT CONTRAST", 13),
            mri.p("Akintola-Reyes, Desmond &nbsp; DOB 7/8/1997 &nbsp; 01/08/2026"),
            mri.p(
                "Single transsphincteric fistula arising at 7 o'clock in the mid anal canal with a 1.4 cm "
                "intersphincteric collection. Wall thickening of the rectum and sigmoid. No osteomyelitis."
            ),
            mri.p("IMPRESSION: Active perianal fistulizing Crohn's disease with a small abscess."),
            mri.p("Bertrand Achebe-Collier, MD"),
        ],
        margin=1,
    )
    bind([first, second, third, fourth], folder / "s09_fistula.pdf")
