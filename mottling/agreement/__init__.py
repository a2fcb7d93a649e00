"""How well people, and the model, agree on the score: tables, coefficients, intervals and the report."""
