"""One module per sample submission; each draws it with `draw(target)`."""
