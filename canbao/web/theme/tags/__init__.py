"""Tags by subject; each module adds its tags to the library of `library`."""
