"""A form with dot leaders and a note that contradicts it."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap


def draw(folder: Path) -> None:
    form = Face("Courier", "Courier-Bold", 10.5, gap=5)
    first = doc(
        [
            form.title("SANDPIPER TEACHERS FUND", 15),
            form.p("Medication review request"),
            form.p("Date ............ 08/19/2026"),
            form.p("Member .......... Oleander Vasquez-Roth"),
            form.p("Born ............ 05/15/1979"),
            form.p("Prescriber ...... Hamish Ferreira, MD"),
            form.p("Drug ............ Truxima, Q5115"),
            form.p("Dose ............ 1,000 mg IV"),
            form.p("Schedule ........ day 1 and day 15"),
            form.p("Diagnosis ....... M33.21 polymyositis with respiratory involvement"),
            gap(4),
            form.p("Previous treatment"),
            form.table(
                [
                    ["Drug", "Dose", "How long", "Result"],
                    ["prednisone", "70 mg daily", "6 weeks", "relapse on taper"],
                    ["methotrexate", "15 mg weekly", "12 weeks", "no effect"],
                ],
                [1.6, 1.6, 1.3, 2.0],
                "under",
                size=10,
            ),
        ],
        margin=0.9,
        font="Courier",
    )
    note = Face("Vera", "Vera-Bold", 9.5, gap=5)
    second = doc(
        [
            note.title("Ferreira Clinic", 13),
            note.p("Oleander Vasquez-Roth | 05/15/1979 | seen 08/13/2026"),
            note.p(
                "<b>Interim.</b> 47-year-old teacher, polymyositis since February 2026. Prednisone 70 "
                "mg daily (70 kg) from 02/23/2026 for six weeks, then tapered. At 15 mg in late July "
                "she flared, CK tripling, and went back to 30 mg daily. Methotrexate 15 mg weekly was "
                "first taken on 07/27/2026. She has not had any other immunosuppressant."
            ),
            note.p(
                "<b>Function.</b> Cannot write on the board above shoulder height; goes upstairs once a "
                "day, on hands and knees."
            ),
            note.p(
                "<b>Lungs and heart.</b> No cough or dyspnea. CT chest 03/2026 no interstitial lung "
                "disease, FVC 101%. No respiratory involvement. Echo normal. Swallows normally."
            ),
            note.p(
                "<b>Exam.</b> 70 kg. Deltoids 3+/5, hip flexors 3/5, quadriceps 4-/5, neck flexors 4/5."
            ),
            note.p(
                "<b>Tests.</b> MRI thighs 03/03/2026 with widespread STIR hyperintensity, active "
                "myositis. CK 08/10/2026 1,515 U/L (normal 34-145); 07/06/2026 520 U/L. HBsAg, anti-HBc "
                "and anti-HCV negative 08/10/2026. T-SPOT negative 08/10/2026. IgG 1,080, IgA 240, IgM "
                "130 mg/dL, all normal, 08/10/2026."
            ),
            note.p(
                "<b>Also.</b> Endometriosis, norethindrone 5 mg daily. Folic acid 1 mg daily. "
                "Trimethoprim-sulfamethoxazole DS three times weekly. Grandmother had myasthenia."
            ),
            note.p(
                "<b>Plan.</b> Truxima; methotrexate to 20 mg next week. She has read about PML and "
                "asked good questions. No checkpoint inhibitor ever. No statin."
            ),
            gap(8),
            note.p("H. Ferreira, MD"),
        ],
        font="Vera",
    )
    bind([first, second], folder / "p13_form_against_note.pdf")
