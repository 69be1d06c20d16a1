"""MotherDuck: a DuckDB database on somebody else's machines, attached to one in memory here."""
