"""Among how many recommended items must the next click be, to count as found?"""

CUTOFF = 20  # at which models are told and compared, and the epoch that is kept is chosen
CUTOFFS = (5, 10, CUTOFF)
