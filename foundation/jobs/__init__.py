"""The one way to run long work."""
