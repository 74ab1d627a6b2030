"""What the newsroom does with comments."""
