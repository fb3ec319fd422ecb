"""Typed questions and answers, a note by headings, telephone encounters, a visit summary."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap, turn

from drawn.printed import Strip

WHO = "SOLANO-WHITBY, Marguerite   52 Y old Female, DOB: 06/06/1974   Account Number: 60233"


def draw(folder: Path) -> None:
    ask = Face("Helvetica", "Helvetica-Bold", 9.5, ink="#5B3A8C", gap=4)
    questions = (
        ("What drug is requested?", "Ruxience 500 MG/50ML solution (rituximab-pvvr)"),
        ("HCPCS code?", "Q5119"),
        ("Dose?", "1000 mg intravenously"),
        ("How often?", "Two doses, two weeks apart"),
        ("What is the diagnosis?", "Polymyositis, organ involvement unspecified"),
        ("ICD-10?", "M33.20"),
        ("Is the patient 18 or older?", "Yes"),
        ("Is this drug for use in a clinical trial?", "No"),
        ("Which drugs were tried before?", "prednisone, methotrexate"),
        ("Was the myositis caused by another drug?", "No"),
        ("Any other information?", "Please see office note 10/06/2026"),
    )
    first = doc(
        [
            Strip("ePA", "Key BQ7-44TX2   Sent to plan 10/12/2026 4:48 PM", "#5B3A8C", 12),
            ask.p("<b>Plan:</b> Bluestem Community Plan &nbsp; <b>Plan fax:</b> 555-4588"),
            ask.p("<b>Patient:</b> Marguerite Solano-Whitby &nbsp; <b>DOB:</b> 06/06/1974"),
            ask.p("<b>Member:</b> BCP 300-71-6620 &nbsp; <b>Phone:</b> 555-4560"),
            ask.p("<b>Prescriber:</b> Kwabena Dalrymple, MD &nbsp; <b>Office:</b> 555-4561"),
            ask.h("Plan questions"),
            *(
                part
                for number, (question, answer) in enumerate(questions, 1)
                for part in (
                    ask.p(f"{number}. {question}"),
                    ask.p(f"<b>{answer}</b>", indent=16),
                )
            ),
            gap(10),
            ask.p("Attachments: chart notes (5 pages).", size=8),
        ],
        foot="Printed from ePA, 10/12/2026",
    )
    note = Face("Vera", "Vera-Bold", 8.5, gap=3)
    second = doc(
        [
            note.title("Dalrymple Rheumatology PLLC", 13),
            note.p("Progress Notes: Kwabena Dalrymple, MD &nbsp; Appointment: 10/06/2026 02:30 PM"),
            note.h("Subjective:"),
            note.p("<b>Chief Complaints:</b> 1. Polymyositis. 2. Medication planning."),
            note.p(
                "<b>HPI:</b> Polymyositis since February 2026 (CK 4,210 on 02/23/2026; EMG 02/27/2026 "
                "irritable proximal myopathy). Prednisone 80 mg daily 03/16/2026 to 04/20/2026, 5 weeks, "
                "then 60, 40, 30, 20, 15 mg. At 12.5 mg in July she could no longer climb her stairs, CK "
                "1,010 on 07/27/2026: flare; back to 20 mg, which she takes now. Persistent weakness "
                "despite seven months of prednisone."
            ),
            note.p(
                "Methotrexate 15 mg weekly was taken for three weeks only, 08/17/2026 to 09/07/2026: ran "
                "out abroad and it was not resumed. No nausea, no mouth sores. Azathioprine was thought of, "
                "TPMT came back normal, not started."
            ),
            note.p(
                "Cannot carry the laundry basket, cannot get out of the bath without her daughter, has "
                "given up driving. Denies dysphagia, dyspnea, chest pain, palpitation, rash, fever."
            ),
            note.p("<b>ROS:</b> Fatigue: yes. Weight loss: no. Joint swelling: no. Raynaud's: no."),
            note.p(
                "<b>Medical History:</b> Hypertension. GERD. Postherpetic neuralgia after shingles in "
                "2024. <b>Surgical History:</b> C-section 2004. <b>Family History:</b> Father: deceased, "
                "colon cancer. Mother: alive, hypothyroidism. Aunt: dermatomyositis, took cyclosporine. "
                "<b>Social History:</b> Never smoker. Alcohol: none."
            ),
            note.p("<b>Current Medications:</b>"),
            *note.lines(
                "Taking predniSONE 10 MG Tablet 2 tablets (20 mg) with food Orally Once a day",
                "Taking Losartan Potassium 100 MG Tablet 1/2 tablet (50 mg) Orally Once a day",
                "Taking Pantoprazole Sodium 40 MG Tablet Delayed Release 1 tablet Orally Once a day",
                "Taking Gabapentin 300 MG Capsule 1 capsule Orally Three times a day",
                "Taking Vitamin D3 50 MCG (2000 UT) Capsule 1 capsule Orally Once a day",
                "Not-Taking Methotrexate 2.5 MG Tablet 6 tablets (15 mg) Orally Once a week",
                "Discontinued Simvastatin 20 MG Tablet 1 tablet in the evening Orally Once a day",
                indent=10,
            ),
            note.p("<b>Allergies:</b> Sulfa: rash."),
            turn(),
            note.h("Objective:"),
            note.p(
                "<b>Vitals:</b> Wt 77 kg, Ht 163 cm, BP 126/78, HR 80, Temp 98.0, Oxygen sat 99%."
            ),
            note.p(
                "<b>Examination:</b> General: no distress. Skin: no heliotrope or Gottron. Lungs: clear. "
                "Heart: regular. Muscle strength: deltoids 4+/5 bilateral, hip flexors 4/5 bilateral, "
                "quadriceps 4/5, neck flexors 4/5, grip 5/5."
            ),
            note.h("Assessment:"),
            *note.lines(
                "1. Polymyositis, organ involvement unspecified - M33.20 (Primary)",
                "2. Essential (primary) hypertension - I10",
                "3. Gastro-esophageal reflux disease without esophagitis - K21.9",
                "4. Postherpetic neuralgia - B02.29",
                indent=10,
            ),
            note.h("Plan:"),
            note.p("<b>1. Polymyositis</b>"),
            note.p(
                "Start Ruxience, Solution, 1000 mg, Intravenous, two doses 14 days apart, pending "
                "approval. Notes: no lung, heart or swallowing involvement (CT chest and echo 03/2026 "
                "normal); no immunotherapy ever. Labs of yesterday to be checked first. Rare PML, "
                "infection, infusion reaction and hepatitis B reactivation explained, leaflet given. "
                "IVIG is the fallback.",
                indent=10,
            ),
            note.p(
                "<b>2. Hypertension</b> Continue Losartan. <b>3. GERD</b> Continue Pantoprazole."
            ),
            note.p("<b>Follow Up:</b> 6 Weeks"),
            note.p("Electronically signed by Kwabena Dalrymple MD on 10/06/2026 at 05:12 PM EDT"),
        ],
        head=WHO,
        foot="Progress Note: Kwabena Dalrymple, MD 10/06/2026",
        font="Vera",
        size=7,
    )
    phone = Face("Helvetica", "Helvetica-Bold", 9.5, gap=4)
    third = doc(
        [
            Strip("Telephone Encounter", "09/14/2026 10:02 AM", "#777777"),
            phone.p("Answered by: Tamika Osgood &nbsp; Caller: patient &nbsp; Provider: Dalrymple"),
            phone.p("<b>Reason:</b> Home from Manila, no methotrexate left"),
            phone.p(
                "<b>Message:</b> Pt back yesterday. Took MTX from 8/17, last pill 9/7, could not get more "
                "there. Tolerated OK. Legs about the same. Wants to know whether to start again."
            ),
            phone.p(
                "<b>Action taken:</b> 9/14 KD: leave it off till visit. 9/14 TO: pt informed, appt 10/6."
            ),
            gap(14),
            Strip("Telephone Encounter", "10/09/2026 3:31 PM", "#777777"),
            phone.p("Answered by: Tamika Osgood &nbsp; Caller: lab &nbsp; Provider: Dalrymple"),
            phone.p("<b>Reason:</b> Results of 10/5"),
            phone.p(
                "<b>Message:</b> CK 371, down from July. IgG 612. T-SPOT neg. <b>Action taken:</b> 10/9 KD: "
                "she is still weak, send the PA. Repeat CK and IgG in 4 wks."
            ),
        ],
        head=WHO,
    )
    after = Face("Helvetica", "Helvetica-Bold", 11, ink="#0F6E56", gap=6)
    fourth = doc(
        [
            after.title("AFTER VISIT SUMMARY", 18),
            after.p("Marguerite Solano-Whitby &nbsp; Visit on 10/06/2026 with Dr. Dalrymple"),
            after.h("Why you came"),
            after.p("Polymyositis and planning your next medicine."),
            after.h("What to do next"),
            after.p("1. We are asking your plan to cover Ruxience. Wait for our call."),
            after.p("2. Keep taking prednisone. Do not stop it suddenly."),
            after.p("3. Repeat blood test in 4 weeks."),
            after.h("Your medicines"),
            after.table(
                [
                    ["KEEP TAKING", "prednisone 10 mg: 2 tablets by mouth each morning"],
                    ["KEEP TAKING", "losartan 100 mg: half a tablet by mouth once a day"],
                    ["KEEP TAKING", "pantoprazole 40 mg: 1 tablet by mouth once a day"],
                    ["KEEP TAKING", "gabapentin 300 mg: 1 capsule by mouth 3 times a day"],
                    ["KEEP TAKING", "vitamin D3 2,000 units: 1 capsule by mouth once a day"],
                    ["STOP TAKING", "methotrexate; simvastatin"],
                ],
                [1.5, 5.0],
                "rows",
                head=False,
                pad=4,
            ),
            after.h("Call us if"),
            after.p(
                "you have a fever of 100.4 or more, a cough that lasts, burning when you pass urine, "
                "trouble swallowing or breathing, new confusion or trouble with your sight."
            ),
        ],
        margin=1,
        foot="Dalrymple Rheumatology PLLC, 555-4561",
    )
    lab = Face("Helvetica", "Helvetica-Bold", 9.5, gap=4)
    fifth = doc(
        [
            lab.title("KESTREL DIAGNOSTICS", 16),
            lab.p("SOLANO-WHITBY, MARGUERITE &nbsp; DOB: 06/06/1974 &nbsp; Specimen KD6640021"),
            lab.p("Collected: 10/05/2026 / 08:20 EDT &nbsp; Reported: 10/08/2026 / 16:03 EDT"),
            Strip("RESULTS OUTSIDE THE REFERENCE RANGE", "", "#A32D2D"),
            lab.table(
                [
                    ["CREATINE KINASE, TOTAL", "371 H", "Reference Range: 26-192 U/L"],
                    ["ALT", "41 H", "Reference Range: 7-35 U/L"],
                    ["IMMUNOGLOBULIN G", "612 L", "Reference Range: 700-1600 mg/dL"],
                ],
                [2.6, 1.2, 3.0],
                "rows",
                head=False,
                pad=3,
            ),
            Strip("RESULTS WITHIN THE REFERENCE RANGE", "", "#3B6D11"),
            lab.table(
                [
                    ["ALDOLASE", "7.2", "Reference Range: &lt; OR = 8.1 U/L"],
                    ["AST", "33", "Reference Range: 13-39 U/L"],
                    ["CREATININE", "0.69", "Reference Range: 0.50-1.10 mg/dL"],
                    ["WHITE BLOOD CELL COUNT", "7.9", "Reference Range: 4.0-11.0 Thousand/uL"],
                    ["HEMOGLOBIN", "13.3", "Reference Range: 12.0-16.0 g/dL"],
                    ["PLATELET COUNT", "267", "Reference Range: 150-400 Thousand/uL"],
                    ["IMMUNOGLOBULIN A", "132", "Reference Range: 70-400 mg/dL"],
                    ["IMMUNOGLOBULIN M", "58", "Reference Range: 40-230 mg/dL"],
                    ["HEPATITIS B SURFACE ANTIGEN", "NON-REACTIVE", "Reference: NON-REACTIVE"],
                    ["HEPATITIS B CORE AB TOTAL", "NON-REACTIVE", "Reference: NON-REACTIVE"],
                    ["HEPATITIS C ANTIBODY", "NON-REACTIVE", "Reference: NON-REACTIVE"],
                    ["T-SPOT.TB", "NEGATIVE", "Reference: NEGATIVE"],
                ],
                [2.6, 1.2, 3.0],
                "rows",
                head=False,
                pad=3,
            ),
        ],
        foot="CLIENT SERVICES 555-4599   PAGE 1 OF 1",
    )
    bind([first, second, third, fourth, fifth], folder / "s06_travel_gap.pdf")
