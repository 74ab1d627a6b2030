"""Terms and names whose translations are approved, and the HTTP by which the newsroom keeps them."""
