"""One module per packet; `draw` writes it into a folder."""
