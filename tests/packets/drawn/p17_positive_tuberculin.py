"""A scan: form with Yes/No columns, upside-down list of a note, result slip."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, doc, gap, typed


def draw(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 11, gap=7)
    first = doc(
        [
            form.title("Heron Lake Cooperative", 17),
            form.p("Request for a clinic-administered biologic"),
            form.p("Completed: 11/03/2026"),
            form.p("For: Cosima Ravensworth, born 09/17/1988, no. HL-5508"),
            form.p("By: Aurelio Banerjee, MD, 555-1717"),
            form.p(
                "Agent: Riabni &nbsp; Code: Q5123 &nbsp; Amount: 1,000 mg IV &nbsp; When: weeks 0 and 2"
            ),
            form.p("ICD-10: M33.22 &nbsp; Text: polymyositis with myopathy"),
            form.table(
                [
                    ["Question", "Yes", "No"],
                    ["High-dose corticosteroid given?", "X", ""],
                    ["Methotrexate, azathioprine or mycophenolate given?", "X", ""],
                    ["Immune globulin given?", "X", ""],
                    ["Plasma exchange given?", "", "X"],
                    ["Screened for tuberculosis?", "X", ""],
                    ["Drug-induced myositis?", "", "X"],
                ],
                [4.4, 0.7, 0.7],
                "grid",
                pad=4,
            ),
            gap(10),
            form.p("A. Banerjee, MD"),
        ],
        margin=1,
    )
    second = doc(
        [
            typed(
                """
BANERJEE RHEUMATOLOGY        RAVENSWORTH, COSIMA   DOB 09/17/1988
10/29/2026  f/u

- PM (idiopathic) since 8/2026. Seen with husband.
- solumedrol 1 g IV qd x3 8/17-8/19/26, then pred 50 mg qd from
  8/20/26, still on 50. No taper attempted. No real response.
- MTX 15 mg po qwk started 10/12/26. 3 doses so far. No side effects.
- IVIG 2 g/kg monthly 9/26 and 10/26: better for ten days each
  time, then back to baseline.
- AZA = next step if MTX fails.
- QFT POSITIVE 10/5/26, CXR clear. INH 300 mg qd + B6 50 mg qd since
  10/8/26 (latent TB, ID following).
- shingles T6 L since 10/26, active vesicles, valacyclovir 1 g tid
  x 7 d.
- no dysphagia, no dyspnea. PFT + TTE 9/26 wnl: no ILD, no cardiac
  involvement.
- myositis weakness CTCAE grade 2. MMT-8 112/150. Needs help to
  stand from a low couch.
- EMG 8/14/26: irritable myopathy, c/w active myositis.
- CK 10/27/26 = 1044 (5.4x ULN)
- wt 59 kg, BP 120/74
- other: asthma -> budesonide/formoterol 160/4.5 2 puffs bid
- FHx: father TB as a child
- all: none
- plan: Riabni once zoster has crusted. infection + PML d/w pt.
""",
                11,
            )
        ],
        margin=0.9,
    )
    lab = Face("Helvetica", "Helvetica-Bold", 10.5, gap=5)
    third = doc(
        [
            lab.title("RESULT SLIP", 14),
            lab.p("Ravensworth, Cosima 09/17/1988 &nbsp; specimen 10/05/2026"),
            lab.p("Hepatitis B surface antigen . . . . . non-reactive"),
            lab.p("Hepatitis B core antibody . . . . . . non-reactive"),
            lab.p("Hepatitis C antibody . . . . . . . . . non-reactive"),
            lab.p("QuantiFERON-TB Gold Plus . . . . . . POSITIVE"),
            lab.p("IgG . . . . . 1,420 mg/dL (640-1,520)"),
            lab.p("IgA . . . . . 260 mg/dL (90-400)"),
            lab.p("IgM . . . . . 144 mg/dL (50-280)"),
        ],
        margin=1,
    )
    (folder / "p17_positive_tuberculin.pdf").write_bytes(
        scans.scan(
            [first, second, third], dpi=160, skews=(0.6, -1.0, 0.9), turns={2: 180}, specks=300
        )
    )
