"""Settings of the tests of single modules."""

from hypothesis import settings

settings.register_profile("icmp", deadline=None)  # a busy machine makes any duration meaningless
settings.load_profile("icmp")
