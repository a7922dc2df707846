"""Measurements of this machine: what a page of the shop costs, beside the least it must cost."""
