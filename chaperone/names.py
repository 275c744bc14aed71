"""Names that the command line needs before anything is loaded."""

CONFIG = "config.toml"
"""What the configuration is called, in the working directory, unless another is named."""

NATIONS = ("england", "wales", "scotland", "northern_ireland")
"""Where an organisation can be: the law and the numbers to call differ."""
