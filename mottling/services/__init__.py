"""What each user can do: one small class a user, and the records that pages show."""
