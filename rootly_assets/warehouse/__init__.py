"""Where the rows are kept, with the state of each table; `destination.py` knows which warehouse it is."""
