"""What leaves for the statistician: one file a format."""
