"""Reading figures, coverage and reports."""
