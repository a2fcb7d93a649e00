"""The rules of the trial, without files, database or network."""
