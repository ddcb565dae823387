"""A lecture while it is spoken: from the encoder to playlists that learners follow.

    encoder → gate (key checked) → ffmpeg → a folder of fragments for each take
            → publishing: fragments into the store, one playlist for all takes
            → ended: the same playlist is the replay; the recording becomes the source of the ladder

The content timeline is the playlist's: seconds of lecture, without the gaps between takes. A video
exists from the announcement on, so what is watched live and later are ranges of one viewing.
"""
