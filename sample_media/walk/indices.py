"""Object indices of the id pass: surfaces, then one for each asset; a lamp's glass has its own."""

PATH, WATER, LAWN, RAILING, SHRUB = 1, 2, 3, 4, 5
LAMP, GLASS, TREE, BENCH, BIN, ISSUE, PERSON = 10, 30, 50, 70, 80, 99, 200
