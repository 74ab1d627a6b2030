"""What translation knows of text by itself: sentences and their mark-up, spellings, punctuation, XLIFF."""
