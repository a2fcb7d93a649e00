"""The HTTP interface: what programs of hospitals and sponsors ask, by token, under `/api/v1`."""
