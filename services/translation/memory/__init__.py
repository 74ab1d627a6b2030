"""What was translated before, sentence by sentence, and how a person's text is laid beside its source to be remembered."""
