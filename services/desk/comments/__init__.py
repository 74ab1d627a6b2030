"""The page on which an editor reads what readers wrote, and shows it or not."""
