"""What can be done from the command line? One command a file, each with `add_parser` and `run`.

`add_parser` must stay cheap, so that --help is: torch, pandas and the rest of the
package are imported in `run`.
"""
