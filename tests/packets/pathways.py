"""Packets 1 to 5: one per escalation pathway, and a stale creatine kinase."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import scans
from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas
from sheets import Face, bind, doc, gap, typed


def refractory_appeal(folder: Path) -> None:
    letter = Face("Times-Roman", "Times-Bold", 11, centered=True, gap=7)
    first = doc([
        letter.title("Saltmarsh Joint &amp; Muscle Clinic"),
        letter.p("4 Cooper's Quay, Saltmarsh, ZZ 00000 | tel 555-0231 | fax 555-0232"),
        gap(14),
        letter.p("May 6, 2026"),
        letter.p("Larkmoor Mutual, Pharmacy Appeals<br/>Member: Wendeline Okparo, born "
                 "February 17, 1974, ID LMM 55-09-3317"),
        letter.p("Dear Medical Director,"),
        letter.p("I write to ask again for <b>Ruxience (rituximab-pvvr, Q5119)</b>, 1,000 mg by "
                 "intravenous infusion on day 1 and again on day 15, for Ms. Okparo, who has "
                 "polymyositis with myopathy (ICD-10 M33.22). Your letter of April 29 found our "
                 "first submission incomplete; the chart notes, results and imaging are now "
                 "attached."),
        letter.p("Ms. Okparo fell ill in September 2025. Prednisone 70 mg daily, which for her "
                 "68 kg is a little over 1 mg/kg, was begun on October 13, 2025 and held at that "
                 "dose for eight weeks. Azathioprine joined it on November 3, 2025 and has been "
                 "given at 150 mg daily since December 1, 2025. She has now taken the two drugs "
                 "together for six months, never missing a refill, and remains unable to climb a "
                 "stair without pulling on the rail. Her creatine kinase on April 22 was eleven "
                 "times the upper limit of normal. In short, this is disease refractory to "
                 "prednisone plus azathioprine."),
        letter.p("Immune globulin has not been tried. The nearest infusion chair that offers it is "
                 "ninety miles away. She has never received an immune checkpoint inhibitor. I "
                 "would be glad to talk with a reviewing colleague."),
        letter.p("With kind regards,"), gap(18),
        letter.p("<i>Ingram Vosloo, MD</i><br/>Rheumatology"),
    ], margin=1.1)
    note = Face("Vera", "Vera-Bold", 9, ink="#7A1F2B", gap=3)
    second = doc([
        note.title("PROGRESS NOTE", 13),
        note.table([
            ["Patient", "Okparo, Wendeline", "Seen", "27 Apr 2026"],
            ["Born", "17 Feb 1974 (52 y, F)", "Author", "I. Vosloo, MD"],
        ], [0.8, 2.4, 0.8, 2.4], "rows", head=False),
        note.h("Interval history"),
        note.p("Weakness is unchanged since winter. Needs both hands and a push to leave a chair; "
               "cannot lift a kettle to the top shelf; her son washes her hair. Two falls in "
               "March. No rash. Swallows all textures. No cough, no breathlessness. No fever, no "
               "weight loss. Denies chest pain."),
        note.h("Problem list"),
        note.p("<b>#1 Polymyositis, idiopathic.</b> Onset 09/2025. Thigh MRI 10/02/2025 with diffuse "
               "muscle edema. Pred 70 mg/d from 10/13/2025 to 12/08/2025, then down by 10 mg every "
               "two weeks to 20 mg and to 15 mg on 03/02/2026, where she stays. AZA 50 mg/d on "
               "11/03/2025, 150 mg/d from 12/01/2025; TPMT normal. Inadequate response: CK "
               "still 1905, strength flat. High-resolution chest CT 02/2026: no interstitial "
               "lung disease. Echo 02/2026 normal."),
        note.p("<b>#2 Hypertension.</b> Amlodipine 5 mg daily; home readings 120s."),
        note.p("<b>#3 Migraine without aura.</b> Sumatriptan 50 mg as needed, about twice a month."),
        note.p("<b>#4 Bone health on steroid.</b> Vitamin D3 2,000 units daily. DXA due in the fall."),
        note.h("Examination"),
        note.p("Wt 68 kg. BP 126/80. Chest clear. Heart regular, no murmur. No mechanic's hands."),
        note.table([
            ["MRC grade", "R", "L"], ["Shoulder abductors", "4-", "4-"], ["Elbow flexors", "4", "4"],
            ["Hip flexors", "3", "3+"], ["Knee extensors", "4-", "4-"], ["Wrist extensors", "5", "5"],
        ], [1.9, 0.6, 0.6], "columns"),
        note.h("Family and social"),
        note.p("Sister: psoriasis, on adalimumab. Father died of stroke at 80. Teaches piano; "
               "lessons cut from twenty to six a week. Ex-smoker, 2009."),
        note.h("Immunizations"),
        note.p("Influenza 10/2025. Pneumococcal conjugate 11/2025. Recombinant zoster 2/2."),
        note.h("Plan"),
        note.p("1. Rituximab-pvvr 1,000 mg IV day 1 and day 15. PML, infusion reactions and "
               "infection discussed; leaflet given. 2. Azathioprine unchanged. 3. If rituximab is "
               "refused again, consider methotrexate instead of azathioprine. 4. Back in 6 weeks."),
    ], head="Saltmarsh Joint & Muscle Clinic", foot="Okparo W. 1974-02-17   sheet {n}", font="Vera")
    lab = Face("Courier", "Courier-Bold", 9)
    third = doc([
        lab.title("PELHAM BAY LABORATORY", 13),
        lab.p("OKPARO WENDELINE   F   1974-02-17   Ordering: VOSLOO"),
        lab.p("Drawn 04/22/2026 09:05   Reported 04/23/2026"),
        lab.table([
            ["TEST", "NORMAL RANGE", "RESULT", "UNIT", "COMMENT"],
            ["CREATINE KINASE", "29 - 168", "1905", "U/L", "HIGH"],
            ["ALDOLASE", "< 7.7", "16.8", "U/L", "HIGH"],
            ["AST", "11 - 34", "72", "U/L", "HIGH"],
            ["ALT", "8 - 40", "81", "U/L", "HIGH"],
            ["CREATININE", "0.50 - 1.00", "0.61", "mg/dL", ""],
            ["WBC", "4.0 - 11.0", "5.2", "10*3/uL", ""],
            ["HEMOGLOBIN", "12.0 - 15.5", "12.6", "g/dL", ""],
            ["PLATELETS", "150 - 400", "233", "10*3/uL", ""],
            ["HBsAg", "NONREACTIVE", "NONREACTIVE", "", ""],
            ["ANTI-HBc TOTAL", "NONREACTIVE", "NONREACTIVE", "", ""],
            ["ANTI-HCV", "NONREACTIVE", "NONREACTIVE", "", ""],
            ["QUANTIFERON-TB GOLD PLUS", "NEGATIVE", "NEGATIVE", "", ""],
            ["IgG", "600 - 1560", "1130", "mg/dL", ""],
            ["IgA", "70 - 400", "205", "mg/dL", ""],
            ["IgM", "40 - 230", "88", "mg/dL", ""],
        ], [2.2, 1.5, 1.3, 0.9, 0.9], "under"),
        lab.h("CREATINE KINASE, EARLIER RESULTS (U/L)"),
        lab.table([
            ["DATE", "VALUE", "COMMENT"], ["2025-09-29", "7412", "HIGH"], ["2025-12-15", "3120", "HIGH"],
            ["2026-02-18", "2230", "HIGH"],
        ], [1.2, 0.9, 1.0]),
    ], foot="Pelham Bay Laboratory   555-0290", font="Courier")
    report = Face("Helvetica", "Helvetica-Bold", 10)
    fourth = doc([
        report.title("Kestrel Imaging"),
        report.p("Name: Wendeline Okparo. Date of birth: 02/17/1974. Exam: MRI both thighs without "
                 "contrast. Exam date: 10/02/2025."),
        report.p("<b>Indication:</b> proximal weakness, raised CK."),
        report.p("<b>Findings:</b> Symmetric high STIR signal in both quadriceps and adductor groups. "
                 "Mild fascial fluid. No fatty replacement. Marrow normal. No mass."),
        report.p("<b>Conclusion:</b> Muscle edema of both thighs in keeping with active inflammatory "
                 "myositis."),
        report.p("Read by: T. Abernathy-Quill, MD"),
    ], margin=1)
    bind([first, second, third, fourth], folder / "p01_refractory_appeal.pdf")


def ild_consult(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 10, ink="#0B4F3C", gap=5)
    first = doc([
        form.title("Wyebridge Health Trust - Urgent drug authorization"),
        form.p("URGENT (inpatient). Reply to pharmacy desk 555-0313, fax 555-0314."),
        form.table([
            ["Sent on:", "06/23/2026"], ["Patient:", "Dorrance Ikeji"],
            ["Date of birth:", "09/30/1966"], ["Policy no.:", "WHT 7-4410-28"],
            ["Hospital:", "Mount Orrin General, ward 6 East"],
            ["Requesting physician:", "Saoirse Lindqvist-Hale, MD (Rheumatology consult service)"],
            ["Drug:", "Rituxan (rituximab), J9312"],
            ["Dose and schedule:", "375 mg/m2 IV once weekly x 4 doses (BSA 2.0 m2, 750 mg per dose)"],
            ["Diagnosis:", "Polymyositis with respiratory involvement"],
            ["ICD-10-CM:", "M33.21"],
        ], [1.9, 4.6], "box", head=False, pad=3),
        form.p("Attached: consult note, results, EMG summary."),
    ], margin=0.9)
    consult = Face("Times-Roman", "Times-Bold", 10.5, gap=3)
    second = doc([
        consult.title("RHEUMATOLOGY CONSULTATION - FOLLOW-UP", 13),
        *consult.lines(
            "<b>Patient:</b> IKEJI, Dorrance &nbsp; <b>DOB:</b> 09/30/1966 &nbsp; <b>Date of "
            "service:</b> 06/22/2026 &nbsp; <b>Hospital day:</b> 22",
            "<b>Reason for consult:</b> polymyositis with interstitial lung disease, failing steroids",
            "<b>Source:</b> patient, wife, chart",
        ),
        consult.p("<b>HISTORY:</b> 59-year-old man admitted 06/01/2026 with ten weeks of proximal "
                  "weakness and four weeks of dyspnea. Polymyositis confirmed by EMG and muscle "
                  "biopsy (right deltoid, 06/04/2026: endomysial lymphocytic infiltrate invading "
                  "non-necrotic fibers). HRCT 06/02/2026: bilateral basal ground glass, NSIP "
                  "pattern, consistent with ILD due to the myositis. Never on cancer "
                  "immunotherapy; never on a statin."),
        consult.p("<b>TREATMENT SO FAR:</b> methylprednisolone 1,000 mg IV daily 06/02 - 06/04/2026, "
                  "then prednisone 80 mg PO daily since 06/05/2026. Now day 21 of high-dose "
                  "corticosteroid without respiratory improvement: oxygen need has gone from 2 to "
                  "4 L/min, FVC from 58% (06/03) to 51% (06/19) predicted. No taper attempted. No "
                  "conventional immunosuppressant has been given to date; mycophenolate 500 mg "
                  "twice daily is planned once the first infusion is in."),
        consult.p("<b>REVIEW OF SYSTEMS:</b> Constitutional: no fever. GI: no dysphagia, no reflux. "
                  "Cardiac: no palpitations, no orthopnea. Skin: no rash, no ulcers. Joints: no "
                  "swelling. Psychiatric: sleeps badly on prednisone."),
        consult.p("<b>PAST HISTORY:</b> Type 2 diabetes mellitus. Benign prostatic hyperplasia. "
                  "Appendectomy 1988."),
        consult.p("<b>FAMILY HISTORY:</b> Mother: rheumatoid arthritis, on methotrexate. No muscle "
                  "disease."),
        consult.p("<b>ALLERGIES:</b> penicillin (hives)."),
        consult.p("<b>INPATIENT MEDICATIONS:</b> prednisone 80 mg PO daily; pantoprazole 40 mg PO "
                  "daily; insulin glargine 18 units SC nightly; tamsulosin 0.4 mg PO daily; "
                  "atovaquone 1,500 mg PO daily; enoxaparin 40 mg SC daily."),
        consult.p("<b>EXAM:</b> Wt 84 kg. RR 24, SpO2 91% on 4 L. Fine crackles to mid zones. No "
                  "heliotrope, no Gottron sign. Strength (MRC): neck flexion 3/5, shoulder "
                  "abduction 3/5 bilaterally, hip flexion 2/5 bilaterally, grip 5/5."),
        consult.p("<b>FUNCTION:</b> one-person assist for all transfers; cannot raise a cup to his "
                  "mouth without propping the elbow; bed bath."),
        consult.p("<b>CARDIAC:</b> echo 06/05/2026 normal, EF 60%; troponin I not raised."),
        consult.p("<b>INFECTION:</b> sputum and blood cultures negative, no active infection."),
        consult.p("<b>IMPRESSION:</b> Polymyositis with severe ILD and rising oxygen need, not "
                  "responding to three weeks of corticosteroid."),
        consult.p("<b>RECOMMENDATIONS:</b> (1) rituximab 375 mg/m2 weekly x 4. PML, hepatitis B "
                  "reactivation and infusion reactions reviewed with patient and wife. (2) Continue "
                  "prednisone 80 mg. (3) Mycophenolate as above. (4) Cyclophosphamide if oxygen "
                  "need exceeds 6 L."),
        consult.p("S. Lindqvist-Hale, MD. Signed electronically 06/22/2026 18:20"),
    ], head="MOUNT ORRIN GENERAL HOSPITAL", foot="CONFIDENTIAL   page {n}", font="Times-Roman", size=9)
    third = doc([typed("""
