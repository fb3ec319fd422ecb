"""How the weights under `models/recogniser` are made; not part of what runs."""
