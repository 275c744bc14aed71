"""One file a screen. Screens draw; they read and decide through casework."""
