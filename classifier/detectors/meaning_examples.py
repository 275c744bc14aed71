"""What the detector of meaning must find, and the posts beside them that it must leave."""

from classifier.detector import Example

EXAMPLES: tuple[Example, ...] = ()
