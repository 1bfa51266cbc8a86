"""Alembic migrations, run by `workorders.migrate`; each revision is a step from every database ever made to today's."""
