"""The mottling head taught alone, on what the rest of the network shows."""
