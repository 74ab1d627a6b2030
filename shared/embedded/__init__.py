"""Real PostgreSQL and real Valkey from Python wheels, run as child processes: no Docker, no root, no system packages."""
