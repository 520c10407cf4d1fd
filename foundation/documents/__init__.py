"""PDF, signing, register, verification."""
