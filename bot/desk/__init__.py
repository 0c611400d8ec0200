"""The web site: health now, the advisors' desk later."""
