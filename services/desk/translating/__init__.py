"""The translators' screens: what waits, a story sentence by sentence, and the glossary."""
