"""Reading, making and splitting click logs."""
