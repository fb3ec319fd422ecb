"""Dermatomyositis in the notes under a form that says polymyositis; typewriter print."""

from __future__ import annotations

from pathlib import Path

from paper import Paper


def draw(target: Path) -> None:
    """Draw the packet."""
    paper = Paper(target, family="Courier", left=56)
    _form(paper)
    paper.turn()
    _note(paper)
    paper.save()


def _form(p: Paper) -> None:
    p.title("GREYLAG COUNTY EMPLOYEES HEALTH PLAN", 13)
    p.lines("DRUG PRE-APPROVAL REQUEST          FAX 555-0133", "-" * 80)
    p.lines(
        "PATIENT: Rowena Pickersgill        DOB: 10/21/1989",
        "MEMBER ID: GC-7781-04              SEX: F",
    )
    p.lines("PRESCRIBER: Edwin Starbuck, DO     PHONE: 555-0134", "-" * 80)
    p.lines(
        "DRUG: Riabni (rituximab-arrx)      HCPCS: Q5123",
        "DOSE: 1,000 mg IV                  FREQUENCY: day 1 and day 15",
    )
    p.lines("DIAGNOSIS: Polymyositis            ICD-10: M33.20", "-" * 80)
    p.ticks("REQUEST TYPE:", (("INITIAL", True), ("RENEWAL", False)), style="bracket", size=10)
    p.lines("", "SIGNED: E. Starbuck DO             DATE: 08/17/2026")


def _note(p: Paper) -> None:
    p.title("STARBUCK INTERNAL MEDICINE - VISIT NOTE", 12)
    p.lines("PATIENT: Rowena Pickersgill   DOB: 10/21/1989   DATE: 08/12/2026")
    p.heading("HISTORY:")
    p.prose(
        "36-year-old with dermatomyositis diagnosed in March 2026. Violaceous eyelid rash and "
        "Gottron papules since February. Prednisone 60 mg daily for 5 weeks from 03/16/2026, then"
        " tapered, now 20 mg daily. Methotrexate 15 mg by mouth once weekly since 04/06/2026. "
        "Weakness persists despite both."
    )
    p.prose(
        "Has trouble combing her hair and rising from the toilet. No dysphagia, no dyspnea, no "
        "cough."
    )
    p.heading("MEDICATIONS:")
    p.lines(
        "prednisone 20 mg daily",
        "methotrexate 15 mg once weekly",
        "folic acid 1 mg daily",
        indent=12,
    )
    p.heading("EXAM:")
    p.prose(
        "Weight 57 kg. Heliotrope rash. Gottron papules on both hands. Deltoids 4/5, hip flexors "
        "4-/5."
    )
    p.heading("RESULTS:")
    p.prose(
        "CK 08/10/2026: 1,210 U/L (reference 30-170). Hepatitis B surface antigen negative, "
        "hepatitis B core antibody negative, hepatitis C antibody negative (08/10/2026). Chest "
        "x-ray 07/2026 clear. Skin biopsy 03/2026: interface dermatitis."
    )
    p.heading("ASSESSMENT:")
    p.prose("Dermatomyositis (M33.10), active in skin and muscle. Not polymyositis.")
    p.heading("PLAN:")
    p.prose("Request rituximab. EMG ordered. TB test to be drawn.")
    p.lines("Edwin Starbuck, DO")
