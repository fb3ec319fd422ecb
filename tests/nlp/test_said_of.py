"""Of what, of whom and of when a thing is said: labels replaced, warnings, front clauses, brackets, steps."""

from __future__ import annotations

import pytest

from pipeline.criteria import evaluate
from pipeline.criteria.policy import load_policy
from pipeline.lexicon import load_lexicon
from pipeline.schema import Assertion, Case, Medication, Status
from tests.notes import MODELS, case_of

POLICY = load_policy(MODELS / "policies" / "rituximab-polymyositis.yaml", load_lexicon(MODELS))


def told(text: str) -> Case:
    return case_of(f"Date of visit: 09/01/2026\n{text}\n")


def status(text: str, criterion: str) -> Status:
    return next(one.status for one in evaluate(POLICY, told(text)).criteria if one.id == criterion)


def drug(text: str, ingredient: str) -> Medication:
    return next(one for one in told(text).medications if one.ingredient == ingredient)


def assertions(text: str, finding: str) -> set[Assertion]:
    return {one.assertion for one in told(text).findings if one.finding == finding}


@pytest.mark.parametrize(
    "text",
    [
        "The muscle sample was insufficient to establish polymyositis.",
        "The specimen was too scant for polymyositis to be diagnosed.",
        "Polymyositis could not be confirmed on biopsy.",
        "Pathology fell short of proving polymyositis.",
        "Polymyositis is the leading consideration; sarcoid myopathy remains to be excluded.",
        "Polymyositis remains our best guess.",
        "Polymyositis was what we first believed; genetics told another story.",
        "Polymyositis has been proposed by the outside physician.",
    ],
)
def test_what_is_not_shown_or_only_favored_is_possible(text: str) -> None:
    assert status(text, "diagnosis") is Status.NEEDS_REVIEW


@pytest.mark.parametrize(
    "text",
    [
        "He was called a polymyositis patient for a decade before sequencing proved it a dystrophy instead.",
        "She was treated for polymyositis until anoctamin testing revealed limb-girdle dystrophy in fact.",
        "The old charts say polymyositis, wrongly: it is inclusion body myositis.",
        "For ten years he carried the label of polymyositis. Sequencing found a dysferlin mutation instead.",
    ],
)
def test_a_label_that_was_replaced_is_no_diagnosis(text: str) -> None:
    assert status(text, "diagnosis") in (Status.NOT_MET, Status.NOT_DOCUMENTED)


@pytest.mark.parametrize(
    "text",
    [
        "The biopsy was large enough, and polymyositis was confirmed.",
        "She was diagnosed with polymyositis in 2023 and was treated for it until March.",
        "She was diagnosed with polymyositis. Instead of azathioprine she took methotrexate.",
        "She was misdiagnosed with fibromyalgia; she has polymyositis.",
    ],
)
def test_a_diagnosis_that_stands_is_one(text: str) -> None:
    assert status(text, "diagnosis") is Status.MET


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two years ago he could not rise from a chair; now he walks three miles.", Status.NOT_DOCUMENTED),
        ("In March 2025 she had to be lifted from bed, today she rises alone.", Status.NOT_DOCUMENTED),
        ("Until last autumn he needed help dressing; he no longer does.", Status.NOT_DOCUMENTED),
        ("In 2023 he was unable to comb his hair.", Status.NEEDS_REVIEW),
        ("Before treatment he could not rise from a chair without help.", Status.NEEDS_REVIEW),
        ("She was unable to lift a kettle when examined last week.", Status.MET),
        ("In June 2026 she was unable to rise from a chair.", Status.MET),
    ],
)  # fmt: skip
def test_a_limitation_is_of_the_day_that_it_is_told_of(text: str, expected: Status) -> None:
    assert status(text, "functional_impairment") is expected


@pytest.mark.parametrize(
    "text",
    [
        "Methotrexate: spoke with her about mouth ulcers, low counts and scarring of the liver.",
        "Azathioprine: went over leukopenia and pancreatitis with him.",
        "She is aware of the risk of stomatitis on methotrexate.",
    ],
)
def test_what_was_explained_did_not_happen(text: str) -> None:
    assert all(one.outcome != "intolerant" for one in told(text).medications)
    assert status(text, "immunosuppressant_intolerance") is not Status.MET


