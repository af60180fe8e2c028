"""From what people typed to named, scored labels: normal form, groups, names, scores."""
