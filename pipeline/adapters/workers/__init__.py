"""Worker processes: run pure functions where hostile input costs only itself."""

from pipeline.adapters.workers.inline import InlineWorkers
from pipeline.adapters.workers.pool import PebbleWorkers

__all__ = ["InlineWorkers", "PebbleWorkers"]
