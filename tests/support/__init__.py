"""Steps that tests read by: a newsroom that pushes, a reader that reads, a house to do it in."""
