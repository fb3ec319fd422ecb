"""A form for one product and a letter for another."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc, gap


def draw(folder: Path) -> None:
    form = Face("Vera", "Vera-Bold", 9.5, ink="#00606B", band="#E4F2F3", gap=4)
    first = doc(
        [
            form.title("Oxbow Municipal Health", 15),
            form.h("WHO"),
            form.p(
                "Patient: Valentin Dragomirov &nbsp; | &nbsp; Born: 11/02/1960 &nbsp; | &nbsp; Plan no: "
                "OM-90-2216"
            ),
            form.p(
                "Physician: Henrietta Vale, MD (cardiology/rheumatology clinic) &nbsp; | &nbsp; Fax: "
                "555-1819"
            ),
            form.h("WHAT"),
            form.p("Drug: Truxima (rituximab-abbs) &nbsp; | &nbsp; Code: Q5115"),
            form.p("Dose: 1,000 mg IV &nbsp; | &nbsp; Schedule: day 1 and day 15"),
            form.h("WHY"),
            form.p("Polymyositis, M33.20"),
            form.h("WHEN"),
            form.p("Request date: 04/27/2026 &nbsp; | &nbsp; Expedited"),
        ],
        font="Vera",
    )
    letter = Face("Times-Roman", "Times-Bold", 11, gap=7)
    second = doc(
        [
            letter.p("Vale Heart &amp; Muscle Clinic, 77 Weir Road, Oxbow, ZZ 00000"),
            letter.p("April 24, 2026"),
            letter.p("RE: Valentin Dragomirov, DOB November 2, 1960"),
            letter.p("Dear Reviewer,"),
            letter.p(
                "My patient needs Ruxience (rituximab-pvvr, Q5119), 1,000 mg intravenously on day 1 and "
                "day 15. He is a 65-year-old man whose polymyositis has reached the heart. The "
                "illness began in February; on April 3 his left ventricular ejection fraction was "
                "38%, with non-sustained ventricular tachycardia, and cardiac MRI on April 7 showed "
                "myocarditis due to the myositis. Coronary angiography was clean."
            ),
            letter.p(
                "Prednisone 60 mg daily was begun on April 6, 2026. Eighteen days later there has been "
                "no response: ejection fraction on April 23 was 34%, and he is short of breath at "
                "rest. No taper has been attempted. Mycophenolate 500 mg twice daily was added on "
                "April 14 and goes on. His swallowing is safe and a chest CT showed no interstitial "
                "lung disease. He has not been given any checkpoint inhibitor."
            ),
            letter.p(
                "On examination his hip flexors are 3+/5, his deltoids 4-/5 and his neck flexors 4/5. He "
                "cannot dress or walk to the bathroom without an aide. EMG on March 30 showed active "
                "inflammatory myopathy."
            ),
            letter.p(
                "His creatine kinase on April 22 was 2,860 U/L, fifteen times the upper limit. "
                "Hepatitis C antibody was reactive with RNA 1,200,000 IU/mL detected, and hepatology "
                "will treat with sofosbuvir-velpatasvir. Hepatitis B surface antigen and core antibody "
                "were negative, as was the QuantiFERON (all April 8). IgG 1,510, IgA 330 and IgM 190 "
                "mg/dL, each in range (April 8)."
            ),
            letter.p(
                "His other medicines are carvedilol 6.25 mg twice daily, furosemide 40 mg daily, "
                "sacubitril-valsartan 24/26 mg twice daily and spironolactone 25 mg daily. He has "
                "heart failure, and former alcohol use. We have spoken of infection and PML."
            ),
            letter.p("Yours,"),
            gap(12),
            letter.p("Henrietta Vale, MD"),
        ],
        margin=1.1,
    )
    bind([first, second], folder / "p18_cardiac_two_products.pdf")
