"""What people see: Streamlit pages, charts and the map. Reads and writes through `workorders` alone.

`streamlit_app.py` is the entry, `app_pages/` holds one thin script a page, `views/` what the pages show,
`components/` the few elements that Streamlit itself does not have.
"""
