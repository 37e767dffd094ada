"""What finds secrets here: Kingfisher with our own rules, or our rules alone where it has no wheel."""
