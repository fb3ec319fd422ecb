"""A skin and joint clinic's letter with a drug grid, and a pathology report."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap

from drawn.printed import Strip, beside

INK = "#4B3F72"


def draw(folder: Path) -> None:
    letter = Face("Times-Roman", "Times-Bold", 11.5, ink=INK, gap=7)
    first = doc(
        [
            letter.title("Marigold Skin &amp; Joint Clinic", 17),
            letter.p(
                "<i>Connective tissue disease program</i> &nbsp; Tel 555-4010 &nbsp; Fax 555-4011"
            ),
            gap(6),
            letter.p("May 12, 2026"),
            letter.p(
                "High Prairie Mutual, Drug Exceptions<br/>Re: Ngozi Templeton-Ruiz, born June 19, 1988"
            ),
            letter.p(
                "I am asking you to cover Truxima (rituximab-abbs, Q5115), 1,000 mg by vein on day 1 and "
                "day 15, for dermatomyositis with myopathy (M33.12)."
            ),
            letter.p(
                "Ms. Templeton-Ruiz is a 37-year-old pastry cook. Her disease began in the summer of 2024 "
                "with a lilac rash of the lids, knuckle papules, and weakness of the thighs. It is refractory "
                "to everything we have given her:"
            ),
            letter.table(
                [
                    ["Drug", "When", "What happened"],
                    [
                        "Prednisone 60 mg/day, tapered",
                        "09/2024 to date",
                        "rash and CK return below 15 mg",
                    ],
                    [
                        "Methotrexate 25 mg/week SC",
                        "10/2024 - 06/2025",
                        "no response of skin or muscle",
                    ],
                    ["Hydroxychloroquine 300 mg/day", "10/2024 - 11/2024", "stopped, drug rash"],
                    [
                        "IVIG 2 g/kg/month",
                        "08/2025 - 02/2026",
                        "some help for the skin, none for strength",
                    ],
                ],
                [2.3, 1.6, 2.6],
                "grid",
                pad=3,
            ),
            letter.p(
                "She now takes prednisone 15 mg daily. She cannot lift a tray or climb to her apartment "
                "without resting. CK on May 4, 2026 was 655 U/L (normal 30 to 170). There is no lung "
                "disease on CT and no cancer on screening. We have talked about PML and infections."
            ),
            letter.p("I would be glad to discuss this with one of your physicians."),
            gap(14),
            letter.p("Thaddeus Oyelowo, MD<br/>Dermatology and rheumatology"),
        ],
        margin=1,
        font="Times-Roman",
    )
    side = Face("Helvetica", "Helvetica-Bold", 8.5, ink=INK, gap=3)
    note = Face("Helvetica", "Helvetica-Bold", 9.5, ink=INK, gap=5)
    second = beside(
        [
            side.title("Visit", 12),
            side.p("Templeton-Ruiz, Ngozi<br/>06/19/1988<br/>05/05/2026"),
            side.h("Taking"),
            *side.lines(
                "prednisone 15 mg daily",
                "folic acid: stopped",
                "sertraline 100 mg daily",
                "clobetasol 0.05% ointment twice daily",
                "vitamin D 1,000 units daily",
            ),
            side.h("Cannot take"),
            side.p("hydroxychloroquine (rash)"),
            side.h("Measures"),
            side.p("CDASI activity 24<br/>Weight 70 kg<br/>BP 116/72"),
            side.h("Bloods 05/04/2026"),
            *side.lines(
                "CK 655 (30-170)",
                "AST 41 (0-35)",
                "ALT 39 (0-40)",
                "Hgb 12.4 (12-16)",
                "HBsAg neg",
                "HBcAb neg",
                "HCV Ab neg",
                "QuantiFERON neg",
                "anti-Mi-2 positive",
            ),
        ],
        [
            Strip("Dermatomyositis follow-up", "T. Oyelowo, MD", INK),
            note.p(
                "<b>Skin.</b> Itch wakes her. Heliotrope, V-sign, Gottron papules over eight knuckles, "
                "dilated nailfold loops, scalp scale. No ulcers, no calcinosis."
            ),
            note.p(
                "<b>Muscle.</b> Deltoids 4/5, hip flexors 4-/5, neck flexors 4/5, distal 5/5. Rises from "
                "the stool on the second try. Swallows without trouble. MRI thighs 03/2026: fascial and "
                "muscle edema, active."
            ),
            note.p("<b>Lungs, heart.</b> No cough, clear chest, CT 10/2025 clear. ECG normal."),
            note.p(
                "<b>Others.</b> Depression, treated. No pregnancy plans, copper IUD. Aunt with vitiligo."
            ),
            note.p(
                "<b>Impression.</b> Classic dermatomyositis, anti-Mi-2, active in skin and muscle despite "
                "prednisone, methotrexate and IVIG. Not overlap, not polymyositis."
            ),
            note.p(
                "<b>Plan.</b> Truxima. Mycophenolate would be the next choice if refused. Sun "
                "protection. Photographs taken."
            ),
        ],
        foot="Marigold Skin & Joint Clinic",
    )
    path = Face("Courier", "Courier-Bold", 10, gap=5)
    third = doc(
        [
            path.title("SURGICAL PATHOLOGY", 13),
            path.p("Patient: TEMPLETON-RUIZ, NGOZI   DOB: 06/19/1988   Received: 10/02/2024"),
            path.p("Specimen: skin, right dorsal hand, 4 mm punch"),
            path.p(
                "Diagnosis: Interface dermatitis with basal vacuolar change, dermal mucin. "
                "Consistent with dermatomyositis; lupus erythematosus may look alike."
            ),
            path.p("Signed: H. Nakatomi, MD, 10/04/2024"),
        ],
        margin=0.9,
    )
    bind([first, second, third], folder / "r10_skin_and_muscle.pdf")