MOUNT ORRIN GENERAL - CUMULATIVE RESULTS            IKEJI, DORRANCE   MRN 0088213
printed 06/22/2026                                  DOB 09/30/1966    M

                      06/01/26    06/15/26    06/22/26    Ref          Unit
CHEMISTRY
 CK                   6120 (H)    5480 (H)    4990 (H)    55-170       U/L
 Aldolase             31.0 (H)                            1.0-7.5      U/L
 AST                  214 (H)     190 (H)     171 (H)     10-40        U/L
 ALT                  188 (H)     176 (H)     160 (H)     9-46         U/L
 LDH                  702 (H)     655 (H)     640 (H)     120-246      U/L
 Creatinine           0.72        0.70        0.75        0.70-1.30    mg/dL
 Glucose              141 (H)     212 (H)     198 (H)     70-99        mg/dL

HEMATOLOGY
 WBC                  9.8         13.9 (H)    12.7 (H)    4.0-11.0     K/uL
 Hgb                  13.9        13.4        13.2 (L)    13.5-17.5    g/dL
 Plt                  310         322         298         150-400      K/uL

IMMUNOLOGY / SEROLOGY, collected 06/03/26
 Hep B surface Ag     Negative
 Hep B core Ab total  Negative
 Hep C Ab             Negative
 T-SPOT.TB            Negative
 Anti-Jo-1            Negative
 IgG                  1320                                700-1600     mg/dL
 IgA                  264                                 70-400       mg/dL
 IgM                  121                                 40-230       mg/dL

