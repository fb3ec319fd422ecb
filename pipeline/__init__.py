"""chartgap: what a prior-authorization packet shows of a policy, where, and what is missing.

The flow, each step a pure function over the frozen records of `schema`:

    files  --ingest-->  Document  --nlp-->  Mentions  --normalize-->  Case  --criteria-->  GapReport
"""

__version__ = "0.1.0"
