"""Arrays, and numbers beyond the range of float64: an exponent for each row, or for each entry."""
