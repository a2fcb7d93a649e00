"""The only room with SQL and photographs on disk: records are added, never changed."""
