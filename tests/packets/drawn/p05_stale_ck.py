"""A ruled form and a visit summary written to the patient."""

from __future__ import annotations

from pathlib import Path

from sheets import Face, bind, doc


def draw(folder: Path) -> None:
    form = Face("Times-Roman", "Times-Bold", 11, gap=6)
    first = doc(
        [
            form.title("REQUEST FOR COVERAGE OF AN INFUSED MEDICATION", 14),
            form.p("Quarrystone Employers' Plan &nbsp; fax 555-0618"),
            form.table(
                [
                    ["Date", "10/19/2026", "Plan ID", "QEP-0031-777"],
                    ["Patient", "Bertrand Yilmaz", "Birth date", "01/13/1970"],
                    ["Doctor", "Calla Nwosu-Brandt, MD", "Telephone", "555-0607"],
                    ["Medication", "Riabni (rituximab-arrx)", "J/Q code", "Q5123"],
                    ["Dose", "1,000 mg IV", "Frequency", "Two doses, 14 days apart"],
                    ["Diagnosis", "Polymyositis, organ involvement unspecified", "Code", "M33.20"],
                ],
                [1, 2.9, 1, 1.9],
                "grid",
                head=False,
                pad=4,
            ),
            form.p("Office use: received ________ reviewer ________"),
        ],
        margin=0.9,
    )
    note = Face("Helvetica", "Helvetica-Bold", 9.5, ink="#333366", gap=3)
    second = doc(
        [
            note.title("Patient portal: visit summary shared by your care team", 13),
            note.p(
                "Bertrand Yilmaz, born 01/13/1970. Visit of 10/12/2026 with Calla Nwosu-Brandt, MD, "
                "Pinnock Rheumatology."
            ),
            note.h("What we talked about"),
            note.p(
                "Your polymyositis remains active. You were started on prednisone 60 mg a day in "
                "January 2026 and stayed on the full dose for several weeks. Methotrexate 20 mg by "
                "mouth once a week was added on 02/16/2026 and you took it for 16 weeks, until "
                "06/08/2026, without enough benefit. Each time prednisone goes under 15 mg the "
                "weakness comes back; you are taking 15 mg daily at the moment."
            ),
            note.h("How you are doing"),
            note.p(
                "You told us you cannot get out of the bathtub alone and need to rest twice on the "
                "stairs. You have no trouble swallowing, no shortness of breath and no chest pain. "
                "Lung function in August was normal and there is no sign of heart involvement."
            ),
            note.h("Examination"),
            note.p(
                "Weight 64 kg. Blood pressure 130/82. Shoulders 4/5, hips 4-/5, thighs 4/5, hands 5/5. "
                "No skin rash."
            ),
            note.h("Tests on file"),
            note.p("EMG of 01/20/2026 showed active inflammatory myopathy."),
            note.table(
                [
                    ["Test", "Date", "Your value", "Usual range"],
                    ["Creatine kinase", "06/02/2026", "2,640 U/L (high)", "39 - 308 U/L"],
                    ["Creatine kinase", "03/30/2026", "3,105 U/L (high)", "39 - 308 U/L"],
                    ["Hepatitis B surface antigen", "08/25/2026", "Negative", "Negative"],
                    ["Hepatitis C antibody", "10/12/2026", "Pending", ""],
                    ["QuantiFERON-TB Gold", "08/25/2026", "Negative", "Negative"],
                    ["IgG", "08/25/2026", "1,015 mg/dL", "610 - 1,616 mg/dL"],
                    ["IgA", "08/25/2026", "178 mg/dL", "84 - 499 mg/dL"],
                    ["IgM", "08/25/2026", "94 mg/dL", "35 - 242 mg/dL"],
                    ["TSH", "08/25/2026", "2.1 mIU/L", "0.4 - 4.5 mIU/L"],
                    ["LDL cholesterol", "08/25/2026", "118 mg/dL", "below 130 mg/dL"],
                ],
                [2.3, 1, 1.6, 1.6],
                "columns",
            ),
            note.h("Your medicines"),
            note.p(
                "Prednisone 15 mg once daily. Lisinopril 20 mg once daily. Allopurinol 100 mg once "
                "daily. Tell us before you take ibuprofen."
            ),
            note.h("Other conditions"),
            note.p("High blood pressure. Gout."),
            note.h("Next steps"),
            note.p(
                "We are asking your plan for rituximab-arrx, and talked about infections and PML, a "
                "rare brain infection. If it is turned down, azathioprine would be next. Call "
                "555-0607 for fever above 100.4 F. You are due for a flu shot and a shingles vaccine."
            ),
        ],
        foot="Pinnock Rheumatology portal   printed 10/13/2026   {n}",
    )
    bind([first, second], folder / "p05_stale_ck.pdf")
