"""A request that no policy serves: another drug for another disease."""

from __future__ import annotations

from pathlib import Path

from paper import Paper


def draw(target: Path) -> None:
    """Draw the packet."""
    paper = Paper(target)
    _form(paper)
    paper.turn()
    _note(paper)
    paper.save()


def _form(p: Paper) -> None:
    p.title("Saffron Hill Health Plan", 15)
    p.lines("Specialty drug request    Fax 555-0144", size=9)
    p.bar("Request")
    p.cells(
        (
            ("Date", "02/09/2026", 0.25),
            ("Member", "Isolde Farthing", 0.45),
            ("Birth date", "06/30/1992", 0.3),
        )
    )
    p.cells((("Drug", "Actemra (tocilizumab)", 0.6), ("HCPCS", "J3262", 0.4)))
    p.cells((("Dose", "8 mg/kg IV", 0.4), ("Schedule", "every 4 weeks", 0.6)))
    p.cells(
        (
            ("ICD-10", "M05.79", 0.3),
            ("Diagnosis", "Rheumatoid arthritis with rheumatoid factor", 0.7),
        )
    )
    p.cells((("Prescriber", "Gideon Lark, MD", 0.6), ("Phone", "555-0145", 0.4)))


def _note(p: Paper) -> None:
    p.title("Clinic note", 13)
    p.lines("Patient: Isolde Farthing    DOB: 06/30/1992    Visit: 02/03/2026")
    p.heading("History")
    p.prose(
        "Rheumatoid arthritis for four years. Methotrexate 20 mg by mouth once weekly for 12 "
        "months: inadequate response. Adalimumab 40 mg subcutaneous every 2 weeks for 6 months: "
        "lost response. Twelve swollen and ten tender joints today."
    )
    p.heading("Medications")
    p.lines(
        "methotrexate 20 mg by mouth once weekly",
        "folic acid 1 mg by mouth daily",
        "naproxen 500 mg by mouth twice daily",
        indent=12,
    )
    p.heading("Laboratory 01/29/2026")
    p.table(
        (120, 80, 100, 70),
        (
            ("Test", "Result", "Reference", "Unit"),
            ("CRP", "31 H", "0 - 5", "mg/L"),
            ("ESR", "58 H", "0 - 20", "mm/h"),
            ("ALT", "22", "7 - 35", "U/L"),
        ),
    )
    p.heading("Plan")
    p.prose("Tocilizumab 8 mg/kg IV every 4 weeks. Continue methotrexate.")
    p.lines("Gideon Lark, MD")
