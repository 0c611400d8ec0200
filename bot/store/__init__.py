"""The database: tables, and one module of named queries per table."""
