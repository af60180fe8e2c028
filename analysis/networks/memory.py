"""What running out of memory looks like."""

import torch


def ran_out_of_memory(error: RuntimeError | MemoryError) -> bool:
    """Whether this is what CUDA, MPS, the CPU or Python say when memory is all used."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error)
    return "out of memory" in text or "can't allocate memory" in text or "not enough memory" in text
