"""Functions of images: from the bytes of a photograph to its assessment."""
