"""Packets 6 to 10: criteria that the documents contradict, leave open or only half show."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, bind, doc, gap, turn, typed


def low_dose_scan(folder: Path) -> None:
    form = Face("Times-Roman", "Times-Bold", 11.5, gap=6)
    first = doc([
        form.title("CALLOWAY BENEFIT TRUST", 16),
        form.p("Biologic drugs - clinical questionnaire (return by fax 555-0733)"),
        form.table([
            ["Name of patient", "Horatio Delacroix"], ["Birth date", "06/06/1957"],
            ["Certificate", "CBT-118-0462"], ["Physician", "Mireille Oduya, MD"],
            ["Drug", "Ruxience (Q5119)"], ["Strength and route", "1,000 mg, intravenous"],
            ["To be given", "Day 1 and day 15, repeat at 6 months"],
            ["Illness", "Polymyositis"], ["ICD-10", "M33.22"], ["Date completed", "02/11/2026"],
        ], [2, 4.4], "rows", head=False, pad=4),
        gap(6),
        form.p("a) Contraindication or intolerance to methotrexate, azathioprine or mycophenolate?"
               "&nbsp;&nbsp; ( ) Yes &nbsp; (X) No"),
        form.p("b) Myositis due to a checkpoint inhibitor? &nbsp;&nbsp; ( ) Yes &nbsp; (X) No"),
        form.p("c) Breathing, heart or swallowing affected? &nbsp;&nbsp; ( ) Yes &nbsp; (X) No"),
        form.p("d) Tuberculosis screening done? &nbsp;&nbsp; (X) Yes &nbsp; ( ) No"),
        gap(14), form.p("M. Oduya MD &nbsp;&nbsp; 2/11/26"),
    ], margin=0.9)
    note = Face("Helvetica", "Helvetica-Bold", 10.5, gap=5)
    second = doc([
        note.p("<b>Delacroix, Horatio</b> &nbsp; 06/06/1957 &nbsp; Office visit February 5, 2026"),
        note.p("Mr. Delacroix is a 68-year-old retired surveyor whom I follow for idiopathic "
               "polymyositis, recognised in May 2025. Because of his diabetes he was treated from "
               "the outset with a modest steroid dose: prednisone 20 mg daily from 06/02/2025, "
               "which is the most he has ever had, for twelve weeks. It was brought down through "
               "15 and 10 mg. On reaching 7.5 mg in December he flared, and he has been on 10 mg "
               "daily since 12/18/2025."),
        note.p("Methotrexate 15 mg by mouth each week was started 09/08/2025 and continues with "
               "folic acid 1 mg daily. Despite five months of methotrexate he has persistent "
               "weakness."),
        note.p("He cannot lift groceries from the cart and uses a raised toilet seat. He swallows "
               "well, is not short of breath and has no chest symptoms; CT chest and echocardiogram "
               "last autumn were both normal."),
        note.p("<b>Other problems:</b> type 2 diabetes (metformin 1,000 mg twice daily, "
               "empagliflozin 10 mg daily); glaucoma (latanoprost drops at night); knee "
               "osteoarthritis. <b>Allergies:</b> none known. <b>Family:</b> brother with multiple "
               "sclerosis, treated with ocrelizumab."),
        note.p("<b>On examination:</b> weight 80 kg, BP 138/76. Deltoids 4/5, biceps 4+/5, hip "
               "flexors 4-/5, quadriceps 4/5, ankle dorsiflexion 5/5. No rash."),
        note.p("<b>Studies:</b> EMG 05/28/2025, myopathic units with fibrillations in proximal "
               "muscles, active myositis. Chest X-ray 01/2026 clear, no sign of old tuberculosis."),
        note.p("<b>Plan:</b> rituximab-pvvr 1,000 mg twice, two weeks apart. I explained infections "
               "including PML. Prednisone stays at 10 mg."),
        gap(10), note.p("<i>Mireille Oduya, MD</i>"),
    ], margin=1)
    lab = Face("Courier", "Courier-Bold", 10, gap=5)
    third = doc([
        lab.title("STONECROP LABS - FINAL", 14),
        lab.p("HORATIO DELACROIX  06/06/1957  M    COLLECTED 02/02/2026"),
        lab.table([
            ["ANALYTE", "02/02/2026", "11/03/2025", "LIMITS"],
            ["CREATINE KINASE U/L", "475 H", "690 H", "40-198"],
            ["ALDOLASE U/L", "8.4 H", "", "1.2-7.6"],
            ["ALT U/L", "38", "41", "7-55"], ["AST U/L", "36", "44", "8-48"],
            ["CREATININE mg/dL", "0.98", "1.02", "0.74-1.35"],
            ["GLUCOSE mg/dL", "142 H", "155 H", "70-99"],
            ["HEMOGLOBIN g/dL", "14.1", "13.9", "13.2-16.6"],
            ["PLATELETS 10*3/uL", "214", "", "135-317"],
            ["HBsAg", "NEG", "", ""], ["HEP B CORE AB", "NEG", "", ""], ["HEP C AB", "NEG", "", ""],
            ["IgG mg/dL", "1204", "", "767-1590"], ["IgA mg/dL", "233", "", "61-356"],
            ["IgM mg/dL", "109", "", "37-286"],
        ], [2.4, 1.3, 1.3, 1.3], "box", pad=3),
    ])
    pages = scans.scan([first, second, third], dpi=170, skews=(1.1, -0.8, 0.5), turns={3: 90},
                       specks=180)
    (folder / "p06_low_dose_scan.pdf").write_bytes(pages)


def good_response(folder: Path) -> None:
    ehr = Face("Helvetica", "Helvetica-Bold", 9, ink="#1E3A5F", band="#EEF2F7", gap=2)
    bind([doc([
        ehr.title("Encounter Summary", 14),
        ehr.table([
            ["Patient", "MRN", "DOB", "Sex", "Encounter", "Provider"],
            ["Solveig Marchetti", "E2098174", "10/25/1985", "F", "08/03/2026 Office Visit",
             "Amadou Kessler, DO"],
        ], [1.4, 0.9, 0.9, 0.5, 1.6, 1.5], "grid"),
        ehr.h("Reason for Visit"),
        ehr.p("Follow-up polymyositis. Requests prior authorization of maintenance rituximab."),
        ehr.h("Assessment &amp; Plan"),
        ehr.p("<b>1. Polymyositis with myopathy (M33.22)</b> - idiopathic, in remission on treatment. "
              "Excellent response to prednisone and mycophenolate. Tapered from 65 mg to 5 mg without "
              "any flare. Orders: Ruxience (rituximab-pvvr) Q5119, 1,000 mg IV. Interval to be "
              "decided."),
        ehr.p("<b>2. Iron deficiency anemia (D50.9)</b> - ferrous sulfate 325 mg daily; hemoglobin "
              "recovering."),
        ehr.p("<b>3. Anxiety (F41.9)</b> - escitalopram 10 mg daily."),
        ehr.h("History of Present Illness"),
        ehr.p("40 y.o. female. Polymyositis 2023, treated elsewhere with rituximab 1,000 mg x 2 in "
              "March 2024. Relapse 11/2025: prednisone 65 mg daily (65 kg) for 6 weeks from "
              "11/24/2025, then tapered; 5 mg daily since 06/01/2026. Mycophenolate 1,000 mg BID "
              "since 12/01/2025, well tolerated. Strength is back to normal. Independent in all "
              "activities of daily living; running 5 km twice a week."),
        ehr.h("Review of Systems"),
        ehr.p("Constitutional: negative for fever, fatigue, weight loss. HENT: negative for trouble "
              "swallowing. Respiratory: negative for cough and shortness of breath. Cardiovascular: "
              "negative for chest pain and palpitations. Musculoskeletal: negative for weakness and "
              "myalgia. Skin: negative for rash."),
        ehr.h("Current Outpatient Medications"),
        ehr.table([
            ["Medication", "Sig"],
            ["predniSONE (DELTASONE) 5 mg tablet", "Take 1 tablet (5 mg) by mouth daily"],
            ["mycophenolate (CELLCEPT) 500 mg tablet", "Take 2 tablets (1,000 mg) by mouth 2 times daily"],
            ["ferrous sulfate 325 mg tablet", "Take 1 tablet (325 mg) by mouth daily"],
            ["escitalopram (LEXAPRO) 10 mg tablet", "Take 1 tablet (10 mg) by mouth daily"],
            ["levonorgestrel IUD", "In place since 2022"],
        ], [3.1, 3.9], "rows"),
        ehr.h("Allergies"), ehr.p("Latex (rash)."),
        ehr.h("Family History"),
        ehr.p("Mother: breast cancer. Father: type 2 diabetes, hypertension. Sister: lupus."),
        ehr.h("Immunization History"),
        ehr.p("COVID-19 10/2025; Influenza 10/2025; Tdap 2021; HPV complete."),
        turn(),
        ehr.h("Objective"),
        ehr.p("Vitals: BP 112/70, pulse 66, temp 36.7 C, weight 65 kg. Strength 5/5 in neck flexors, "
              "deltoids, biceps, hip flexors, quadriceps and distal groups bilaterally. Lungs clear. "
              "Regular rhythm. No rash."),
        ehr.h("Results Review"),
        ehr.table([
            ["Component", "Latest Ref Rng", "07/27/2026"],
            ["CK", "30 - 200 U/L", "148"], ["Aldolase", "&lt;=7.5 U/L", "4.8"],
            ["AST", "10 - 35 U/L", "22"], ["ALT", "6 - 29 U/L", "19"],
            ["Creatinine", "0.50 - 1.10 mg/dL", "0.70"], ["WBC", "3.8 - 10.8 K/uL", "5.6"],
            ["Hemoglobin", "11.7 - 15.5 g/dL", "11.4 (L)"], ["Ferritin", "16 - 154 ng/mL", "14 (L)"],
            ["Hepatitis B Surface Ag", "Non-Reactive", "Non-Reactive"],
            ["Hepatitis B Core Ab, Total", "Non-Reactive", "Non-Reactive"],
            ["Hepatitis C Ab", "Non-Reactive", "Non-Reactive"],
            ["QuantiFERON-TB Gold Plus", "Negative", "Negative"],
            ["IgG", "600 - 1640 mg/dL", "811"], ["IgA", "47 - 310 mg/dL", "122"],
            ["IgM", "50 - 300 mg/dL", "58"],
        ], [2.4, 2, 1.5], "columns", pad=1.5),
        ehr.p("EMG 07/20/2026: normal study, no spontaneous activity. MRI thighs 07/22/2026: normal, no "
              "muscle edema. PFT 07/2026 normal; no evidence of interstitial lung disease."),
        ehr.h("Payer questions (Hollin Ford Health, answered 08/04/2026)"),
        ehr.p("Intolerance or contraindication to methotrexate, azathioprine or mycophenolate: No"),
        ehr.p("Checkpoint inhibitor exposure: No"),
        ehr.p("Request date: 08/04/2026"),
        ehr.h("Patient Instructions"),
        ehr.p("Take calcium and vitamin D with food. Avoid live vaccines. Call for fever, new "
              "weakness or trouble swallowing. Do not stop prednisone suddenly."),
        ehr.p("Electronically signed by Amadou Kessler, DO at 08/04/2026 09:14"),
    ], head="Marchetti, Solveig  MRN E2098174  DOB 10/25/1985", foot="Printed 08/04/2026   Page {n} of 2")
    ], folder / "p07_good_response.pdf")


def nivolumab_unlinked(folder: Path) -> None:
    letter = Face("Times-Roman", "Times-Bold", 11.5, gap=8)
    first = doc([
        letter.p("<b>THORNBURY MYOSITIS SERVICE</b><br/>Level 3, Old Exchange, Thornbury, ZZ 00000"
                 "<br/>Tel 555-0841"),
        gap(10), letter.p("September 15, 2026"),
        letter.p("Re: Leopold Achterberg, d.o.b. 04/19/1962"),
        letter.p("To Meridian Crossing Health, medical benefit team:"),
        letter.p("Please authorize Riabni (rituximab-arrx, Q5123) for Mr. Achterberg: 1,000 mg "
                 "intravenously, to be given on days 1 and 15. The diagnosis is polymyositis with "
                 "myopathy, M33.22."),
        letter.p("Mr. Achterberg had a stage III melanoma of the back excised in 2024 and received "
                 "adjuvant nivolumab 480 mg every four weeks from June 2024 to May 2025. He has been "
                 "free of disease since. In March 2026 he noticed that his legs failed on hills, and "
                 "by April his creatine kinase was 5,200 U/L."),
        letter.p("He took prednisone at 1 mg per kg, 72 mg each day, for 30 days from April 13, 2026. "
                 "Mycophenolate was added on April 27, reached 1.5 g twice daily in mid-May and "
                 "continues. Sixteen weeks of the two together have not controlled him: his "
                 "weakness is CTCAE grade 3 and his CK remains far above normal. Prednisone came down "
                 "by 10 mg a fortnight and he now takes 20 mg daily."),
        letter.p("He cannot get up from the floor, cannot raise a frying pan, and has given up "
                 "driving because he cannot move his foot quickly between pedals. He eats a normal "
                 "diet without choking, is not breathless, and echocardiography, cardiac enzymes "
                 "and lung function were all normal in August."),
        letter.p("We talked over the risks of rituximab, PML among them, and he has consented."),
        letter.p("Yours sincerely,"), gap(14),
        letter.p("Rosamund Feeney, MD, PhD"),
    ], margin=1.1)
    sheet = Face("Vera", "Vera-Bold", 8.5, ink="#444444", gap=4)
    second = doc([
        sheet.title("Clinical data sheet", 14),
        sheet.p("Leopold Achterberg, male, 04/19/1962. Completed 09/14/2026 by the clinic nurse."),
        sheet.table([
            ["Weight", "72 kg"], ["Allergies", "sulfa drugs (rash)"],
            ["Medicines now", "prednisone 20 mg daily; mycophenolate mofetil 1.5 g twice daily; "
             "atorvastatin stopped March 2026; bisoprolol 2.5 mg daily; dapsone 100 mg daily; "
             "alendronate 70 mg weekly"],
            ["Other conditions", "melanoma, resected; hypertension; osteopenia"],
            ["Family", "father: colon cancer; mother: Graves disease"],
            ["Strength (MRC)", "hip flexors 3/5; deltoids 3+/5; neck flexors 4-/5; ankles 5/5"],
            ["Imaging", "MRI pelvis and thighs 04/21/2026: patchy STIR edema in gluteal and "
             "quadriceps muscles, active myositis"],
            ["Not yet used", "IVIG, cyclosporine, plasma exchange"],
        ], [1.4, 5.4], "grid", head=False, pad=4),
        sheet.h("Blood tests, drawn September 8, 2026"),
        sheet.table([
            ["", "Low limit", "High limit", "Result", "Unit", "Note"],
            ["CK", "46", "171", "1,322", "U/L", "high"], ["Aldolase", "1.5", "8.1", "12.7", "U/L", "high"],
            ["AST", "0", "40", "63", "U/L", "high"], ["ALT", "0", "41", "70", "U/L", "high"],
            ["Creatinine", "0.70", "1.30", "0.92", "mg/dL", ""], ["WBC", "4.0", "10.0", "6.1", "10*9/L", ""],
            ["Hemoglobin", "13.5", "17.5", "13.8", "g/dL", ""],
            ["Immunoglobulin G", "700", "1600", "480", "mg/dL", "low"],
            ["Immunoglobulin A", "70", "400", "96", "mg/dL", ""],
            ["Immunoglobulin M", "40", "230", "51", "mg/dL", ""],
            ["HBsAg", "", "", "negative", "", ""], ["anti-HBc", "", "", "negative", "", ""],
            ["anti-HCV", "", "", "negative", "", ""],
            ["QuantiFERON-TB Plus", "", "", "indeterminate", "", "low mitogen"],
        ], [1.7, 0.9, 0.9, 1.1, 0.9, 1.0], "zebra"),
        sheet.p("Laboratory comment: an indeterminate QuantiFERON may be seen in patients taking "
                "corticosteroids; repeat if clinically indicated.", size=7.5),
    ], font="Vera", foot="Thornbury Myositis Service")
    bind([first, second], folder / "p08_nivolumab_unlinked.pdf")


def suspected(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 10, ink="#5B1010", gap=6)
    first = doc([
        form.title("Drug request - Pennywhistle State Employees", 15),
        form.p("Today's date <b>04/02/2026</b>"),
        form.p("Patient <b>Gwendolyn Sarkissian</b> &nbsp; DOB <b>07/11/1949</b> &nbsp; ID <b>PSE "
               "640-22</b>"),
        form.p("Prescriber <b>Cornelius Abara, MD (family medicine)</b> &nbsp; Phone <b>555-0911</b>"),
        form.p("Drug <b>Rituxan J9312</b> &nbsp; Dose <b>1,000 mg IV</b> &nbsp; Schedule <b>days 1 and "
               "15</b>"),
        form.p("Diagnosis <b>suspected polymyositis</b>"),
        form.p("Drugs already tried <b>prednisone</b>"),
    ], margin=1)
    second = doc([typed("""