def test_what_a_drug_may_do_is_no_disease_of_the_patient() -> None:
    found = told("He understands that azathioprine can cause pancreatitis.").diagnoses
    assert all(one.assertion is Assertion.HYPOTHETICAL for one in found)


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("Methotrexate caused mouth sores and was stopped.", "immunosuppressant_intolerance"),
        ("Methotrexate had to come off after two weeks: mouth sores.", "immunosuppressant_intolerance"),
        ("On azathioprine the liver enzymes tripled, so we withdrew it.", "immunosuppressant_intolerance"),
        ("Given his cirrhosis, methotrexate is contraindicated in this patient.", "immunosuppressant_intolerance"),
        ("Because of a TPMT activity of zero, azathioprine is contraindicated.", "immunosuppressant_intolerance"),
        ("Neither azathioprine nor mycophenolate helped.", "treatment_failure"),
        ("IVIG is requested since neither prednisone nor methotrexate led to any response.", "treatment_failure"),
        ("He got azathioprine for six months. It gained him nothing.", "treatment_failure"),
        ("Azathioprine 100 mg was taken for the greater part of a year.", "immunosuppressant_trial"),
        ("Hardly a morning has passed without his methotrexate 15 mg since March 2026.", "immunosuppressant_trial"),
        ("As told by his wife, the patient has taken azathioprine 150 mg daily for six months.", "immunosuppressant_trial"),
        ("As agreed in the spring he began azathioprine 150 mg daily on 03/02/2026 and took it until 07/06/2026.", "immunosuppressant_trial"),
        ("On prednisone 70 mg daily together with azathioprine 150 mg daily since 05/04/2026.", "corticosteroid_trial"),
        ("Whenever she is brought to 12.5 mg of prednisone her thighs give way.", "steroid_dependence"),
        ("Each time he came to 20 mg of prednisone the weakness returned.", "steroid_dependence"),
        ("Prednisone 30 mg -> 20 mg in March, relapse; back to 40 mg.", "steroid_dependence"),
    ],
)  # fmt: skip
def test_what_is_told_in_another_way_is_told(text: str, criterion: str) -> None:
    assert status(text, criterion) is Status.MET


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("Methotrexate was stopped in May, before a rash from a new soap.", "immunosuppressant_intolerance"),
        ("Methotrexate was stopped because she wished to conceive, no nausea or rash.", "immunosuppressant_intolerance"),
        ("With her, methotrexate is contraindicated.", "immunosuppressant_intolerance"),
        ("She has taken neither azathioprine nor methotrexate.", "treatment_failure"),
        ("As recommended, will start azathioprine 100 mg daily.", "immunosuppressant_trial"),
        ("According to her mother, who has lupus, azathioprine 100 mg for a year did nothing.", "immunosuppressant_trial"),
        ("Prednisone 60 mg daily and methotrexate 15 mg weekly since 06/15/2026.", "corticosteroid_trial"),
        ("She had methotrexate for most of three weeks.", "immunosuppressant_trial"),
        ("Prednisone 10 mg -> 40 mg on 05/02/2026, flare in the legs.", "steroid_dependence"),
        ("Prednisone 15 mg \u2192 12.5 mg on 05/02/2026, no flare.", "steroid_dependence"),
        ("Without methotrexate he did well for years.", "immunosuppressant_trial"),
    ],
)  # fmt: skip
def test_what_is_told_of_something_else_is_not(text: str, criterion: str) -> None:
    assert status(text, criterion) is not Status.MET


@pytest.mark.parametrize(
    "text",
    [
        "Complete response to azathioprine until it was stopped in May, then relapsed.",
        "Had been in remission on azathioprine; in May the disease came back on the same dose.",
        "In remission on azathioprine through March, but by June the weakness returned although she took it.",
    ],
)
def test_a_response_that_did_not_last_is_none(text: str) -> None:
    assert drug(text, "azathioprine").outcome != "responded"
    assert status(text, "treatment_failure") is not Status.NOT_MET


def test_a_response_that_lasts_is_one() -> None:
    text = "In remission on azathioprine; no flare since."
    assert drug(text, "azathioprine").outcome == "responded"


@pytest.mark.parametrize(
    "text",
    [
        "Meds: azathioprine 100 mg daily (patient stopped in June), ramipril 5 mg daily.",
        "Meds: azathioprine 100 mg daily [d/c'd 03/2026], ramipril 5 mg daily.",
        "Meds: azathioprine 100 mg daily (she ran out in April and did not refill), ramipril 5 mg daily.",
    ],
)
def test_brackets_behind_an_entry_are_of_that_entry(text: str) -> None:
    assert drug(text, "azathioprine").status == "past"
    assert drug(text, "ramipril").status == "current"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("PULMONARY FIBROSIS PROGRAM\nHigh-resolution CT: normal lungs.", "ild"),
        ("INTERSTITIAL LUNG DISEASE ASSOCIATES\nLungs clear to auscultation.", "ild"),
        ("DYSPHAGIA CLINIC\nSwallow study normal.", "dysphagia"),
    ],
)
def test_what_a_clinic_is_named_after_is_no_finding(text: str, finding: str) -> None:
    assert Assertion.AFFIRMED not in assertions(text, finding)


@pytest.mark.parametrize(
    ("text", "finding", "expected"),
    [
        ("Although he denies a rash, shortness of breath has been present for weeks.", "respiratory_compromise", Assertion.AFFIRMED),
        ("As she has no cough, dysphagia was blamed on her muscles.", "dysphagia", Assertion.AFFIRMED),
        ("While she denies fever, rash and dysphagia, her legs are weaker.", "dysphagia", Assertion.NEGATED),
        ("Without mycophenolate, which she takes at 1 g twice daily, she would relapse.", "relapsed", Assertion.HYPOTHETICAL),
    ],
)  # fmt: skip
def test_a_clause_in_front_has_its_own_scope(text: str, finding: str, expected: Assertion) -> None:
    assert assertions(text, finding) == {expected}


