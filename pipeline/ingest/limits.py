"""How much a submitted file may ask of the machine."""

MAX_PAGES = 500
"""Pages per file; the largest charts sent with a request have some hundreds."""

MAX_MEGAPIXELS = 40
"""Pixels per picture, in millions: letter at 600 dpi has 34."""

MAX_BYTES = 200 * 2**20
"""Bytes per file; 500 pages of gray scans at 200 dpi need about this."""

MAX_CHARACTERS = 60_000
"""Characters per page; a dense page of 6-point text has about 12,000."""

RENDER_DPI = 204
"""Dots per inch for pictures of PDF pages: fax pages rendered finer read far worse."""
