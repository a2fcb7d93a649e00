"""What a photograph to learn from suffers: turned, cut, dim; sun, drops and drains; darker skin."""
