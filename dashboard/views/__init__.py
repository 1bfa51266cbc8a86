"""What the pages show, one module a page, and the pieces that several share."""
