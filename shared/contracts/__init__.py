"""What crosses a room's border, as frozen pydantic models. Rooms know each other by these words only."""
