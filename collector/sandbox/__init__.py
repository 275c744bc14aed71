"""Local stand-ins that speak a platform's real protocol over a real socket."""
