"""A consultation and request on one page; results with the analytes as columns."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc


def draw(folder: Path) -> None:
    page = Face("Helvetica", "Helvetica-Bold", 9.5, ink="#2F2F2F", gap=3)
    first = doc(
        [
            page.title("MYOSITIS CENTER CONSULT / AUTHORIZATION PACKAGE", 13),
            page.table(
                [
                    ["NAME: Philomena Okonjo-Bell", "BORN: 06/18/1969", "DATE: 03/30/2026"],
                    ["PAYER: Cinder Hill Health", "MEMBER: CH 04-771", "PHONE: 555-1920"],
                    ["DRUG: Rituxan, J9312", "DOSE: 1,000 mg IV", "SCHEDULE: day 1, day 15"],
                    [
                        "ICD-10: M33.29",
                        "DX: polymyositis, other organ involvement",
                        "MD: Lysander Achebe",
                    ],
                ],
                [2.6, 2.5, 1.9],
                "grid",
                head=False,
                pad=3,
            ),
            page.h("CHIEF COMPLAINT"),
            page.p("Fifth relapse of polymyositis."),
            page.h("TREATMENT HISTORY"),
            page.table(
                [
                    ["Treatment", "Dates", "Regimen", "Outcome"],
                    [
                        "Prednisone",
                        "05/2024 - 07/2024",
                        "60 mg daily, 10 weeks (56 kg)",
                        "partial; flares on taper",
                    ],
                    [
                        "Cyclosporine",
                        "08/2024 - 12/2024",
                        "90 mg twice daily (3.2 mg/kg/day)",
                        "no response",
                    ],
                    ["Plasmapheresis", "01/2026", "5 exchanges", "benefit for one week only"],
                    ["IVIG", "-", "-", "contraindicated: ischemic stroke 2021"],
                ],
                [1.3, 1.5, 2.3, 2.0],
                "columns",
            ),
            page.p("She has never taken methotrexate, azathioprine or mycophenolate."),
            page.h("PRESENT STATE"),
            page.p(
                "Steroid-dependent: flare at 25 mg in 11/2025 and again at 20 mg in 02/2026. Prednisone 35 "
                "mg daily now. Persistent weakness. Cannot open jars, cannot get into the shower tub "
                "without her husband. Moderate oropharyngeal dysphagia in 05/2024 improved within ten "
                "days of prednisone; at present mild, soft diet, no aspiration. No dyspnea; lung function "
                "02/2026 normal. Troponin and echo normal, no cardiac involvement."
            ),
            page.h("EXAMINATION 03/24/2026"),
            page.p(
                "Weight 56 kg. Deltoid R 3+/5, L 4-/5. Iliopsoas R 3/5, L 3/5. Quadriceps 4/5. Foot "
                "extensors 5/5. No rash."
            ),
            page.h("RESULTS"),
            page.table(
                [
                    ["Date", "CK (U/L)", "Aldolase (U/L)", "AST (U/L)", "ALT (U/L)"],
                    ["03/23/2026", "1,260", "10.4", "59", "64"],
                    ["02/09/2026", "1,480", "12.2", "71", "75"],
                    ["11/17/2025", "905", "9.1", "48", "50"],
                    ["Normal", "25-170", "1.0-7.5", "5-35", "5-35"],
                ],
                [1.2, 1.1, 1.3, 1.1, 1.1],
                "zebra",
            ),
            page.p(
                "Hepatitis B and C serologies negative 03/2026. Tuberculin skin test 03/2026: 12 mm, "
                "positive; chest film clear, rifampin 600 mg daily planned. IgG 934 (600-1600), IgA 201 "
                "(70-400), IgM 88 (40-230) mg/dL on 03/23/2026."
            ),
            page.p("MRI thighs 02/12/2026: active edema, quadriceps and hamstrings, myositis."),
            page.h("OTHER"),
            page.p(
                "Ischemic stroke 2021 (clopidogrel 75 mg daily, rosuvastatin 10 mg daily). Depression "
                "(venlafaxine XR 150 mg daily). No cancer. No immune checkpoint inhibitor. Mother: lupus. "
                "Allergies: none."
            ),
            page.h("PLAN"),
            page.p(
                "Rituximab. If refused: tacrolimus, or methotrexate. Infection risk and PML discussed."
            ),
        ],
        margin=0.7,
        foot="Achebe Myositis Center",
    )
    bind([first], folder / "p19_never_conventional.pdf")
