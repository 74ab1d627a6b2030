"""What crosses a service's border, as frozen pydantic models. Services know each other by these words only."""
