"""Clips changed into other kinds of view: lenses, sizes, weather, streams. Their truth changes with them."""
