"""What to read this time: of which lists, below which records, how far back."""
