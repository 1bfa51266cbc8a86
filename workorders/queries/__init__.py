"""What pages ask: plain functions from a store to frozen dataclasses. All filtering, sorting and paging is SQL.

`clauses`: what "late" means. `overview`: the first screen's figures. `orders`: the table. `order`: one order with
everything under it. `cameras`, `assets`, `jobs`, `people`: the other pages. `attainment`: service levels over time.
Poll `store.version()` and ask again only when it grew.
"""
