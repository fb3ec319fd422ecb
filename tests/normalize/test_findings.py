"""What findings mean once the words are marked: joined, dated, graded, attributed."""

from __future__ import annotations

import pytest

from pipeline.schema import Assertion, Finding, PageKind
from tests.notes import case_of


def found(text: str, finding: str) -> list[Finding]:
    """The findings of one key in a note."""
    return [f for f in case_of(text).findings if f.finding == finding]


def test_repeated_statement_is_one_finding_with_two_places() -> None:
    """The same grade of the same muscle is told once."""
    [strength] = found("Deltoids 4/5.\nPlan discussed.\nDeltoids 4/5.\n", "muscle_strength")
    assert strength.value == "4/5"
    assert len(strength.places) == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Grade III myositis.", "3"),
        ("Myositis, CTCAE v5.0 grade 2.", "2"),
        ("CTCAE 4 myositis.", "4"),
    ],
)
def test_toxicity_grade_is_not_the_version(text: str, value: str) -> None:
    """Roman and Arabic grades; the number of the CTCAE edition is none."""
    assert [f.value for f in found(text, "ctcae_grade")] == [value]


def test_worsening_on_a_steady_dose_is_no_taper_failure() -> None:
    """Only a reduction of the corticosteroid makes a worsening a flare on taper."""
    assert not found("She flared on prednisone 40 mg daily.", "taper_failure")
    assert not found("Methotrexate was reduced to 10 mg and she flared.", "taper_failure")
    [flare] = found("She flared when prednisone was reduced to 15 mg.", "taper_failure")
    assert (flare.value, flare.unit) == ("15", "mg")


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("PML was discussed and she consents.", [Assertion.AFFIRMED]),
        ("Counselling on PML is not documented.", [Assertion.NEGATED]),
        ("PML was not discussed.", [Assertion.NEGATED]),
        ("Will discuss the risk of PML.", [Assertion.HYPOTHETICAL]),
        ("Rituximab carries a risk of PML.", []),
    ],
)
def test_counselling_is_told_from_naming_the_risk(text: str, assertion: list[Assertion]) -> None:
    """A risk that is only named was not discussed."""
    assert [f.assertion for f in found(text, "pml_counselling")] == assertion


def test_attribution_names_drug_and_disease() -> None:
    """Who reads the case learns which drug is blamed for which disease."""
    [blamed] = found("Her myositis was attributed to nivolumab.", "drug_attribution")
    assert blamed.of == ("nivolumab", "myositis")
    [cleared] = found("Her myositis is not felt to be due to nivolumab.", "drug_attribution")
    assert cleared.assertion is Assertion.NEGATED


def test_copied_text_bears_its_own_date() -> None:
    """An examination copied forward is as old as the note that it comes from."""
    text = "Deltoids 5/5.\n[Copied from note of 02/03/2026] Deltoids 3/5. [End of copied text]\n"
    dated = {f.value: f.stated.iso for f in found(text, "muscle_strength")}
    assert dated == {"5/5": "", "3/5": "2026-02-03"}


@pytest.mark.parametrize(
    ("text", "limited"),
    [
        ("Her husband laces her shoes.", True),
        ("He is slow, and his daughter has to button his coat.", True),
        ("The aide bathes and dresses him.", True),
        ("She needs a shower seat.", True),
        ("He needs three people to get up.", True),
        ("She rises from the sofa only by rocking forward.", True),
        # of the other person, or no care of the body
        ("His wife ties her shoes.", False),
        ("The nurse washes her hands.", False),
        ("Her husband feeds the dog.", False),
        ("His aunt needs two people to stand.", False),
        ("The committee needs two people to sign.", False),
    ],
)
def test_care_that_somebody_else_gives_is_a_limitation(text: str, limited: bool) -> None:
    told = found(text, "adl_limitation")
    assert any(f.assertion is Assertion.AFFIRMED for f in told) is limited


def test_a_banner_of_an_earlier_visit_does_not_date_the_page() -> None:
    banner = "Overview (brought forward from visit 02/03/2026, as it was): deltoids 3/5.\n\n"
    text = f"{banner}Clinic visit 07/14/2026 - R. Moss, PA\n\nExam:\n\nHip flexors 4/5.\n"
    dated = {f.value: f.stated.iso for f in found(text, "muscle_strength")}
    assert dated == {"3/5": "2026-02-03", "4/5": "2026-07-14"}


