"""What a user can choose: what settings there are, which are in force, and how one is changed."""
