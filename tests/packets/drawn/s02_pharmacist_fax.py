"""A coarse fax: cover, a form filled by hand, a pharmacist's note in Latin shorthand, results."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, doc, gap, typed

from drawn.blanks import Blank
from drawn.ruled import Ticks

HEAD = "SALTMARSH ARTHRITIS ASSOC   555-4133    MAR 09 2026 14:51    P.0{page}/05"

RESULTS = """
BELLHARBOR COMMUNITY HOSPITAL     LABORATORY
PATIENT: TAMBLING, RUFUS          DOB: 11/30/1955
DR: BRIGHTWELL-CHO                M
COLLECTED: 02/26/2026 0910

TEST                   RESULT       NORMAL     UNITS
------------------------------------------------------
CK, TOTAL            H 1277         39-308     U/L
AST                  H 58           15-37      U/L
ALT                    49           16-63      U/L
CREATININE             1.12         0.70-1.30  MG/DL
WBC                  H 11.4         4.5-11.0   K/UL
HEMOGLOBIN             14.2         13.5-17.5  G/DL
PLATELETS              246          150-400    K/UL
INR                  H 2.4          0.9-1.1

HEP B SURFACE AG       NON-REACTIVE
HEP B CORE AB, TOTAL   NON-REACTIVE
T-SPOT.TB              NEGATIVE
------------------------------------------------------
H = ABOVE NORMAL   L = BELOW NORMAL     END OF REPORT
"""


def draw(folder: Path) -> None:
    cover = Face("Times-Roman", "Times-Bold", 15, gap=10, centered=True)
    first = doc(
        [
            gap(30),
            cover.title("SALTMARSH ARTHRITIS ASSOCIATES", 22),
            cover.title("FACSIMILE COVER SHEET", 17),
            gap(20),
            *cover.lines(
                "<b>TO:</b> Whitepine Retiree Medical Trust, drug review",
                "<b>FAX:</b> 555-4190",
                "<b>FROM:</b> Dr. Brightwell-Cho's office (Dot)",
                "<b>PHONE:</b> 555-4132 &nbsp;&nbsp; <b>FAX:</b> 555-4133",
                "<b>DATE:</b> 3/9/26 &nbsp;&nbsp; <b>PAGES:</b> 5",
                "<b>RE:</b> Rufus Tambling, Ruxience",
            ),
            gap(20),
            cover.p(
                "Form, pharmacist's med review and last office note attached. Labs are from "
                "Bellharbor. More to follow when we have it."
            ),
        ],
        head=HEAD.format(page=1),
        size=10,
    )
    form = Face("Helvetica", "Helvetica-Bold", 12, gap=5)
    second = doc(
        [
            form.title("WHITEPINE RETIREE MEDICAL TRUST", 16),
            form.p("Drug Review Request &nbsp; (please print)"),
            *(
                Blank(parts, size=12, written=15)
                for parts in (
                    [("Patient", "Rufus Tambling", 4.2), ("DOB", "11/30/55", 2.6)],
                    [("Member ID", "WRM 41-2208-R", 4.2), ("Weight", "84 kg", 2.6)],
                    [("Doctor", "O. Brightwell-Cho, DO", 4.2), ("Tel", "555-4132", 2.6)],
                    [("Drug", "Ruxience", 4.2), ("HCPCS", "Q5119", 2.6)],
                    [("Dose", "1000 mg IV", 3.0), ("How often", "day 1 and day 15", 3.8)],
                    [("Diagnosis", "polymyositis", 4.2), ("ICD-10", "M33.22", 2.6)],
                )
            ),
            gap(6),
            form.p("Drugs already used for this diagnosis, with result:"),
            *(
                Blank([(number, answer, 6.8)], size=12, written=15)
                for number, answer in (
                    ("1.", "prednisone 80 mg/day x 5 wks from 9/15/25, taper"),
                    ("2.", "methotrexate 20 mg/week - no help"),
                    ("3.", ""),
                )
            ),
            gap(6),
            form.p("Intolerance or contraindication to methotrexate, azathioprine, mycophenolate?"),
            Ticks([(False, "Yes"), (False, "No")], [1.2, 1.2], size=12),
            Blank([("If yes, explain", "", 6.8)], size=12, written=15),
            form.p("Was the disease brought on by cancer immunotherapy?"),
            Ticks([(False, "Yes"), (True, "No")], [1.2, 1.2], size=12),
            gap(16),
            Blank([("Signed", "O. Brightwell-Cho DO", 4.2), ("Date", "3/9/26", 2.6)], size=12),
        ],
        head=HEAD.format(page=2),
        size=10,
    )
    note = Face("Helvetica", "Helvetica-Bold", 12, gap=4)
    third = doc(
        [
            note.title("AMBULATORY CARE PHARMACY NOTE", 15),
            note.p("Rufus Tambling, DOB 11/30/55, 70 y/o M, 84 kg. 3/4/26. K. Alvarsson, PharmD"),
            note.p("Allergy/ADR: lisinopril (cough)."),
            note.h("Rx profile, checked against bottles"),
            *note.lines(
                "Prednisone 10 mg tab. Sig: ii tabs (20 mg) po qam c cibo",
                "Metoprolol tartrate 25 mg tab. Sig: ss tab (12.5 mg) po bid",
                "Warfarin 5 mg tab. Sig: i tab po q pm",
                "Amlodipine 5 mg tab. Sig: i tab po qhs",
                "Latanoprost 0.005% soln. Sig: i gtt OU qhs",
                "Docusate 100 mg cap. Sig: i cap po bid",
                "APAP 325 mg tab. Sig: ii tabs (650 mg) po q6h prn pain",
                indent=10,
            ),
            note.h("For the muscle disease"),
            note.p(
                "Prednisone 20 mg tab, iv tabs po qam (80 mg/d) 9/15/25 x 5 wks; then 60, 40, 30, 20 "
                "mg, 2 wks each; 15 mg 12/22/25; 12.5 mg 1/5/26. Flare 1/19/26 on 12.5 mg: CK 1,904, "
                "could not get out of the tub. Back to 20 mg qam, same since."
            ),
            note.p(
                "MTX 2.5 mg tab, viii tabs (20 mg) po q wk, from Dr. Ebner (retired). No help. We have "
                "no start or stop date; his records are asked for. AZA, MMF: never given."
            ),
            note.h("Plan"),
            note.p(
                "No major interaction with rituximab. Hold amlodipine and metoprolol the morning of "
                "each infusion. IgG, IgA, IgM drawn today, not back. Hep C: none on file, MD told."
            ),
            gap(6),
            note.p("K. Alvarsson, PharmD, BCACP"),
        ],
        head=HEAD.format(page=3),
        size=10,
    )
    visit = Face("Times-Roman", "Times-Bold", 13.5, gap=6)
    fourth = doc(
        [
            visit.title("OFFICE NOTE &nbsp; 3/2/26", 15),
            visit.p("Tambling, Rufus &nbsp; 11/30/55"),
            visit.p(
                "<b>S:</b> PM since 9/2025. Sleeps in a lift chair, can't rise from a low commode, wife "
                "puts his coat on him. Eats all textures, no choking. No SOB, no chest pain."
            ),
            visit.p(
                "<b>O:</b> BP 138/74, wt 84 kg. Deltoids 4/5, hip flexors 4-/5, neck flexors 4+/5, grip "
                "5/5. No rash. Lungs clear. Irregular rhythm, no murmur."
            ),
            visit.p(
                "MRI thighs 9/3/25: STIR edema both quadriceps = active myositis. CT chest 9/10/25: no "
                "ILD. Echo 9/11/25: normal, EF 55%."
            ),
            visit.p(
                "<b>A:</b> 1. Polymyositis M33.22, no organ involvement. Still weak on prednisone, "
                "methotrexate failed, flares below 15 mg. No cancer, no immunotherapy. 2. Atrial "
                "fibrillation I48.91, on warfarin. 3. Hypertension I10. 4. Glaucoma."
            ),
            visit.p(
                "<b>P:</b> Ruxience 1000 mg x 2. IVIG contraindicated, pulmonary embolism 2023. Stay on "
                "prednisone 20 mg until then."
            ),
            visit.p("O. Brightwell-Cho, DO"),
        ],
        head=HEAD.format(page=4),
        size=10,
    )
    fifth = doc([typed(RESULTS, 13)], head=HEAD.format(page=5), size=10, margin=0.7)
    scans.fax(
        [first, second, third, fourth, fifth],
        folder / "s02_pharmacist_fax.tif",
        fine=False,
        skews=(0, 0.3, -0.4),
        specks=140,
    )