FLARES_BY_STEPS = [
    ("Prednisone 25 mg daily. We came down to 15 mg in March; she could not climb the stairs, and the CK doubled, so back up to 25 mg.", ["15"]),
    ("On prednisone. At 17.5 mg he was steady. We tried 12.5 mg. Within ten days his legs gave way and we went back to 17.5 mg.", ["12.5"]),
    ("Pred 30 mg. Went to 10 in mid June: could not get up from a chair, back up.", ["10"]),
    ("He went from 20 mg to 15 mg of prednisone, and each time, inside a week, he was being lifted out of bed.", ["15"]),
    ("Prednisone 50 mg from May. When the dose reached 22.5 mg in August she could no longer rise from the bath, and we put her back on 35 mg.", ["22.5"]),
    ("Prednisone came down over the autumn. On 7.5 mg, in May, his knees buckled and the CK rose to 2,400; we returned to 15 mg.", ["7.5"]),
    ("Prednisone 40 mg for a month. She could no longer lift a kettle once prednisone was lowered to 20 mg.", ["20"]),
    ("Prednisone was cut to 15 mg in April. He fell twice on the steps. In May it was raised to 30 mg.", ["15"]),
    # worse on a steady dose, the dose raised for it
    ("Prednisone 20 mg daily since March. She could not climb stairs and the CK rose to 3,000.", []),
    ("He took prednisone 20 mg daily. His legs gave way, so it was raised to 60 mg.", []),
    ("In 2023 she took prednisone 10 mg and could not climb stairs. It was increased to 60 mg.", []),
    # lowering without trouble, without a return, or without a worsening
    ("Prednisone was lowered from 40 mg to 20 mg without trouble; she is no worse.", []),
    ("Prednisone 60 mg, then 40 mg, now 20 mg daily. She cannot climb stairs.", []),
    ("Prednisone was lowered to 15 mg because of sugar; when his cough came we went back to 20 mg.", []),
    # a dose by weight is no step, nor is one that was never reached
    ("Prednisone 70 mg daily (about 1 mg/kg). On two occasions she could not climb stairs.", []),
    # a dose without its drug, where another drug was told of last
    ("Prednisone 50 mg daily from May. Azathioprine was begun in June at 1.5 mg/kg. At 17.5 mg his legs gave way within a week, and we went back up to 25.", []),
    # still to come, of another drug, of another person
    ("If she cannot climb stairs on prednisone 15 mg, go back to 20 mg.", []),
    ("Methotrexate was lowered to 10 mg; she could not climb stairs and went back to 15 mg.", []),
    ("Her sister came down to prednisone 10 mg, could not climb stairs and went back to 20 mg.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "doses"), FLARES_BY_STEPS)
def test_steps_of_the_dose_tell_a_flare(text: str, doses: list[str]) -> None:
    """A lower dose, then worse and back up: no word says flare, and the dose is that of the step."""
    assert [f.value for f in found(text, "taper_failure") if f.value] == doses


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("Name: A. Birch\tDate seen:\tMarch 3, 2026", "2026-03-03"),
        ("A. Birch\tSeen: 03/03/2026", "2026-03-03"),
        ("A. Birch\tDay examined 03/03/2026", "2026-03-03"),
    ],
)
def test_the_day_on_which_a_note_says_that_it_saw_the_patient_is_its_own(
    head: str, day: str
) -> None:
    [weak] = found(f"{head}\n\nDeltoids 3/5.\n", "muscle_strength")
    assert weak.stated.iso == day


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("She reports that she is independent in all she does.", True),
        ("He is independent with everything around the house.", True),
        ("He is independent in every task.", True),
        ("She walks without a cane and says she is independent in everything she does.", True),
        ("He says that he is not independent in everything he does.", False),
        ("He is independent in everything except the bath.", False),
        ("She is no longer independent in everything she does.", False),
    ],
)
def test_independence_in_all_that_someone_does(text: str, free: bool) -> None:
    told = [f for f in found(text, "adl_limitation") if f.assertion is Assertion.NEGATED]
    assert bool(told) is free


def test_a_study_told_twice_is_one_finding() -> None:
    """What a letter repeats of a dated study is no second study; a study that differs is one."""
    told = "EMG showed myopathic units.\nEMG 02/03/2025: myopathic units.\nEMG 02/2025 was myopathic.\n"
    [once] = found(told, "emg")
    assert once.date is not None and once.date.iso == "2025-02-03"
    assert len(once.places) == 3
    assert len(found(told + "EMG 06/03/2025 was normal.\n", "emg")) == 4


def test_an_organ_told_twice_is_one_finding() -> None:
    """An organ denied in general and by a dated study is one fact, unless another line affirms it."""
    told = "No interstitial lung disease.\nHRCT 02/03/2025: no ILD.\n"
    assert len(found(told, "ild")) == 1
    assert len(found(told + "ILD of moderate severity.\n", "ild")) == 3


@pytest.mark.parametrize(
    "mark",
    [
        "[Carried over by template from 02/03/2025: {}]",
        "[brought forward from the visit of 02/03/2025] {} [end of copied text]",
        "Copied forward from 02/03/2025\n{}",
        "Imported via smartlink, origin: yearly check 02/03/2025 - {}",
        "Exam 02/03/2025 (copied for comparison)\n{}",
    ],
)
def test_marks_of_copied_text(mark: str) -> None:
    """However it is marked, an examination that was copied bears its own date, what follows not."""
    text = mark.format("Deltoids 5/5.") + "\n\nDeltoids 3/5.\n"
    dated = {f.value: f.stated.iso for f in found(text, "muscle_strength")}
    assert dated == {"5/5": "2025-02-03", "3/5": ""}


def test_a_letter_taken_for_a_form_is_read_and_printed_wording_is_not() -> None:
    """Sentences about one person were filled in; those about anybody are the plan's own."""
    letter = (
        "On every visit this year she swallows without difficulty and breathes easily at rest.\n"
    )
    printed = (
        "State whether he or she swallows without difficulty and breathes easily at rest now.\n"
    )
    names = {f.finding for f in case_of(letter, PageKind.REQUEST).findings}
    assert {"dysphagia", "respiratory_compromise"} <= names
    assert not case_of(printed, PageKind.REQUEST).findings


@pytest.mark.parametrize(
    ("words", "assertion"),
    [
        ("He cannot come below 15 mg of prednisone without a flare.", "affirmed"),
        ("She could not get under 12.5 mg of prednisone without a relapse.", "affirmed"),
        ("He got down to 10 mg of prednisone without a flare.", "negated"),
        ("She did not need more and reached 5 mg of prednisone without a flare.", "negated"),
    ],
)
def test_flare_denied_twice(words: str, assertion: str) -> None:
    """What cannot be done without a flare brings one; what was done without a flare did not."""
    (flare,) = [f for f in case_of(words + "\n").findings if f.finding == "taper_failure"]
    assert flare.assertion.value == assertion
