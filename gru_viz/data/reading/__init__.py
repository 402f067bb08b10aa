"""The steps of reading a click log, one question a file; `gru_viz.data.reader` joins them."""
