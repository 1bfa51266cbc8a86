"""Jobs: what a page or the command line asks for and a worker does, with the database between them."""
