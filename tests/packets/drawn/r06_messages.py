"""Portal messages printed as a thread, between a short request and a short note."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap

from drawn.printed import bubble

WHO = "Imogen Castellanos, 01/09/1981"


def draw(folder: Path) -> None:
    ask = Face("Vera", "Vera-Bold", 9.5, ink="#7A3B12", gap=5)
    first = doc(
        [
            ask.title("HALVORSEN YEE ARTHRITIS", 15),
            ask.p("Request for coverage of an infused drug"),
            ask.table(
                [
                    ["To", "Silverbirch Benefit Trust, infusion review, fax 555-3666"],
                    ["Date", "February 11, 2026"],
                    ["Patient", "Imogen Castellanos, born 01/09/1981, card 55-190-ICA"],
                    ["Drug", "Rituxan, J9312"],
                    ["Dose", "1,000 mg IV"],
                    ["Schedule", ""],
                    ["For", "Polymyositis, M33.22"],
                    ["From", "Terrence Yee, MD; nurse contact Bridget, 555-3660"],
                ],
                [1.0, 5.6],
                "grid",
                head=False,
                pad=4,
            ),
            ask.p(
                "Attached are her recent messages with our nurse, the office note of 02/09/2026 and "
                "the laboratory report. Azathioprine was prescribed by her former doctor; we have asked "
                "that office for its records."
            ),
            gap(6),
            ask.p("Thank you for a quick answer. She is out of sick leave."),
        ],
        font="Vera",
        size=7,
    )
    thread = Face("Helvetica", "Helvetica-Bold", 10, gap=4)
    second = doc(
        [
            thread.title("Conversation: Getting weaker again", 13),
            bubble(
                "Imogen C.",
                "Feb 2, 2026 7:18 PM",
                "Hi, this is Imogen. My legs are like lead again. I can't get off the toilet without the "
                "grab bar my brother put in, and I can't hold the hair dryer up. Work is asking when "
                "I'll be back.",
            ),
            bubble(
                "Bridget, RN",
                "Feb 3, 2026 8:40 AM",
                "I am sorry to hear it. How much prednisone are you taking right now? Any trouble "
                "swallowing, short of breath, fever?",
                True,
            ),
            bubble(
                "Imogen C.",
                "Feb 3, 2026 12:02 PM",
                "20 mg every morning since Thanksgiving. No fever. Swallowing and breathing are fine. "
                "Every time Dr. Yee brings me down to 15 it comes back: in August, and in November I "
                "couldn't do my porch steps within a week of the lower dose.",
            ),
            bubble(
                "Bridget, RN",
                "Feb 3, 2026 4:31 PM",
                "The insurance will want to know what else you have tried. Your chart says azathioprine. "
                "How long were you on it?",
                True,
            ),
            bubble(
                "Imogen C.",
                "Feb 4, 2026 6:55 AM",
                "I honestly don't remember, it was Dr. Prudhomme who gave it to me. It didn't agree with "
                "me and I quit. My mom takes methotrexate for her RA and does great. Could I have that?",
            ),
            bubble(
                "Bridget, RN",
                "Feb 4, 2026 9:10 AM",
                "Dr. Yee will go over it with you on Monday the 9th. Please come fasting, we will draw "
                "labs. Do not change your prednisone until then.",
                True,
            ),
        ],
        head=f"{WHO} - patient portal, printed 02/11/2026",
    )
    note = Face("Times-Roman", "Times-Bold", 11, gap=5)
    third = doc(
        [
            note.p(f"<b>{WHO}</b> - Office note 02/09/2026 - T. Yee, MD"),
            note.p(
                "45-year-old court reporter with polymyositis since spring 2025. EMG 04/22/2025: "
                "fibrillation potentials and myopathic units in the proximal muscles, consistent with "
                "active myositis. She began prednisone 60 mg daily on 05/05/2025 (57 kg), six weeks at "
                "that dose, then a taper. Relapsed at 15 mg in 08/2025 and again at 15 mg in 11/2025; "
                "each time put back on 20 to 30 mg. 20 mg daily since 11/26/2025. Azathioprine 100 mg "
                "daily last year by her former rheumatologist."
            ),
            note.p(
                "Persistent weakness: needs a bar to rise from the toilet, cannot raise her arms long "
                "enough to dry her hair, sits to dress. No dysphagia, no dyspnea, no palpitations. No rash."
            ),
            note.p(
                "<b>Exam.</b> BP 118/76, 57 kg. Deltoids 4-/5, triceps 4/5, hip flexors 3+/5, hip "
                "abductors 4-/5, neck flexors 4/5, finger extensors 5/5. Skin clear, lungs clear, heart "
                "regular."
            ),
            note.p(
                "<b>Meds.</b> Prednisone 20 mg qAM, escitalopram 10 mg daily, norethindrone 0.35 mg daily, "
                "alendronate 70 mg weekly, multivitamin. Sulfa: hives."
            ),
            note.p(
                "<b>History.</b> Anxiety. Appendectomy 2003. No cancer and no cancer treatment. Mother "
                "has rheumatoid arthritis."
            ),
            note.p(
                "<b>Impression.</b> Polymyositis, steroid-dependent, no heart, lung or swallowing "
                "involvement (echo and CT 05/2025 normal). Rituxan. Methotrexate 15 mg weekly to begin "
                "with it. Hepatitis panel and immunoglobulins today; QuantiFERON drawn today, result "
                "pending. Chest x-ray 01/2026 clear."
            ),
            note.p("T. Yee, MD"),
        ],
        margin=1,
    )
    lab = Face("Helvetica", "Helvetica-Bold", 9.5, gap=3)
    fourth = doc(
        [
            lab.title("Old Mill Laboratory Services", 13),
            lab.p("Castellanos, Imogen | 01/09/1981 | collected 02/09/2026 | reported 02/10/2026"),
            lab.table(
                [
                    ["", "Result", "Reference", "Prior (11/24/2025)"],
                    ["CK (U/L)", "1,288 ^", "34 - 145", "1,633 ^"],
                    ["Aldolase (U/L)", "12.0 ^", "&lt;= 7.7", "-"],
                    ["AST (U/L)", "58 ^", "8 - 33", "64 ^"],
                    ["ALT (U/L)", "61 ^", "7 - 40", "70 ^"],
                    ["Creatinine (mg/dL)", "0.69", "0.50 - 0.95", "0.71"],
                    ["Hemoglobin (g/dL)", "12.8", "11.7 - 15.5", "12.5"],
                    ["HBsAg", "negative", "negative", "-"],
                    ["Anti-HBc total", "negative", "negative", "-"],
                    ["Anti-HCV", "negative", "negative", "-"],
                    ["IgG (mg/dL)", "925", "650 - 1,600", "-"],
                    ["IgA (mg/dL)", "188", "40 - 350", "-"],
                    ["IgM (mg/dL)", "160", "50 - 300", "-"],
                    ["QuantiFERON-TB Gold Plus", "in process", "", "-"],
                ],
                [2.2, 1.3, 1.4, 1.6],
                "zebra",
                pad=3,
            ),
            lab.p("^ above reference"),
        ]
    )
    bind([first, second, third, fourth], folder / "r06_messages.pdf")
