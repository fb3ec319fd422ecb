"""A dictated letter of two pages and a typed data page, by coarse fax."""

from __future__ import annotations

from pathlib import Path

import scans
from sheets import doc, typed

FIRST = """
CRANESBILL RHEUMATOLOGY CONSULTANTS
31 Ropewalk, Suite 2      555-3710    fax 555-3711

September 21, 2026

Medical Director
Gannet Shore Retiree Plan

RE:  MRS. ODETTE FAIRWEATHER
     DATE OF BIRTH: June 14, 1950
     MEMBER: GSR 6620-41

Dear Doctor:

I write to ask for approval of Rituxan (J9312) for
Mrs. Fairweather, who has polymyositis, code M33.22.
I propose 1000 milligrams intravenously, and the
same again two weeks later.

She is 76. Weakness of the hips and shoulders came on
in April. I put her on prednisone, 70 milligrams a
day, on June 15, 2026; she weighs 72 kilograms. She
stayed on 70 milligrams for five weeks. I then came
down by ten milligrams every two weeks, and since
August 17 she takes 40 milligrams daily.

On July 6 I added methotrexate, 15 milligrams once a
week. After the third dose, on July 20, she developed
fever, dry cough and bilateral infiltrates. This was
methotrexate pneumonitis. The drug was stopped that
week and must not be given again. The chest film of
August 24 is clear and she breathes normally.

Azathioprine and mycophenolate have not been tried,
nor has immune globulin, cyclosporine or plasma
exchange.
"""
SECOND = """
MRS. ODETTE FAIRWEATHER                      page two

In spite of the prednisone she has become weaker. She
cannot get out of the bath, and her daughter has moved
in to help her dress and to cook. She can walk to the
mail box but not back up the drive.

I graded her strength on Thursday, September 17, on
the MRC scale: neck flexors grade 4, deltoids grade 4
minus, hip flexors grade 3, quadriceps grade 4, and
the small muscles of hands and feet grade 5.

She swallows well. A swallowing study in June was
normal. Echocardiogram and EKG in June were normal.
CT of the chest in June showed no interstitial lung
disease. There is no sign of cancer and she has never
had an immune checkpoint inhibitor.

MRI of both thighs on June 9, 2026 showed edema of the
quadriceps and hamstrings on STIR images, typical of
active myositis.

We talked about the risks: infection, reactions to the
infusion, and PML. She understands and would like to
go ahead. Enclosed is my data sheet.

Sincerely,

Bartholomew Achterkirchen, M.D.

Dictated 9/18, typed 9/21 by LM. Not re-read.
"""
THIRD = """
DATA SHEET - ODETTE FAIRWEATHER - DOB 6/14/1950

LABORATORY OF SEPTEMBER 14, 2026
  CK            2130 U/L     (normal to 200)
  AST             92 U/L     (normal to 40)
  ALT             88 U/L     (normal to 45)
  Creatinine    0.84 mg/dL   (0.50 - 1.10)
  Hemoglobin    12.6 g/dL    (12.0 - 16.0)
  WBC           9.2 K/uL     (4.0 - 11.0)

  IgG           1020 mg/dL   (700 - 1600)
  IgA            188 mg/dL   (70 - 400)
  IgM             75 mg/dL   (40 - 230)

Hepatitis B surface antigen, hepatitis B core antibody
and hepatitis C antibody were all non-reactive on
September 1, 2026. QuantiFERON-TB Gold was negative on
the same day.

PRESENT MEDICATIONS
  Prednisone 40 mg daily
  Losartan 50 mg daily
  Atenolol 25 mg daily
  Risedronate 35 mg weekly
  Pantoprazole 40 mg daily
  Metformin 500 mg twice daily

OTHER DIAGNOSES
  Hypertension. Osteoporosis. Type 2 diabetes.

ALLERGIES: Methotrexate (pneumonitis). Iodine dye.

FAMILY: Sister had breast cancer.
"""


def draw(folder: Path) -> None:
    scans.fax(
        [doc([typed(text, 12.5)], margin=0.8) for text in (FIRST, SECOND, THIRD)],
        folder / "r07_dictated_fax.tif",
        fine=False,
        skews=(0.4, -0.3, 0.2),
        specks=160,
    )
