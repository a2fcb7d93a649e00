"""What is true of photographs, what a model said of them, and every figure of how far that agrees."""
