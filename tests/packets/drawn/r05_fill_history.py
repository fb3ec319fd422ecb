"""A specialty pharmacy's intake page, a scanned fill history, a note beside a tinted column."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, bind, doc, gap, typed

from drawn.printed import Strip, beside
from drawn.ruled import Ticks

FILLS = """
BELLWETHER PRESCRIPTION BENEFITS
PARTICIPANT CLAIMS PROFILE                          RUN DATE 07/08/2026

PARTICIPANT: WIECZOREK, TOMASZ        DOB: 05/09/1972      FILTER: PAID CLAIMS

FILL DATE   DRUG AND STRENGTH              QTY   DAYS   PRESCRIBER
----------  -----------------------------  ----  ----   ----------------
12/02/2025  PREDNISONE 20 MG TABLET         120    30   HADDAD-LINDE N
12/31/2025  PREDNISONE 20 MG TABLET         120    30   HADDAD-LINDE N
01/05/2026  METHOTREXATE 2.5 MG TABLET       32    28   HADDAD-LINDE N
01/05/2026  FOLIC ACID 1 MG TABLET           90    90   HADDAD-LINDE N
02/02/2026  METHOTREXATE 2.5 MG TABLET       32    28   HADDAD-LINDE N
02/02/2026  PREDNISONE 20 MG TABLET          90    30   HADDAD-LINDE N
03/02/2026  METHOTREXATE 2.5 MG TABLET       32    28   HADDAD-LINDE N
03/02/2026  PREDNISONE 20 MG TABLET          60    30   HADDAD-LINDE N
03/30/2026  METHOTREXATE 2.5 MG TABLET       32    28   HADDAD-LINDE N
04/06/2026  PREDNISONE 10 MG TABLET          90    30   HADDAD-LINDE N
04/27/2026  METHOTREXATE 2.5 MG TABLET       32    28   HADDAD-LINDE N
05/18/2026  PREDNISONE 10 MG TABLET          60    30   HADDAD-LINDE N
05/25/2026  MYCOPHENOLATE 500 MG TABLET     180    30   HADDAD-LINDE N
06/22/2026  MYCOPHENOLATE 500 MG TABLET     180    30   HADDAD-LINDE N
06/22/2026  PREDNISONE 10 MG TABLET          60    30   HADDAD-LINDE N
07/06/2026  CEPHALEXIN 500 MG CAPSULE        40    10   URGENT CARE EAST
                                                    END OF PROFILE
