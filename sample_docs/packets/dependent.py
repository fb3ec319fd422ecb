"""Pathway 3: a letter, a visit note with a medication table, results of which one is pending."""

from __future__ import annotations

from pathlib import Path

from paper import Paper


def draw(target: Path) -> None:
    """Draw the packet."""
    paper = Paper(target, left=64)
    _letter(paper)
    paper.turn()
    _note(paper)
    paper.turn()
    _laboratory(paper)
    paper.save()


def _letter(p: Paper) -> None:
    p.title("Cobblebridge Arthritis Practice", 13)
    p.lines("14 Sorrel Row, Cobblebridge, ZZ 00000    phone 555-0181    fax 555-0182", size=9)
    p.gap(10)
    p.lines(
        "May 11, 2026",
        "",
        "Windrush Mutual Assurance, Utilization Review",
        "",
        "RE: Emmeline Thackrah, DOB 08/30/1974, member WMA-771-3320",
        "Riabni (rituximab-arrx), HCPCS Q5123; diagnosis M33.20, polymyositis",
    )
    p.gap(8)
    p.lines("Dear reviewer:")
    p.gap(4)
    p.prose(
        "I ask for Riabni 1,000 mg by intravenous infusion on day 1 and day 15 for Ms. Thackrah, "
        "a 51-year-old music teacher with polymyositis diagnosed in June 2025."
    )
    p.prose(
        "She weighs 61 kg. Prednisone was started at 60 mg daily on 06/16/2025 and held there for"
        " 6 weeks. Mycophenolate mofetil 1,000 mg twice daily was added on 07/21/2025 and she has"
        " taken it ever since. Her strength improved at first, but she is steroid-dependent. In "
        "November 2025 she flared when prednisone was lowered to 12.5 mg daily, and in March 2026"
        " she flared again at 12.5 mg daily. Each time it had to be raised to 30 mg daily. She "
        "now takes 20 mg daily and cannot go below 10 mg."
    )
    p.prose(
        "In spite of mycophenolate and prednisone she has persistent weakness: she needs help to "
        "dress and cannot carry her instrument up the stairs. There is no dysphagia, no lung "
        "disease and no cardiac involvement. She has not been treated with an immune checkpoint "
        "inhibitor. We have talked about infection and PML."
    )
    p.gap(6)
    p.lines("Sincerely,", "", "Barnaby Quill, MD")


def _note(p: Paper) -> None:
    p.title("Visit note", 13)
    p.lines("Patient: Emmeline Thackrah    DOB: 08/30/1974    Visit: 05/06/2026")
    p.heading("History")
    p.prose(
        "Polymyositis, flare in March on 12.5 mg of prednisone, better on 30 mg, now 20 mg daily."
        " Tires on one flight of stairs; her husband helps her dress."
    )
    p.heading("Medications")
    p.table(
        (150, 90, 120, 100),
        (
            ("Medication", "Dose", "How taken", "Since"),
            ("prednisone", "20 mg", "daily by mouth", "04/20/2026"),
            ("mycophenolate mofetil", "1,000 mg", "twice daily by mouth", "07/21/2025"),
            ("alendronate", "70 mg", "once weekly by mouth", "08/2025"),
            ("sertraline", "50 mg", "daily by mouth", "2021"),
        ),
    )
    p.heading("Examination")
    p.prose("Weight 61 kg. No rash. Strength by MRC grade:")
    p.table(
        (150, 80, 80),
        (
            ("Muscle group", "Right", "Left"),
            ("Deltoids", "4/5", "4/5"),
            ("Hip flexors", "4-/5", "4-/5"),
            ("Wrist extensors", "5/5", "5/5"),
        ),
    )
    p.heading("MRI")
    p.prose(
        "MRI of the thighs, 04/02/2026: muscle edema of the quadriceps on both sides, compatible "
        "with active myositis."
    )
    p.heading("Assessment")
    p.prose("Polymyositis (M33.20), steroid-dependent. Depression, stable.")


def _laboratory(p: Paper) -> None:
    p.title("PEBBLE CREEK LABORATORIES", 13)
    p.lines(
        "Patient: THACKRAH, EMMELINE    DOB: 08/30/1974",
        "Collected: 05/04/2026    Reported: 05/07/2026    Status: partial",
    )
    p.gap(6)
    p.table(
        (200, 90, 50, 100, 60),
        (
            ("TEST", "RESULT", "FLAG", "REFERENCE", "UNITS"),
            ("Creatine kinase, total", "884", "HIGH", "29 - 168", "U/L"),
            ("Aldolase", "9.8", "HIGH", "1.5 - 7.5", "U/L"),
            ("Hepatitis B surface antigen", "Negative", "", "Negative", ""),
            ("Hepatitis B core antibody, total", "Pending", "", "Negative", ""),
            ("Hepatitis C antibody", "Negative", "", "Negative", ""),
            ("T-SPOT.TB", "Negative", "", "Negative", ""),
            ("Immunoglobulin G", "1120", "", "610 - 1616", "mg/dL"),
            ("Immunoglobulin A", "205", "", "84 - 499", "mg/dL"),
        ),
        ruled=False,
    )
