"""The review page and the sidecar sheet: where people correct tags."""
