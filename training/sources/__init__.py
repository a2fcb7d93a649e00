"""What a run draws pictures from, and the stream of batches they are mixed into."""
