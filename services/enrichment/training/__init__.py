"""Learning from the wire's own stories: every night, and by `barq learn`. What is learnt is used only if it does better."""