@pytest.mark.parametrize(
    "text",
    [
        "Without mycophenolate, which she takes at 1 g twice daily, she would relapse at once.",
        "She has never gone a week without mycophenolate 1 g twice daily since 02/10/2026.",
    ],
)
def test_what_somebody_would_not_do_without_is_taken(text: str) -> None:
    assert drug(text, "mycophenolate mofetil").status == "current"


def test_not_only_one_drug_but_both_failed() -> None:
    found = told("Not just mycophenolate but tacrolimus too has failed.").medications
    assert [one.outcome for one in found] == ["failed", "failed"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Myositis came on two weeks after the third nivolumab and was ascribed to it.", Status.NOT_MET),
        ("The myositis began four weeks after pembrolizumab, and is not attributed to it.", Status.NEEDS_REVIEW),
    ],
)  # fmt: skip
def test_a_drug_that_is_blamed_is_the_cause(text: str, expected: Status) -> None:
    assert status(text, "clinical_context") is expected


@pytest.mark.parametrize(
    "text",
    [
        "Your notice of May 2 asks for prednisone 80 mg daily for 6 weeks.",
        "The payer's reviewer wrote that she should first take prednisone 80 mg daily for 8 weeks.",
        "Rituximab can be authorized only after prednisone 80 mg daily for five weeks.",
        "It will be looked at after a trial of prednisone 80 mg daily for at least 30 days.",
        "A sample patient: prednisone 80 mg daily for 8 weeks, methotrexate for 12 weeks.",
        "Prednisone 80 mg daily for 8 weeks was given. This is only an illustration.",
    ],
)
def test_what_a_payer_writes_and_an_example_are_no_course(text: str) -> None:
    assert status(text, "corticosteroid_trial") is Status.NOT_DOCUMENTED


def test_what_follows_a_payers_demand_is_a_course() -> None:
    text = (
        "Your letter states that prednisone 80 mg daily for 6 weeks is needed; "
        "she took prednisone 80 mg daily from 03/01/2026 to 04/12/2026."
    )
    assert status(text, "corticosteroid_trial") is Status.MET


@pytest.mark.parametrize(
    "text",
    [
        "Methotrexate 15 mg weekly was taken for 12 weeks. Addendum: the length of the methotrexate course stated above is wrong.",
        "Azathioprine 100 mg daily for 10 weeks. Correction: azathioprine was taken for 12 days rather than 10 weeks.",
        "Azathioprine 100 mg daily for 10 weeks. On checking, he took it for 12 days, not 10 weeks.",
        "Azathioprine 100 mg daily for 10 weeks. On review he took azathioprine for 12 days.",
    ],
)
def test_a_length_that_is_corrected_later_is_for_a_person(text: str) -> None:
    assert status(text, "immunosuppressant_trial") is Status.NEEDS_REVIEW


@pytest.mark.parametrize(
    "text",
    [
        "Methotrexate 20 mg weekly was taken for 16 weeks, not 12 weeks as the form says.",
        "Methotrexate 15 mg weekly for 12 weeks without benefit. It was held for two weeks in May.",
    ],
)
def test_a_length_that_holds_beside_another_one(text: str) -> None:
    assert status(text, "immunosuppressant_trial") is Status.MET


def test_a_stop_before_another_drug_is_named_is_of_the_one_before() -> None:
    text = (
        "She took azathioprine 150 mg daily for 14 weeks. It was discontinued in May for lack of benefit "
        "and methotrexate 15 mg weekly was started on 06/01/2026."
    )
    assert drug(text, "azathioprine").outcome == "failed"
    assert (drug(text, "methotrexate").outcome, drug(text, "methotrexate").stop) == (
        "unknown",
        None,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Since the relapse in May at 12.5 mg of prednisone she takes 20 mg daily.", Status.MET),
        ("Flared in June at 7.5 mg of prednisone.", Status.NOT_MET),
        ("Each effort to get below 15 mg of prednisone has ended with worse weakness.", Status.MET),
    ],
)
def test_a_flare_has_its_dose_behind_its_month(text: str, expected: Status) -> None:
    assert status(text, "steroid_dependence") is expected


@pytest.mark.parametrize(
    "text",
    [
        "Prednisone 80 mg daily continues; no reduction of the dose has been attempted so far.",
        "Prednisone 60 mg daily. Dose reduction has not yet been tried.",
    ],
)
def test_a_taper_that_was_not_tried_is_a_history(text: str) -> None:
    assert status(text, "current_corticosteroid") is Status.MET


def test_what_could_not_be_lowered_is_taken() -> None:
    text = (
        "In a year we have never managed to get her prednisone to a safe level. "
        "Prednisone 60 mg daily from 01/05/2026 for six weeks."
    )
    assert status(text, "corticosteroid_trial") is Status.MET


def test_an_end_before_the_beginning_is_that_of_the_drug_before() -> None:
    text = (
        "Methylprednisolone 1000 mg daily was given from 07/02 to 07/04 and prednisone 80 mg daily "
        "from 07/05."
    )
    assert drug(text, "prednisone").stop is None
