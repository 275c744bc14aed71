"""Alembic migrations of the product's own tables."""
