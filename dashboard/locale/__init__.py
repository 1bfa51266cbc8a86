"""Catalogues of the dashboard's texts, one folder a language, and `update`, which collects and compiles them."""
