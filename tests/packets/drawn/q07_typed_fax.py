"""A typewritten coarse fax: request by letter, note, results."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import doc, typed

REQUEST = """
FENWICK VALLEY ARTHRITIS OFFICE
14 Tannery Row        Tel 555-2704   Fax 555-2705

                      October 21, 2026

TO:   Heronsgate Employees Trust, Drug Desk
FROM: Leocadia Winterbourne, M.D.
RE:   BARNABY OKONJO-REYES   born 04/14/1969

PLEASE APPROVE:

   RUXIENCE (rituximab-pvvr)   code Q5119
   1000 mg intravenously on day 1 and day 15

   for POLYMYOSITIS   ICD-10 M33.22

   Weight 88 kg.

REASON: Methotrexate could not be continued
because of painful mouth ulcers. Azathioprine
with prednisone has failed.

Office note and laboratory sheet follow.

                      L. Winterbourne, M.D.
"""
NOTE = """
OKONJO-REYES, BARNABY              10/19/2026

Polymyositis since 01/2026. Carpenter, age 57.

PREDNISONE: 90 mg daily from 02/02/2026 for
six weeks. Then slowly down. Now 20 mg daily
since 09/14/2026. No relapse during the taper,
but he has never been well.

METHOTREXATE: 15 mg weekly from 03/02/2026 to
03/23/2026. Stopped: painful mouth ulcers.

AZATHIOPRINE: 150 mg daily since 04/20/2026,
taken to this day. Persistent weakness in spite
of it.

FUNCTION: Cannot hold a drill overhead. Uses a
shower chair. Wife ties his shoes.

NO trouble swallowing. NO dyspnea. Chest CT
03/2026 no ILD. Echo 03/2026 normal, no cardiac
involvement. NO checkpoint inhibitor, NO statin.

STRENGTH: deltoids 4-/5, hip flexors 3+/5,
quadriceps 4/5, neck flexors 4/5, hands 5/5.

EMG 01/29/2026: fibrillations, short small
units: active myositis.

OTHER: Chronic hepatitis B, treated: tenofovir
alafenamide 25 mg daily. Psoriasis: calcipotriene
cream. Omeprazole 20 mg daily. Penicillin: rash.

PLAN: Ruxience. Tenofovir goes on for a year
after it; liver clinic agrees. PML was explained.
"""
RESULTS = """
FENWICK VALLEY HOSPITAL  -  LABORATORY

OKONJO-REYES, BARNABY         DOB 04/14/1969
COLLECTED 10/14/2026

TEST                  RESULT        NORMAL

CK                    1640 U/L      55-170
AST                   62 U/L        10-40
ALT                   70 U/L        10-45
CREATININE            0.9 mg/dL     0.7-1.3
HEMOGLOBIN            13.8 g/dL     13.5-17.5
PLATELETS             204 K/uL      150-400

HBSAG                 POSITIVE      NEGATIVE
ANTI-HBC, TOTAL       POSITIVE      NEGATIVE
ANTI-HCV              NEGATIVE      NEGATIVE
T-SPOT.TB             NEGATIVE      NEGATIVE

IGG                   1310 mg/dL    700-1600
IGA                   245 mg/dL     70-400
IGM                   140 mg/dL     40-230
"""


def draw(folder: Path) -> None:
    scans.fax(
        [doc([typed(text, 12.5)], margin=0.9) for text in (REQUEST, NOTE, RESULTS)],
        folder / "q07_typed_fax.tif",
        fine=False,
        skews=(-0.4, 0.3, 0.6),
        specks=180,
    )
