"""What simulated players say: words that name no class of ImageNet, the first ones much more often."""

TEXT = """
bright stripe, soft edge, pale patch, round shape, dark line, wavy lines, sharp corner, grey spots,
curved edge, tiny dots, brownish, greenish, reddish, bluish, yellowish, pinkish, pointed tip, smooth
surface, rough surface, shiny, blurry, hairy, wrinkled, scaly, fluffy, vertical lines, horizontal
lines, diagonal, parallel lines, grid, triangle, oval, rectangle, arc, spiral, zigzag, hole, shadow,
highlight, gradient, texture, pattern, dusty, glossy, sandy, leafy, cloudy, cracked, bent, thick
outline, thin outline, narrow, broad, long, short, upper part, lower part, left side, right side,
middle
"""
WORDS = [word.strip() for word in TEXT.split(",")]
