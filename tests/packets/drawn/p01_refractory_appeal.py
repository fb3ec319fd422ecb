"""An appeal letter, a problem-oriented note, results with the range first, an MRI report."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap


def draw(folder: Path) -> None:
    letter = Face("Times-Roman", "Times-Bold", 11, centered=True, gap=7)
    first = doc(
        [
            letter.title("Saltmarsh Joint &amp; Muscle Clinic"),
            letter.p("4 Cooper's Quay, Saltmarsh, ZZ 00000 | tel 555-0231 | fax 555-0232"),
            gap(14),
            letter.p("May 6, 2026"),
            letter.p(
                "Larkmoor Mutual, Pharmacy Appeals<br/>Member: Wendeline Okparo, born "
                "February 17, 1974, ID LMM 55-09-3317"
            ),
            letter.p("Dear Medical Director,"),
            letter.p(
                "I write to ask again for <b>Ruxience (rituximab-pvvr, Q5119)</b>, 1,000 mg by "
                "intravenous infusion on day 1 and again on day 15, for Ms. Okparo, who has "
                "polymyositis with myopathy (ICD-10 M33.22). Your letter of April 29 found our "
                "first submission incomplete; the chart notes, results and imaging are now "
                "attached."
            ),
            letter.p(
                "Ms. Okparo fell ill in September 2025. Prednisone 70 mg daily, which for her "
                "68 kg is a little over 1 mg/kg, was begun on October 13, 2025 and held at that "
                "dose for eight weeks. Azathioprine joined it on November 3, 2025 and has been "
                "given at 150 mg daily since December 1, 2025. She has now taken the two drugs "
                "together for six months, never missing a refill, and remains unable to climb a "
                "stair without pulling on the rail. Her creatine kinase on April 22 was eleven "
                "times the upper limit of normal. In short, this is disease refractory to "
                "prednisone plus azathioprine."
            ),
            letter.p(
                "Immune globulin has not been tried. The nearest infusion chair that offers it is "
                "ninety miles away. She has never received an immune checkpoint inhibitor. I "
                "would be glad to talk with a reviewing colleague."
            ),
            letter.p("With kind regards,"),
            gap(18),
            letter.p("<i>Ingram Vosloo, MD</i><br/>Rheumatology"),
        ],
        margin=1.1,
    )
    note = Face("Vera", "Vera-Bold", 9, ink="#7A1F2B", gap=3)
    second = doc(
        [
            note.title("PROGRESS NOTE", 13),
            note.table(
                [
                    ["Patient", "Okparo, Wendeline", "Seen", "27 Apr 2026"],
                    ["Born", "17 Feb 1974 (52 y, F)", "Author", "I. Vosloo, MD"],
                ],
                [0.8, 2.4, 0.8, 2.4],
                "rows",
                head=False,
            ),
            note.h("Interval history"),
            note.p(
                "Weakness is unchanged since winter. Needs both hands and a push to leave a chair; "
                "cannot lift a kettle to the top shelf; her son washes her hair. Two falls in "
                "March. No rash. Swallows all textures. No cough, no breathlessness. No fever, no "
                "weight loss. Denies chest pain."
            ),
            note.h("Problem list"),
            note.p(
                "<b>#1 Polymyositis, idiopathic.</b> Onset 09/2025. Thigh MRI 10/02/2025 with diffuse "
                "muscle edema. Pred 70 mg/d from 10/13/2025 to 12/08/2025, then down by 10 mg every "
                "two weeks to 20 mg and to 15 mg on 03/02/2026, where she stays. AZA 50 mg/d on "
                "11/03/2025, 150 mg/d from 12/01/2025; TPMT normal. Inadequate response: CK "
                "still 1905, strength flat. High-resolution chest CT 02/2026: no interstitial "
                "lung disease. Echo 02/2026 normal."
            ),
            note.p("<b>#2 Hypertension.</b> Amlodipine 5 mg daily; home readings 120s."),
            note.p(
                "<b>#3 Migraine without aura.</b> Sumatriptan 50 mg as needed, about twice a month."
            ),
            note.p(
                "<b>#4 Bone health on steroid.</b> Vitamin D3 2,000 units daily. DXA due in the fall."
            ),
            note.h("Examination"),
            note.p(
                "Wt 68 kg. BP 126/80. Chest clear. Heart regular, no murmur. No mechanic's hands."
            ),
            note.table(
                [
                    ["MRC grade", "R", "L"],
                    ["Shoulder abductors", "4-", "4-"],
                    ["Elbow flexors", "4", "4"],
                    ["Hip flexors", "3", "3+"],
                    ["Knee extensors", "4-", "4-"],
                    ["Wrist extensors", "5", "5"],
                ],
                [1.9, 0.6, 0.6],
                "columns",
            ),
            note.h("Family and social"),
            note.p(
                "Sister: psoriasis, on adalimumab. Father died of stroke at 80. Teaches piano; "
                "lessons cut from twenty to six a week. Ex-smoker, 2009."
            ),
            note.h("Immunizations"),
            note.p("Influenza 10/2025. Pneumococcal conjugate 11/2025. Recombinant zoster 2/2."),
            note.h("Plan"),
            note.p(
                "1. Rituximab-pvvr 1,000 mg IV day 1 and day 15. PML, infusion reactions and "
                "infection discussed; leaflet given. 2. Azathioprine unchanged. 3. If rituximab is "
                "refused again, consider methotrexate instead of azathioprine. 4. Back in 6 weeks."
            ),
        ],
        head="Saltmarsh Joint & Muscle Clinic",
        foot="Okparo W. 1974-02-17   sheet {n}",
        font="Vera",
    )
    lab = Face("Courier", "Courier-Bold", 9)
    third = doc(
        [
            lab.title("PELHAM BAY LABORATORY", 13),
            lab.p("OKPARO WENDELINE   F   1974-02-17   Ordering: VOSLOO"),
            lab.p("Drawn 04/22/2026 09:05   Reported 04/23/2026"),
            lab.table(
                [
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
                ],
                [2.2, 1.5, 1.3, 0.9, 0.9],
                "under",
            ),
            lab.h("CREATINE KINASE, EARLIER RESULTS (U/L)"),
            lab.table(
                [
                    ["DATE", "VALUE", "COMMENT"],
                    ["2025-09-29", "7412", "HIGH"],
                    ["2025-12-15", "3120", "HIGH"],
                    ["2026-02-18", "2230", "HIGH"],
                ],
                [1.2, 0.9, 1.0],
            ),
        ],
        foot="Pelham Bay Laboratory   555-0290",
        font="Courier",
    )
    report = Face("Helvetica", "Helvetica-Bold", 10)
    fourth = doc(
        [
            report.title("Kestrel Imaging"),
            report.p(
                "Name: Wendeline Okparo. Date of birth: 02/17/1974. Exam: MRI both thighs without "
                "contrast. Exam date: 10/02/2025."
            ),
            report.p("<b>Indication:</b> proximal weakness, raised CK."),
            report.p(
                "<b>Findings:</b> Symmetric high STIR signal in both quadriceps and adductor groups. "
                "Mild fascial fluid. No fatty replacement. Marrow normal. No mass."
            ),
            report.p(
                "<b>Conclusion:</b> Muscle edema of both thighs in keeping with active inflammatory "
                "myositis."
            ),
            report.p("Read by: T. Abernathy-Quill, MD"),
        ],
        margin=1,
    )
    bind([first, second, third, fourth], folder / "p01_refractory_appeal.pdf")
