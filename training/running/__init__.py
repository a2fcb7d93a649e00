"""One run of training: its settings, what it draws, what it logs and keeps, and a look at how it does."""
