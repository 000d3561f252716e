"""Archives on disk or at an address, read record by record from wherever one left off."""