"""


def draw(folder: Path) -> None:
    intake = Face("Helvetica", "Helvetica-Bold", 9.5, ink="#1F6F5C", gap=3)
    first = doc(
        [
            Strip("MERIDIEN SPECIALTY PHARMACY", "Authorization intake", "#1F6F5C", 12),
            intake.p("Assembled for the prescriber by our benefits desk, 555-3555. Fax 555-3556."),
            intake.h("WHO"),
            intake.table(
                [
                    ["Patient: Tomasz Wieczorek", "Born: 05/09/1972", "Weight: 84 kg"],
                    ["Plan: Stonecroft Employers Alliance", "ID: SEA-3-90551", "BSA: 2.04 m2"],
                    ["Prescriber: Nadira Haddad-Linde, MD", "Tel: 555-3560", "Date: 07/10/2026"],
                ],
                [3.0, 2.0, 1.7],
                "grid",
                head=False,
                pad=3,
            ),
            intake.h("WHAT"),
            intake.table(
                [
                    ["Drug", "Truxima (rituximab-abbs) 500 mg/50 mL and 100 mg/10 mL vials"],
                    ["Code", "Q5115"],
                    ["Sig", "375 mg/m2 (765 mg) intravenously once weekly for 4 weeks"],
                    ["Diagnosis", "M33.22 polymyositis with myopathy"],
                ],
                [1.2, 5.5],
                "grid",
                head=False,
                pad=3,
            ),
            intake.h("QUESTIONS THE PLAN ASKS"),
            intake.p("Is the disease due to a checkpoint inhibitor?"),
            Ticks([(False, "Yes"), (True, "No")], [1, 1]),
            intake.p(
                "Contraindication or intolerance to methotrexate, azathioprine or mycophenolate?"
            ),
            Ticks([(False, "Yes (explain)"), (True, "No")], [1.5, 1]),
            intake.p("Did methotrexate, azathioprine or mycophenolate work?"),
            Ticks([(False, "Yes"), (True, "No")], [1, 1]),
            intake.p("Is the patient under 18?"),
            Ticks([(False, "Yes"), (True, "No")], [1, 1]),
            gap(4),
            intake.p(
                "Enclosed: claims profile, office note 07/07/2026, EMG report, laboratory report."
            ),
        ],
        foot="Meridien Specialty Pharmacy. Intake 26-0710-C. Page {n}",
    )
    fills = scans.scan([doc([typed(FILLS, 9.5)], margin=0.8)], 170, (0.4,), 120)
    side = Face("Helvetica", "Helvetica-Bold", 8.5, ink="#1F6F5C", gap=3)
    note = Face("Helvetica", "Helvetica-Bold", 9.5, ink="#1F6F5C", gap=4)
    second = beside(
        [
            side.title("Haddad-Linde Rheumatology", 11),
            side.p("Tomasz Wieczorek<br/>05/09/1972, male<br/>Visit 07/07/2026"),
            side.h("Medications"),
            *side.lines(
                "Prednisone 20 mg daily",
                "Mycophenolate mofetil 1,500 mg twice daily",
                "Cephalexin 500 mg four times daily (to 07/16)",
                "Amlodipine 10 mg daily",
                "Rosuvastatin: stopped 11/2025",
                "Zolpidem 5 mg at bedtime as needed",
            ),
            side.h("Allergies"),
            side.p("None known"),
            side.h("Problems"),
            *side.lines("Polymyositis", "Hypertension", "Hyperlipidemia", "Insomnia"),
            side.h("Vitals"),
            side.p("84 kg, 179 cm<br/>144/86, 80, 37.1 C"),
            side.h("HAQ-DI"),
            side.p("1.625"),
        ],
        [
            note.h("History"),
            note.p(
                "54-year-old electrician. Polymyositis found in November 2025 (CK 9,400; rosuvastatin "
                "was stopped, no change). I started prednisone 80 mg daily on 12/02/2025 and kept him on "
                "80 mg to the end of January. Methotrexate 20 mg weekly was given next to it, see the "
                "claims profile; it did nothing for him and I stopped it on 05/20/2026. IVIG 2 g/kg "
                "monthly, three courses February to April 2026, no benefit. Mycophenolate since 05/25; "
                "after six weeks there is no improvement."
            ),
            note.h("Prednisone since February"),
            note.table(
                [
                    ["From", "Daily dose"],
                    ["02/02/2026", "60 mg"],
                    ["03/02/2026", "40 mg"],
                    ["04/06/2026", "30 mg"],
                    ["05/18/2026", "20 mg"],
                ],
                [1.3, 1.3],
                "grid",
                pad=1,
            ),
            note.p(
                "He cannot climb a ladder, lift a tool bag or pull wire overhead, and is on disability. "
                "Needs two hands to brush his teeth. Denies dysphagia, cough, dyspnea, edema, syncope."
            ),
            note.h("Left shin"),
            note.p(
                "Scraped it last week; urgent care found cellulitis on 07/06 and began cephalexin. Red, "
                "warm, 6 by 9 cm, no fluctuance. Rituximab will not be started until this has healed."
            ),
            note.h("Examination"),
            note.p(
                "MMT on the 0 to 5 scale: deltoids 3+/5, biceps 4/5, hip flexors 3/5, hip extensors 3+/5, "
                "knee extensors 4-/5, neck flexors 3+/5, wrist extensors 5/5. Chest clear. Heart sounds "
                "normal. No rash."
            ),
            note.h("Tests"),
            note.p(
                "CK 1,870 on 06/29/2026 (44-196), 2,240 on 04/20/2026. HRCT 12/2025 without ILD. Cardiac "
                "MRI 12/2025 normal."
            ),
            note.h("Impression and plan"),
            note.p(
                "Polymyositis failing prednisone, methotrexate, IVIG and now mycophenolate. No lung, heart "
                "or pharyngeal involvement. No malignancy on imaging. Truxima weekly for four doses after "
                "the cellulitis clears. We reviewed PML, infections, vaccines. Recheck 07/17."
            ),
            note.p("N. Haddad-Linde, MD. 07/07/2026"),
        ],
        foot="Haddad-Linde Rheumatology. Sent to Meridien Specialty Pharmacy 07/09/2026",
    )
    emg = Face("Times-Roman", "Times-Bold", 11, gap=5)
    third = doc(
        [
            emg.title("Electrodiagnostic consultation", 14),
            emg.p("Tomasz Wieczorek, 05/09/1972. Study of 11/24/2025. Examiner: Pia Rasmusson, DO"),
            emg.p(
                "Motor and sensory conduction in the right arm and leg is normal. Needle examination: "
                "increased insertional activity with fibrillations in right deltoid, infraspinatus, "
                "gluteus medius, iliopsoas and thoracic paraspinals. Motor units in these muscles are "
                "short, small and polyphasic, with early recruitment. Tibialis anterior and first dorsal "
                "interosseous are normal."
            ),
            emg.p(
                "<b>Impression:</b> Abnormal study. Proximal myopathy with muscle membrane irritability, as "
                "seen in active inflammatory myopathy. No neuropathy. No decrement."
            ),
        ],
        margin=1,
    )
    lab = Face("Helvetica", "Helvetica-Bold", 9.5, gap=3)
    fourth = doc(
        [
            lab.title("TWINPEAKS DIAGNOSTICS", 13),
            lab.p("WIECZOREK, TOMASZ | 05/09/1972 | M | Accession 26-180-4471"),
            lab.p("Collected 06/29/2026 09:15 | Received 06/29/2026 | Final 07/02/2026"),
            lab.table(
                [
                    ["Analyte", "Result", "", "Reference interval", "Unit"],
                    ["CPK, total", "1870", "HIGH", "44-196", "U/L"],
                    ["Aldolase", "16.3", "HIGH", "3.3-10.3", "U/L"],
                    ["SGOT (AST)", "81", "HIGH", "10-40", "U/L"],
                    ["SGPT (ALT)", "93", "HIGH", "9-46", "U/L"],
                    ["Creatinine", "0.93", "", "0.60-1.29", "mg/dL"],
                    ["C-reactive protein", "4.1", "", "&lt;8.0", "mg/L"],
                    ["White blood cells", "10.2", "", "3.8-10.8", "Thousand/uL"],
                    ["Hemoglobin", "14.7", "", "13.2-17.1", "g/dL"],
                    ["Platelet count", "255", "", "140-400", "Thousand/uL"],
                    ["Hep B surface antigen", "NON-REACTIVE", "", "NON-REACTIVE", ""],
                    ["Hep B core antibody, total", "NON-REACTIVE", "", "NON-REACTIVE", ""],
                    ["Hep C antibody", "NON-REACTIVE", "", "NON-REACTIVE", ""],
                    ["QuantiFERON-TB Gold Plus", "NEGATIVE", "", "NEGATIVE", ""],
                    ["Immunoglobulin A", "233", "", "47-310", "mg/dL"],
                    ["Immunoglobulin G", "1290", "", "600-1640", "mg/dL"],
                    ["Immunoglobulin M", "71", "", "50-300", "mg/dL"],
                ],
                [2.4, 1.3, 0.7, 1.5, 1.0],
                "under",
            ),
        ],
        foot="Twinpeaks Diagnostics, laboratory director R. Amundsen, MD",
    )
    bind([first, fills, second, third, fourth], folder / "r05_fill_history.pdf")
