"""Evidence: files under one folder, each written whole before the database names it, each with its SHA-256."""
