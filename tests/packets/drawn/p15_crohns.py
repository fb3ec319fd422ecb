"""A letter for another drug, results without a header, an endoscopy report."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap, turn


def draw(folder: Path) -> None:
    letter = Face("Times-Roman", "Times-Bold", 11, gap=7)
    first = doc(
        [
            letter.title("Birchwater Gastroenterology", 15),
            letter.p("28 January 2026"),
            letter.p("To: Fallow Creek Plan, utilization management"),
            letter.p("Member: Juno Abernathy, date of birth 08/14/1998, ID FCP-77120"),
            letter.p(
                "I request Inflectra (infliximab-dyyb, Q5103), 5 mg/kg intravenously at weeks 0, 2 and "
                "6 and then every 8 weeks, for moderately to severely active Crohn's disease of the "
                "small and large intestine (K50.80)."
            ),
            letter.p(
                "Miss Abernathy was diagnosed in 2022. Prednisone 40 mg daily for eight weeks in 2024 "
                "brought relief that did not last. Azathioprine 100 mg daily from January to August "
                "2025 failed: she still has eight stools a day, pain and weight loss, and "
                "colonoscopy on 01/12/2026 showed deep ulcers. She takes budesonide 9 mg daily, "
                "ferrous sulfate 325 mg daily and vitamin B12 1,000 mcg intramuscularly monthly."
            ),
            letter.p(
                "She has no fistula, no heart failure and no demyelinating disease. Her brother has "
                "ulcerative colitis and takes vedolizumab."
            ),
            letter.p("Sincerely,"),
            gap(10),
            letter.p("Casimir Thorne, MD"),
        ],
        margin=1.1,
    )
    lab = Face("Helvetica", "Helvetica-Bold", 9.5, ink="#704214", gap=4)
    second = doc(
        [
            lab.title("Laboratory summary", 13),
            lab.p("Juno Abernathy 08/14/1998. All collected 01/19/2026. Weight 54 kg."),
            lab.table(
                [
                    ["CRP", "38 mg/L", "&lt;5", "H"],
                    ["Hemoglobin", "10.2 g/dL", "11.7-15.5", "L"],
                    ["Platelets", "512 10*3/uL", "150-400", "H"],
                    ["Albumin", "3.1 g/dL", "3.5-5.0", "L"],
                    ["Fecal calprotectin", "1,240 ug/g", "&lt;50", "H"],
                    ["ALT", "18 U/L", "0-35", ""],
                    ["HBsAg", "nonreactive", "", ""],
                    ["Hepatitis B core antibody", "nonreactive", "", ""],
                    ["QuantiFERON-TB Gold Plus", "negative", "", ""],
                ],
                [2.2, 1.5, 1.2, 0.5],
                "rows",
                head=False,
            ),
            turn(),
            lab.title("Endoscopy report (abridged)", 13),
            lab.p(
                "Juno Abernathy 08/14/1998. Colonoscopy 01/12/2026. Deep serpiginous ulcers in the "
                "terminal ileum and right colon, rectum spared. Sedation: midazolam 4 mg, fentanyl 100 "
                "mcg. Impression: active Crohn's ileocolitis, severe."
            ),
        ]
    )
    bind([first, second], folder / "p15_crohns.pdf")