(H) above range   (L) below range
""", 9)], margin=0.7)
    emg = Face("Times-Roman", "Times-Bold", 11, gap=5)
    fourth = doc([
        emg.title("Neurodiagnostic Laboratory, Mount Orrin General", 13),
        emg.p("Patient: Dorrance Ikeji (09/30/1966). Study date: 06/03/2026."),
        emg.p("Needle examination of the right deltoid, biceps, iliopsoas and vastus lateralis: 2+ to "
              "3+ fibrillation potentials and positive sharp waves; motor units short, low and "
              "polyphasic with early recruitment. Sensory and motor conduction normal."),
        emg.p("Summary: Irritable proximal myopathy, as in active inflammatory myositis."),
    ], margin=1)
    bind([first, second, third, fourth], folder / "p02_ild_consult.pdf")


def taper_flare(folder: Path) -> None:
    big = Face("Helvetica", "Helvetica-Bold", 12, gap=7)
    cover = doc([
        big.title("FACSIMILE", 24), gap(20),
        big.table([
            ["To", "Ostrava County Benefit Fund, drug review"], ["Fax", "555-0402"],
            ["From", "Brambleside Rheumatology"], ["Phone", "555-0411"], ["Date", "July 14, 2026"],
            ["Pages", "4 with this one"],
        ], [1, 4.5], "rows", head=False, pad=5, size=12),
        gap(30), big.p("New request for member Philippa Ainscough. Form, note and results follow."),
    ])
    form = doc([
        big.title("OSTRAVA COUNTY BENEFIT FUND", 16), big.p("Prior approval, drugs given by a clinician"),
        big.p("Date of request: 07/14/2026"),
        big.p("Member: Philippa Ainscough &nbsp;&nbsp; Born: 12/05/1981 &nbsp;&nbsp; No. OC 2281907"),
        big.p("Prescriber: Tobiah Renshaw, DO &nbsp;&nbsp; Brambleside Rheumatology"),
        big.h("1. What is asked for"),
        big.p("Drug: Truxima &nbsp;&nbsp; HCPCS: Q5115 &nbsp;&nbsp; Dose: 1000 mg IV"),
        big.p("How often: 2 infusions, two weeks apart (day 1, day 15)"),
        big.h("2. For what"),
        big.p("Polymyositis with myopathy, ICD-10 M33.22"),
        big.h("3. Questions"),
        big.p("Has the patient taken a corticosteroid? &nbsp; [X] Yes &nbsp; [ ] No"),
        big.p("Can the corticosteroid be lowered below 10 mg? &nbsp; [ ] Yes &nbsp; [X] No"),
        big.p("Has the patient taken methotrexate, azathioprine or mycophenolate? &nbsp; [X] Yes "
              "&nbsp; [ ] No"),
        big.p("Is the disease caused by a drug? &nbsp; [ ] Yes &nbsp; [X] No"),
        gap(20), big.p("Signed: T. Renshaw DO, 7/14/26"),
    ])
    note = Face("Courier", "Courier-Bold", 11, gap=6)
    visit = doc([
        note.p("BRAMBLESIDE RHEUMATOLOGY     AINSCOUGH, PHILIPPA     DOB 12/05/1981"),
        note.p("OV 07/09/2026     T RENSHAW DO     WT 58 KG"),
        note.p("CC: PM f/u, weaker again."),
        note.p("HPI: 44F, polymyositis dx 09/2025. Pred 60 mg qd started 09/22/2025 x 6 wks, then "
               "taper. MTX 25 mg SQ q wk since 11/10/2025, still on it, partial response only. "
               "Flare #1 02/2026 on reaching 20 mg: CK 390 to 1210, arms gave out; back up to 40. "
               "Flare #2 06/2026 at 17.5 mg; up to 25 mg. On pred 25 mg qd now. Still weak despite "
               "both drugs. No SOB, swallows OK, no palps. PFT and echo 05/2026 normal, no ILD."),
        note.p("FXN: lifts leg into car by hand. Cannot carry toddler. Off work since 03/2026."),
        note.p("PMH: hypothyroid. GERD. MEDS: levothyroxine 100 mcg qd, famotidine 20 mg bid, "
               "folic acid 1 mg qd, calcium 600 mg bid. NKDA."),
        note.p("FH: neg for autoimmune dz. SH: no tob, no EtOH."),
        note.p("EXAM: BP 118/70. No rash. Lungs CTA. Delts 4-/5 B, hip flexors 4-/5 B, quads 4/5 B, "
               "neck flex 4/5, distal 5/5."),
        note.p("EMG 09/18/2025: fibs + PSWs, small short MUPs, active myositis."),
        note.p("A/P: Idiopathic PM, steroid-dependent, fails taper x2. Truxima 1 g d1, d15. D/w pt "
               "risks incl PML. Cont MTX + pred. Labs done 07/07."),
    ])
    lab = Face("Helvetica", "Helvetica-Bold", 12, gap=6)
    results = doc([
        lab.title("Tidewater Reference Lab", 15),
        lab.p("Ainscough, Philippa &nbsp; F &nbsp; 12/05/1981 &nbsp; Collected 07/07/2026"),
        lab.table([
            ["Test", "Result", "Flag", "Expected", "Unit"],
            ["CK, total", "840", "H", "24-173", "U/L"], ["Aldolase", "9.9", "H", "1.5-8.1", "U/L"],
            ["AST", "44", "H", "5-40", "U/L"], ["ALT", "39", "", "5-40", "U/L"],
            ["Creatinine", "0.66", "", "0.50-1.10", "mg/dL"], ["WBC", "8.8", "", "3.8-10.8", "10*3/uL"],
            ["Hemoglobin", "13.0", "", "11.7-15.5", "g/dL"],
            ["Hep B surface antigen", "Non-reactive", "", "", ""],
            ["Hep B core antibody", "Non-reactive", "", "", ""],
            ["HCV RNA, PCR", "Not detected", "", "", ""],
            ["IgG", "890", "", "600-1640", "mg/dL"], ["IgM", "75", "", "50-300", "mg/dL"],
        ], [2.3, 1.4, 0.6, 1.3, 1.0], "grid", pad=3, size=11),
        lab.p("Tuberculin skin test read 07/09/2026: 0 mm, negative."),
    ])
    scans.fax([cover, form, visit, results], folder / "p03_taper_flare.tif", fine=False,
              skews=(0.3, -0.5, 0.4, -0.2), specks=200)


def _fillable(target: Path, heading: str, fields: list[tuple[str, str, str, float, float, float]],
              boxes: list[tuple[str, str, bool, float, float]], footer: str) -> None:
    """An AcroForm page: fields (name, caption, value, x, y, width), boxes (name, caption, on, x, y)."""
    out = BytesIO()
    page = Canvas(out, pagesize=LETTER, invariant=1)
    page.setFillColor(HexColor("#3B2A5A"))
    page.roundRect(36, 730, 540, 34, 8, fill=1, stroke=0)
    page.setFillColor(white)
    page.setFont("Helvetica-Bold", 14)
    page.drawString(48, 742, heading)
    page.setFillColor(black)
    for name, caption, value, x, y, width in fields:
        page.setFont("Helvetica-Oblique", 8)
        page.drawString(x, y + 20, caption)
        page.acroForm.textfield(name=name, tooltip=caption, value=value, x=x, y=y, width=width,
                                height=17, fontSize=10, borderWidth=0.5,
                                fillColor=HexColor("#F4F1FA"))
    page.setFont("Helvetica", 9)
    for name, caption, on, x, y in boxes:
        page.acroForm.checkbox(name=name, tooltip=caption, checked=on, x=x, y=y, size=12,
                               buttonStyle="check", borderWidth=0.8)
        page.drawString(x + 17, y + 2, caption)
    page.setFont("Helvetica", 7)
    page.drawString(36, 30, footer)
    page.save()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(out.getvalue())


def intolerance(folder: Path) -> None:
    here = folder / "p04_intolerance"
    _fillable(here / "1_request.pdf", "Juniper Ridge Assurance   |   Specialty infusion request", [
        ("date", "Date of this request", "03/17/2026", 40, 680, 120),
        ("member", "Member", "Lucasta Penhallow", 180, 680, 200),
        ("dob", "Date of birth", "08/21/1959", 400, 680, 140),
        ("drug", "Drug requested (name, billing code)", "Truxima (rituximab-abbs) Q5115", 40, 630, 250),
        ("dose", "Dose and route", "1000 mg intravenous", 310, 630, 230),
        ("when", "Schedule", "Day 1 and day 15, one course", 40, 580, 250),
        ("icd", "Diagnosis code and name", "M33.22 polymyositis with myopathy", 310, 580, 230),
        ("doctor", "Prescriber and specialty", "Evander Mukherji, MD, rheumatology", 40, 530, 250),
        ("phone", "Telephone / fax", "555-0521 / 555-0522", 310, 530, 230),
        ("weight", "Patient weight", "165 lb", 40, 480, 120),
        ("why", "Agents that cannot be used, and why",
         "MTX: liver enzymes 8x. AZA: TPMT deficient. MMF: diarrhea", 180, 480, 360),
    ], [
        ("new", "New course", True, 40, 445), ("renew", "Repeat course", False, 160, 445),
        ("clinic", "Clinic infusion", True, 280, 445), ("home", "Home infusion", False, 400, 445),
    ], "Juniper Ridge Assurance is fictitious. Form JR-SI 11.")
    note = Face("Vera", "Vera-Bold", 9, band="#DDE8E0", gap=3)
    visit = doc([
        note.title("Copperfield Medical Group - Rheumatology", 13),
        note.p("Penhallow, Lucasta | DOB 08/21/1959 | 66-year-old female | Visit 03/11/2026 | E. "
               "Mukherji MD"),
        note.h("SUBJECTIVE"),
        note.p("Polymyositis diagnosed 11/2025. Prednisone 75 mg daily (165 lb, 1 mg/kg) from "
               "12/01/2025 to 01/05/2026, five weeks, then 60, 50, 40 and 30 mg at ten-day steps, "
               "and 20 mg daily since 02/23/2026. The taper continues; CK has not settled and she "
               "is still weak. She cannot rise from the toilet without the grab bar, cannot reach "
               "the cupboard, and walks with a frame. Swallowing and breathing are normal."),
        note.h("PRIOR AGENTS"),
        note.table([
            ["Agent", "Dose", "Given", "What happened"],
            ["Methotrexate", "15 mg PO weekly", "01/05/2026 - 01/26/2026",
             "ALT 312 (8 x normal) after the third dose. Stopped for liver toxicity."],
            ["Mycophenolate mofetil", "500 mg PO BID", "02/02/2026 - 02/11/2026",
             "Watery diarrhea eight times daily, not tolerated, stopped."],
            ["Azathioprine", "never given", "", "Contraindicated: TPMT activity absent."],
        ], [1.5, 1.3, 1.7, 2.4], "rows"),
        note.h("CURRENT MEDICATIONS"),
        note.p("Prednisone 20 mg daily. Losartan 50 mg daily. Apixaban 5 mg BID. Risedronate 35 mg "
               "weekly. Acetaminophen 500 mg PRN."),
        note.h("HISTORY"),
        note.p("Atrial fibrillation (2019). Hypertension. Cholecystectomy. Mother had hepatitis B. "
               "Brother: gout. No cancer, no cancer drugs. Allergy: codeine (nausea)."),
        note.h("OBJECTIVE"),
        note.p("BP 134/78, P 72. Weight 165 lb. No rash. Lungs clear. Power by MRC: deltoids 4-/5, "
               "iliopsoas 3+/5, gluteus maximus 3/5, quadriceps 4-/5, hands 5/5. MRI of thighs "
               "11/20/2025: STIR edema in vasti and hamstrings, active myositis. Chest CT 12/2025 "
               "without ILD. Echo 12/2025 EF 62%, no cardiac involvement."),
        note.h("ASSESSMENT AND PLAN"),
        note.p("Idiopathic polymyositis, active; all three conventional agents excluded. Anti-HBc is "
               "positive with no antigen and no DNA: hepatology will start entecavir 0.5 mg daily a "
               "week ahead of rituximab. PML and infection risk reviewed. IVIG not tried: atrial "
               "fibrillation with a left atrial clot in 2024 makes it unattractive."),
        note.p("Electronically signed, 03/11/2026 17:55"),
    ], foot="Copperfield Medical Group   555-0521", font="Vera", size=7)
    bind([visit], here / "2_visit.pdf")
    lab = Face("Helvetica", "Helvetica-Bold", 10, ink="#00518A")
    results = doc([
        lab.title("MyResults - Ashdown Laboratories"),
        lab.p("Lucasta Penhallow (08/21/1959). Sample taken: March 9, 2026"),
        lab.table([
            ["Date", "Component", "Value", "Reference interval", ""],
            ["03/09/2026", "Creatine kinase", "1,730 U/L", "30-223 U/L", "Above"],
            ["03/09/2026", "ALT", "41 U/L", "0-45 U/L", ""],
            ["03/09/2026", "AST", "58 U/L", "0-41 U/L", "Above"],
            ["03/09/2026", "Creatinine", "0.84 mg/dL", "0.55-1.05 mg/dL", ""],
            ["03/09/2026", "Hemoglobin", "12.2 g/dL", "11.8-15.4 g/dL", ""],
            ["03/09/2026", "Hepatitis B surface antigen", "Not detected", "Not detected", ""],
            ["03/09/2026", "Hepatitis B core antibody, total", "DETECTED", "Not detected", "Abnormal"],
            ["03/09/2026", "Hepatitis C antibody", "Not detected", "Not detected", ""],
            ["03/09/2026", "QuantiFERON-TB Gold Plus", "Negative", "Negative", ""],
            ["03/09/2026", "Immunoglobulin G", "702 mg/dL", "600-1640 mg/dL", ""],
            ["03/09/2026", "Immunoglobulin A", "150 mg/dL", "80-450 mg/dL", ""],
            ["03/09/2026", "Immunoglobulin M", "66 mg/dL", "50-300 mg/dL", ""],
        ], [1, 2.4, 1.2, 1.5, 0.8], "zebra", pad=4),
    ])
    scans.picture(results, here / "3_results.png")


def stale_ck(folder: Path) -> None:
    form = Face("Times-Roman", "Times-Bold", 11, gap=6)
    first = doc([
        form.title("REQUEST FOR COVERAGE OF AN INFUSED MEDICATION", 14),
        form.p("Quarrystone Employers' Plan &nbsp; fax 555-0618"),
        form.table([
            ["Date", "10/19/2026", "Plan ID", "QEP-0031-777"],
            ["Patient", "Bertrand Yilmaz", "Birth date", "01/13/1970"],
            ["Doctor", "Calla Nwosu-Brandt, MD", "Telephone", "555-0607"],
            ["Medication", "Riabni (rituximab-arrx)", "J/Q code", "Q5123"],
            ["Dose", "1,000 mg IV", "Frequency", "Two doses, 14 days apart"],
            ["Diagnosis", "Polymyositis, organ involvement unspecified", "Code", "M33.20"],
        ], [1, 2.9, 1, 1.9], "grid", head=False, pad=4),
        form.p("Office use: received ________ reviewer ________"),
    ], margin=0.9)
    note = Face("Helvetica", "Helvetica-Bold", 9.5, ink="#333366", gap=3)
    second = doc([
        note.title("Patient portal: visit summary shared by your care team", 13),
        note.p("Bertrand Yilmaz, born 01/13/1970. Visit of 10/12/2026 with Calla Nwosu-Brandt, MD, "
               "Pinnock Rheumatology."),
        note.h("What we talked about"),
        note.p("Your polymyositis remains active. You were started on prednisone 60 mg a day in "
               "January 2026 and stayed on the full dose for several weeks. Methotrexate 20 mg by "
               "mouth once a week was added on 02/16/2026 and you took it for 16 weeks, until "
               "06/08/2026, without enough benefit. Each time prednisone goes under 15 mg the "
               "weakness comes back; you are taking 15 mg daily at the moment."),
        note.h("How you are doing"),
        note.p("You told us you cannot get out of the bathtub alone and need to rest twice on the "
               "stairs. You have no trouble swallowing, no shortness of breath and no chest pain. "
               "Lung function in August was normal and there is no sign of heart involvement."),
        note.h("Examination"),
        note.p("Weight 64 kg. Blood pressure 130/82. Shoulders 4/5, hips 4-/5, thighs 4/5, hands 5/5. "
               "No skin rash."),
        note.h("Tests on file"),
        note.p("EMG of 01/20/2026 showed active inflammatory myopathy."),
        note.table([
            ["Test", "Date", "Your value", "Usual range"],
            ["Creatine kinase", "06/02/2026", "2,640 U/L (high)", "39 - 308 U/L"],
            ["Creatine kinase", "03/30/2026", "3,105 U/L (high)", "39 - 308 U/L"],
            ["Hepatitis B surface antigen", "08/25/2026", "Negative", "Negative"],
            ["Hepatitis C antibody", "10/12/2026", "Pending", ""],
            ["QuantiFERON-TB Gold", "08/25/2026", "Negative", "Negative"],
            ["IgG", "08/25/2026", "1,015 mg/dL", "610 - 1,616 mg/dL"],
            ["IgA", "08/25/2026", "178 mg/dL", "84 - 499 mg/dL"],
            ["IgM", "08/25/2026", "94 mg/dL", "35 - 242 mg/dL"],
            ["TSH", "08/25/2026", "2.1 mIU/L", "0.4 - 4.5 mIU/L"],
            ["LDL cholesterol", "08/25/2026", "118 mg/dL", "below 130 mg/dL"],
        ], [2.3, 1, 1.6, 1.6], "columns"),
        note.h("Your medicines"),
        note.p("Prednisone 15 mg once daily. Lisinopril 20 mg once daily. Allopurinol 100 mg once "
               "daily. Tell us before you take ibuprofen."),
        note.h("Other conditions"),
        note.p("High blood pressure. Gout."),
        note.h("Next steps"),
        note.p("We are asking your plan for rituximab-arrx, and talked about infections and PML, a "
               "rare brain infection. If it is turned down, azathioprine would be next. Call "
               "555-0607 for fever above 100.4 F. You are due for a flu shot and a shingles vaccine."),
    ], foot="Pinnock Rheumatology portal   printed 10/13/2026   {n}")
    bind([first, second], folder / "p05_stale_ck.pdf")
