"""How laboratory results are written: values, units, flags, ranges, multiples, words."""

from __future__ import annotations

import re

from pipeline.notation.numbers import NUMBER
from pipeline.notation.numbers import WORD as WORD_NUMBER

COMPARATOR = r"(?:[<>]\s?(?:or\s?)?=|<|>|\u2264|\u2265)"
# "over 4,000": the sign in words.
WORDED = r"(?:greater\s+than|more\s+than|less\s+than|at\s+least|over|above|exceed(?:s|ed|ing)|under|below)"
FLAG = r"\(?(?:HH?|LL?|high|low)\*?\)?(?![A-Za-z])|[\u2191\u2193]+"
UNIT = (  # a flag may touch it: "1388 U/LH"
    r"(?:x\s*)?10\s?[\^*eE(\u00b0'\"]?\s?\d+\)?\s*/\s*(?:[um\u00b5]?c?L|mm3|cumm)|mL/min(?:\s*(?:/|per)\s*1\.73\s*m\S?)?|"
    r"(?:\[?[imu\u00b5k]{0,2}u\]?|m?[ik]iu|units?|mg|mcg|ug|\u00b5g|ng|pg|g|mmol|umol|\u00b5mol|nmol|pmol|m?eq|mm|k|thou(?:sand)?|cells?|copies|mosm)"
    r"\s*/\s*(?:d?l|ml|ul|\u00b5l|mcl|h|hr|hour|mm3|cumm|kg)(?:(?![A-Za-z])|(?<=l)(?=[HL](?![A-Za-z])))|"
    r"(?:(?:international\s+)?units?|(?:milli|micro|nano|pico)?(?:grams?|moles?)|mg|g|ng|mcg)\s+per\s+(?:(?:deci|milli|micro)?lit(?:er|re)|dl|ml|l)(?![A-Za-z])|%|mm(?![a-z/])|(?:fl|pg)(?![A-Za-z/])|g%|"
    r"(?:cells?\s*)?(?:/\s?|per\s+)(?:ul|\u00b5l|mcl|mm3|cumm|microlit(?:er|re))(?![A-Za-z])"
)
POWER = re.compile(
    r"(?:[x\u00d7]\s?)?\b10\s?[\^*\u00b0]\s?\d+\s*/\s*[um\u00b5]?c?L|(?:/|\bper)\s*\d+\s?[x\u00d7*]\s?10\s?[\^*eE]?\s?\d{1,2}\b",
    re.IGNORECASE,
)  # part of a unit, no value
# "*3A", "*1/*17": an allele names a variant of a gene; it counts nothing.
ALLELE = re.compile(r"(?<![\w*])\*\s?\d{1,2}[A-Z]?(?:\s*/\s*\*\s?\d{1,2}[A-Z]?)?(?![\w.,]*\d)")
VALUE = re.compile(
    rf"(?<![\w.,/:-])(?P<value>(?:{COMPARATOR}\s*|{WORDED}\s+)?(?:1\s?:\s?\d{{2,5}}|(?:{NUMBER})(?:\s?[kK](?![A-Za-z/]))?)(?![\d,.:]*\d))"
    rf"(?!\s?(?:-|\u2013|/)\s?\d|\s+or\s+(?:\d|more|less|greater|higher|above|below|lower))\*?\s*(?P<flag>{FLAG})?\s*(?P<unit>{UNIT})?\s*(?P<flag2>{FLAG})?",
    re.IGNORECASE,
)
# "4 310 U/L": thousands that a blank sets apart, or two numbers; which, only the test can tell.
THOUSANDS = re.compile(r"\d{1,2} \d{3}")
# Values of a group of tests: "AST/ALT 145/162 U/L", "145 and 162".
SERIES = re.compile(
    rf"(?<![\w.,/:-])(?:{NUMBER})(?:(?:\s*/\s*|\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)(?:{NUMBER}))+(?![\d/]|[.,]\d)\s*(?P<unit>{UNIT})?",
    re.IGNORECASE,
)
NORMAL = r"(?:(?:upper|lower)\s+)?(?:limits?\s+(?:of\s+)?(?:the\s+)?(?:normal|reference)(?:\s+range)?|limits?|normal\s+limits?|normal)"
RATIO = re.compile(
    rf"(?P<value>(?:{COMPARATOR}\s*|{WORDED}\s+)?(?:(?:{NUMBER})(?:\s*(?:-|\u2013|to)\s*(?:{NUMBER}))?|{WORD_NUMBER}))"
    r"[\s-]*(?:x|\u00d7|times|fold)[\s-]*(?:(?:elevat\w+|above|higher|greater|over|than|of|the|his|her|that|laboratory'?s?|lab'?s?)\s+)*"
    rf"(?:ULN|{NORMAL})(?![A-Za-z])",
    re.IGNORECASE,
)
# What a unit counts is no test: "240 pmol/8x10^8 RBC", "per 100 WBC".
COUNTED_IN = re.compile(
    r"\b(?:[munpfk]?mol|[munpk]?g|units?|U|cells?|copies)\s*(?:/|\bper\b)\s*(?:\d[\d.]*\s*(?:x\s*10\s*[\^*]?\s*\d+\s*)?)$"
    r"|\b(?:[munpfk]?mol|[munpk]?g|units?|U)\s*/\s*$",
    re.IGNORECASE,
)
# The unit may stand at both bounds: "30 U/L - 200 U/L".
SPAN = rf"(?:{NUMBER})\s*(?:(?:{UNIT})\s*)?(?:-|\u2013|\u2014|\bto\b)\s*(?:{NUMBER})"
NON_REACTIVE = r"non\s?-?\s?reactive"  # recognition tears it apart
NEGATIVE = rf"{NON_REACTIVE}|negative|neg\.?|not\s+detected"
RANGE = re.compile(
    r"\b(?:ref(?:erence)?\.?|normal|norm|nl|n|rr|range|expected)(?:\s+(?:range|interval|values?|limits?))?\s*(?:of|is|was|:|=|,)?\s*"
    rf"(?P<named>{SPAN}|(?:{COMPARATOR}|up\s+to|under|below|less\s+than)\s*(?:{NUMBER}))"
    rf"|[(\[,;]\s*(?:normal|norm|nl|ref(?:erence)?)\s+(?P<reached>to\s*(?:{NUMBER}))"
    rf"|\b(?:with\s+an?\s+)?(?:ULN|upper\s+limit(?:\s+of\s+(?:the\s+)?normal)?)\s*(?:of|is|was|:|=|,)?\s*(?P<upper>(?:{NUMBER}))"
    # The bound below which a test is negative: "(nonreactive < 1.00)".
    rf"|[(\[]\s*(?P<negative>(?:{NEGATIVE})\s*(?:is|if|when|:|=)?\s*(?:<|\u2264|less\s+than|below|under)\s*(?:=\s*)?(?:{NUMBER}))\s*[^()\[\]]{{0,40}}[)\]]"
    rf"|[(\[]\s*(?P<bare>{SPAN})\s*(?:{UNIT})?\s*[)\]]"
    rf"|(?<=[\d\sA-Za-z%*)])[(\[]\s*(?P<bound>{COMPARATOR}\s*(?:{NUMBER}))\s*(?:{UNIT})?\s*[)\]]"
    rf"|(?<![\w.,/:-])(?P<open>(?:{NUMBER})\s*(?:(?:{UNIT})\s*)?[-\u2013]\s*(?:{NUMBER}))(?![\w.,/:-]*\d)(?:\s*(?:{UNIT}))?",
    re.IGNORECASE,
)
NAMED_RANGES = ("named", "reached", "upper", "negative", "bare", "bound", "open")

