"""What to make of archived pages: which records are pages, which are wanted, what is left."""
