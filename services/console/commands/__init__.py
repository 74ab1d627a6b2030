"""The words of `barq`: a module for each noun, which reads arguments, calls what knows how, and prints the result."""
