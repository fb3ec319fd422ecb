"""How much a submitted file may ask of the machine."""

MAX_PAGES = 500
"""Pages per submission; the largest charts sent with a request have some hundreds."""

MAX_MEGAPIXELS = 40
"""Pixels of a drawn page, in millions: letter at 600 dpi has 34."""

MOST_DECODED_MEGAPIXELS = 160
"""Pixels of a picture that is opened at all, in millions; it is reduced before it is read."""

MOST_READ_MEGAPIXELS = 18
"""Pixels of a page that recognition is given, in millions: two letter pages at 300 dpi have 17."""

MOST_SECONDS = 45.0
"""Of processor time for recognising a page; a full page of fax type takes some three."""

MAX_BYTES = 200 * 2**20
"""Bytes per file; 500 pages of gray scans at 200 dpi need about this."""

MAX_CHARACTERS = 60_000
"""Characters per page; a dense page of 6-point text has about 12,000."""

RENDER_DPI = 204
"""Dots per inch for pictures of PDF pages: fax pages rendered finer read far worse."""