DENIED = r"(?:not|never|no\s+longer)\s+(?:been\s+|be\s+|at\s+all\s+|significantly\s+|found\s+(?:to\s+be\s+)?)?(?:reactive|detected|positive|elevated|high)"
QUALITATIVE = re.compile(
    rf"(?<![A-Za-z-])(?P<word>{DENIED}|{NON_REACTIVE}|undetect(?:ed|able)|negative|neg|reactive|positive|pos|detected|"
    r"indeterminate|borderline|equivocal|invalid|(?<!of )(?<!of the )normal(?:i[sz]ed)?(?!\s+(?:range|limit|values?\b|<|\d))|unremarkable|"
    r"within\s+(?:the\s+)?normal\s+(?:limits|range)|wnl|elevated|pending|ordered|awaited|"
    r"(?:not|never)\s+(?:yet\s+|been\s+)*(?:done|drawn|sent|obtained|available|performed|resulted|back|returned|received)|"
    r"to\s+be\s+drawn|qns|tnp|outstanding|in\s+process|in\s+progress|to\s+follow|"
    r"test\s+not\s+performed|quantity\s+not\s+sufficient|cancel+ed|low(?![\s-]*(?:dose|grade|titer))|"
    r"high(?![\s-]*(?:dose|grade|risk|titer))|immune(?![\s-]+\w))(?![A-Za-z])"
    r"|\(?\s?(?P<sign>\(\s?[-\u2212\u2013+]\s?\)|(?<=[A-Za-z\d])\s?\+(?![\w+]))",
    re.IGNORECASE,
)
# "Normal value: Negative": what is expected, not what was found.
EXPECTS = re.compile(
    r"\b(?:normal|ref(?:erence)?|expected)\.?\s*(?:(?:range|values?|interval|result)\s*[:=]?|[:=])\s*$|\bref\.?\s+$",
    re.IGNORECASE,
)
OPPOSITES = re.compile(
    rf"[\W_]*(?:(?:or|vs)\b[\W_]*)?(?:{NON_REACTIVE}|reactive|neg(?:ative)?|pos(?:itive)?|(?:not\s+)?detected|(?:ab)?normal|indeterminate)\b",
    re.IGNORECASE,
)
TIME_AFTER = re.compile(
    r"\s*(?:-|to)?\s*\d*\s*(?:days?|weeks?|wks?|months?|mos?|years?|yrs?|hours?|hrs?|min|times|doses?|visits?|a\.?m|p\.?m|x\b|fold|"
    r"units?\b(?!\s*/)|iu\b(?!\s*/)|mg\b(?!\s*/)|mcg\b(?!\s*/)|tabs?|tablets?|st\b|nd\b|rd\b|th\b)",
    re.IGNORECASE,
)
ORDINAL_BEFORE = re.compile(
    r"\b(?:weeks?|wk|months?|days?|visit|cycle|dose|year|q|every|grade|phase|stage|type|page|age|#)\s*$",
    re.IGNORECASE,
)

