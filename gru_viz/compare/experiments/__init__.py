"""What else is measured of the compared models, so that the textbook's sentences can be put to the test?"""
