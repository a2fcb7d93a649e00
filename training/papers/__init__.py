"""What is written of a model on its card: its figures in tables, and whose pictures it learned from."""
