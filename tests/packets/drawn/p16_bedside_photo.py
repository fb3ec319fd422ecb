"""One photographed page."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import Face, doc, gap


def draw(folder: Path) -> None:
    sheet = Face("Times-Roman", "Times-Bold", 12, gap=6)
    page = doc(
        [
            sheet.title("NORTH LANTERN HOSPITAL - NON-FORMULARY DRUG REQUEST", 14),
            sheet.table(
                [
                    ["Patient", "Isidore Novak-Whitlock", "DOB", "05/25/1953"],
                    ["Ward", "4 West, bed 11", "Date", "05/22/2026"],
                    ["Insurer", "Tern Island Health Plan", "Member", "TI 8827 01"],
                    ["Drug", "Rituxan J9312", "Dose", "1,000 mg IV, day 1 + day 15"],
                ],
                [0.8, 2.7, 0.8, 2.4],
                "grid",
                head=False,
                pad=4,
                size=12,
            ),
            sheet.p("<b>Diagnosis:</b> polymyositis M33.29 with severe dysphagia"),
            sheet.p(
                "<b>Why:</b> Admitted 04/27/2026, choking on thin fluids, aspiration on video swallow "
                "04/28. Methylprednisolone 1,000 mg IV daily x 3 days from 04/29/2026, then "
                "prednisone 80 mg daily since 05/02/2026. After 3 weeks of steroid the swallow is no "
                "better. PEG tube placed 05/14/2026. Azathioprine 100 mg daily begun 05/15/2026."
            ),
            sheet.p(
                "<b>Exam 05/21/2026:</b> neck flexors 2/5, deltoids 3/5, hip flexors 3-/5. Weight 73 "
                "kg. Cannot sit up or turn in bed without help. Heart and lungs uninvolved (echo, "
                "HRCT normal)."
            ),
            sheet.p("<b>EMG 04/30/2026:</b> active myositis. No checkpoint inhibitor ever."),
            sheet.p("<b>CK</b> 05/20/2026: 3,310 U/L (normal 20-180). On 04/27/2026: 4,050."),
            sheet.p(
                "<b>Screen 05/04/2026:</b> HBsAg negative, anti-HBc negative, HCV antibody negative, "
                "T-SPOT negative. IgG, IgA, IgM: sent, not back yet."
            ),
            sheet.p(
                "<b>Other drugs:</b> lansoprazole 30 mg daily, enoxaparin 40 mg SC daily. No known "
                "allergies. Steroid taper not started."
            ),
            gap(8),
            sheet.p("<b>Requested by:</b> Fionnuala Grier, MD, pager 555-1616"),
        ],
        margin=0.8,
    )
    scans.photo(page, folder / "p16_bedside_photo.jpg")
