"""A neurologist's letter with a numbered history; results in and out of range in two columns."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap


def draw(folder: Path) -> None:
    letter = Face("Times-Roman", "Times-Bold", 11, gap=5)
    text = doc(
        [
            letter.title("Cairnwell Neuromuscular Clinic", 16),
            letter.p(
                "Isolde Brandtner, MD, neurology &nbsp; - &nbsp; 555-2213 &nbsp; - &nbsp; fax 555-2214"
            ),
            gap(6),
            letter.p("May 4, 2026"),
            letter.p("Meridian Lakes Health Plan, Pharmacy Review"),
            letter.p("<b>Re: Desmond Achterberg, born 09/17/1971, member MLH 7719 004</b>"),
            letter.p("Dear colleague,"),
            letter.p(
                "I ask you to cover Riabni (rituximab-arrx, Q5123), 1,000 mg by vein, two doses "
                "fourteen days apart, for polymyositis (M33.22). His history, in order:"
            ),
            *letter.lines(
                "1. Onset October 2025 with trouble on ladders; he is a 54-year-old roofer. No rash, no "
                "ptosis, no sensory loss, no family history of muscle disease.",
                "2. CK on 11/12/2025 was 6,212 U/L. Thyroid function normal.",
                "3. EMG, my own, 11/20/2025: fibrillation potentials and positive sharp waves in "
                "deltoid, thoracic paraspinals and iliopsoas with small polyphasic units. Conclusion: "
                "active inflammatory myopathy. Nerve conductions normal.",
                "4. MRI was not done, as his pacemaker (2019, complete heart block) does not allow it.",
                "5. He has had type 1 diabetes since childhood, and for that reason at first declined "
                "steroids. Azathioprine 150 mg daily was begun on 01/19/2026 and goes on; fifteen weeks "
                "have brought no improvement. He tolerates it.",
                "6. On 04/07/2026 he agreed to prednisone, 80 mg daily (he weighs 78 kg). As of today "
                "he has had it for 27 days. He is as weak as before. No taper has been attempted.",
                "7. Swallowing is normal. FVC 94% and chest CT in 01/2026 without interstitial lung "
                "disease. Echocardiogram 01/2026 normal; the heart is not involved in the myositis.",
                "8. No statin, no checkpoint inhibitor, no alcohol. IVIG and plasma exchange have not "
                "been tried.",
                indent=14,
            ),
            letter.p(
                "<b>Present state.</b> He cannot get out of a chair without pushing on its arms, and "
                "props his elbow to shave. On the MRC scale neck flexion is 4/5, shoulder abduction "
                "4-/5 on both sides, hip flexion 3/5 on both sides, knee extension 4/5; ankles and "
                "hands 5/5. Reflexes 1+ and symmetrical. Cranial nerves normal. Gait waddling."
            ),
            letter.p(
                "<b>Other medicines.</b> Insulin lispro by pump; ramipril 5 mg daily; aspirin 81 mg "
                "daily; prednisone and azathioprine as above."
            ),
            letter.p("With kind regards,"),
            gap(14),
            letter.p("Isolde Brandtner, MD"),
        ],
        margin=1,
    )
    lab = Face("Helvetica", "Helvetica-Bold", 9, ink="#0B5A2B", gap=4)
    rows = [
        ["Test name", "In range", "Out of range", "Reference range", "Lab"],
        ["CREATINE KINASE, TOTAL", "", "2140 H", "44-196 U/L", "PR"],
        ["ALDOLASE", "", "13.2 H", "&lt; OR = 8.1 U/L", "PR"],
        ["AST", "", "71 H", "10-35 U/L", "PR"],
        ["ALT", "", "66 H", "9-46 U/L", "PR"],
        ["CREATININE", "0.88", "", "0.70-1.30 mg/dL", "PR"],
        ["HEMOGLOBIN A1c", "", "7.9 H", "&lt;5.7 % of total Hgb", "PR"],
        ["WHITE BLOOD CELL COUNT", "5.1", "", "3.8-10.8 Thousand/uL", "PR"],
        ["HEMOGLOBIN", "14.4", "", "13.2-17.1 g/dL", "PR"],
        ["PLATELET COUNT", "233", "", "140-400 Thousand/uL", "PR"],
        ["HEPATITIS B SURFACE ANTIGEN", "NON-REACTIVE", "", "NON-REACTIVE", "PR"],
        ["HEPATITIS B CORE AB TOTAL", "NON-REACTIVE", "", "NON-REACTIVE", "PR"],
        ["HEPATITIS C ANTIBODY", "NON-REACTIVE", "", "NON-REACTIVE", "PR"],
        ["QUANTIFERON(R)-TB GOLD PLUS", "NEGATIVE", "", "NEGATIVE", "PR"],
        ["IMMUNOGLOBULIN G", "1011", "", "600-1640 mg/dL", "PR"],
        ["IMMUNOGLOBULIN A", "288", "", "47-310 mg/dL", "PR"],
        ["IMMUNOGLOBULIN M", "59", "", "50-300 mg/dL", "PR"],
    ]
    results = doc(
        [
            lab.title("Pinnacle-Roe Diagnostics", 15),
            lab.table(
                [
                    ["PATIENT INFORMATION", "SPECIMEN INFORMATION", "CLIENT"],
                    [
                        "ACHTERBERG, DESMOND<br/>DOB: 09/17/1971 Age: 54<br/>Gender: M",
                        "SPECIMEN: PR440913K<br/>COLLECTED: 04/28/2026 08:02<br/>REPORTED: 04/30/2026 17:10",
                        "BRANDTNER, ISOLDE<br/>CAIRNWELL NEUROMUSCULAR",
                    ],
                ],
                [2.4, 2.6, 2.0],
                "box",
            ),
            lab.table(rows, [2.5, 1.2, 1.1, 1.7, 0.4], "under", pad=2.5),
            lab.p(
                "For someone with known diabetes, a value &lt;7% indicates that their diabetes is well "
                "controlled. The assay for hepatitis B core antibody does not tell acute from past "
                "infection.",
                size=7.5,
            ),
            lab.p(
                "PERFORMING SITE: PR, Pinnacle-Roe Diagnostics, 9 Quarry Lane, Tessaly, ZZ 00000",
                size=7.5,
            ),
        ],
        foot="CLIENT SERVICES 555-2290    SPECIMEN PR440913K    PAGE {n} OF 1",
    )
    bind([text, results], folder / "q02_neurologist.pdf")
