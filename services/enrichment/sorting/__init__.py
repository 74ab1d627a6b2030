"""What an editor says that a story is about. It stands for good: whatever a machine finds in the story's next versions."""
