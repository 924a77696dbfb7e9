"""County pairs of the whole country: how long, is the optimum proven, and what OR-Tools says of the same market."""
