"""Where a worker finds the handlers of rendering's stages."""

from services.rendering.stages import HANDLERS, warm_up

__all__ = ["HANDLERS", "warm_up"]
