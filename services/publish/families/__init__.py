"""Stories that come from other stories: who waits for whose embargo."""
