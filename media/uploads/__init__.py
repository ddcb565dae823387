"""Uploads that survive a cut line, a reload and a reboot: tus 1.0 over our own storage (ADR 0019).

`protocol` reads its headers, `shelves` keep bytes on a disk or in an object store, `receiving` takes
them in, `finishing` makes a video of them, or says why not.
"""
