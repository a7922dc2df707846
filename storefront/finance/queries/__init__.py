"""Reading: the float in `balance`, margins in `margin`."""
