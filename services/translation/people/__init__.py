"""The translators' desk: what waits for a person, a story sentence by sentence, saving and signing it."""
