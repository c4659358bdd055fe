"""Plans: what was promised, by whom, until when, with what money, and what has become of it."""
