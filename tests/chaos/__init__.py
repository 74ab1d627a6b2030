"""The proof: a real wire under load, faults of every kind, readers and subscribers who look all the time (`run.py`)."""
