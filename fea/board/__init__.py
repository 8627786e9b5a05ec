"""One page over all results: every case with its verdict, key numbers, picture, and whether it is stale."""
