"""A federal clinic's plain-text notes and results, as its old record system prints them."""

from __future__ import annotations

from pathlib import Path

from sheets import bind, doc, typed

CONSULT = """
                 NORTHGATE FEDERAL VETERANS CLINIC
                 COMMUNITY CARE - DRUG REQUEST, NON-FORMULARY
-----------------------------------------------------------------------------
QUIBELL,LESTER R          03/28/1949    (77)   MALE         PRIMARY CARE: TEAL
-----------------------------------------------------------------------------
Request date:           MAY 18, 2026@10:44
To:                     NORTHGATE REGIONAL PHARMACY BENEFITS
Urgency:                Routine
Requested drug:         RITUXIMAB-PVVR INJ (RUXIENCE)    HCPCS Q5119
Dose/Schedule:          1000MG IV DAY 1 AND DAY 15
Provisional diagnosis:  Polymyositis, organ involvement unspecified (ICD-10-CM
                        M33.20)

CRITERIA QUESTIONS (answered by requesting provider)
 1. Is the drug prescribed by or with a specialist?                  Yes
 2. Was the disease caused by an immune checkpoint inhibitor?        No
 3. Has a formulary immunosuppressant (methotrexate, azathioprine,
    mycophenolate) been tried?                                       No
 4. Is there a contraindication to, or intolerance of, one of them?  No
 5. If 3 and 4 are No, explain: Veteran prefers not to take daily or
    weekly tablets.
 6. Screening labs in chart?                                         Yes

Requesting provider:    LUNDGREN,MAIA T, MD  RHEUMATOLOGY
/es/ MAIA T LUNDGREN, MD                 Signed: 05/18/2026 10:51
"""
NOTE1 = """
LOCAL TITLE: RHEUMATOLOGY OUTPATIENT NOTE
DATE OF NOTE: MAY 15, 2026@09:20     ENTRY DATE: MAY 15, 2026@10:02
      AUTHOR: LUNDGREN,MAIA T      EXP COSIGNER:
     URGENCY:                            STATUS: COMPLETED

QUIBELL,LESTER R   DOB: 03/28/1949

CC: muscle weakness, follow up.

HPI: 77 yo veteran with polymyositis since AUG 2025, and ILD found at the same
time. Treated with prednisone 40mg daily for 10 weeks from 09/08/2025. The dose
was never higher because of his diabetes. Then 30, 20, 15, 10. He was down to
7.5mg in MAR 2026 when thighs gave out again and CK doubled; back to 12.5mg
daily, where he is now. Has felt some better on it than at the start but is
still weak. Hydroxychloroquine 400mg daily 10/2025 to 03/2026 did nothing.
Offered methotrexate and azathioprine at three visits; declined, and has never
taken either, nor mycophenolate.

Lungs: mild NSIP on CT 09/2025. FVC 70% predicted 09/2025, improved on
prednisone within a month, 79% on 04/20/2026. Dry cough gone. No oxygen.
No trouble swallowing. No chest pain, no palpitations. No rash.

FUNCTION: uses both arms to leave the recliner, cannot get into his truck
without a step, quit bowling. Dresses himself slowly.

PMH: 1. DM type 2   2. HTN   3. Hearing loss   4. PTSD   5. Gout
FH: father - COPD.   SH: 40 pack-years, quit 2010. No alcohol.
No cancer. No immunotherapy.
"""
NOTE2 = """
QUIBELL,LESTER R   DOB: 03/28/1949     MAY 15, 2026 note continued       pg 2

Active Outpatient Medications (including Supplies):

     Active Outpatient Medications                          Status
=========================================================================
1)   ALLOPURINOL 100MG TAB TAKE ONE TABLET BY MOUTH DAILY   ACTIVE
2)   INSULIN GLARGINE 100UNT/ML INJECT 24 UNITS             ACTIVE
      UNDER THE SKIN AT BEDTIME
3)   LISINOPRIL 40MG TAB TAKE ONE TABLET BY MOUTH DAILY     ACTIVE
4)   METFORMIN 1000MG TAB TAKE ONE TABLET BY MOUTH TWICE    ACTIVE
      A DAY WITH MEALS
5)   PRAZOSIN 2MG CAP TAKE ONE CAPSULE BY MOUTH AT BEDTIME  ACTIVE
6)   PREDNISONE 2.5MG TAB TAKE FIVE TABLETS BY MOUTH DAILY  ACTIVE
7)   HYDROXYCHLOROQUINE 200MG TAB TAKE TWO TABLETS DAILY    DISCONTINUED

Allergies: PENICILLIN

VITALS: BP 136/80  P 78  T 98.0  WT 216 lb (98 kg)  SPO2 95%
HEENT: clear. NECK: no nodes. CV: RRR. LUNGS: fine crackles both bases.
SKIN: clear.
STRENGTH: deltoids 4/5, hip flexors 4-/5, neck flexors 4+/5, distal 5/5.

EMG 08/29/2025: normal needle examination of deltoid, biceps, vastus and
tibialis anterior; normal conduction. IMPRESSION: Normal study.
MRI: not possible, shrapnel near the eye.
MUSCLE BX 09/03/2025 L vastus: endomysial lymphocytes, MHC-1 upregulation,
consistent with polymyositis.
TTE 09/2025: EF 58%, no cardiac involvement.

A/P: Polymyositis with mild interstitial lung disease, persistent weakness on
prednisone. Discussed rituximab at length; wants infusions rather than pills.
Infection risk reviewed. Shingles vaccine given today.

/es/ MAIA T LUNDGREN, MD
RHEUMATOLOGY STAFF                        Signed: 05/15/2026 10:14
"""
LABS = """
 ---- LABORATORY: CHEMISTRY / IMMUNOLOGY ----   QUIBELL,LESTER R  DOB 03/28/1949

 Collection DT     Specimen  Test Name        Result    Units      Ref Range
 05/11/2026 07:40  SERUM     CREATINE KINASE   812 H    U/L        38 - 174
 05/11/2026 07:40  SERUM     AST                44 H    U/L        8 - 40
 05/11/2026 07:40  SERUM     ALT                38      U/L        6 - 45
 05/11/2026 07:40  SERUM     CREATININE         1.10    mg/dL      0.70 - 1.30
 05/11/2026 07:40  SERUM     GLUCOSE           161 H    mg/dL      70 - 105
 05/11/2026 07:40  BLOOD     HGB               13.6     g/dL       13.0 - 17.0
 05/11/2026 07:40  BLOOD     PLT               198      K/cmm      150 - 400
 05/11/2026 07:40  BLOOD     HGB A1C            8.2 H   %          4.0 - 5.6
 05/11/2026 07:40  SERUM     IGG               871      mg/dL      700 - 1600
 05/11/2026 07:40  SERUM     IGA               304      mg/dL      70 - 400
 05/11/2026 07:40  SERUM     IGM                66      mg/dL      40 - 230
 03/16/2026 08:05  SERUM     CREATINE KINASE   940 H    U/L        38 - 174
 02/09/2026 07:58  SERUM     CREATINE KINASE   455 H    U/L        38 - 174
 10/20/2025 08:11  SERUM     HBSAG             NEG                 NEG
 10/20/2025 08:11  SERUM     HBCAB TOTAL       NEG                 NEG
 10/20/2025 08:11  SERUM     HCV AB            NEG                 NEG

 SKIN TEST: PPD placed 05/12/2026, read 05/14/2026: 0 mm, NEGATIVE

                                                      *** END ***
"""


def draw(folder: Path) -> None:
    parts = [
        doc([typed(text, 9.3)], margin=0.7, font="Courier", foot="Printed MAY 18, 2026@11:05")
        for text in (CONSULT, NOTE1, NOTE2, LABS)
    ]
    bind(parts, folder / "r11_plain_text.pdf")
