"""Lectures taken along to study without a network, and what comes back of them."""