# Words that may stand between a test and its result.
LINKING = (
    r"index|before|start|outset|onset|arrival|dx|stands|"
    r"of|was|is|were|are|be|being|shot|trend(?:s|ed|ing)?|at|to|from|still|level|levels|total|values?|results?|rose|risen|rising|fell|fallen|falling|came|down|up|only|now|"
    r"has|had|have|been|remains?|remained|measured|elevated|peaked|peak|climbing|climbed|again|increased|decreased|improved|dropped|today|most|recent|"
    r"recently|last|latest|current|currently|initial|initially|baseline|approximately|approx|about|around|nearly|roughly|serum|the|a|an|high|low|"
    r"then|and|but|both|all|repeat|repeated|read|on|in|by|as|reading|score|persistently|consistently|markedly|mildly|moderately|severely|"
    r"significantly|slightly|weakly|strongly|very|stood|it|reached|checked|drawn|obtained|collected|performed|done|dated|placed|"
    r"presentation|admission|diagnosis|with|u|l|units?|iu|per|liter|mg|dl|ng|ml|g|k|ul|mm|h|hr|she|he|her|his|who|which|that|this|max|maximum|average|"
    r"normal(?:i[sz]ed)?|abnormal|week|month|morning|visit|year|early|mid|late|screen(?:ing)?|test(?:ing)?|returned|back|resulted|"
    r"reported|noted|found|sent|submitted|collected|previously|prior|previous|through|until|since|target|antibod(?:y|ies)|titers?|date|induration|qualitative|quantitative|"
    r"positive|negative|january|february|march|april|may|june|july|august|september|october|november|december"
)
LEAD = re.compile(
    rf"(?:\s|[:=,()\[\]~/\u2190-\u2193\u2248|*>-]|->|(?:{LINKING})\b)*", re.IGNORECASE
)
SOURCE = re.compile(
    r"\b(?:at|by|per)\s+(?:the\s+)?[A-Z]\w+(?:\s+[A-Z]\w+)?"
)  # "done at Quest Diagnostics"


SIGNS = (
    ("<=", r"<\s?(?:or\s?)?=|\u2264|up\s+to|at\s+most"),
    (">=", r">\s?(?:or\s?)?=|\u2265|at\s+least"),
    ("<", r"<|less\s+than|under|below"),
    (">", r">|greater\s+than|more\s+than|over|above|exceed\w*"),
)


def comparator(text: str) -> str:
    """The sign before a value, in characters or words, as `<`, `>`, `<=`, `>=` or ''."""
    return next((s for s, pattern in SIGNS if re.match(rf"\s*(?:{pattern})", text, re.I)), "")


def bounds_negative(text: str) -> bool:
    """Whether a printed range says below which bound a test is negative."""
    return re.match(rf"\s*(?:{NEGATIVE})", text, re.IGNORECASE) is not None


def reference_range(text: str) -> tuple[float | None, float | None]:
    """(low, high) of a printed reference range; a single bound leaves the other None.

    Of several ranges (one for women, one for men) none is taken: which one holds is not said.
    """
    clean = re.sub(r"(\d),(\d{1,2})(?!\d)", r"\1.\2", text).replace(",", "")
    clean = re.sub(r"\b1\s?:\s?(\d)", r"\1", clean)  # of titers, the dilutions
    # A unit at the lower bound too: "30 U/L - 200 U/L".
    clean = re.sub(
        r"(\d)\s*[A-Za-z%\u00b5][^\s-]*\s*(?=(?:-|\u2013|\u2014|to\b)\s*\d)", r"\1 ", clean
    )
    spans = {
        (float(m[1]), float(m[2]))
        for m in re.finditer(
            r"(?<![\d.])(-?\d+(?:\.\d+)?)\s*(?:-|\u2013|\u2014|to)\s*(\d+(?:\.\d+)?)", clean
        )
    }
    if spans:
        low, high = spans.pop()
        return (low, high) if low <= high and not spans else (None, None)
    m = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s+(\d+(?:\.\d+)?)\s*", clean)
    if m and float(m[1]) < float(m[2]):  # "61 437": a fax lost the dash
        return float(m[1]), float(m[2])
    m = re.search(
        r"(<\s?(?:or\s?)?=?|\u2264|>\s?(?:or\s?)?=?|\u2265|up\s+to|under|ULN\s*(?:of|is|=|:)?|upper\s+limit[\w\s]*)\s*(\d+(?:\.\d+)?)",
        clean,
        re.IGNORECASE,
    )
    if m:
        return (float(m[2]), None) if m[1][0] in ">\u2265" else (None, float(m[2]))
    m = re.fullmatch(r"\D*(\d+(?:\.\d+)?)\D*", clean)
    return (None, float(m[1])) if m else (None, None)
