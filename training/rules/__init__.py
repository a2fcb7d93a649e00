"""The rules of scoring: fitted to what the network shows of photographs whose truth is known."""
