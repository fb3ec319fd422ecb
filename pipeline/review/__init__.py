"""The review pages: a small server for this machine alone, over what lies in OUT.

What a person says of a fact becomes the same correction as one from a spreadsheet, by the same
functions. Addresses hold digests and codes, never a word of a submission or a name of a file.
"""