RIVERMOUTH FAMILY PRACTICE
SARKISSIAN, GWENDOLYN   F  76Y   DOB 07/11/1949      DOS 03/31/2026

S   6 wks of tired, heavy thighs. Trouble with stairs, needs rail. No rash.
    Statin stopped 3 wks ago, no better yet.
PMH hyperlipidemia, CKD 3a, osteoporosis
MED prednisone 40 mg daily since 3/27; amlodipine 10 mg daily;
    denosumab 60 mg SC q6 months; rosuvastatin - STOPPED 3/10
FH  mother - thyroid disease
ALL ibuprofen (renal)
O   BP 142/70  wt 77 kg  no distress
    proximal legs weak, arms weak, reflexes ok
L   CK 1480 on 3/26, AST 88. TSH normal.
A   Suspect polymyositis. r/o statin myopathy, r/o inclusion body
    myositis.
P   - EMG ordered, date pending
    - muscle bx to be considered
    - hep B / hep C / QuantiFERON / immunoglobulins ordered today
    - rheum referral, earliest June
    - methotrexate will be considered by rheum
    - ask plan for Rituxan in the meantime
    - return 4 wks, sooner if choking or short of breath
C. ABARA MD
""", 11)], margin=0.9)
    bind([first, second], folder / "p09_suspected.pdf")


def dermatomyositis_fax(folder: Path) -> None:
    form = Face("Helvetica", "Helvetica-Bold", 11.5, gap=7)
    first = doc([
        form.title("Fernhollow Preferred - PRECERTIFICATION, PART B DRUGS", 14),
        form.table([
            ["PATIENT", "Anneliese Thackeray", "BORN", "02/28/1977"],
            ["PLAN NO", "FP 3390-1164", "DATE", "03/05/2026"],
            ["DRUG", "Truxima", "CODE", "Q5115"],
            ["DOSE", "1000 mg IV", "FREQ", "day 1, day 15"],
            ["DX", "Polymyositis", "ICD-10", "M33.20"],
            ["MD", "Gideon Alvarsson", "FAX", "555-1022"],
        ], [1, 2.6, 1, 2], "grid", head=False, pad=5),
        form.p("I certify that the above is correct. G. Alvarsson, MD 03/05/2026"),
    ])
    note = Face("Times-Roman", "Times-Bold", 12, gap=7)
    second = doc([
        note.title("Alvarsson Dermatology and Rheumatology, PC", 15),
        note.p("Thackeray, Anneliese. Born 02/28/1977. Seen 02/26/2026."),
        note.p("<b>Diagnosis:</b> Dermatomyositis, biopsy-supported (skin, 07/2025), anti-Mi-2 "
               "positive."),
        note.p("<b>Course:</b> Began 06/2025 with heliotrope rash, Gottron papules over the knuckles "
               "and shawl erythema, then proximal weakness. Methylprednisolone 500 mg IV daily for 3 "
               "days from 07/14/2025, then prednisone 40 mg daily for 8 weeks with slow taper. "
               "Methotrexate 20 mg weekly 08/04/2025 to 11/24/2025, no benefit. Azathioprine 150 mg "
               "daily from 12/01/2025 to 02/23/2026, failed. IVIG 2 g/kg monthly x 3 (12/2025 to "
               "02/2026), no response. Prednisone 15 mg daily now."),
        note.p("<b>Today:</b> rash persists, cannot comb hair or climb a step stool. No dysphagia, "
               "no dyspnea. Chest CT 01/2026: no ILD. ECG normal, no cardiac involvement."),
        note.p("<b>Exam:</b> weight 61 kg. Deltoids 3+/5, hip flexors 4-/5, neck flexors 4/5. CK "
               "02/24/2026 was 14x ULN."),
        note.p("<b>MRI</b> thighs 01/15/2026: muscle and fascial edema consistent with active "
               "myositis."),
        note.p("<b>Other:</b> eczema as a child. Melatonin 3 mg at bedtime. Father: lung cancer."),
        note.p("<b>Plan:</b> rituximab. PML risk explained."),
    ], margin=1)
    lab = Face("Helvetica", "Helvetica-Bold", 11.5, gap=6)
    third = doc([
        lab.title("CENTRAL VALLEY PATHOLOGY"),
        lab.p("THACKERAY, ANNELIESE &nbsp; DOB 02/28/1977 &nbsp; Collected 02/24/2026"),
        lab.table([
            ["Hepatitis B surface antigen", "negative", ""],
            ["Hepatitis B core antibody", "negative", ""], ["Hepatitis C antibody", "negative", ""],
            ["T-SPOT.TB", "negative", ""], ["IgG", "990 mg/dL", "(600 - 1500)"],
            ["IgA", "less than 5 mg/dL  LOW", "(60 - 400)"], ["IgM", "84 mg/dL", "(40 - 240)"],
        ], [2.8, 2.2, 1.4], "none", head=False, pad=4),
        lab.p("IgA below 7 mg/dL: patients with anti-IgA antibodies may react to blood products."),
    ])
    scans.fax([first, second, third], folder / "p10_dermatomyositis_fax.tif",
              skews=(-0.9, 0.7, -0.3), turns={3: 180}, specks=400)
