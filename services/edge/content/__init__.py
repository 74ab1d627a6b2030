"""The content API: stories for programs, in its own form and in the formats of the trade."""
