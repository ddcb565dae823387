"""Sound and slides: what a lecture shows, as a few pictures by time, for lines too thin for video.

slow rendition, one picture a second → grids of grey (`drawing`) → when a new slide is shown (`rules`)
    → a picture of each from a sharper rendition, and `slides.vtt` that says when to show it
"""
