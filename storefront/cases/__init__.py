"""What a person must look at: opened, explained and closed by the apps above."""
