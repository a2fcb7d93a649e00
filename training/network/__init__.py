"""The network: an encoder, what looks around, two maps and a score; what a good answer is; its ONNX file."""
