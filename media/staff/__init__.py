"""The staff's video pages in the Wagtail admin: listing, upload, one video, and the chooser."""
