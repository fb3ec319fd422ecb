"""How quantities and times are printed: what finds an expression also says what it is worth.

One grammar for prose, tables, forms and corpora. Finders give `Match`es; what is found has its
value in the same file, from the same pattern, so nothing is valued that was not found, and
nothing is read into an expression that it does not print.
"""
