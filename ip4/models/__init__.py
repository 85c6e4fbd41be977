"""Small models from the field. Each returns numbers or tables; none draws."""
