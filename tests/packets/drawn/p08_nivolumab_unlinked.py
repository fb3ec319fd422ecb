"""A letter that carries the request, and a nurse's data sheet."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap


def draw(folder: Path) -> None:
    letter = Face("Times-Roman", "Times-Bold", 11.5, gap=8)
    first = doc(
        [
            letter.p(
                "<b>THORNBURY MYOSITIS SERVICE</b><br/>Level 3, Old Exchange, Thornbury, ZZ 00000"
                "<br/>Tel 555-0841"
            ),
            gap(10),
            letter.p("September 15, 2026"),
            letter.p("Re: Leopold Achterberg, d.o.b. 04/19/1962"),
            letter.p("To Meridian Crossing Health, medical benefit team:"),
            letter.p(
                "Please authorize Riabni (rituximab-arrx, Q5123) for Mr. Achterberg: 1,000 mg "
                "intravenously, to be given on days 1 and 15. The diagnosis is polymyositis with "
                "myopathy, M33.22."
            ),
            letter.p(
                "Mr. Achterberg had a stage III melanoma of the back excised in 2024 and received "
                "adjuvant nivolumab 480 mg every four weeks from June 2024 to May 2025. He has been "
                "free of disease since. In March 2026 he noticed that his legs failed on hills, and "
                "by April his creatine kinase was 5,200 U/L."
            ),
            letter.p(
                "He took prednisone at 1 mg per kg, 72 mg each day, for 30 days from April 13, 2026. "
                "Mycophenolate was added on April 27, reached 1.5 g twice daily in mid-May and "
                "continues. Sixteen weeks of the two together have not controlled him: his "
                "weakness is CTCAE grade 3 and his CK remains far above normal. Prednisone came down "
                "by 10 mg a fortnight and he now takes 20 mg daily."
            ),
            letter.p(
                "He cannot get up from the floor, cannot raise a frying pan, and has given up "
                "driving because he cannot move his foot quickly between pedals. He eats a normal "
                "diet without choking, is not breathless, and echocardiography, cardiac enzymes "
                "and lung function were all normal in August."
            ),
            letter.p(
                "We talked over the risks of rituximab, PML among them, and he has consented."
            ),
            letter.p("Yours sincerely,"),
            gap(14),
            letter.p("Rosamund Feeney, MD, PhD"),
        ],
        margin=1.1,
    )
    sheet = Face("Vera", "Vera-Bold", 8.5, ink="#444444", gap=4)
    second = doc(
        [
            sheet.title("Clinical data sheet", 14),
            sheet.p(
                "Leopold Achterberg, male, 04/19/1962. Completed 09/14/2026 by the clinic nurse."
            ),
            sheet.table(
                [
                    ["Weight", "72 kg"],
                    ["Allergies", "sulfa drugs (rash)"],
                    [
                        "Medicines now",
                        "prednisone 20 mg daily; mycophenolate mofetil 1.5 g twice daily; "
                        "atorvastatin stopped March 2026; bisoprolol 2.5 mg daily; dapsone 100 mg daily; "
                        "alendronate 70 mg weekly",
                    ],
                    ["Other conditions", "melanoma, resected; hypertension; osteopenia"],
                    ["Family", "father: colon cancer; mother: Graves disease"],
                    [
                        "Strength (MRC)",
                        "hip flexors 3/5; deltoids 3+/5; neck flexors 4-/5; ankles 5/5",
                    ],
                    [
                        "Imaging",
                        "MRI pelvis and thighs 04/21/2026: patchy STIR edema in gluteal and "
                        "quadriceps muscles, active myositis",
                    ],
                    ["Not yet used", "IVIG, cyclosporine, plasma exchange"],
                ],
                [1.4, 5.4],
                "grid",
                head=False,
                pad=4,
            ),
            sheet.h("Blood tests, drawn September 8, 2026"),
            sheet.table(
                [
                    ["", "Low limit", "High limit", "Result", "Unit", "Note"],
                    ["CK", "46", "171", "1,322", "U/L", "high"],
                    ["Aldolase", "1.5", "8.1", "12.7", "U/L", "high"],
                    ["AST", "0", "40", "63", "U/L", "high"],
                    ["ALT", "0", "41", "70", "U/L", "high"],
                    ["Creatinine", "0.70", "1.30", "0.92", "mg/dL", ""],
                    ["WBC", "4.0", "10.0", "6.1", "10*9/L", ""],
                    ["Hemoglobin", "13.5", "17.5", "13.8", "g/dL", ""],
                    ["Immunoglobulin G", "700", "1600", "480", "mg/dL", "low"],
                    ["Immunoglobulin A", "70", "400", "96", "mg/dL", ""],
                    ["Immunoglobulin M", "40", "230", "51", "mg/dL", ""],
                    ["HBsAg", "", "", "negative", "", ""],
                    ["anti-HBc", "", "", "negative", "", ""],
                    ["anti-HCV", "", "", "negative", "", ""],
                    ["QuantiFERON-TB Plus", "", "", "indeterminate", "", "low mitogen"],
                ],
                [1.7, 0.9, 0.9, 1.1, 0.9, 1.0],
                "zebra",
            ),
            sheet.p(
                "Laboratory comment: an indeterminate QuantiFERON may be seen in patients taking "
                "corticosteroids; repeat if clinically indicated.",
                size=7.5,
            ),
        ],
        font="Vera",
        foot="Thornbury Myositis Service",
    )
    bind([first, second], folder / "p08_nivolumab_unlinked.pdf")
